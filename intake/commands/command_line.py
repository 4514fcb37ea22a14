"""The commands: their names, what they take, and the function that runs each, loaded when it is needed."""

from argparse import SUPPRESS, Action, ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from intake.commands.arguments import (
    add_do,
    add_erase,
    add_export,
    add_new,
    add_person_export,
    add_rehearse,
    add_report,
    add_retention,
    read_moment,
)


class _Group:
    """Commands that begin with the same word, or with none."""

    def __init__(self, parser: ArgumentParser, shared: ArgumentParser, metavar: str) -> None:
        self._commands = parser.add_subparsers(required=True, metavar=metavar)
        self._shared = shared

    def add(self, name: str, runs: str, tells: str, *, add_help: bool = True) -> ArgumentParser:
        """A command; `runs`: "module:function" below `intake.commands`."""
        command = self._add(name, tells, add_help=add_help)
        command.set_defaults(command=runs)
        return command

    def add_group(self, name: str, tells: str) -> "_Group":
        return _Group(self._add(name, tells), self._shared, "WHAT")

    def _add(self, name: str, tells: str, *, add_help: bool = True) -> ArgumentParser:
        parents = [self._shared]
        command: ArgumentParser = self._commands.add_parser(
            name, parents=parents, help=tells, description=tells, add_help=add_help
        )
        return command


class _TellVersion(Action):
    def __call__(self, parser: ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415  # takes a while to load

        print(f"tiepnhan {version('tiepnhan')}")
        parser.exit()


def make_parser() -> ArgumentParser:
    """What reads the command line."""
    shared = ArgumentParser(add_help=False)
    shared.add_argument("--config", metavar="PATH", default=SUPPRESS, help="the config file (default: config.toml)")
    shared.add_argument("--json", action="store_true", default=SUPPRESS, help="print JSON lines")
    parser = ArgumentParser(
        prog="tiepnhan", parents=[shared], description="Turns a support mailbox into complaint tickets."
    )
    parser.add_argument("--version", action=_TellVersion, nargs=0, help="show the version and exit")
    commands = _Group(parser, shared, "COMMAND")
    _add_service(commands)
    _add_parsing(commands.add_group("parse", "show what is understood of subjects and mails"))
    _add_tickets(commands.add_group("tickets", "look at tickets, work on them"))
    _add_policies(commands.add_group("policy", "what policies promise"))
    _add_persons(commands.add_group("person", "what is held on somebody, by address"))
    retention = commands.add_group("retention", "what is kept no longer")
    add_retention(retention.add("run", "retention:run", "delete what the policy keeps no longer, as every night"))
    add_rehearse(commands.add("rehearse", "rehearse:rehearse", "what would be sent if nobody did anything"))
    add_report(commands.add("report", "report:report", "the figures, as text, JSON or a page with plots"))
    _add_quarantine(commands.add_group("quarantine", "mails that could not be taken in"))
    return parser


def _add_service(commands: _Group) -> None:
    demo = commands.add("demo", "demo:play", "play a complaint on embedded servers")
    demo.add_argument("--once", action="store_true", help="play and exit; exit code 0 if every mail came")
    run = commands.add("run", "run:run", "run the daemon")
    run.add_argument("--once", action="store_true", help="take in everything, send everything due, and exit")
    run.add_argument("--now", type=read_moment, metavar="TIME", help="with --once: the present, such as "
                     "2026-11-24T09:00:00+07:00")  # fmt: skip
    run.add_argument("--log-format", choices=["text", "json"], default="text")
    commands.add("init", "init:init", "ask what is needed and write the config file")
    commands.add("check", "check:check", "check config, policy, templates, database, servers and disk")


def _add_parsing(parsing: _Group) -> None:
    parsing.add("subject", "parse:parse_subjects", "subjects on standard input, one a line")
    messages = parsing.add("message", "parse:parse_messages", "mails in files, or all *.eml files of folders")
    messages.add_argument("files", nargs="+", metavar="FILE", type=Path)


def _add_tickets(tickets: _Group) -> None:
    tickets.add("list", "tickets:list_tickets", "list all tickets")
    tickets.add("show", "tickets:show_ticket", "show one ticket").add_argument("number", metavar="NUMBER")
    add_do(tickets.add("do", "casework:do_command", "do something as a member of staff", add_help=False))
    add_new(tickets.add("new", "entries:enter", "take in a complaint that came by phone or at the counter"))
    add_export(tickets.add("export", "export:export_case", "write the whole file of a case into a ZIP archive"))


def _add_policies(policies: _Group) -> None:
    policies.add("list", "policy:list_all", "list the policies that come with the program")
    checked = policies.add("check", "policy:check", "find every mistake of a policy")
    shown = policies.add("show", "policy:show", "tell a policy in plain sentences")
    for command in (checked, shown):
        command.add_argument("name", nargs="?", metavar="NAME", help="of ours, or a file (default: that of the config)")
    shown.add_argument("--language", choices=["vi", "en"], help="(default: that of staff)")
    shown.add_argument("--now", type=read_moment, metavar="TIME", help="from when days off are listed")


def _add_persons(persons: _Group) -> None:
    add_person_export(persons.add("export", "person:export", "write everything into a ZIP archive"))
    add_erase(persons.add("erase", "person:erase", "delete everything"))


def _add_quarantine(quarantine: _Group) -> None:
    listed = quarantine.add("list", "quarantine:list_mails", "list the mails in quarantine")
    listed.add_argument("--discarded", action="store_true", help="those that somebody discarded, too")
    quarantine.add("show", "quarantine:show_mail", "show one of them").add_argument("id", type=int)
    again = quarantine.add("retry", "quarantine:retry_mails", "take mails in again, all or those named")
    again.add_argument("ids", nargs="*", type=int, metavar="ID")
    away = quarantine.add("discard", "quarantine:discard_mails", "take mails off the list; they stay in the spool")
    away.add_argument("ids", nargs="+", type=int, metavar="ID")
    away.add_argument("--reason", metavar="TEXT", default="", help="why, for whoever asks later")
