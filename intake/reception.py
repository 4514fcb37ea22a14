"""Receives a spooled mail: parsed, its attachments kept as blobs, with all that its ticket can be found by."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from intake.settings.addresses import is_writable
from parsers.blobs import BlobWriter
from parsers.facts import Address, MailFacts, SubjectFacts
from parsers.limits import Limits
from parsers.vocabulary import Vocabulary
from responders.tokens import Tokens
from store.records import Lookup, ReceivedMail, WaitingMail
from store.spool import Spool
from tickets.incoming import IncomingMail

_NOBODY_READS = re.compile(r"(?:no|do[-_.]?not|khong[-_.]?tra)[-_.]?(?:reply|loi)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedMail:
    """A mail that was parsed and waits for a decision."""

    waiting: WaitingMail
    received: ReceivedMail
    subject: SubjectFacts
    lookup: Lookup

    def incoming(self, automatic_left: int) -> IncomingMail:
        """The mail as the rules see it."""
        return IncomingMail(
            facts=self.received.facts,
            subject=self.subject,
            sender=self.received.sender,
            sender_name=self.received.sender_name,
            received_at=self.received.received_at,
            token=self.lookup.token,
            automatic_left=automatic_left,
        )


class Reception:
    """Parses the mails of one company."""

    def __init__(
        self,
        *,
        spool: Spool,
        open_blob: Callable[[], BlobWriter],
        vocabulary: Vocabulary,
        zone: tzinfo,  # whose days are meant by "hôm nay"
        tokens: Tokens,
        limits: Limits,
        own_addresses: frozenset[str],
    ) -> None:
        self._spool = spool
        self._open_blob = open_blob
        self._vocabulary = vocabulary
        self._tokens = tokens
        self._limits = limits
        self._own_addresses = own_addresses
        self._zone = zone

    def get_ready(self) -> None:
        """Do at once what the first mail would have to wait for."""
        from parsers.subjects import parse_subject  # noqa: PLC0415  # as below

        parse_subject("", self._vocabulary)  # from now on its patterns are compiled

    def prepare(self, waiting: WaitingMail) -> PreparedMail:
        """Parse a mail of the spool. Raises OSError where the disk fails."""
        from parsers.message import parse_message  # noqa: PLC0415  # long to load; where others parse it is not needed

        with self._spool.open(waiting.sha256) as raw:
            facts = parse_message(
                raw,
                open_blob=self._open_blob,
                limits=self._limits,
                own_addresses=self._own_addresses,
                received_on=waiting.received_at.astimezone(self._zone).date(),
            )
        sender = _find_writer(facts)
        email = sender.email.lower() if sender and is_writable(sender.email) else ""
        subject = self._read_subject(facts)
        return PreparedMail(
            waiting=waiting,
            subject=subject,
            lookup=self._lookup(facts, subject, email),
            received=ReceivedMail(
                mail_id=waiting.mail_id,
                sender=email,
                sender_name=sender.name if sender else "",
                received_at=waiting.received_at,
                facts=facts,
                from_body=subject.from_body,
            ),
        )

    def _read_subject(self, facts: MailFacts) -> SubjectFacts:
        """What the subject says, and the words of the mail where it says nothing."""
        from parsers.subjects import complete_from_body, parse_subject  # noqa: PLC0415  # as above

        found = parse_subject(facts.subject, self._vocabulary)
        return found if facts.automatic else complete_from_body(found, facts.reply_text, self._vocabulary)

    def _lookup(self, facts: MailFacts, subject: SubjectFacts, sender: str) -> Lookup:
        recipients = [one.email for one in (*facts.to, *facts.cc)]
        nearest_first = [one for one in (facts.in_reply_to, *reversed(facts.references)) if one]
        return Lookup(
            references=tuple(dict.fromkeys(nearest_first)),
            number=subject.ticket,
            token=self._tokens.read(recipients, sender),
            sender=sender,
            bounced=facts.bounce.original_message_id if facts.bounce else None,
        )


def _find_writer(facts: MailFacts) -> Address | None:
    """Who wrote: From, or Reply-To where From is a form's or a shop's address that nobody reads (RFC 5322 §3.6.2)."""
    reply_to = next((one for one in facts.reply_to if one.email), None)
    if facts.sender is None or (reply_to and facts.writer and _NOBODY_READS.match(facts.writer.email)):
        return reply_to
    return facts.writer
