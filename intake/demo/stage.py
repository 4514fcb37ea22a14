"""The stage of `tiepnhan demo`: servers, daemon and inboxes while they run, and the story played on them.

Everything is real but the people: IMAP and SMTP through sockets on loopback, the daemon as its own process with a
config file and the default policy, mails as customers write them. All of it ends with the process that raised the
curtain.
"""

import smtplib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path

from intake.demo.daemon import DemoDaemon
from intake.demo.inbox import DemoInbox
from intake.demo.page import Page
from intake.demo.servers import Account, DemoServers, DemoServersError
from intake.demo.story import (
    CATEGORY,
    CUSTOMER,
    POLICY,
    STAFF,
    STAFF_NAME,
    SUPPORT,
    VIDEO_SLOT,
    Expected,
    find_number,
    write_complaint,
    write_reply,
)
from intake.settings.policies import read_policy
from parsers.facts import MailFacts
from parsers.message import parse_message

PASSWORD = "demo"  # noqa: S105  # of accounts that exist on loopback for as long as the demonstration runs
ACCOUNTS = tuple(Account(address=one, password=PASSWORD) for one in (SUPPORT, CUSTOMER, STAFF))
LOG = "daemon.log"
IMAP_PORT, SMTP_PORT = 11143, 11025  # the same each time, so that a mail client set up once works again
PATIENCE = 60.0  # seconds for a mail that takes less than one
_GLANCE = 0.03  # seconds between looks into the inboxes

Say = Callable[[Iterable[str]], None]


class StoryBroke(Exception):
    """An expected mail did not come, or not as expected; says which."""


class Stage:
    """The servers and the daemon while they run, and the play on them."""

    def __init__(
        self, servers: DemoServers, daemon: DemoDaemon, inboxes: Sequence[DemoInbox], page: Page, say: Say
    ) -> None:
        self.servers = servers
        self._daemon = daemon
        self._inboxes = {one.address: one for one in inboxes}
        self._page = page
        self._say = say
        self._scene = 0
        self._posted_at = 0.0
        self._waiting: list[tuple[str, float, MailFacts]] = []  # came before the story asked for it

    def perform(self) -> str:
        """The whole story; the number of its ticket."""
        slots = {slot.key: slot.name["vi"] for slot in read_policy(POLICY).slots_for(CATEGORY)}
        video = slots[VIDEO_SLOT]
        all_slots = tuple(slots.values())
        but_video = tuple(name for name in all_slots if name != video)

        complaint = self._post("The customer complains, and forgets the unboxing video", write_complaint(_now()))
        answer = self._expect(
            Expected(
                what="the acknowledgement that asks for the video",
                account=CUSTOMER,
                answers=complaint.message_id,
                arrived=but_video,
                missing=(video,),
            )
        )
        number = find_number(answer)
        notice = self._expect(
            Expected(
                what="the notice to staff of a new complaint",
                account=STAFF,
                answers=None,
                number=number,
                arrived=but_video,
                missing=(video,),
            )
        )
        reply = self._post("The customer answers that mail, with the video", write_reply(answer, _now()))
        for what, account, answered in (
            ("the mail that says the case is complete", CUSTOMER, reply),
            ("the notice to staff that the case is complete", STAFF, notice),
        ):
            self._expect(
                Expected(
                    what=what,
                    account=account,
                    answers=answered.message_id,
                    number=number,
                    arrived=all_slots,
                    missing=(),
                )
            )
        assert number is not None, "an acknowledgement without a number is none"
        return number

    def stay(self) -> None:
        """Show each mail that comes, without end."""
        while True:
            self._look()
            for account, _, mail in self._waiting:
                self._show(f"Came to {account}", f"at {_now():%H:%M:%S}", mail, with_quote=True)
            self._waiting.clear()
            time.sleep(10 * _GLANCE)

    def _post(self, what: str, raw: bytes) -> MailFacts:
        mail = parse_message(BytesIO(raw))
        self._show(what, "", mail, with_quote=False)
        with smtplib.SMTP(self.servers.host, self.servers.smtp_port, timeout=PATIENCE) as server:
            server.sendmail(CUSTOMER, [one.email for one in mail.to], raw)
        self._posted_at = time.monotonic()
        return mail

    def _expect(self, expected: Expected) -> MailFacts:
        came_at, mail = self._wait(expected)
        fault = expected.find_fault(mail)
        what = expected.what.removeprefix("the ")
        self._show(f"{what[:1].upper()}{what[1:]}", f"{came_at - self._posted_at:.2f} s later", mail, with_quote=True)
        if fault:
            raise StoryBroke(f"{expected.what} is not as expected: {fault}")
        return mail

    def _wait(self, expected: Expected) -> tuple[float, MailFacts]:
        """The next mail of the account, and when it came."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self._look()
            for place, (account, came_at, mail) in enumerate(self._waiting):
                if account == expected.account:
                    del self._waiting[place]
                    return came_at, mail
            time.sleep(_GLANCE)
        raise StoryBroke(f"{expected.what} did not come to {expected.account} within {PATIENCE:.0f} s")

    def _look(self) -> None:
        self._daemon.check()
        for account, inbox in self._inboxes.items():
            self._waiting += ((account, time.monotonic(), mail) for mail in inbox.take_new())

    def _show(self, what: str, when: str, mail: MailFacts, *, with_quote: bool) -> None:
        self._scene += 1
        self._say(self._page.caption(str(self._scene), what, when))
        self._say(self._page.sheet(mail, with_quote=with_quote))


@contextmanager
def raise_curtain(folder: Path, page: Page, say: Say, *, on_known_ports: bool) -> Iterator[Stage]:
    """Everything started, config and data in `folder`. Raises DemoServersError, DemoDaemonError."""
    with ExitStack() as running:
        servers = running.enter_context(_start_servers(on_known_ports=on_known_ports))
        (folder / "password").write_text(PASSWORD, encoding="ascii")
        config = folder / "config.toml"
        config.write_text(_config(servers), encoding="utf-8")
        daemon = running.enter_context(DemoDaemon(config, folder / LOG))
        inboxes = [
            running.enter_context(DemoInbox(servers.host, servers.imap_port, account))
            for account in ACCOUNTS
            if account.address != SUPPORT
        ]
        yield Stage(servers, daemon, inboxes, page, say)


@contextmanager
def _start_servers(*, on_known_ports: bool) -> Iterator[DemoServers]:
    with ExitStack() as stack:
        try:
            ports = (IMAP_PORT, SMTP_PORT) if on_known_ports else (0, 0)
            servers = stack.enter_context(DemoServers(ACCOUNTS, imap_port=ports[0], smtp_port=ports[1]))
        except DemoServersError:
            servers = stack.enter_context(DemoServers(ACCOUNTS))  # those ports are taken
        yield servers


def _config(servers: DemoServers) -> str:
    return f"""\
[service]
name = "Hakago"
address = "{SUPPORT}"
policy = "{POLICY}"

[[mailbox]]
name = "support"
host = "{servers.host}"
port = {servers.imap_port}
security = "plain"
username = "{SUPPORT}"
password = {{ file = "password" }}

[smtp]
host = "{servers.host}"
port = {servers.smtp_port}
security = "plain"

[[department]]
key = "cskh"
name = "Bộ phận CSKH"

[[staff]]
name = "{STAFF_NAME}"
email = "{STAFF}"
departments = ["cskh"]
"""


def _now() -> datetime:
    return datetime.now().astimezone()
