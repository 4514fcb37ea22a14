"""Reading mails off the server: small ones whole and many at once, large ones in chunks straight to the spool.

Memory holds one batch or one chunk, whatever a mail's size and whatever the server announces. An announced size is a
hint: a mail ends where the server has no more bytes of it. A mail that is there and does not come is `Unreadable`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.mailboxes.batches import SMALL_BYTES
from intake.mailboxes.imap import Announced, Session
from store.spool import Spool, SpooledMail


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadMail:
    """A mail that came to its end."""

    announced: Announced
    content: bytes | SpooledMail  # small mails wait in memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A mail that the server announced and did not send."""

    announced: Announced
    reason: str


def read_batch(
    session: Session, spool: Spool, batch: Sequence[Announced], max_mail_bytes: int
) -> Iterator[ReadMail | Unreadable]:
    """Read mails that were planned together. Raises MailboxError, OSError; nothing unfinished stays in the spool."""
    if len(batch) == 1:
        yield _read_alone(session, spool, batch[0], max_mail_bytes)
        return
    bodies = session.fetch_chunks([mail.uid for mail in batch], offset=0, size_bytes=SMALL_BYTES)
    for mail in batch:
        body = bodies.pop(mail.uid, None)
        if not body:
            yield Unreadable(announced=mail, reason="the server sent nothing" if body is None else "it came empty")
        elif mail.size_bytes <= len(body) < SMALL_BYTES:
            yield ReadMail(announced=mail, content=body)
        else:  # shorter than announced, or longer than small: the next chunk tells
            yield _read_alone(session, spool, mail, max_mail_bytes)


class _Broken(Exception):
    """A mail cannot be read to its end; says why."""


def _read_alone(session: Session, spool: Spool, mail: Announced, max_mail_bytes: int) -> ReadMail | Unreadable:
    file = spool.begin()
    try:
        for chunk in _chunks(session, mail, max_mail_bytes):
            file.write(chunk)
    except _Broken as broken:
        file.discard()
        return Unreadable(announced=mail, reason=str(broken))
    except BaseException:
        file.discard()
        raise
    return ReadMail(announced=mail, content=file.finish())


def _chunks(session: Session, mail: Announced, max_mail_bytes: int) -> Iterator[bytes]:
    """The mail's bytes up to its real end: a short chunk is one only where the announced size agrees."""
    if mail.size_bytes > max_mail_bytes and _chunk(session, mail, max_mail_bytes, 1):
        raise _Broken(f"it is larger than limits.mail_bytes, {max_mail_bytes} bytes")
    offset = 0
    while chunk := _chunk(session, mail, offset, SMALL_BYTES):
        yield chunk
        offset += len(chunk)
        if offset > max_mail_bytes:
            raise _Broken(f"it is larger than limits.mail_bytes, {max_mail_bytes} bytes")
        if len(chunk) < SMALL_BYTES and offset >= mail.size_bytes:
            return
    if not offset:
        raise _Broken("it came empty")


def _chunk(session: Session, mail: Announced, offset: int, size_bytes: int) -> bytes:
    chunk = session.fetch_chunks([mail.uid], offset=offset, size_bytes=size_bytes).get(mail.uid)
    if chunk is None:
        raise _Broken(f"the server sent nothing from byte {offset} of {mail.size_bytes}")
    return chunk
