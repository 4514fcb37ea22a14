"""`tiepnhan demo`: a complaint from the first mail to the complete case, on servers and a daemon of its own.

With `--once` the exit code is 0 only if every expected mail came, with the expected content; else one line says which
did not, and where the daemon's log is. However this process ends, all that it started ends with it.
"""

import imaplib
import os
import shutil
import signal
import smtplib
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from intake.commands.problem import Problem
from intake.demo.daemon import DemoDaemonError
from intake.demo.page import Page
from intake.demo.servers import DemoServers, DemoServersError
from intake.demo.stage import ACCOUNTS, LOG, StoryBroke, raise_curtain
from intake.demo.story import CUSTOMER_NAME, STAFF_NAME, SUPPORT

_INTRODUCTION = (
    "A mail server with three accounts runs on this machine, and the daemon takes in what arrives for "
    f"{SUPPORT}. {CUSTOMER_NAME} is a customer, {STAFF_NAME} answers complaints. Nothing leaves this machine."
)


def play(given: Namespace) -> int:
    """Play the story; then, without `--once`, run until Ctrl-C. Raises Problem where a mail is missing or wrong."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # all ends in good order, as on Ctrl-C
    page = Page(in_colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    _say(page.title("tiepnhan: a complaint, played on a mail server of its own"))
    _say(page.prose(_INTRODUCTION))
    with (
        _folder() as folder,
        _told(folder / LOG),
        raise_curtain(folder, page, _say, on_known_ports=not given.once) as stage,
    ):
        ticket = stage.perform()
        _say(["", page.style(f"Every mail came as it should: case {ticket} is complete.", "bold", "green")])
        if given.once:
            return 0
        with suppress(KeyboardInterrupt):
            _say(_how_to_connect(page, stage.servers, folder, ticket))
            stage.stay()
    _say(["", "Everything is stopped and deleted. Thank you for watching."])
    return 0


@contextmanager
def _told(log: Path) -> Iterator[None]:
    """What goes wrong as one line that leads to the daemon's log."""
    try:
        yield
    except BrokenPipeError:
        raise  # nobody reads on
    except (StoryBroke, DemoServersError, DemoDaemonError) as error:
        raise Problem(f"demo: {error}; the daemon's log: {log}") from error
    except (OSError, imaplib.IMAP4.error, smtplib.SMTPException) as error:
        raise Problem(f"demo: the mail servers of the demo are gone ({error}); the daemon's log: {log}") from error


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder; it stays where a problem sends people to the log in it."""
    folder, is_kept = Path(mkdtemp(prefix="tiepnhan-demo-")), False
    try:
        yield folder
    except Problem:
        is_kept = True
        raise
    finally:
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)


def _how_to_connect(page: Page, servers: DemoServers, folder: Path, number: str) -> Iterator[str]:
    program = sys.argv[0] if Path(sys.argv[0]).name == "tiepnhan" else "tiepnhan"
    yield ""
    yield from page.title("Now you")
    yield "   Set up a mail client and write or answer as any of them; what comes back is also shown here."
    yield ""
    for account, role in zip(ACCOUNTS, ("the mailbox the daemon watches", "the customer", "staff"), strict=True):
        yield f"   user {page.style(f'{account.address:24}', 'bold')} password {account.password}   {role}"
    yield ""
    yield f"   IMAP {servers.host} port {servers.imap_port}, no encryption, folder INBOX"
    yield f"   SMTP {servers.host} port {servers.smtp_port}, no encryption, login as for IMAP or none"
    yield ""
    yield "   What the daemon knows of the case, in another terminal:"
    yield f"   {page.style(f'{program} tickets show {number} --config {folder}/config.toml', 'bold')}"
    yield ""
    yield "   Ctrl-C stops and deletes everything."


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)
