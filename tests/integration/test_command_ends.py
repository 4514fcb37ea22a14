"""What a command leaves behind when it has ended."""

import os
import subprocess
import sys
from pathlib import Path

from tests.installation import LAN
from tests.mailroom import Mailroom
from tests.own_mails import write_mail
from tests.servers.sink import SmtpSink

PROGRAM = "import sys; from intake.commands import main; sys.exit(main(sys.argv[1:]))"


def test_what_a_command_wrote_is_in_the_database_file(tmp_path: Path, sink: SmtpSink):
    """Nothing is left in SQLite's log beside it: who copies the file of a stopped installation copies all of it."""
    room = Mailroom(tmp_path, sink)
    room.take_in(write_mail())
    (number,) = room.numbers()
    note = tmp_path / "note.txt"
    note.write_text("Đã gọi khách")
    command = ["tickets", "do", number, "note", "--as", LAN, "--text", str(note), "--config", str(room.config)]
    subprocess.run([sys.executable, "-c", PROGRAM, *command], check=True)
    assert [path.name for path in room.data.glob("tiepnhan.db*")] == ["tiepnhan.db"]


def test_only_our_user_can_read_what_a_first_start_makes(tmp_path: Path, sink: SmtpSink):
    room = Mailroom(tmp_path, sink)
    before = os.umask(0o022)
    try:
        room.take_in(write_mail())
    finally:
        os.umask(before)
    assert room.data.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in room.data.glob("tiepnhan.db*")} == {0o600}
