"""The papers that a customer is handed who called or came: made of the case as it is opened, and kept in its file.

A paper is among the blobs, durably, before the transaction that names it; where that fails a blob is left that nothing
names. The paper is signed by hand: what was printed stays as it was, whatever becomes of the case.
"""

from datetime import datetime
from hashlib import sha256
from typing import Literal

from intake.settings.config import Config
from parsers.facts import Attachment
from responders.documents import Letterhead, minutes, receipt
from responders.paper_names import names_of
from responders.wording import Wording
from store.blobs import Blobs
from store.database import Database
from store.reading import Reading
from tickets.desk import Desk
from tickets.effects import EnterMessage, KeepPaper
from tickets.policy import Policy
from tickets.ticket import Party, Ticket

Kind = Literal["receipt", "minutes"]
_NAMES = {
    "vi": {"receipt": "phieu-tiep-nhan", "minutes": "bien-ban"},
    "en": {"receipt": "receipt", "minutes": "minutes"},
}


class Handouts:
    """Prints and keeps papers of one company."""

    def __init__(self, config: Config, policy: Policy, desk: Desk, database: Database) -> None:
        self._language = config.service.language
        wording = Wording(language=self._language, zone=policy.time.zone, names=names_of(policy, desk, self._language))
        self._head = Letterhead(company=policy.name, lines=(config.service.address,), wording=wording)
        self._reading = Reading(database, policy)
        self._blobs = Blobs(config.service.data / "blobs")

    def print_receipt(self, ticket: Ticket, said: EnterMessage, by: Party, now: datetime) -> bytes:
        """That the complaint was taken in, and what happens next."""
        case = self._reading.tell(ticket)
        return receipt(case, head=self._head, said=said.text, taken_by=by.name or by.email, made_at=now)

    def print_minutes(self, ticket: Ticket, said: EnterMessage, by: Party, now: datetime) -> bytes:
        """What both sides agreed on."""
        assert ticket.offer is not None, "minutes are made of what was settled"
        agreed = "\n".join(filter(None, (ticket.offer.text, *ticket.offer.explanation)))
        told = self._reading.tell(ticket)
        there = {slot: status for slot, status in told["evidence"].items() if status != "missing"}
        case = told | {"outcome": ticket.offer.key, "evidence": there}  # what is missing is not asked for any more
        return minutes(case, head=self._head, said=said.text, agreed=agreed, taken_by=by.name or by.email, made_at=now)

    def keep(self, kind: Kind, paper: bytes, ticket: Ticket) -> KeepPaper:
        """Put the paper among the blobs; the effect that names it. Raises OSError."""
        digest = sha256(paper).hexdigest()
        blob = self._blobs.begin()
        blob.write(paper)
        blob.finish(digest)
        self._blobs.settle()
        name = f"{_NAMES[self._language][kind]}-{ticket.number}.pdf"
        file = Attachment(
            name=name,
            declared_type="application/pdf",
            type="application/pdf",
            kind="document",
            size_bytes=len(paper),
            sha256=digest,
            inline=False,
        )
        return KeepPaper(paper=kind, message_no=1, file=file)
