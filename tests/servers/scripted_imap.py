"""A small IMAP server in a thread for faults that a real server does not produce on demand (RFC 3501).

It knows one user, one folder (INBOX) and the commands a fetching client needs; `script` says what goes wrong and may
be changed while clients are connected. For everything else the tests use Dovecot.
"""

import re
import socket
import socketserver
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from tests.servers.ports import HOST, free_ports

_BODY = re.compile(rb"BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)
_UID_CRITERION = re.compile(r"UID ([\d:*,]+)", re.IGNORECASE)
_HEADER = re.compile(rb"BODY(?:\.PEEK)?\[HEADER[^\]]*\]", re.IGNORECASE)


@dataclass(kw_only=True, slots=True)
class StoredMail:
    uid: int
    raw: bytes
    internaldate: datetime
    announced_size: int  # what RFC822.SIZE says, true or not
    flags: set[str] = field(default_factory=set)


@dataclass(kw_only=True, slots=True)
class Script:
    """What goes wrong; nothing by default."""

    empty_fetches: int = 0  # so many FETCHes of a body are answered OK without any data
    nil_fetches: int = 0  # so many bodies are NIL
    hang_after: int | None = None  # bytes of an answer with a body, then silence on an open connection
    cut_after: int | None = None  # bytes of an answer with a body, then the connection is closed; counts for one answer
    refuse_store: bool = False  # NO to STORE and MOVE
    refuse_login: str | None = None  # NO with this text to LOGIN and AUTHENTICATE
    tokens: set[str] = field(default_factory=set)  # access tokens that XOAUTH2 takes; not in `capabilities` by itself
    capabilities: str = "IMAP4rev1 IDLE UIDPLUS MOVE"


class ScriptedImap:
    """Use as a context manager. `commands` holds what clients sent, without tags and logins."""

    username, password = "support@hakago.example", "secret"

    def __init__(self) -> None:
        self.host = HOST
        self.port = 0
        self.script = Script()
        self.mails: list[StoredMail] = []
        self.uidvalidity = 1
        self.commands: list[str] = []
        self.shown: list[str] = []  # what clients showed for XOAUTH2
        self.connections = 0  # opened so far
        self.changed = threading.Condition()  # guards all of the above
        self._open: set[socket.socket] = set()
        self._server: _Server | None = None

    def add(self, raw: bytes, *, announced_size: int | None = None, internaldate: datetime | None = None) -> StoredMail:
        """Puts a mail into INBOX and tells clients in IDLE."""
        with self.changed:
            mail = StoredMail(
                uid=max((one.uid for one in self.mails), default=0) + 1,
                raw=raw,
                internaldate=internaldate or datetime.now(UTC),
                announced_size=len(raw) if announced_size is None else announced_size,
            )
            self.mails.append(mail)
            self.changed.notify_all()
            return mail

    def cut_connections(self) -> None:
        for one in list(self._open):
            _shut(one)

    def __enter__(self) -> Self:
        for _ in range(3):  # another program may take the port between the choice and the bind
            self.port = free_ports(1)[0]
            try:
                self._server = _Server((self.host, self.port), self._serve)
            except OSError:
                continue
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="scripted-imap", daemon=True).start()
            return self
        raise OSError("no free port for the scripted IMAP server")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self.cut_connections()
            self._server.server_close()

    def _serve(self, connection: socket.socket, address: object, server: object) -> None:
        self.connections += 1
        self._open.add(connection)
        with suppress(OSError):  # the client or the script closed the connection
            _Session(self, connection).run()
        self._open.discard(connection)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], serve: Callable[[socket.socket, object, object], None]) -> None:
        super().__init__(address, serve)  # type: ignore[arg-type]  # a function does what a handler class does


