"""Servers on loopback that tests, and the benchmark, start for themselves and take down again."""
