"""The demonstration: a mail server of its own, and a complaint that is played on it."""
