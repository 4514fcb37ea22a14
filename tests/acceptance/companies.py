"""A company at work: its policy, its people, a real mailbox, and weeks that pass by the command line.

What happens is what `run --once --now` does at each moment at which there is something to do, and `tickets do` for what
staff decide; all of it within the test's own process, since starting a hundred would only take time. `expect` names
every mail that went out since it was asked last, to whom and when, so a mail that nobody expects is found as surely as
one that is missing.
"""

import json
import sqlite3
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from intake.commands import main
from intake.running import run_installation
from intake.settings.policies import read_policy
from store.clock_queue import ClockQueue
from store.database import Database
from tests.installation import HANOI, Account, text_of
from tests.own_mails import read_mail, write_mail
from tests.servers.dovecot import PASSWORD, Mailbox
from tests.servers.sink import SmtpSink


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who works there."""

    email: str
    name: str
    departments: tuple[str, ...]  # keys of the policy
    role: Literal["agent", "manager"] = "agent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail that went out."""

    at: datetime
    template: str
    to: str
    mail: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        return text_of(self.mail).replace("\r\n", "\n")


def moment(text: str) -> datetime:
    """Such as "2025-06-03 09:00", in Hà Nội."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


class Company:
    """One company with one mailbox. `now` is the moment up to which it has worked."""

    def __init__(
        self, folder: Path, mailbox: Mailbox, sink: SmtpSink, *, policy: str, people: Sequence[Person], now: str
    ) -> None:
        self.policy = read_policy(policy)
        self.address = f"hotro@{policy}.example"
        self.now = moment(now)
        self.letters: list[Letter] = []  # all that went out, in order
        self._folder = folder
        self._mailbox = mailbox
        self._sink = sink
        self._config = folder / "config.toml"
        self._data = folder / "var"
        self._told = 0  # letters that a test has named
        self._write_config(policy, people)

    # What happens to it.

    def receive(self, mail: bytes) -> None:
        """A mail arrives at the server, now, and is taken in."""
        self._mailbox.append(mail, internaldate=self.now)
        self.run(self.now)

    def work(self, until: str) -> None:
        """Work on until a moment: whatever falls due on the way is done when it falls due."""
        end = moment(until)
        assert end >= self.now, f"{until} has passed already"
        due = self._next_due()
        while due is not None and due <= end:
            self.run(due)
            following = self._next_due()
            assert following is None or following > due, f"a clock goes on striking at {due}"
            due = following
        self.run(end)

    def run(self, now: datetime) -> None:
        """`tiepnhan run --once`, at this moment."""
        self.now = max(now, self.now).astimezone(HANOI)
        given = Namespace(config=self._config, once=True, now=self.now)
        assert run_installation(given, process=None) == 0, f"something did not work at {self.now}"
        self._collect()

    def do(self, number: str, command: str, *arguments: str, by: str, text: str = "") -> str:
        """`tiepnhan tickets do`, now; what it says. The mails that it writes go out at once."""
        said = self.command(*self._order(number, command, *arguments, by=by, text=text))
        self.run(self.now)
        return said

    def refuses(self, number: str, command: str, *arguments: str, by: str, text: str = "") -> str:
        """The reason why a command is not carried out."""
        return self.command(*self._order(number, command, *arguments, by=by, text=text), exit_code=1)

    def enter(self, *options: str, by: str, text: str) -> str:
        """`tiepnhan tickets new`, now: a complaint by phone or at the counter; what it says."""
        said = self.command(
            "tickets", "new", *options, "--as", by, "--text", self._file(text), "--now", self.now.isoformat()
        )
        self.run(self.now)
        return said

    def command(self, *arguments: str, exit_code: int = 0) -> str:
        """The command line; what it prints on standard output, or why it fails where it should."""
        said, complained = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(complained):
            ended = main([*arguments, "--config", str(self._config)])
        assert ended == exit_code, f"{arguments}: {ended}\n{said.getvalue()}\n{complained.getvalue()}"
        return said.getvalue() if exit_code == 0 else complained.getvalue().strip()

    def answer(self, letter: Letter, text: str, *, number_in_subject: bool = True, **options: Any) -> bytes:
        """Who got `letter` presses Reply: the mail goes to its Reply-To and quotes it."""
        quoted = "".join(f"> {line}\n" for line in letter.text.splitlines())
        return write_mail(
            sender=letter.to,
            name=options.pop("name", parseaddr(str(letter.mail["To"]))[0]),
            to=str(letter.mail["Reply-To"]),
            subject=f"Re: {letter.subject}" if number_in_subject else "Re:",
            text=f"{text}\n\nVào {letter.at:%d/%m/%Y} lúc {letter.at:%H:%M}, <{self.address}> đã viết:\n{quoted}",
            answers=str(letter.mail["Message-ID"]),
            **options,
        )

    # What can be asked of it.

    def expect(self, *diary: str) -> None:
        """Every mail that went out since this was asked last, such as "03/06 09:00  acknowledgement → tuan, lan".

        People are named by what stands before the @ of their addresses, in the order of the alphabet.
        """
        new = self.letters[self._told :]
        self._told = len(self.letters)
        said = sorted(_as_diary(new))
        expected = sorted(" ".join(line.split()) for line in diary)
        assert said == expected, "\n".join(["what went out was", *said])

    def expect_any(self) -> None:
        """Whatever went out so far is told by another test."""
        self._told = len(self.letters)

    def letter(self, template: str, to: str = "") -> Letter:
        """The last mail of a template, to this person or to anybody."""
        fitting = [one for one in self.letters if one.template == template and to in {"", one.to}]
        assert fitting, f"no {template} went out to {to or 'anybody'}"
        return fitting[-1]

    def text_of(self, template: str, to: str = "") -> str:
        """Its words."""
        return self.letter(template, to).text

    def mails_to(self, address: str) -> list[Letter]:
        return [one for one in self.letters if one.to == address]

    def numbers(self) -> list[str]:
        """Of all tickets, the oldest first."""
        return [json.loads(line)["number"] for line in self.command("tickets", "list", "--json").splitlines()]

    def ticket(self, number: str) -> dict[str, Any]:
        """Everything about a ticket, as `tickets show --json` tells it."""
        found: dict[str, Any] = json.loads(self.command("tickets", "show", number, "--json"))
        return found

    def clock(self, number: str, name: str) -> str:
        """State and deadline of a clock, such as "running 2025-06-05 09:00"."""
        clock = next(one for one in self.ticket(number)["clocks"] if one["name"] == name)
        return f"{clock['state']} {datetime.fromisoformat(clock['due_at']).astimezone(HANOI):%Y-%m-%d %H:%M}"

    # How it is done.

    def _order(self, number: str, command: str, *arguments: str, by: str, text: str) -> list[str]:
        words = ["--text", self._file(text)] if text else []
        return ["tickets", "do", number, command, *arguments, "--as", by, "--now", self.now.isoformat(), *words]

    def _file(self, text: str) -> str:
        path = self._folder / "text.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def _next_due(self) -> datetime | None:
        """When the next step of any clock falls due."""
        if not self._data.exists():
            return None
        with closing(Database(f"sqlite:///{self._data / 'tiepnhan.db'}")) as database:
            return ClockQueue(database).next_due_at()

    def _collect(self) -> None:
        """Mails that the sink has and `letters` has not."""
        new = self._sink.received[len(self.letters) :]
        with closing(sqlite3.connect(self._data / "tiepnhan.db")) as connection:
            templates = dict(connection.execute("SELECT message_id, kind FROM outbox"))
        for one in new:
            mail = read_mail(one.raw)
            (to,) = one.recipients
            self.letters.append(Letter(at=self.now, template=templates[mail["Message-ID"]], to=to, mail=mail))

    def _write_config(self, policy: str, people: Sequence[Person]) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o600)
        departments = {one.key: one.name["vi"] for one in self.policy.departments}
        self._config.write_text(
            f'[service]\nname = "{self.policy.name}"\naddress = "{self.address}"\npolicy = "{policy}"\n'
            f'data = "{self._data}"\n'
            + Account.of(self._mailbox).lines(password)
            + f'\n[smtp]\nhost = "{self._sink.host}"\nport = {self._sink.port}\nsecurity = "plain"\n'
            + "".join(f'\n[[department]]\nkey = "{key}"\nname = "{name}"\n' for key, name in departments.items())
            + "".join(map(_as_toml, people)),
            encoding="utf-8",
        )


def _as_toml(person: Person) -> str:
    return (
        f'\n[[staff]]\nname = "{person.name}"\nemail = "{person.email}"\n'
        f'departments = {list(person.departments)}\nrole = "{person.role}"\n'
    )


def _as_diary(letters: Sequence[Letter]) -> Iterator[str]:
    together: dict[tuple[str, str], list[str]] = {}
    for one in letters:
        together.setdefault((f"{one.at:%d/%m %H:%M}", one.template), []).append(one.to.partition("@")[0])
    for (at, template), names in together.items():
        yield f"{at} {template} → {', '.join(sorted(names))}"
