"""The way into an IMAP server: connection, TLS, login.

Certificates are always verified, and no password is sent before STARTTLS where that is asked for. Raises MailboxError:
AccessRefused where somebody has to act, ConnectionLost and CommandRefused for what may pass by itself. What was opened
is closed again on failure.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from intake.mailboxes.access_tokens import GrantRefused, TokenServerDown, access_tokens
from intake.mailboxes.mailbox_errors import AccessRefused, CommandRefused, ConnectionLost, LoginRefused, translated
from intake.mailboxes.stream import Stream
from intake.settings.config import OAuth2, Server
from intake.settings.secrets import SecretUnavailable

# RFC 5530 §3: refusals of a login that pass by themselves.
_PASSING_REFUSALS = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


def open_stream(server: Server, timeout: float, opened: Callable[[socket.socket], None]) -> Stream:
    """Connect, and secure the connection as configured; `opened` is told of each socket before it is waited for."""
    tls = None if server.security == "plain" else _tls_context(server)
    with translated(f"{_where(server)}: connecting"):
        implicit = tls if server.security == "tls" else None
        stream = Stream(server.host, server.port, tls=implicit, timeout=timeout, opened=opened)
    if server.security == "starttls":
        try:
            _start_tls(stream, server, tls)
        except BaseException:
            with suppress(OSError):  # the TLS layer closed it already
                stream.shutdown()
            raise
        opened(stream.sock)
    return stream


def _start_tls(stream: Stream, server: Server, tls: ssl.SSLContext | None) -> None:
    if "STARTTLS" not in stream.capabilities:
        raise AccessRefused(f'{_where(server)}: the server offers no STARTTLS; use security = "tls"')
    with translated(f"{_where(server)}: starting TLS"):
        stream.starttls(tls)


def _tls_context(server: Server) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise AccessRefused(f"{_where(server)}: ca_file {server.ca_file}: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def log_in(stream: Stream, server: Server) -> None:
    """Log in unless the server knows us already (PREAUTH)."""
    if stream.state == "AUTH":
        return
    if server.username is None:
        raise AccessRefused(f"{_where(server)}: the server wants a login; set username and password")
    try:
        if server.oauth2:
            _send_token(stream, server, server.username, server.oauth2)
            return
        password = _read_password(server)
        with translated(f"{_where(server)}: logging in"):
            _send_login(stream, server.username, password)
    except CommandRefused as refusal:
        if _is_passing(refusal):
            raise
        advice = "may this account use IMAP by token?" if server.oauth2 else "check username and password"
        raise LoginRefused(f"{refusal}; {advice}") from refusal


def _is_passing(refusal: CommandRefused) -> bool:
    return any(code in str(refusal) for code in _PASSING_REFUSALS)


def _send_login(stream: Stream, username: str, password: str) -> None:
    if "AUTH=PLAIN" in stream.capabilities:  # RFC 4616: takes any character
        stream.authenticate("PLAIN", lambda _: f"\0{username}\0{password}".encode())
    else:
        stream.login(username, password)


def _send_token(stream: Stream, server: Server, username: str, oauth2: OAuth2) -> None:
    """XOAUTH2 as Google and Microsoft have it; a token that is refused before its time is replaced once."""
    if "AUTH=XOAUTH2" not in stream.capabilities:
        raise AccessRefused(f"{_where(server)}: the server takes no login by token (XOAUTH2); use a password")
    token = _get_token(server, oauth2, refused="")
    try:
        _try_token(stream, server, username, token)
    except CommandRefused as refusal:
        if _is_passing(refusal):
            raise
        _try_token(stream, server, username, _get_token(server, oauth2, refused=token))


def _try_token(stream: Stream, server: Server, username: str, token: str) -> None:
    # After a refusal the server asks once more, with its reasons; the answer is empty.
    answers = iter([f"user={username}\1auth=Bearer {token}\1\1".encode()])
    with translated(f"{_where(server)}: logging in"):
        stream.authenticate("XOAUTH2", lambda _: next(answers, b""))


def _get_token(server: Server, oauth2: OAuth2, *, refused: str) -> str:
    try:
        return access_tokens(oauth2).get(refused)
    except TokenServerDown as error:
        raise ConnectionLost(f"{_where(server)}: no access token: {error}") from error
    except (GrantRefused, SecretUnavailable) as error:
        raise LoginRefused(f"{_where(server)}: no access token: {error}") from error


def _read_password(server: Server) -> str:
    if server.password is None:
        raise AccessRefused(f"{_where(server)}: no password is set for {server.username}")
    try:
        return server.password.read()
    except SecretUnavailable as error:
        raise AccessRefused(f"{_where(server)}: {error}") from error


def _where(server: Server) -> str:
    return f"{server.host}:{server.port}"
