"""One SMTP connection to our own server (RFC 5321), opened by the first mail and kept.

Delivery is at least once. When the connection breaks after the content was sent and before an answer came, the server
may have taken the mail; it is sent again with the same Message-ID (RFC 5321 §4.5.3.2.6 asks for patience there).
A connection that the server ended after it had served is opened again unnoticed.

Certificates are always verified, STARTTLS is never skipped, and nothing of a login is ever part of an error.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPHeloError, SMTPResponseException

from responders.composing import with_ascii_domain
from responders.refusals import ConnectionBroke, MailRefused, ServerUnavailable, judge_reply
from store.outbox import OutgoingMail

# Blanks and brackets would end the address; only a quoted local part may hold them (RFC 5321 §4.1.2).
_MAILBOX = re.compile(r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"@)?[^\x00-\x20\x7f<>"]+')


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpServer:
    """Where our mails go, and how long it may take."""

    host: str
    port: int
    security: Literal["tls", "starttls", "plain"]
    username: str | None = None
    password: Callable[[], str] | None = field(default=None, repr=False)  # asked at each login; may raise LookupError
    # Instead of a password: a token other than the one given, which was refused; may raise LookupError, OSError.
    access_token: Callable[[str], str] | None = field(default=None, repr=False)
    ca_file: Path | None = None  # trusted besides the system's authorities
    timeout: float = 60  # seconds; to connect, and for the commands before the content
    content_timeout: float = 300  # seconds; from DATA to the last answer. Too short doubles mails


class SmtpConnection:
    """Sends one mail at a time."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._smtp: SMTP | None = None
        self._has_served = False  # a mail, since it was opened

    @property
    def is_open(self) -> bool:
        return self._smtp is not None and self._smtp.is_connected

    async def open(self) -> SMTP:
        """Connects and logs in, unless that is done. Raises ServerUnavailable."""
        if self._smtp is None or not self._smtp.is_connected:
            self._smtp = await _connect(self._server)
        return self._smtp

    async def send(self, mail: OutgoingMail) -> None:
        """Returns when the server has taken `mail`.

        Raises MailRefused, ConnectionBroke or ServerUnavailable.
        """
        envelope = _make_envelope(mail.sender, mail.recipient, mail.raw)
        has_served = self._has_served
        try:
            await self._send(envelope)
        except ConnectionBroke as error:
            if error.content_was_sent or not has_served:
                raise
            await self._send(envelope)

    async def try_envelope(self, sender: str, recipient: str | None) -> None:
        """Returns when the server would take a mail from `sender`, to `recipient` where one is given; sends none.

        Raises as `send`.
        """
        envelope = _make_envelope(sender, recipient or sender, b"")
        smtp = await self.open()
        try:
            async with asyncio.timeout(self._server.timeout):
                await _say(smtp, b"MAIL", b"FROM:<%b>" % envelope.sender, *envelope.options(smtp))
                if recipient is not None:
                    await _say(smtp, b"RCPT", b"TO:<%b>" % envelope.recipient)
        except (SMTPException, OSError) as error:
            self._abandon()
            raise ConnectionBroke(_words(error) or "no answer in time", content_was_sent=False) from error
        finally:
            if self._smtp is not None and not await _is_reset(smtp):
                self._abandon()

    async def close(self) -> None:
        """Takes leave (RFC 5321 §4.1.1.10). Never raises."""
        if self._smtp is not None:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=5)
            self._abandon()

    async def _send(self, envelope: "_Envelope") -> None:
        smtp = await self.open()
        is_usable = False
        try:
            await self._transact(smtp, envelope)
            is_usable = self._has_served = True
        except MailRefused:
            is_usable = await _is_reset(smtp)
            raise
        finally:
            if not is_usable:
                self._abandon()

    async def _transact(self, smtp: SMTP, envelope: "_Envelope") -> None:
        content_was_sent = False
        try:
            # One limit for a mail that moves on with its stage costs less than the library's timer for each command.
            async with asyncio.timeout(self._server.timeout) as limit:
                await _say(smtp, b"MAIL", b"FROM:<%b>" % envelope.sender, *envelope.options(smtp))
                await _say(smtp, b"RCPT", b"TO:<%b>" % envelope.recipient)
                limit.reschedule(asyncio.get_running_loop().time() + self._server.content_timeout)
                content_was_sent = True
                await smtp.data(envelope.raw, timeout=None)
        except SMTPResponseException as error:
            raise judge_reply("DATA", error.code, error.message) from error
        except (SMTPException, OSError) as error:
            words = _words(error) or "no answer in time"
            raise ConnectionBroke(words, content_was_sent=content_was_sent) from error

    def _abandon(self) -> None:
        self._has_served = False
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


