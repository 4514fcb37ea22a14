"""A throw-away Dovecot on loopback, started from one generated file, as root or not.

Any user name is accepted with the password `PASSWORD`; a user's mail is made when the user first appears. The server
lives as long as a pipe to this process is open, so it ends even if this process is killed. Everything it writes is in
one folder with a short path (UNIX sockets live below it), which is removed with it.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from tests.servers.ports import HOST, free_ports
from tests.servers.tls import make_certificate

PACKAGE = "dovecot-imapd"  # Debian's name
PASSWORD = "secret"
_START_SECONDS = 10.0
_STOP_SECONDS = 60  # one takes; beside a second whole suite on the same disk it was more than twenty once
_ATTEMPTS = 3  # another program may take a port between the choice and the start

_CONFIG = """
instance_name = {folder.name}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = {host}
protocols = imap
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
default_vsz_limit = 1G
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0 secs
mail_location = maildir:{folder}/mail/%u/Maildir
mail_uid = {mail}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
mailbox_list_index = yes
maildir_very_dirty_syncs = yes
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
  service_count = 0
  process_min_avail = 1
}}
service stats {{
  client_limit = 200
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0  # or logins are slow for everybody after one wrong password
  }}
}}
"""
# Without root no process may be locked into its folder.
_ROOTLESS_SERVICES = ("anvil", "imap-login", "stats", "imap-urlauth-login", "old-stats", "imap-hibernate")
# The shell outlives this process by a moment: it reads until the pipe closes, then stops the server and cleans up.
_GUARD = '"$1" -F -c "$2/dovecot.conf" & read -r _; kill $! 2>/dev/null; wait $!; rm -rf "$2"'


class DovecotError(RuntimeError):
    """The server did not start or a `doveadm` command failed; carries what it said."""


def find_dovecot() -> str | None:
    """The path of the server program, or None where it is not installed."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dovecot:
    """A running server."""

    folder: Path
    port: int  # plain, STARTTLS offered
    tls_port: int
    ca_file: Path
    host: str = HOST

    def maildir(self, username: str) -> Path:
        return self.folder / "mail" / username / "Maildir"

    def doveadm(self, *arguments: str) -> str:
        """Runs `doveadm`; raises DovecotError where it fails."""
        program = Path(find_dovecot() or "dovecot").parent.parent / "bin" / "doveadm"
        command = [str(program) if program.exists() else "doveadm", "-c", str(self.folder / "dovecot.conf"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DovecotError(f"{' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


class Mailbox:
    """One user's mail on a running server, and the connections opened to it."""

    def __init__(self, server: Dovecot, username: str) -> None:
        self.server = server
        self.host, self.port, self.tls_port = server.host, server.port, server.tls_port
        self.ca_file = server.ca_file
        self.username, self.password = username, PASSWORD
        self._clients: list[IMAPClient] = []
        self._filler: IMAPClient | None = None
        self._looker: IMAPClient | None = None

    def connect(self) -> IMAPClient:
        """A logged-in client with nothing selected; closed with the mailbox at the latest."""
        client = IMAPClient(self.host, self.port, ssl=False, timeout=30)
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(self.username, self.password)
        self._clients.append(client)
        return client

    def append(
        self,
        raw: bytes,
        folder: str = "INBOX",
        internaldate: datetime | None = None,
        flags: Iterable[str] = (),
    ) -> int:
        """Puts a mail into `folder` and returns its UID (RFC 4315)."""
        if self._filler is None:
            self._filler = self.connect()
        answer: bytes = self._filler.append(folder, raw, flags=tuple(flags), msg_time=internaldate)
        return int(answer.split(b"]")[0].split()[-1])

    def flags(self, folder: str = "INBOX") -> dict[int, set[str]]:
        """The flags of every mail in `folder` by UID; nothing is changed by looking (RFC 3501 §6.3.2 EXAMINE)."""
        if self._looker is None:
            self._looker = self.connect()
        client = self._looker
        client.select_folder(folder, readonly=True)
        found: dict[int, dict[bytes, Any]] = client.fetch(client.search(), ["FLAGS"]) if client.search() else {}
        return {uid: {flag.decode("ascii") for flag in one[b"FLAGS"]} - {r"\Recent"} for uid, one in found.items()}

    def change_uidvalidity(self, value: int, folder: str = "INBOX") -> None:
        """As after a restore of the mailbox: UIDs known so far mean nothing any more (RFC 3501 §2.3.1.1)."""
        self.server.doveadm("mailbox", "update", "-u", self.username, "--uid-validity", str(value), folder)

    def kick_sessions(self) -> None:
        """Cuts every connection of this user, our own too."""
        self._filler = self._looker = None
        self.server.doveadm("kick", self.username)

    def close(self) -> None:
        for client in self._clients:
            client.shutdown()
        self._clients.clear()
        self._filler = self._looker = None


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Starts a server and stops it again; raises DovecotError with its log where it does not come up."""
    program = find_dovecot()
    if program is None:
        raise DovecotError(f"no dovecot program; Debian has it in {PACKAGE}")
    server, guard = _start(program)
    try:
        yield server
    finally:
        _stop(guard)


def _start(program: str) -> tuple[Dovecot, subprocess.Popen[bytes]]:
    log = ""
    for _ in range(_ATTEMPTS):
        folder = _make_folder()
        port, tls_port = free_ports(2)
        server = Dovecot(folder=folder, port=port, tls_port=tls_port, ca_file=folder / "cert.pem")
        (folder / "dovecot.conf").write_text(_config(server), encoding="utf-8")
        command = ["/bin/sh", "-c", _GUARD, "sh", program, str(folder)]
        guard = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        if _comes_up(server):
            return server, guard
        log = _read_log(folder)
        _stop(guard)
    raise DovecotError(f"dovecot did not come up: {log}")


def _stop(guard: subprocess.Popen[bytes]) -> None:
    if guard.stdin:
        guard.stdin.close()
    guard.wait(timeout=_STOP_SECONDS)


def _comes_up(server: Dovecot) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and "Fatal" not in _read_log(server.folder):
        try:
            with socket.create_connection((server.host, server.port), timeout=5) as probe:
                return probe.recv(4) == b"* OK"
        except OSError:
            time.sleep(0.02)
    return False


def _read_log(folder: Path) -> str:
    log = folder / "dovecot.log"
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    folder.chmod(0o755)  # the mail user must reach it
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder / "mail", *mail_owner())
    make_certificate(folder)
    return folder


def mail_owner() -> tuple[str, str]:
    """User and group that own the mail on the server's disk."""
    account = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return account.pw_name, grp.getgrgid(account.pw_gid).gr_name


def _config(server: Dovecot) -> str:
    mail, mail_group = mail_owner()
    is_root = os.geteuid() == 0
    text = _CONFIG.format(
        folder=server.folder,
        host=server.host,
        port=server.port,
        tls_port=server.tls_port,
        internal="dovecot" if is_root else mail,
        internal_group="dovecot" if is_root else mail_group,
        login="dovenull" if is_root else mail,
        mail=mail,
        mail_group=mail_group,
        password=PASSWORD,
    )
    return text if is_root else text + "".join(f"service {name} {{\n  chroot =\n}}\n" for name in _ROOTLESS_SERVICES)
