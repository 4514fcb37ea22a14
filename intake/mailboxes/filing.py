"""What happens on the server to a mail that stands in the ledger: `processed = keep | flag | move:FOLDER`.

Filing comes after the commit and is tried again in every round until the server has confirmed it; a mail is never
entered twice because of it. `flag` sets the keyword `$TiepNhan`, or \\Flagged where the server allows no keywords.
Where a server has no MOVE and the program dies between copy and removal, the mail lies in both folders.
"""

import logging
from collections.abc import Iterator, Sequence

from intake.mailboxes.imap import Folder, Session
from intake.mailboxes.mailbox_errors import CommandRefused
from intake.settings.config import Mailbox
from store.ledger import Ledger

KEYWORD = "$TiepNhan"
FLAGGED = "\\Flagged"
_COMMAND_MAILS = 500

_log = logging.getLogger(__name__)


class Filing:
    """Files the mails of one mailbox through one session."""

    def __init__(self, session: Session, ledger: Ledger, mailbox: Mailbox) -> None:
        self._session = session
        self._ledger = ledger
        self._mailbox = mailbox.name
        self._processed = mailbox.processed
        self._refusal = ""  # the last one logged: a server that always refuses is reported once

    @property
    def is_needed(self) -> bool:
        return self._processed.action != "keep"

    def file_leftovers(self, folder: Folder) -> None:
        """File what was entered and not confirmed: after a crash, a refusal, a broken connection."""
        if self.is_needed:
            self.file(folder, self._ledger.unfiled(self._mailbox, folder.uidvalidity))

    def file(self, folder: Folder, uids: Sequence[int]) -> None:
        """Flag or move entered mails. A refusal is logged and left for the next round; ConnectionLost goes up."""
        if not self.is_needed:
            return
        for chunk in _chunks(uids):
            try:
                self._apply(folder, chunk)
            except CommandRefused as refusal:
                self._report(str(refusal))
                return
            self._ledger.mark_filed(self._mailbox, folder.uidvalidity, chunk)
            self._refusal = ""

    def _apply(self, folder: Folder, uids: Sequence[int]) -> None:
        if self._processed.folder:
            self._session.move(uids, self._processed.folder)
        else:
            self._session.flag(uids, _flag_for(folder))

    def _report(self, refusal: str) -> None:
        if refusal != self._refusal:
            _log.warning("mailbox %s: mails are taken in but not filed, to be tried again: %s", self._mailbox, refusal)
            self._refusal = refusal


def _flag_for(folder: Folder) -> str:
    """RFC 3501 §7.1 PERMANENTFLAGS: without any, all flags are permanent."""
    allowed = folder.permanent_flags
    return KEYWORD if not allowed or allowed & {"\\*", KEYWORD.lower()} else FLAGGED


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (uids[start : start + _COMMAND_MAILS] for start in range(0, len(uids), _COMMAND_MAILS))
