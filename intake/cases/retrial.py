"""Whether a mail that a rule set aside would be taken in now: it is read and decided on, and nothing is recorded."""

from datetime import datetime

from intake.assembly import make_desk, make_reception, make_tokens
from intake.settings.config import Config
from parsers.blobs import discard
from store.casebook import Casebook
from store.database import Database
from store.quarantine import QuarantinedMail
from store.records import WaitingMail
from store.spool import Spool
from tickets.decisions import Decision, decide_mail
from tickets.policy import Policy


def decide_again(
    mail: QuarantinedMail, config: Config, policy: Policy, database: Database, spool: Spool, now: datetime
) -> Decision:
    """The decision about it by today's config and release. Raises OSError where the raw mail cannot be read."""
    reception = make_reception(config, policy, make_tokens(config, database), spool, discard)
    one = reception.prepare(_waiting(mail))
    with database.reading() as connection:
        book = Casebook(connection, policy, now)
        book.read([one.lookup])
        return decide_mail(one.incoming(0), book.candidates(one.lookup), policy, make_desk(config, policy), now)


def _waiting(mail: QuarantinedMail) -> WaitingMail:
    return WaitingMail(
        mail_id=mail.mail_id,
        sha256=mail.sha256,
        size_bytes=mail.size_bytes,
        mailbox=mail.mailbox,
        uid=mail.uid,
        sender=mail.sender,
        received_at=mail.received_at,
        attempts=0,
        claims=0,
    )
