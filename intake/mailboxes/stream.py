"""The connection below an IMAP session: imaplib's protocol over a socket of our own.

Small writes are not delayed, lines and literals are bounded, the peer's silence ends every wait after the socket's
timeout, and IDLE (RFC 2177) misses nothing that came while it was beginning. Raises what imaplib raises and OSError.
"""

import io
import select
import socket
import ssl
from collections.abc import Callable
from imaplib import IMAP4
from typing import Any, cast

COMMAND_BYTES = 8 * 1024 * 1024  # of literals in the answer to one command
_LINE_BYTES = 16 * 1024 * 1024  # a SEARCH answer of some two million UIDs
_BUFFER_BYTES = 256 * 1024


class Stream(IMAP4):
    """A connection from its opening to its shutdown. `opened` is told of the socket before anything is said on it."""

    file: io.BufferedReader

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None,
        timeout: float,
        opened: Callable[[socket.socket], None],
    ) -> None:
        self._tls = tls
        self._opened = opened
        self.allowance = COMMAND_BYTES  # what the running command may still bring; set anew before each
        super().__init__(host, port, timeout)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=host, do_handshake_on_connect=False)
        self.file = cast("io.BufferedReader", self.sock.makefile("rb", _BUFFER_BYTES))
        self._opened(self.sock)
        if isinstance(self.sock, ssl.SSLSocket):
            self._shake_hands(self.sock)

    def _shake_hands(self, sock: ssl.SSLSocket) -> None:
        try:
            sock.do_handshake()
        except OSError:
            self.file.close()
            sock.close()
            raise

    def read(self, size: int) -> bytes:
        if size > self.allowance:
            raise self.abort(f"an answer of {size} bytes where {self.allowance} were allowed")
        self.allowance -= size
        return self.file.read(size)

    def readline(self) -> bytes:
        line = self.file.readline(_LINE_BYTES + 1)
        if len(line) > _LINE_BYTES:
            raise self.abort("a line without end")
        return line

    def idle(self, seconds: float) -> None:
        """IDLE until the server says anything, at most `seconds`. Raises IMAP4.error where it refuses."""
        tag = self._command("IDLE")
        has_news = False
        while self._get_response() is not None:  # None is the "+" that begins it
            self._refuse_idle(tag)
            has_news = True
        if not has_news and not self._has_unread_bytes():
            poll = select.poll()
            poll.register(self.sock.fileno(), select.POLLIN)
            poll.poll(seconds * 1000)
        self.send(b"DONE\r\n")
        self._command_complete("IDLE", tag)

    def _refuse_idle(self, tag: bytes) -> None:
        answer: Any = self.tagged_commands[tag]
        if answer:
            del self.tagged_commands[tag]
            raise self.error(f"{answer[0]} {answer[1][-1].decode('utf-8', 'replace')}")

    def _has_unread_bytes(self) -> bool:
        """Whether bytes lie in our buffers, where the operating system's poll does not see them."""
        timeout = self.sock.gettimeout()
        self.sock.setblocking(False)
        try:
            return bool(self.file.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            self.sock.settimeout(timeout)
