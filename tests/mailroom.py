"""An installation whose mails are carried in by hand: everything of the program but the fetching."""

from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

from intake.cases.casework import Casework, Done
from intake.commands import main
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from parsers.envelope import peek_envelope
from store.ledger import Arrival, Ledger
from store.migrating import migrate
from store.spool import Spool
from tests.installation import LAN, Account, Installation
from tests.memory import differ
from tests.own_mails import read_mail
from tests.servers.sink import SmtpSink
from tickets.commands import Order

_NOWHERE = Account(name="support", host="127.0.0.1", port=1, username="nobody")


class Mailroom(Installation):
    """Lan is its staff."""

    def __init__(self, folder: Path, sink: SmtpSink, database_url: str = "") -> None:
        super().__init__(folder, [_NOWHERE], sink)
        self.configure(staff=[LAN], service=f'database = "{database_url}"' if database_url else "")
        self._uids = 0
        with closing(self.database()) as database:
            migrate(database)

    def receive(self, *mails: bytes, uidvalidity: int = 1) -> int:
        """Mails are in the spool and in the ledger; how many are new. `work` takes them in."""
        spool = Spool(self.data / "spool")
        arrivals = []
        for raw in mails:
            file = spool.begin()
            file.write(raw)
            spooled = file.finish()
            spool.keep([spooled])
            self._uids += 1
            envelope = peek_envelope(spooled.head)
            arrivals.append(
                Arrival(
                    mailbox="support",
                    uidvalidity=uidvalidity,
                    uid=self._uids,
                    size_bytes=spooled.size_bytes,
                    sha256=spooled.sha256,
                    message_id=envelope.message_id,
                    sender=envelope.sender.lower(),
                    received_at=self.now,
                )
            )
        with closing(self.database()) as database:
            return Ledger(database, lambda: self.now, differ).enter(arrivals)

    def work(self, after: timedelta = timedelta()) -> list[str]:
        """As every installation; that there is no mailbox is no news."""
        return [problem for problem in super().work(after) if not problem.startswith("mailbox support")]

    def take_in(self, *mails: bytes) -> None:
        """Receive and work until everything is done that follows from it."""
        self.receive(*mails)
        assert self.work() == []

    def do(self, number: str, command: str, *arguments: str, text: str = "", by: str = LAN) -> Done:
        """As `tickets do`; the mails go out."""
        done = self.decide(number, command, *arguments, text=text, by=by)
        assert self.work() == []
        return done

    def decide(self, number: str, command: str, *arguments: str, text: str = "", by: str = LAN) -> Done:
        """The same, before anything is sent."""
        config = read_config(self.config)
        policy = read_policy(config.service.policy)
        with closing(self.database()) as database:
            casework = Casework(config, policy, database, lambda: self.now)
            order = Order(name=command, arguments=arguments, text=text, by=casework.person(by))
            return casework.do(number, [order])

    def command(self, *arguments: str, exit_code: int = 0) -> str:
        """A command line with this config, now; what it says."""
        said = StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = main([*arguments, "--config", str(self.config), "--now", self.now.isoformat()])
        assert code == exit_code, said.getvalue()
        return said.getvalue()

    def numbers(self) -> list[str]:
        return [one["number"] for one in self.tickets()]

    def sent_raw(self, address: str) -> list[bytes]:
        """The mails that the sink has for somebody, byte for byte."""
        return [one.raw for one in self.sink.received if address in one.recipients]

    def answer(self, raw: bytes) -> str:
        """The Message-ID that a reply to this mail of ours names."""
        return str(read_mail(raw)["Message-ID"])
