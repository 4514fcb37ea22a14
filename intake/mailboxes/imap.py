"""One session with an IMAP server (RFC 3501, RFC 9051): the only module that knows imapclient.

Mails are named by UID, never by sequence number, and read with PEEK: fetching changes nothing on the server. Every
call waits at most `Timeouts` for the server and then gives the session up. One command never brings more than
COMMAND_BYTES into memory, whatever the server announces.

A call that fails raises a `MailboxError`: `ConnectionLost` (the session is of no use any more), `CommandRefused` (the
session goes on) or `AccessRefused` (somebody has to change something). Nothing is tried again here.
"""

import socket
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from imaplib import IMAP4
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.response_parser import parse_fetch_response

from intake.mailboxes.login import log_in, open_stream
from intake.mailboxes.mailbox_errors import AccessRefused, CommandRefused, MailboxError, translated
from intake.mailboxes.stream import COMMAND_BYTES, Stream
from intake.settings.config import Server


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    connect: float = 20.0  # seconds, to the greeting
    read: float = 60.0  # seconds without a byte from the server


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A selected folder (RFC 3501 §6.3.1)."""

    uidvalidity: int
    permanent_flags: frozenset[str]  # lower case; "\\*" where new keywords are welcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """What the server says about a mail before it is read; the size is not always true."""

    uid: int
    size_bytes: int
    received_at: datetime | None  # INTERNALDATE in UTC; None where unreadable


class _Client(IMAPClient):  # type: ignore[misc]  # untyped library
    """IMAPClient on our stream."""

    def __init__(self, stream: Stream, timeouts: Timeouts) -> None:
        self._open_stream = stream
        super().__init__(stream.host, stream.port, ssl=False, timeout=SocketTimeout(timeouts.connect, timeouts.read))
        stream.debug = 0  # imapclient turns on a log of every line: slow, and the lines are people's mail

    def _create_IMAP4(self) -> Stream:  # noqa: N802
        return self._open_stream

    def _check_resp(self, expected: str, command: str, typ: str, data: Sequence[bytes | None]) -> None:
        """Refusals in UTF-8 as they are: imapclient drops letters beyond ASCII, such as a folder's, and logs that."""
        if typ != expected:
            raise self.Error(f"{command} refused: {(data[0] or b'').decode('utf-8', 'replace')}")