class _Session:
    """One connection."""

    def __init__(self, imap: ScriptedImap, connection: socket.socket) -> None:
        self._imap = imap
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._known = 0  # mails the client has been told of

    def run(self) -> None:
        with self._lines:
            self._say(f"* OK [CAPABILITY {self._imap.script.capabilities}] ready")
            while line := self._lines.readline():
                tag, _, command = line.strip().decode("utf-8", "replace").partition(" ")
                if not self._obey(tag, command):
                    return

    def _obey(self, tag: str, command: str) -> bool:
        name, _, rest = command.partition(" ")
        if name.upper() == "UID":
            name, _, rest = rest.partition(" ")
        if name.upper() not in ("LOGIN", "AUTHENTICATE"):
            self._imap.commands.append(command)
        action = getattr(self, f"_do_{name.lower()}", None)
        answer: str | None = action(rest) if action else "BAD unknown command"
        if answer:
            self._say(f"{tag} {answer}")
        return answer is not None and name.upper() != "LOGOUT"

    # Each command says its untagged answers itself and returns the tagged one, or None to end the connection.

    def _do_capability(self, _: str) -> str:
        self._say(f"* CAPABILITY {self._imap.script.capabilities}")
        return "OK done"

    def _do_login(self, _: str) -> str:
        refusal = self._imap.script.refuse_login
        return f"NO [AUTHENTICATIONFAILED] {refusal}" if refusal else "OK logged in"

    def _do_authenticate(self, mechanism: str) -> str:
        """XOAUTH2. A refusal comes in two steps: the reasons in JSON, an empty answer, NO."""
        if mechanism.upper() != "XOAUTH2":
            return "BAD unknown mechanism"
        self._say("+ ")
        shown = b64decode(self._lines.readline()).decode()
        self._imap.shown.append(shown)
        if shown.split("\1")[1].removeprefix("auth=Bearer ") in self._imap.script.tokens:
            return "OK logged in"
        self._say("+ eyJzdGF0dXMiOiI0MDAifQ==")
        refusal = self._imap.script.refuse_login or "[AUTHENTICATIONFAILED] Invalid credentials"
        return f"NO {refusal}" if self._lines.readline() == b"\r\n" else "BAD an empty line was expected"

    def _do_logout(self, _: str) -> str:
        self._say("* BYE see you")
        return "OK done"

    def _do_noop(self, _: str) -> str:
        self._tell_new()
        return "OK done"

    def _do_list(self, _: str) -> str:
        self._say('* LIST () "/" INBOX')
        return "OK done"

    def _do_select(self, _: str) -> str:
        imap = self._imap
        self._known = len(imap.mails)
        self._say(r"* FLAGS (\Seen \Answered \Flagged \Deleted)")
        self._say(f"* {self._known} EXISTS")
        self._say(f"* OK [UIDVALIDITY {imap.uidvalidity}] valid")
        self._say(f"* OK [UIDNEXT {max((one.uid for one in imap.mails), default=0) + 1}] next")
        return "OK [READ-WRITE] done"

    _do_examine = _do_select

    def _do_search(self, rest: str) -> str:
        """All mails, or those of the first `UID` criterion; other criteria are not looked at."""
        asked = _UID_CRITERION.search(rest)
        self._say("* SEARCH" + "".join(f" {mail.uid}" for _, mail in self._pick(asked[1] if asked else "1:*")))
        return "OK done"

    def _do_store(self, rest: str) -> str:
        if self._imap.script.refuse_store:
            return "NO [NOPERM] no change allowed here"
        uids, _, change = rest.partition(" ")
        flags = set(change[change.index("(") + 1 : change.rindex(")")].split())
        for number, mail in self._pick(uids):
            mail.flags = mail.flags - flags if change.startswith("-") else mail.flags | flags
            self._say(f"* {number} FETCH (UID {mail.uid} FLAGS ({' '.join(sorted(mail.flags))}))")
        return "OK done"

    def _do_move(self, rest: str) -> str:
        if self._imap.script.refuse_store:
            return "NO [NOPERM] no change allowed here"
        for number, mail in reversed(self._pick(rest.partition(" ")[0])):
            self._imap.mails.remove(mail)
            self._say(f"* {number} EXPUNGE")
        self._known = len(self._imap.mails)
        return "OK done"

    def _do_idle(self, _: str) -> str:
        self._say("+ idling")
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done,), daemon=True)
        watcher.start()
        self._lines.readline()
        done.set()
        with self._imap.changed:
            self._imap.changed.notify_all()
        watcher.join()
        return "OK done"

    def _do_fetch(self, rest: str) -> str | None:
        uids, _, items = rest.partition(" ")
        script = self._imap.script
        has_body = _BODY.search(items.encode()) is not None
        if has_body and script.empty_fetches > 0:
            script.empty_fetches -= 1
            return "OK done"
        answer = b"".join(self._fetched(number, mail, items.encode()) for number, mail in self._pick(uids))
        if has_body and script.hang_after is not None:
            self._connection.sendall(answer[: script.hang_after])
            self._lines.read()  # until the client gives up
            return None
        if has_body and script.cut_after is not None:
            after, script.cut_after = script.cut_after, None
            self._connection.sendall(answer[:after])
            _shut(self._connection)
            return None
        self._connection.sendall(answer)
        return "OK done"

    def _fetched(self, number: int, mail: StoredMail, items: bytes) -> bytes:
        found = [b"UID %d" % mail.uid]
        if b"RFC822.SIZE" in items:
            found.append(b"RFC822.SIZE %d" % mail.announced_size)
        if b"INTERNALDATE" in items:
            found.append(mail.internaldate.strftime('INTERNALDATE "%d-%b-%Y %H:%M:%S %z"').encode())
        if b"FLAGS" in items:
            found.append(f"FLAGS ({' '.join(sorted(mail.flags))})".encode())
        if header := _HEADER.search(items):
            name = header[0].replace(b".PEEK", b"")
            found.append(name + b" " + _literal(mail.raw.split(b"\r\n\r\n")[0] + b"\r\n\r\n"))
        if body := _BODY.search(items):
            found.append(self._body(mail, body))
        return b"* %d FETCH (%s)\r\n" % (number, b" ".join(found))

    def _body(self, mail: StoredMail, asked: re.Match[bytes]) -> bytes:
        start = int(asked[1] or 0)
        name = b"BODY[]" + (b"<%d>" % start if asked[1] else b"")
        if self._imap.script.nil_fetches > 0:
            self._imap.script.nil_fetches -= 1
            return name + b" NIL"
        return name + b" " + _literal(mail.raw[start : start + int(asked[2])] if asked[2] else mail.raw)

    def _pick(self, uids: str) -> list[tuple[int, StoredMail]]:
        """The mails of a sequence set of UIDs (RFC 3501 §9 sequence-set), with their sequence numbers."""
        numbered = list(enumerate(self._imap.mails, start=1))
        last = max((one.uid for one in self._imap.mails), default=0)
        wanted: set[int] = set()
        for piece in uids.replace("*", str(last)).split(","):
            first, _, end = piece.partition(":")
            low, high = sorted((int(first), int(end or first)))
            wanted.update(range(low, min(high, last) + 1))
        return [(number, mail) for number, mail in numbered if mail.uid in wanted]

    def _watch(self, done: threading.Event) -> None:
        with self._imap.changed, suppress(OSError):  # the client may be gone already
            while not done.is_set():
                self._tell_new()
                self._imap.changed.wait()

    def _tell_new(self) -> None:
        if len(self._imap.mails) != self._known:
            self._known = len(self._imap.mails)
            self._say(f"* {self._known} EXISTS")

    def _say(self, line: str) -> None:
        self._connection.sendall(line.encode() + b"\r\n")


def _literal(data: bytes) -> bytes:
    return b"{%d}\r\n%s" % (len(data), data)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # already closed by the other side
        connection.shutdown(socket.SHUT_RDWR)
