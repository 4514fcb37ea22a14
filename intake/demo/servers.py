"""The mail servers of `tiepnhan demo`: IMAP (pymap) and SMTP (aiosmtpd) on loopback, in a process of their own.

Mail taken over SMTP is filed into the INBOX of the recipient's account, so the daemon, its customer and its staff can
all be played from an ordinary mail client; nothing ever leaves the machine. Everything is in memory and gone at the
end. They are there to look at, no proof of correctness: pymap drops keywords and miscounts parts.

`python -m intake.demo.servers --account ADDRESS:PASSWORD …` prints one JSON line, `{"imap_port", "smtp_port"}` when
both listen or `{"error"}`, and ends when its standard input closes, thus with the process that started it.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

HOST = "127.0.0.1"
_FOLDERS = ("Drafts", "Sent", "Trash")  # mail clients look for them
_MAX_MAIL_BYTES = 256 * 1024 * 1024
_READY_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Somebody who can log in on both servers."""

    address: str
    password: str


class DemoServersError(RuntimeError):
    """The servers could not be started; says why in one line."""


class DemoServers:
    """Runs both servers while the context is open; the ports are known once it is entered."""

    def __init__(self, accounts: Sequence[Account], *, imap_port: int = 0, smtp_port: int = 0) -> None:
        """Port 0 lets the system choose."""
        self.host = HOST
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self.accounts = tuple(accounts)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        # -P: a folder named like ours where the user stands must not be taken for it.
        command = [sys.executable, "-P", "-m", "intake.demo.servers"]
        command += ["--imap-port", str(self.imap_port), "--smtp-port", str(self.smtp_port)]
        for one in self.accounts:
            command += ["--account", f"{one.address}:{one.password}"]
        # A session of its own: Ctrl-C reaches the daemon only, which may then still say goodbye to its servers.
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            self._read_ports(self._process)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _read_ports(self, process: subprocess.Popen[str]) -> None:
        watchdog = threading.Timer(_READY_SECONDS, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline() if process.stdout else ""
        finally:
            watchdog.cancel()
        told: dict[str, Any] = json.loads(line or '{"error": "the mail servers of the demo did not start"}')
        if "error" in told:
            raise DemoServersError(told["error"])
        self.imap_port, self.smtp_port = told["imap_port"], told["smtp_port"]

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Config(Config):
    """pymap's settings, without asking DNS for our name at each connection."""

    @property
    def greeting(self) -> bytes:
        return b"tiepnhan demo ready"


class _Accounts:
    """The accounts with their mailboxes, as both servers see them."""

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = dict(passwords)
        unused = Namespace(passlib_cfg=None, proxy_protocol=None)
        self._config = _Config(
            unused,
            demo_data=False,
            demo_user="",
            demo_password="",
            host=HOST,
            port=0,
            tls_enabled=False,
            hash_context=BuiltinHash(rounds=1000),  # kept in memory only: a costly hash would protect nothing
        )

    async def open(self) -> IMAPServer:
        """Makes the mailboxes and returns the server that shows them."""
        self._config.apply_context()
        backend = DictBackend(Login(self._config), self._config)
        for address, password in self._passwords.items():
            digest = await Passwords(self._config).hash_password(password)
            backend.login.users_dict[address] = UserMetadata(self._config, address, password=digest)
            mailboxes = MailboxSet()
            for folder in _FOLDERS:
                await mailboxes.add_mailbox(folder)
            self._config.set_cache[address] = (mailboxes, FilterSet())
        return IMAPServer(backend.login, self._config)

    def find(self, recipient: str) -> str | None:
        """The account a mail to `recipient` goes to: the address itself, or the one without "+detail" (RFC 5233)."""
        local, _, domain = recipient.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return next((one for one in self._passwords if one.lower() in (recipient.lower(), plain)), None)

    def is_password(self, address: str, password: str) -> bool:
        return self._passwords.get(address) == password

    async def file(self, address: str, raw: bytes) -> None:
        """Puts a mail into INBOX; clients in IDLE are told."""
        inbox = await self._config.set_cache[address][0].get_mailbox("INBOX")
        nothing: frozenset[Flag] = frozenset()
        await inbox.append(AppendMessage(raw, datetime.now(UTC).astimezone(), nothing), recent=True)


class _Delivery:
    """What the SMTP server does with each command (hooks of aiosmtpd)."""

    def __init__(self, accounts: _Accounts) -> None:
        self._accounts = accounts

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Login is offered because mail clients expect it, and not asked for."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        fits = self._accounts.is_password(
            data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        )
        return AuthResult(success=fits, handled=False, auth_data=data)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._accounts.find(address) is None:
            return "550 5.1.1 No such account in the demo"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = _trace(envelope) + (envelope.original_content or b"")
        for address in {found for one in envelope.rcpt_tos if (found := self._accounts.find(one))}:
            await self._accounts.file(address, raw)
        return "250 2.0.0 OK, filed"


def _trace(envelope: Envelope) -> bytes:
    """The fields that the delivering server adds (RFC 5321 §4.4)."""
    sender = str(envelope.mail_from or "").strip("<>")
    now = format_datetime(datetime.now(UTC).astimezone())
    return f"Return-Path: <{sender}>\r\nReceived: by localhost with ESMTP; {now}\r\n".encode()


async def _listen(accounts: _Accounts, imap_port: int, smtp_port: int, stack: AsyncExitStack) -> dict[str, int]:
    """Starts both servers and returns their ports; raises OSError where a port cannot be had."""
    loop = asyncio.get_running_loop()
    delivery = _Delivery(accounts)

    def dialogue() -> SMTP:
        return SMTP(
            delivery,
            hostname="localhost",
            data_size_limit=_MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=delivery.authenticate,
            loop=loop,
        )

    answer = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(await accounts.open())
    imap = await stack.enter_async_context(await asyncio.start_server(answer, HOST, imap_port))
    smtp = await stack.enter_async_context(await loop.create_server(dialogue, HOST, smtp_port))
    return {"imap_port": imap.sockets[0].getsockname()[1], "smtp_port": smtp.sockets[0].getsockname()[1]}


async def _serve(options: Namespace) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as stack:
        try:
            ports = await _listen(_Accounts(dict(options.account)), options.imap_port, options.smtp_port, stack)
        except OSError as error:
            _say({"error": f"the mail servers of the demo cannot listen on {HOST}: {error.strerror}"})
            return 1
        _say(ports)
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
        await stop.wait()
    return 0


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


def _say(told: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _account(text: str) -> tuple[str, str]:
    address, colon, password = text.partition(":")
    if not (address and colon and password):
        raise argparse.ArgumentTypeError(f"{text!r} is not ADDRESS:PASSWORD")
    return address, password


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m intake.demo.servers", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--imap-port", type=int, default=0)
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--account", type=_account, action="append", default=[], metavar="ADDRESS:PASSWORD")
    logging.basicConfig(level=logging.CRITICAL)  # connections that break are no news here
    return asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