class Session:
    """A logged-in connection. Use as a context manager; `interrupt` may be called from another thread."""

    def __init__(self, server: Server, timeouts: Timeouts | None = None) -> None:
        self._server = server
        self._timeouts = timeouts or Timeouts()
        self._socket: socket.socket | None = None
        self._is_interrupted = False
        self._stream: Any = None  # a Stream once connected
        self._client: Any = None
        self._capabilities: frozenset[str] = frozenset()
        self._tellings = 0  # EXISTS responses up to the end of SELECT

    # Coming and going.

    def __enter__(self) -> Self:
        try:
            self._stream = open_stream(self._server, self._timeouts.connect, self._note_socket)
            log_in(self._stream, self._server)
            self._client = _Client(self._stream, self._timeouts)
            with self._answering("asking for its capabilities"):
                # Asked for anew: those before login and TLS are not those after (RFC 3501 §7.2.1, RFC 2595 §3.1).
                self._capabilities = frozenset(self._stream.capability()[1][-1].decode("ascii").upper().split())
        except BaseException:
            self._shut()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            with suppress(MailboxError), self._answering("logging out"):
                self._stream.logout()
        self._shut()

    def interrupt(self) -> None:
        """Cut the connection: whatever the session waits for ends at once with ConnectionLost. From any thread."""
        self._is_interrupted = True
        if self._socket is not None:
            with suppress(OSError):  # closed already
                # Not the method of an SSL socket, which would pull its TLS state from under the reading thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _note_socket(self, opened: socket.socket) -> None:
        self._socket = opened
        if self._is_interrupted:
            self.interrupt()

    def _shut(self) -> None:
        if self._stream is not None:
            with suppress(OSError):  # closed by the server already
                self._stream.shutdown()

    # Looking and reading.

    def has_extension(self, name: str) -> bool:
        """Whether the server offers what stands in its capabilities as `name`, such as "UIDPLUS" (RFC 3501 §7.2.1)."""
        return name in self._capabilities

    def select(self, folder: str, *, is_writable: bool) -> Folder:
        """Open `folder`, by EXAMINE unless `is_writable`. Raises AccessRefused where that is not possible."""
        try:
            with self._answering(f"opening the folder {folder}"):
                answer = self._client.select_folder(folder, readonly=not is_writable)
        except CommandRefused as refusal:
            raise AccessRefused(str(refusal)) from refusal
        self._tellings = self._count_tellings()
        if b"UIDVALIDITY" not in answer:
            raise AccessRefused(f"{self._where}: the folder {folder} has no UIDVALIDITY (RFC 3501 §2.3.1.1)")
        flags = answer.get(b"PERMANENTFLAGS", ())
        return Folder(
            uidvalidity=answer[b"UIDVALIDITY"],
            permanent_flags=frozenset(flag.decode("ascii", "replace").lower() for flag in flags),
        )

    def search(self, *, above: int, since: date | None) -> list[int]:
        """UIDs greater than `above`, ascending; only of mails since that day by the server's calendar."""
        criteria = ["UID", f"{above + 1}:*"]
        if since:
            criteria += ["SINCE", since]  # type: ignore[list-item]
        with self._answering("looking for new mail"):
            # "n:*" always names the last mail, even below n (RFC 3501 §6.4.8).
            return sorted(uid for uid in self._client.search(criteria) if uid > above)

    def fetch_announced(self, uids: Sequence[int]) -> list[Announced]:
        """Size and date of each mail that is there, in the order of `uids`."""
        found = self._fetch(uids, "RFC822.SIZE INTERNALDATE")
        return [
            Announced(
                uid=uid,
                size_bytes=found[uid].get(b"RFC822.SIZE") or 0,
                received_at=_to_utc(found[uid].get(b"INTERNALDATE")),
            )
            for uid in uids
            if uid in found
        ]

    def fetch_chunks(self, uids: Sequence[int], *, offset: int, size_bytes: int) -> dict[int, bytes]:
        """Up to `size_bytes` of each mail from `offset`; b"" at its end. A mail that is not there is left out.

        What the server sent before it said NO counts; mails it did not send are left out like those not there.
        """
        found = self._fetch(uids, f"BODY.PEEK[]<{offset}.{size_bytes}>")
        bodies = {uid: _body(items) for uid, items in found.items()}
        return {uid: body for uid, body in bodies.items() if body is not None and len(body) <= size_bytes}

    def _fetch(self, uids: Sequence[int], items: str) -> dict[int, dict[bytes, Any]]:
        stream = self._stream
        with self._answering("fetching mail"):
            stream.allowance = COMMAND_BYTES
            try:
                kind, answer = stream.uid("FETCH", to_uid_set(uids), f"({items})")
            except IMAP4.abort:
                raise
            except IMAP4.error:  # BAD
                kind, answer = "BAD", []
            if kind != "OK":
                answer = stream.untagged_responses.pop("FETCH", [None])
            wanted = set(uids)
            found = parse_fetch_response(answer, normalise_times=False)
            return {uid: dict(data) for uid, data in found.items() if uid in wanted}

    # Filing.

    def flag(self, uids: Iterable[int], flag: str) -> None:
        """Add `flag`. Raises CommandRefused."""
        with self._answering(f"flagging mail with {flag}"):
            self._client.add_flags(to_uid_set(uids), [flag], silent=True)

    def move(self, uids: Iterable[int], folder: str) -> None:
        """Move mails, with MOVE (RFC 6851) or what UIDPLUS has (RFC 4315); the folder is made where it is missing.

        A plain EXPUNGE would take other people's deleted mails along: a server with neither is refused. Raises
        CommandRefused; with UIDPLUS copies may lie in the folder already then.
        """
        if not self._capabilities & {"MOVE", "UIDPLUS"}:
            raise CommandRefused(f'{self._where}: the server can neither MOVE nor UIDPLUS; set processed = "flag"')
        with self._answering(f"moving mail to {folder}"):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)
            if "MOVE" in self._capabilities:
                self._client.move(to_uid_set(uids), folder)
            else:
                self._client.copy(to_uid_set(uids), folder)
                self._client.add_flags(to_uid_set(uids), [r"\Deleted"], silent=True)
                self._client.uid_expunge(to_uid_set(uids))

    # Waiting.

    @property
    def has_news(self) -> bool:
        """Whether the server has told of new mail since `select`, with another command; IDLE does not repeat it."""
        return self._count_tellings() > self._tellings

    def _count_tellings(self) -> int:
        return len(self._stream.untagged_responses.get("EXISTS", ()))

    @property
    def has_idle(self) -> bool:
        return self.has_extension("IDLE")

    def wait_for_news(self, seconds: float) -> None:
        """IDLE until the server says anything, at most `seconds` (RFC 2177: less than 29 minutes)."""
        with self._answering("waiting for new mail"):
            self._stream.idle(seconds)

    # Errors.

    @property
    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    def _answering(self, doing: str) -> AbstractContextManager[None]:
        return translated(f"{self._where}: {doing}")


def to_uid_set(uids: Iterable[int]) -> str:
    """A sequence set (RFC 3501 §9), runs written as ranges: commands stay short (RFC 2683 §3.2.1.5)."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def _body(items: dict[bytes, Any]) -> bytes | None:
    """The text of BODY[]; NIL counts as empty, no such item as None."""
    for name, value in items.items():
        if name.startswith(b"BODY[]"):
            return value if isinstance(value, bytes) else b""
    return None


def _to_utc(internaldate: datetime | None) -> datetime | None:
    with suppress(OverflowError):
        return internaldate.astimezone(UTC) if internaldate else None
    return None
