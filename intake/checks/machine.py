"""The machine itself: its clock, its disk, and who can read the files that hold passwords."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.checks.findings import Finding, failure, fine, warning
from intake.settings.config import Config
from intake.settings.config_checks import DATABASE_FILE
from intake.settings.secrets import Secret
from tickets.policy import Policy

FIRST_SANE_YEAR, LAST_SANE_YEAR = 2025, 2099  # a machine without a clock of its own starts in 1970
LITTLE_SPACE_BYTES = 1024**3
_GIB = 1024**3


def check_clock(now: datetime, policy: Policy | None) -> Finding:
    """Whether the time can be true. How it compares with the mail server's is told with each mailbox."""
    if not FIRST_SANE_YEAR <= now.year <= LAST_SANE_YEAR:
        return failure("clock", f"this machine believes it is {now:%d %B %Y}", "set its clock, for example with NTP")
    here = now.astimezone(ZoneInfo(policy.zone)) if policy else now
    return fine("clock", f"{here:%Y-%m-%d %H:%M} in {policy.zone if policy else 'UTC'}")


def check_disk(config: Config) -> Finding:
    """Whether mails can be kept: the data folder can be written to and has room."""
    data = config.service.data
    place = _nearest_folder(data)
    for folder in (place, *filter(os.path.exists, (data / room / "new" for room in ("spool", "blobs")))):
        problem = _why_not_writable(folder)
        if problem:
            return failure("disk", f"{folder}: {problem}", "let the user that runs tiepnhan write there, or set `data`")
    free = shutil.disk_usage(place).free
    room = f"{free / _GIB:.1f} GiB free"
    if free < LITTLE_SPACE_BYTES:
        return warning("disk", f"{data}: only {room}", "make room: without it no mail can be taken in")
    return fine("disk", f"{data}: {room}" + ("" if place == data else ", made at the first start"))


def check_secret_files(config: Config) -> Iterator[Finding]:
    """Only the user that runs the daemon should read what is in them."""
    for path in sorted({secret.file for secret in _secrets(config) if secret.file}):
        if _can_all_read(path):  # one that is not there is told where the login fails
            yield warning("secrets", f"{path} can be read by every user of this machine", f"chmod 600 {path}")


def check_data_files(config: Config) -> Iterator[Finding]:
    """Only the user that runs the daemon should read customers' mails and the key of the reply addresses."""
    database = config.service.database or ""
    if not database.startswith(DATABASE_FILE):
        return
    path = Path(database.removeprefix(DATABASE_FILE))
    if _can_all_read(path) and path.parent.stat().st_mode & stat.S_IXOTH:
        yield warning("database", f"{path} can be read by every user of this machine", f"chmod 600 {path}*")


def _can_all_read(path: Path) -> bool:
    """Whether every user of the machine can, as far as the folder lets him; not where we cannot even look."""
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except OSError:
        return False


def _secrets(config: Config) -> Iterator[Secret]:
    for server in (*config.mailboxes, config.smtp):
        if server.password:
            yield server.password
        if server.oauth2:
            yield server.oauth2.refresh_token
            yield from filter(None, [server.oauth2.client_secret])


def _nearest_folder(path: Path) -> Path:
    """The folder itself, or the one it would be made in."""
    return next(one for one in (path, *path.parents) if one.exists())


def _why_not_writable(folder: Path) -> str:
    """Tried, because rights alone say nothing about read-only and full disks; empty where it works."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""
