"""The command line. Each command has a module of its own; this one reads the arguments and keeps the exit codes.

0 fine, 1 a problem was found, 2 wrong usage. What an admin can cause is told in one line on standard error; a traceback
means that the program is wrong, not the admin.
"""

import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from intake.commands.arguments import (
    add_do,
    add_erase,
    add_export,
    add_new,
    add_person_export,
    add_rehearse,
    add_report,
    add_retention,
    parse,
    read_moment,
)
from intake.commands.problem import Problem

DEFAULT_CONFIG = "config.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
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


def _parser() -> ArgumentParser:
    shared = ArgumentParser(add_help=False)
    shared.add_argument("--config", metavar="PATH", default=SUPPRESS, help="the config file (default: config.toml)")
    shared.add_argument("--json", action="store_true", default=SUPPRESS, help="print JSON lines")
    parser = ArgumentParser(
        prog="tiepnhan", parents=[shared], description="Turns a support mailbox into complaint tickets."
    )
    parser.add_argument("--version", action="version", version=f"tiepnhan {version('tiepnhan')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(group: object, name: str, runs: str, tells: str, *, add_help: bool = True) -> ArgumentParser:
        command: ArgumentParser = group.add_parser(  # type: ignore[attr-defined]  # argparse keeps the class private
            name, parents=[shared], help=tells, description=tells, add_help=add_help
        )
        command.set_defaults(command=runs)
        return command

    def add_group(name: str, tells: str) -> object:
        group = commands.add_parser(name, parents=[shared], help=tells, description=tells)
        return group.add_subparsers(required=True, metavar="WHAT")

    _add_demo(add(commands, "demo", "demo:play", "play a complaint on embedded servers"))
    _add_run(add(commands, "run", "run:run", "run the daemon"))
    add(commands, "init", "init:init", "ask what is needed and write the config file")
    add(commands, "check", "check:check", "check config, policy, templates, database, servers and disk")
    parsing = add_group("parse", "show what is understood of subjects and mails")
    add(parsing, "subject", "parse:parse_subjects", "subjects on standard input, one a line")
    messages = add(parsing, "message", "parse:parse_messages", "mails in files, or all *.eml files of folders")
    messages.add_argument("files", nargs="+", metavar="FILE", type=Path)
    tickets = add_group("tickets", "look at tickets")
    add(tickets, "list", "tickets:list_tickets", "list all tickets")
    add(tickets, "show", "tickets:show_ticket", "show one ticket").add_argument("number", metavar="NUMBER")
    add_do(add(tickets, "do", "casework:do_command", "do something as a member of staff", add_help=False))
    add_new(add(tickets, "new", "entries:enter", "take in a complaint that came by phone or at the counter"))
    add_export(add(tickets, "export", "export:export_case", "write the whole file of a case into a ZIP archive"))
    policies = add_group("policy", "what policies promise")
    add(policies, "list", "policy:list_all", "list the policies that come with the program")
    checked = add(policies, "check", "policy:check", "find every mistake of a policy")
    checked.add_argument("name", nargs="?", metavar="NAME", help="of ours, or a file (default: that of the config)")
    shown = add(policies, "show", "policy:show", "tell a policy in plain sentences")
    shown.add_argument("name", nargs="?", metavar="NAME", help="of ours, or a file (default: that of the config)")
    shown.add_argument("--language", choices=["vi", "en"], help="(default: that of staff)")
    shown.add_argument("--now", type=read_moment, metavar="TIME", help="from when days off are listed")
    persons = add_group("person", "what is held on somebody, by address")
    add_person_export(add(persons, "export", "person:export", "write everything into a ZIP archive"))
    add_erase(add(persons, "erase", "person:erase", "delete everything"))
    retention = add_group("retention", "what is kept no longer")
    add_retention(add(retention, "run", "retention:run", "delete what the policy keeps no longer, as every night"))
    add_rehearse(add(commands, "rehearse", "rehearse:rehearse", "what would be sent if nobody did anything"))
    add_report(add(commands, "report", "report:report", "the figures, as text, JSON or a page with plots"))
    quarantine = add_group("quarantine", "mails that could not be taken in")
    listed = add(quarantine, "list", "quarantine:list_mails", "list the mails in quarantine")
    listed.add_argument("--discarded", action="store_true", help="those that somebody discarded, too")
    add(quarantine, "show", "quarantine:show_mail", "show one of them").add_argument("id", type=int)
    again = add(quarantine, "retry", "quarantine:retry_mails", "take mails in again, all or those named")
    again.add_argument("ids", nargs="*", type=int, metavar="ID")
    away = add(quarantine, "discard", "quarantine:discard_mails", "take mails off the list; they stay in the spool")
    away.add_argument("ids", nargs="+", type=int, metavar="ID")
    away.add_argument("--reason", metavar="TEXT", default="", help="why, for whoever asks later")
    return parser


def _add_demo(command: ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="play and exit; exit code 0 if every mail came")


def _add_run(command: ArgumentParser) -> None:
    command.add_argument("--once", action="store_true", help="take in everything, send everything due, and exit")
    command.add_argument("--now", type=read_moment, metavar="TIME", help="with --once: the present, such as "
                         "2026-11-24T09:00:00+07:00")  # fmt: skip
    command.add_argument("--log-format", choices=["text", "json"], default="text")