# Opening a connection.


async def _connect(server: SmtpServer) -> SMTP:
    try:
        return await _log_in(server)
    except (SMTPException, OSError, ValueError, LookupError) as error:
        raise ServerUnavailable(_words(error), is_ours_to_mend=_is_ours_to_mend(error)) from error


async def _log_in(server: SmtpServer) -> SMTP:
    """A token that is refused before its time is replaced once."""
    if server.access_token is None:
        return await _open(server, password=server.password() if server.password else None)
    token = await asyncio.to_thread(server.access_token, "")
    try:
        return await _open(server, oauth_token_generator=_gives(token))
    except SMTPAuthenticationError as refusal:
        if refusal.code < 500:
            raise
        return await _open(server, oauth_token_generator=_gives(await asyncio.to_thread(server.access_token, token)))


def _gives(token: str) -> Callable[[], Coroutine[Any, Any, str]]:
    async def give() -> str:
        return token

    return give


async def _open(server: SmtpServer, **login: Any) -> SMTP:
    smtp = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        timeout=server.timeout,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        cert_bundle=str(server.ca_file) if server.ca_file else None,
        **login,
    )
    await smtp.connect()
    await _greet(smtp)
    return smtp


async def _greet(smtp: SMTP) -> None:
    """Learns the server's extensions, where the login has not done so."""
    if smtp.is_ehlo_or_helo_needed:
        try:
            await smtp.ehlo()
        except SMTPHeloError:
            await _greet_as_of_old(smtp)


async def _greet_as_of_old(smtp: SMTP) -> None:
    """RFC 5321 §3.2: HELO, where the server does not know EHLO."""
    try:
        await smtp.helo()
    except SMTPHeloError:
        smtp.close()
        raise


def _is_ours_to_mend(error: Exception) -> bool:
    """Whether waiting will not help: a refused login, an unknown certificate, no STARTTLS, a missing secret."""
    if isinstance(error, SMTPResponseException):
        return error.code >= 500
    if isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return True
    is_of_the_network = isinstance(error, OSError) and not isinstance(
        error, (FileNotFoundError, PermissionError, ssl.SSLCertVerificationError)
    )
    return not is_of_the_network


# One mail.


@dataclass(frozen=True, kw_only=True, slots=True)
class _Envelope:
    sender: bytes  # empty: the null reverse-path
    recipient: bytes
    raw: bytes
    needs_smtputf8: bool

    def options(self, smtp: SMTP) -> Iterator[bytes]:
        """The parameters of MAIL that go with this mail on this server."""
        if smtp.supports_extension("size"):
            yield b"SIZE=%d" % len(self.raw)  # RFC 1870
        if not self.raw.isascii() and smtp.supports_extension("8bitmime"):
            yield b"BODY=8BITMIME"  # RFC 6152
        if self.needs_smtputf8:
            if not smtp.supports_extension("smtputf8"):
                words = "the address needs SMTPUTF8 (RFC 6531), which our mail server does not offer"
                raise MailRefused(words, is_permanent=True)
            yield b"SMTPUTF8"


def _make_envelope(sender: str, recipient: str, raw: bytes) -> _Envelope:
    sender, recipient = with_ascii_domain(sender), with_ascii_domain(recipient)
    for address in (sender or recipient, recipient):
        if not _MAILBOX.fullmatch(address):
            raise MailRefused(f"not an address that SMTP can carry: {address!r}", is_permanent=True)
    return _Envelope(
        sender=sender.encode("utf-8", "replace"),
        recipient=recipient.encode("utf-8", "replace"),
        raw=raw,
        needs_smtputf8=not (sender + recipient).isascii(),
    )


async def _say(smtp: SMTP, verb: Literal[b"MAIL", b"RCPT"], *arguments: bytes) -> None:
    code, text = await smtp.execute_command(verb, *arguments, timeout=None)
    if not 200 <= code < 300:
        raise judge_reply("MAIL" if verb == b"MAIL" else "RCPT", code, text)


async def _is_reset(smtp: SMTP) -> bool:
    """Whether the connection is ready for the next mail after a refused one."""
    try:
        await smtp.rset()
    except (SMTPException, OSError):
        return False
    return True


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {' '.join(error.message.split())}"
    return " ".join(str(error).split())
