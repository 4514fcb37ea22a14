"""A problem that the reader can do something about, in one line or one line for each."""


class Problem(Exception):
    """Told on standard error without a traceback; the exit code is 1."""
