"""The arguments of commands that have many, and how a moment is written."""

from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

Day = TypeVar("Day", bound=date)

_RIGHT = "2026-11-24T09:00:00+07:00"
_YEARS = range(1970, 3000)


def read_moment(text: str) -> datetime:
    """An aware moment in ISO 8601."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time; right would be {_RIGHT}") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no offset; right would be {moment.isoformat()}+07:00")
    return _countable(moment)


def read_day_or_moment(text: str) -> date:
    """A day, or an aware moment, in ISO 8601."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return read_moment(text)
    return _countable(day)


def _countable(given: Day) -> Day:
    """Beyond, calendars and databases cannot count."""
    if given.year not in _YEARS:
        raise ArgumentTypeError(f"the year must be between {_YEARS.start} and {_YEARS.stop - 1}")
    return given


def start_of(given: date, zone: ZoneInfo) -> datetime:
    """A moment as it is; of a day its first one."""
    return given if isinstance(given, datetime) else datetime.combine(given, time(), zone)


def end_of(given: date, zone: ZoneInfo) -> datetime:
    """A moment as it is; of a day its end, which is the first moment of the next one."""
    return given if isinstance(given, datetime) else start_of(given + timedelta(days=1), zone)


def add_now(command: ArgumentParser) -> None:
    command.add_argument("--now", type=read_moment, metavar="TIME", help=f"the present, such as {_RIGHT}")


def add_do(command: ArgumentParser) -> None:
    """`tickets do`."""
    command.add_argument("number", metavar="NUMBER")
    command.add_argument("order_words", nargs="*", metavar="COMMAND ARGUMENT", help='"help" lists all commands')
    command.add_argument("--as", dest="by", metavar="EMAIL", help="who does it: a member of staff in the config")
    command.add_argument("--text", metavar="FILE", help='words for it; "-" reads standard input')
    add_now(command)
    command.add_argument("-h", "--help", action=_HelpWithCommands, nargs=0, help="show this, and all commands")


def add_new(command: ArgumentParser) -> None:
    """`tickets new`."""
    command.add_argument("--as", dest="by", required=True, metavar="EMAIL", help="who takes it in")
    command.add_argument("--interactive", action="store_true", help="ask for everything")
    command.add_argument("--channel", choices=["phone", "counter"], default="phone", help="how it came")
    command.add_argument("--text", metavar="FILE", help='what the customer said; "-" reads standard input')
    command.add_argument("--subject", metavar="WORDS", default="", help="the main point in a few words")
    command.add_argument("--name", metavar="NAME", default="", help="of the customer")
    command.add_argument("--email", metavar="EMAIL", default="", help="of the customer: he is written to")
    command.add_argument("--phone", metavar="NUMBER", default="", help="of the customer")
    command.add_argument("--customer", metavar="CODE", default="", help="customer code, where the words do not say it")
    command.add_argument("--order", metavar="CODE", default="", help="order code, where the words do not say it")
    command.add_argument("--category", metavar="SLUG", default="", help="kind of complaint, where the words say none")
    command.add_argument("--delivered", metavar="WHEN", default="", help='when the parcel came: "20/11 15h", "hôm qua"')
    command.add_argument("--language", choices=["vi", "en"], help="of mails to the customer (default: that of staff)")
    command.add_argument("--receipt", metavar="FILE.pdf", help="write a receipt for the customer into this file")
    command.add_argument("--settled", metavar="OUTCOME", default="", help="settled on the spot, with this outcome")
    command.add_argument("--agreed", metavar="WORDS", default="", help="with --settled: what both sides agreed on")
    command.add_argument("--minutes", metavar="FILE.pdf", help="with --settled: write the minutes into this file")
    add_now(command)


def add_export(command: ArgumentParser) -> None:
    """`tickets export`."""
    command.add_argument("number", metavar="NUMBER")
    add_archive(command, "NUMBER.zip")
    command.add_argument(
        "--for-authority", action="store_true", help="leave out what is for staff only: notes, notices to them"
    )


def add_archive(command: ArgumentParser, usual: str) -> None:
    """Of a command that writes an archive."""
    command.add_argument("--output", metavar="FILE.zip", help=f"where to (default: {usual} in the current folder)")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")
    command.add_argument("--language", choices=["vi", "en"], default="vi", help="of the summary (default: vi)")
    add_now(command)


def add_person_export(command: ArgumentParser) -> None:
    """`person export`."""
    command.add_argument("address", metavar="ADDRESS")
    add_archive(command, "ADDRESS.zip")
    command.add_argument(
        "--with-notes", action="store_true", help="also what is for staff only: notes, notices to them"
    )


def add_erase(command: ArgumentParser) -> None:
    """`person erase`."""
    command.add_argument("address", metavar="ADDRESS")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--force", action="store_true", help="also while a case of his is open")
    add_now(command)


def add_retention(command: ArgumentParser) -> None:
    """`retention run`."""
    command.add_argument("--dry-run", action="store_true", help="tell what would be deleted, and delete nothing")
    add_now(command)


def add_rehearse(command: ArgumentParser) -> None:
    """`rehearse`."""
    command.add_argument("--until", type=read_day_or_moment, required=True, metavar="DATE", help="the last day, such "
                         f"as 2026-12-24, or a time, such as {_RIGHT}")  # fmt: skip
    command.add_argument("--ticket", metavar="NUMBER", help="of one ticket only")
    add_now(command)


def add_report(command: ArgumentParser) -> None:
    """`report`."""
    command.add_argument("--since", type=read_day_or_moment, required=True, metavar="DATE", help="the first day")
    command.add_argument("--until", type=read_day_or_moment, metavar="DATE", help="the last day (default: today)")
    command.add_argument("--html", metavar="FILE", help="write one page with plots instead")
    add_now(command)


class _HelpWithCommands(Action):
    """The commands of the domain are loaded only where somebody asks for them."""

    def __call__(self, parser: ArgumentParser, *_given: object, **_options: object) -> None:
        from intake.commands.casework import list_commands  # noqa: PLC0415 - loads all the rules

        parser.print_help()
        print("\ncommands:", *list_commands(), sep="\n  ")
        parser.exit()


def parse(parser: ArgumentParser, arguments: Sequence[str]) -> Namespace:
    """As `parse_args`; the words of `tickets do` may also follow its options, which argparse does not allow."""
    given, rest = parser.parse_known_args(arguments)
    if rest and (not hasattr(given, "order_words") or any(one.startswith("-") for one in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        given.order_words = [*given.order_words, *rest]
    return given
