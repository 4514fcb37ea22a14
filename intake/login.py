"""The way into an IMAP server: connection, TLS, login.

Certificates are always verified, and no password is sent before STARTTLS where that is asked for. Raises MailboxError:
AccessRefused where somebody has to act, ConnectionLost and CommandRefused for what may pass by itself. What was opened
is closed again on failure.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

from intake.config import Server
from intake.mailbox_errors import AccessRefused, CommandRefused, translated
from intake.secrets import SecretUnavailable
from intake.stream import Stream

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
    password = _read_password(server)
    try:
        with translated(f"{_where(server)}: logging in"):
            _send_login(stream, server.username, password)
    except CommandRefused as refusal:
        if any(code in str(refusal) for code in _PASSING_REFUSALS):
            raise
        raise AccessRefused(f"{refusal}; check username and password") from refusal


def _send_login(stream: Stream, username: str, password: str) -> None:
    if "AUTH=PLAIN" in stream.capabilities:  # RFC 4616: takes any character
        stream.authenticate("PLAIN", lambda _: f"\0{username}\0{password}".encode())
    else:
        stream.login(username, password)


def _read_password(server: Server) -> str:
    if server.password is None:
        raise AccessRefused(f"{_where(server)}: no password is set for {server.username}")
    try:
        return server.password.read()
    except SecretUnavailable as error:
        raise AccessRefused(f"{_where(server)}: {error}") from error


def _where(server: Server) -> str:
    return f"{server.host}:{server.port}"
