"""A site whose program is started by its command line."""

from pathlib import Path

import pytest

from tests.acceptance.harness import Site
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink


@pytest.fixture
def site(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Site:
    return Site(tmp_path, dovecot, sink)
