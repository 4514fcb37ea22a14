"""An installation on a mailbox of its own, run within the test."""

from pathlib import Path

import pytest

from tests.installation import Office
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink


@pytest.fixture
def office(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Office:
    return Office(tmp_path, dovecot, sink)
