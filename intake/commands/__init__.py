"""The command line. Each command has a module of its own; this one runs them and keeps the exit codes.

0 fine, 1 a problem was found, 2 wrong usage. What an admin can cause is told in one line on standard error; a traceback
means that the program is wrong, not the admin.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from intake.commands.arguments import parse
from intake.commands.command_line import make_parser
from intake.commands.problem import Problem

DEFAULT_CONFIG = "config.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = make_parser()
    if not arguments:
        parser.print_help()
        return 2
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks Vietnamese letters shows question marks
    try:
        return _run(parse(parser, arguments))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `tiepnhan tickets list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(given: Namespace) -> int:
    given.config = Path(getattr(given, "config", None) or os.environ.get("TIEPNHAN_CONFIG") or DEFAULT_CONFIG)
    given.json = getattr(given, "json", False)
    room, _, function = given.command.partition(":")
    run: Callable[[Namespace], int] = getattr(import_module(f"intake.commands.{room}"), function)
    return run(given)
