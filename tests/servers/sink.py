"""An SMTP server in a thread that keeps what it is given and answers as a test scripts it (RFC 5321).

Unscripted it accepts everything. `answer` scripts one answer after the other for a stage of the dialogue, `refuse`
one recipient for good; `go_down` closes the port and every connection, `come_up` listens on the same port again.
A content that ends without an answer to the client is not kept, except where the script says LOSE_ANSWER.
"""

import asyncio
import ssl
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.ports import HOST, free_ports
from tests.servers.tls import Certificate

Stage = Literal["MAIL", "RCPT", "DATA"]  # DATA: after the content has come
Security = Literal["plain", "starttls", "tls"]
ACCEPT = "250 2.0.0 OK"
HANG = "hang"  # no answer, the connection stays open
HANG_UP = "421 4.3.2 Service shutting down"  # and the connection is closed
LOSE_ANSWER = "lose answer"  # the mail is kept, the connection breaks before the client knows (RFC 5321 §4.5.3.2.6)
_MAX_BYTES = 256 * 1024 * 1024
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedMail:
    envelope_from: str  # "" for the null reverse-path
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime


class SmtpSink:
    """Use as a context manager. `received` holds the mails in the order they were accepted."""

    def __init__(
        self,
        *,
        security: Security = "plain",
        certificate: Certificate | None = None,  # needed for "starttls" and "tls"
        login: tuple[str, str] | None = None,  # user name and password a client must show
        tokens: set[str] | None = None,  # access tokens, one of which a client must show instead (XOAUTH2)
    ) -> None:
        self.host = HOST
        self.port = 0
        self.received: list[ReceivedMail] = []
        self.logins: list[str] = []  # user names that logged in
        self.connections = 0  # opened so far
        self.hanging = 0  # answers that never came, so far
        self._security = security
        self._context = certificate.server_context() if certificate else None
        self._login = login
        self.tokens = tokens
        self._script: dict[str, deque[str]] = {"MAIL": deque(), "RCPT": deque(), "DATA": deque()}
        self._refused: dict[str, str] = {}
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[_Dialogue] = set()

    # What a test says.

    def answer(self, stage: Stage, *replies: str) -> None:
        """The next times a client comes to `stage` it gets these replies, one each; ACCEPT again after the last."""
        self._script[stage].extend(replies)

    def refuse(self, recipient: str, reply: str = "550 5.1.1 No such user") -> None:
        self._refused[recipient] = reply

    def accept(self, recipient: str) -> None:
        self._refused.pop(recipient, None)

    def go_down(self) -> None:
        self._run(self._close())

    def come_up(self) -> None:
        self._run(self._listen())

    def wait_for(self, count: int, timeout: float = 10.0) -> list[ReceivedMail]:
        """The mails received, as soon as there are `count`; raises TimeoutError with what came."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, timeout):
                raise TimeoutError(f"{len(self.received)} of {count} mails came: {self.received}")
            return list(self.received)

    # What the server does.

    def __enter__(self) -> Self:
        self._thread.start()
        for _ in range(3):  # another program may take the port between the choice and the bind
            self.port = free_ports(1)[0]
            try:
                self.come_up()
            except OSError:
                continue
            return self
        raise OSError("no free port for the SMTP sink")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        implicit = self._context if self._security == "tls" else None
        self._server = await self._loop.create_server(self._new_dialogue, self.host, self.port, ssl=implicit)

    async def _close(self) -> None:
        if self._server:
            for listener in self._server.sockets:  # asyncio leaks a connection that it accepts while it closes
                self._loop.remove_reader(listener.fileno())
            for _ in range(3):
                await asyncio.sleep(0)
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        for _ in range(5):  # a connection that was just accepted takes some turns of the loop to show up
            for dialogue in list(self._open):
                dialogue.abort()
            await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*tasks, return_exceptions=True)

    def _new_dialogue(self) -> "_Dialogue":
        self.connections += 1
        starttls = self._context if self._security == "starttls" else None
        mechanisms = {"LOGIN", "PLAIN"} if self._login else {"XOAUTH2"} if self.tokens is not None else set()
        return _Dialogue(self, starttls, self._loop, mechanisms, self._authenticate, self._open)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        if not isinstance(data, LoginPassword) or self._login is None:
            return AuthResult(success=False)
        if (data.login.decode(), data.password.decode()) != self._login:
            return AuthResult(success=False, handled=False)
        self.logins.append(self._login[0])
        return AuthResult(success=True, auth_data=data)

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802
        """A hook of aiosmtpd. A refusal comes in two steps: the reasons in JSON, an empty answer, 535."""
        user, token = (part.partition("=")[2] for part in b64decode(arguments[1]).decode().split("\1")[:2])
        if token.removeprefix("Bearer ") in (self.tokens or ()):
            self.logins.append(user)
            return AuthResult(success=True, auth_data=user)
        await server.challenge_auth('{"status":"400"}')
        return AuthResult(success=False, handled=False)

    # Hooks of aiosmtpd: the answer to each command.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (self._login or self.tokens is not None) and not session.authenticated:
            return "530 5.7.0 Authentication required"  # RFC 4954 §6
        reply = await self._scripted(server, "MAIL")
        if _is_positive(reply):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._refused.get(address) or await self._scripted(server, "RCPT")
        if _is_positive(reply):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = self._script["DATA"][0] if self._script["DATA"] else ACCEPT
        if _is_positive(reply) or reply == LOSE_ANSWER:
            self._keep(envelope)
        return await self._scripted(server, "DATA")

    async def _scripted(self, server: SMTP, stage: Stage) -> str:
        reply = self._script[stage].popleft() if self._script[stage] else ACCEPT
        if reply == HANG:
            self.hanging += 1
            await asyncio.Event().wait()
        if reply == HANG_UP:
            await server.push(reply)
        if reply in (HANG_UP, LOSE_ANSWER):
            raise asyncio.CancelledError  # aiosmtpd closes the connection
        return reply

    def _keep(self, envelope: Envelope) -> None:
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        raw = envelope.original_content or b""
        mail = ReceivedMail(envelope_from=sender, recipients=tuple(envelope.rcpt_tos), raw=raw, at=datetime.now(UTC))
        with self._changed:
            self.received.append(mail)
            self._changed.notify_all()


class _Dialogue(SMTP):
    """One connection; known to the sink while it is open."""

    def __init__(
        self,
        sink: SmtpSink,
        starttls: ssl.SSLContext | None,
        loop: Any,
        mechanisms: set[str],  # of login
        authenticator: Any,
        is_open: "set[_Dialogue]",
    ) -> None:
        super().__init__(
            sink,
            hostname="localhost",
            data_size_limit=_MAX_BYTES,
            enable_SMTPUTF8=True,
            tls_context=starttls,
            authenticator=authenticator,
            auth_require_tls=starttls is not None,
            auth_exclude_mechanism={"PLAIN", "LOGIN", "XOAUTH2"} - mechanisms,
            loop=loop,
        )
        self._is_open = is_open

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._is_open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._is_open.discard(self)
        super().connection_lost(error)

    def abort(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()
        else:
            self._is_open.discard(self)


def _is_positive(reply: str) -> bool:
    return reply.startswith("2")
