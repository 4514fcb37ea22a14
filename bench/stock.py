"""Mailboxes filled at once: the mails are made once, then linked into the Maildir of a new user for every run.

The links carry the size in their names as a delivering Dovecot writes it, so that both sides meet a mailbox as it is
in daily use. The moment a mail was made is its INTERNALDATE.
"""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path

from bench.mails import sender_of
from tests.servers.dovecot import Dovecot, mail_owner

_HEADER_BYTES = 4096  # our headers are shorter


class Stock:
    """The mails of one kind: files, and who sent them."""

    def __init__(self, folder: Path) -> None:
        self.files = sorted(folder.glob("*.eml"))
        self.size_bytes = sum(file.stat().st_size for file in self.files)
        self.senders = {_sender_of_file(file) for file in self.files}

    def fill(self, server: Dovecot) -> str:
        """Makes a user of `server` whose INBOX holds these mails, and returns the name."""
        username = f"bench-{uuid.uuid4().hex[:12]}"
        maildir = server.maildir(username)
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True)
        for number, file in enumerate(self.files):
            size = file.stat().st_size
            (maildir / "cur" / f"{1_800_000_000 + number}.M{number}P1.bench,S={size},W={size}:2,").hardlink_to(file)
        _give_to_server(maildir.parent)
        return username


def make_stock(folder: Path, *, text: int = 0, photo: int = 0, big: Sequence[int] = ()) -> dict[str, Stock]:
    """Writes the mails with a process of its own and returns them by kind: "text", "photo", "big-100" …"""
    command = [sys.executable, "-m", "bench.mails", str(folder), "--text", str(text), "--photo", str(photo)]
    for mebibytes in big:
        command += ["--big", str(mebibytes)]
    subprocess.run(command, check=True)
    return {one.name: Stock(one) for one in folder.iterdir()}


def _sender_of_file(file: Path) -> str:
    with file.open("rb") as opened:
        return sender_of(opened.read(_HEADER_BYTES))


def _give_to_server(folder: Path) -> None:
    if os.geteuid() != 0:
        return
    owner = mail_owner()
    shutil.chown(folder, *owner)
    for inner in folder.rglob("*"):
        if inner.is_dir():
            shutil.chown(inner, *owner)
