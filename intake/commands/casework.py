"""`tiepnhan tickets do`: what staff do, as commands of the domain."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intake.cases.casework import Casework, Done
from intake.commands.problem import Problem, WrongUsage
from intake.commands.setting import open_config, open_database, open_policy
from responders.case_facts import STATES
from responders.paper_words import OUTCOMES
from responders.rendering import BrokenTemplate
from store.errors import StoreError
from store.reading import Reading
from tickets.commands import COMMANDS, Command, Order, Refused
from tickets.effects import ChangeState, Note
from tickets.policy import Policy
from tickets.ticket import Ticket

HELP = "help"
_LANGUAGES = ("vi", "en")
_MANAGERS = {"vi": " (chỉ quản lý)", "en": " (managers only)"}
_NO_ADDRESS = {
    "vi": "Khách hàng không có email: xin báo cho khách hàng qua điện thoại",
    "en": "The customer has no e-mail address: please tell him by phone",
}


def do_command(given: Namespace) -> int:
    """One command on one ticket."""
    name, *arguments = given.order_words or [""]
    if HELP in (given.number, name):
        print("\n".join(list_commands((open_config(given).service.language,))))
        return 0
    if not name or given.by is None:
        raise WrongUsage('which command, and who gives it? "tiepnhan tickets do NUMBER COMMAND --as EMAIL"; '
                         '"tiepnhan tickets do help" lists all')  # fmt: skip
    desktop = Desktop(given)
    with told(desktop.language):
        by = desktop.casework.person(given.by)
        order = Order(name=name, arguments=tuple(arguments), text=read_text(given.text), by=by)
        done = desktop.casework.do(given.number, [order])
    desktop.print(done)
    return 0


class Desktop:
    """What commands that change tickets have before them."""

    def __init__(self, given: Namespace) -> None:
        self.config = open_config(given)
        self.policy = open_policy(self.config)
        self.language = self.config.service.language
        self.now: datetime = given.now or datetime.now(UTC)
        database = open_database(self.config)
        self.casework = Casework(self.config, self.policy, database, lambda: self.now)
        self._reading = Reading(database, self.policy)
        self._json: bool = given.json

    def print(self, done: Done) -> None:
        """What was done: as a line for people with whom is written to, or the ticket as JSON."""
        if self._json:
            print(json.dumps(self.summary(done.ticket.number), ensure_ascii=False))
        else:
            print("\n".join(tell_done(done, self.policy, self.language)))

    def summary(self, number: str) -> dict[str, Any]:
        """As `tickets show --json`."""
        found = self._reading.show_ticket(number)
        assert found is not None, "it was written a moment ago"
        return found


@contextmanager
def told(language: str) -> Iterator[None]:
    """What does not work is one line, in the language of staff. Raises Problem."""
    try:
        yield
    except Refused as refused:
        raise Problem(refused.words(language)) from refused
    except (BrokenTemplate, StoreError, OSError) as error:
        raise Problem(str(error)) from error


def read_text(path: str | None) -> str:
    """The words of a file, or of standard input where it is "-"; none where no file is named. Raises Problem."""
    if path is None:
        return ""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return raw.decode("utf-8-sig").replace("\0", "")  # PostgreSQL keeps no NUL
    except OSError as error:
        raise Problem(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: this is no UTF-8: save the file as UTF-8") from error


def tell_done(done: Done, policy: Policy, language: str) -> Iterator[str]:
    """What became of the ticket, how an amount was computed, and who is written to."""
    ticket = done.ticket
    yield f"{ticket.number}: {STATES[ticket.state][language]}{_outcome(ticket, policy, language)}"
    for effect in done.effects:
        if isinstance(effect, Note) and effect.event == "compensation-computed":
            yield from (f"  {step}" for step in effect.data["steps"])
    for letter in done.letters:
        yield f"  → {letter.to.email}: {letter.template}"
    if not ticket.customer_email and any(isinstance(effect, ChangeState) for effect in done.effects):
        yield f"  {_NO_ADDRESS[language]}{f': {ticket.phone}' if ticket.phone else ''}"


def _outcome(ticket: Ticket, policy: Policy, language: str) -> str:
    """What staff called it, where they did; else what it counts as."""
    if ticket.outcome is None:
        return ""
    rule = policy.outcome(ticket.offer.key, ticket.category) if ticket.offer else None
    name = rule.name.get(language) if rule and rule.outcome == ticket.outcome else None
    counts_as = OUTCOMES["vi" if language == "vi" else "en"][ticket.outcome]
    return f" ({name or counts_as})"


def list_commands(languages: tuple[str, ...] = _LANGUAGES) -> Iterator[str]:
    """Each command with its arguments, what it does, and who may give it."""
    for command in COMMANDS:
        yield f"{command.name} {command.usage}".rstrip()
        yield from (f"    {_told(command, language)}" for language in languages)


def _told(command: Command, language: str) -> str:
    return command.tells[language] + (_MANAGERS[language] if command.for_managers else "")
