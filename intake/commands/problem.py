"""A problem that the reader can do something about, in one line or one line for each."""


class Problem(Exception):
    """Told on standard error without a traceback."""

    exit_code = 1


class WrongUsage(Problem):
    """Arguments that do not go together."""

    exit_code = 2


class Stopped(Problem):
    """Ctrl-C, where there is something to say about it; the exit code is that of a program ended by SIGINT."""

    exit_code = 130
