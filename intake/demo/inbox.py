"""An inbox of `tiepnhan demo`, read over IMAP (RFC 3501) as a mail client reads it; nothing is changed in it."""

import imaplib
from io import BytesIO
from typing import Self

from intake.demo.servers import Account
from parsers.facts import MailFacts
from parsers.message import parse_message

TIMEOUT = 15.0  # seconds


class DemoInbox:
    """Hands out each mail once. Raises OSError and imaplib.IMAP4.error where the server is gone."""

    def __init__(self, host: str, port: int, account: Account) -> None:
        self.address = account.address
        self._imap = imaplib.IMAP4(host, port, timeout=TIMEOUT)
        self._imap.login(account.address, account.password)
        self._imap.select("INBOX", readonly=True)
        self._seen: set[bytes] = set()

    def take_new(self) -> list[MailFacts]:
        """The mails that came since the last time, oldest first."""
        self._imap.noop()  # only then does the server tell of what came
        _, found = self._imap.uid("SEARCH", "ALL")
        new = [uid for uid in found[0].split() if uid not in self._seen]
        self._seen.update(new)
        return [self._fetch(uid.decode("ascii")) for uid in new]

    def close(self) -> None:
        self._imap.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fetch(self, uid: str) -> MailFacts:
        _, answer = self._imap.uid("FETCH", uid, "(BODY.PEEK[])")
        # Only what has a literal comes as a pair; the server may tell of flags in between.
        raw = next(one[1] for one in answer if isinstance(one, tuple))
        return parse_message(BytesIO(raw))
