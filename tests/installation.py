"""One installation of the program for a test: its folder, its config file, and what can be asked of it.

`work` runs one pass within the test, with the clock the test says; a test that starts and kills the program itself has
its command line in `tests.acceptance.harness`.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake.assembly import AT_ONCE, assemble
from intake.once import run_once
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from store.database import Database
from store.quarantine import Quarantine, QuarantinedMail
from store.reading import Reading
from tests.own_mails import SUPPORT, read_mail
from tests.servers.dovecot import PASSWORD, Mailbox
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import SmtpSink

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2025, 6, 3, 9, 0, tzinfo=HANOI)  # a Tuesday; Dovecot takes no INTERNALDATE from the future
LAN, MINH = "lan@hakago.example", "minh@hakago.example"
_STAFF = """
[[department]]
key = "cskh"
name = "Bộ phận CSKH"
categories = ["*"]
"""


def noon_in(days: int) -> datetime:
    """Midday in Hanoi so many days from today: in no quiet hours, whatever the hour at which the tests run."""
    return datetime.combine(datetime.now(HANOI).date() + timedelta(days=days), time(12), tzinfo=HANOI)


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A mailbox of the config file."""

    name: str
    host: str
    port: int
    username: str
    folder: str = "INBOX"
    more: str = ""  # further lines

    @classmethod
    def of(cls, server: "Mailbox | ScriptedImap", name: str = "support", **options: str) -> "Account":
        return cls(name=name, host=server.host, port=server.port, username=server.username, **options)

    def lines(self, password: Path) -> str:
        return (
            f'\n[[mailbox]]\nname = "{self.name}"\nhost = "{self.host}"\nport = {self.port}\nsecurity = "plain"\n'
            f'username = "{self.username}"\npassword = {{ file = "{password}" }}\nfolder = "{self.folder}"\n'
            f"{self.more}\n"
        )


class Installation:
    """Config, data and servers. `now` is the clock of the next `work`."""

    def __init__(self, folder: Path, accounts: Sequence[Account], sink: SmtpSink) -> None:
        self.folder = folder
        self.sink = sink
        self.now = MORNING
        self.data = folder / "var"
        self.config = folder / "config.toml"
        self._accounts = accounts
        self._password = folder / "password"
        self._password.write_text(PASSWORD)
        self._password.chmod(0o600)
        self.configure()

    def configure(
        self, *, staff: Sequence[str] = (), service: str = "", more: str = "", data: Path | None = None
    ) -> None:
        """Write the config file; `service` and `more` are lines of its own."""
        self.data = data or self.data
        people = "".join(
            f'\n[[staff]]\nname = "{one.partition("@")[0].title()}"\nemail = "{one}"\ndepartments = ["cskh"]\n'
            for one in staff
        )
        self.config.write_text(
            f'[service]\nname = "Hakago"\naddress = "{SUPPORT}"\npolicy = "hakago"\ndata = "{self.data}"\n{service}\n'
            + "".join(account.lines(self._password) for account in self._accounts)
            + f'\n[smtp]\nhost = "{self.sink.host}"\nport = {self.sink.port}\nsecurity = "plain"\n'
            + (_STAFF + people if staff else "")
            + more,
            encoding="utf-8",
        )

    def work(self, after: timedelta = timedelta()) -> list[str]:
        """One pass over everything, `after` the last one; what did not work."""
        self.now += after
        now = self.now
        config = read_config(self.config)
        parts = assemble(config, read_policy(config.service.policy), lambda: now, AT_ONCE)
        try:
            return run_once(parts)
        finally:
            parts.close()

    def database(self) -> Database:
        return Database(read_config(self.config).service.database)

    def tickets(self) -> list[dict[str, Any]]:
        with closing(self.database()) as database:
            return list(Reading(database, read_policy("hakago")).list_tickets())

    def ticket(self, number: str | None = None) -> dict[str, Any]:
        """Everything about one ticket: the only one, or the one named."""
        if number is None:
            (only,) = self.tickets()
            number = only["number"]
        with closing(self.database()) as database:
            found = Reading(database, read_policy("hakago")).show_ticket(number)
        assert found is not None
        return found

    def quarantined(self) -> list[QuarantinedMail]:
        with closing(self.database()) as database:
            return Quarantine(database).read()

    def retry_quarantine(self) -> None:
        with closing(self.database()) as database:
            quarantine = Quarantine(database)
            for one in quarantine.read():
                assert quarantine.retry(one.mail_id, self.now)

    def sent_to(self, address: str) -> list[EmailMessage]:
        """The mails that the sink has for somebody, in order."""
        return [read_mail(one.raw) for one in self.sink.received if address in one.recipients]


class Office(Installation):
    """An installation whose mails lie in a Dovecot mailbox."""

    def __init__(self, folder: Path, mailbox: Mailbox, sink: SmtpSink) -> None:
        super().__init__(folder, [Account.of(mailbox)], sink)
        self.mailbox = mailbox

    def receive(self, *mails: bytes) -> None:
        """Mails arrive at the server, now."""
        for raw in mails:
            self.mailbox.append(raw, internaldate=self.now)


def events(ticket: dict[str, Any]) -> list[str]:
    return [event["event"] for event in ticket["history"]]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content
