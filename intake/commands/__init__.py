"""The command line. Each command has a module of its own; this one reads the arguments and keeps the exit codes.

0 fine, 1 a problem was found, 2 wrong usage. What an admin can cause is told in one line on standard error; a traceback
means that the program is wrong, not the admin.
"""

import os
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from intake.commands.problem import Problem

DEFAULT_CONFIG = "config.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 2
    given = parser.parse_args(arguments)
    given.config = Path(getattr(given, "config", None) or os.environ.get("TIEPNHAN_CONFIG") or DEFAULT_CONFIG)
    given.json = getattr(given, "json", False)
    room, _, function = given.command.partition(":")
    run: Callable[[Namespace], int] = getattr(import_module(f"intake.commands.{room}"), function)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks Vietnamese letters shows question marks
    try:
        return run(given)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `tiepnhan tickets list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> ArgumentParser:
    shared = ArgumentParser(add_help=False)
    shared.add_argument("--config", metavar="PATH", default=SUPPRESS, help="the config file (default: config.toml)")
    shared.add_argument("--json", action="store_true", default=SUPPRESS, help="print JSON lines")
    parser = ArgumentParser(
        prog="tiepnhan", parents=[shared], description="Turns a support mailbox into complaint tickets."
    )
    parser.add_argument("--version", action="version", version=f"tiepnhan {version('tiepnhan')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(group: object, name: str, runs: str, tells: str) -> ArgumentParser:
        command: ArgumentParser = group.add_parser(name, parents=[shared], help=tells, description=tells)  # type: ignore[attr-defined]  # argparse keeps the class private
        command.set_defaults(command=runs)
        return command

    def add_group(name: str, tells: str) -> object:
        group = commands.add_parser(name, parents=[shared], help=tells, description=tells)
        return group.add_subparsers(required=True, metavar="WHAT")

    _add_demo(add(commands, "demo", "demo:play", "play a complaint on embedded servers"))
    _add_run(add(commands, "run", "run:run", "run the daemon"))
    add(commands, "init", "init:init", "ask what is needed and write the config file")
    add(commands, "check", "check:check", "check config, policy, templates, database, servers and disk")
    parse = add_group("parse", "show what is understood of subjects and mails")
    add(parse, "subject", "parse:parse_subjects", "subjects on standard input, one a line")
    messages = add(parse, "message", "parse:parse_messages", "mails in files, or all *.eml files of folders")
    messages.add_argument("files", nargs="+", metavar="FILE", type=Path)
    tickets = add_group("tickets", "look at tickets")
    add(tickets, "list", "tickets:list_tickets", "list all tickets")
    add(tickets, "show", "tickets:show_ticket", "show one ticket").add_argument("number", metavar="NUMBER")
    quarantine = add_group("quarantine", "mails that could not be taken in")
    add(quarantine, "list", "quarantine:list_mails", "list the mails in quarantine")
    add(quarantine, "show", "quarantine:show_mail", "show one of them").add_argument("id", type=int)
    again = add(quarantine, "retry", "quarantine:retry_mails", "take mails in again, all or those named")
    again.add_argument("ids", nargs="*", type=int, metavar="ID")
    return parser


def _add_demo(command: ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="play and exit; exit code 0 if every mail came")


def _add_run(command: ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="take in everything, send everything due, and exit")
    command.add_argument("--now", type=_moment, metavar="TIME", help="with --once: the present, such as "
                         "2026-11-24T09:00:00+07:00")  # fmt: skip
    command.add_argument("--log-format", choices=["text", "json"], default="text")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; right would be 2026-11-24T09:00:00+07:00") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no offset; right would be {moment.isoformat()}+07:00")
    return moment
