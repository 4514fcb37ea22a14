"""Bytes to facts: what a mail says, found without clock, disk, network or database.

Nothing in this room raises on bad mail. What is broken in a mail becomes a named defect in the facts.
"""
