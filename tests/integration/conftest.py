"""An installation on a mailbox of its own, run within the test."""

from pathlib import Path

import pytest

from tests.installation import Account, Installation
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink


class Office(Installation):
    """An installation whose mails lie in a Dovecot mailbox."""

    def __init__(self, folder: Path, mailbox: Mailbox, sink: SmtpSink) -> None:
        super().__init__(folder, [Account.of(mailbox)], sink)
        self.mailbox = mailbox

    def receive(self, *mails: bytes) -> None:
        """Mails arrive at the server, now."""
        for raw in mails:
            self.mailbox.append(raw, internaldate=self.now)


@pytest.fixture
def office(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Office:
    return Office(tmp_path, dovecot, sink)
