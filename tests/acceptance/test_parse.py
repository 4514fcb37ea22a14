"""`tiepnhan parse` by its command line: JSON lines for programs, pages for people, and everything that may stand in
its way: files that cannot be read, odd bytes, readers that leave."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from tests.acceptance.harness import PROGRAM
from tests.own_mails import ALL_FILES, write_mail

SECONDS = 60.0
NO_SUBJECT = {
    "subject": "", "customer_code": None, "order_code": None, "issue": None, "category": "other", "ticket": None,
    "reply": False, "forward": False,
}  # fmt: skip


def parse(*arguments: object, folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [str(PROGRAM), "parse", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, timeout=SECONDS, check=False)


def read_lines(output: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.decode().splitlines()]


def show_on_terminal(*arguments: object, folder: Path) -> str:
    """What an admin sees in a window of 100 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        [str(PROGRAM), "parse", *map(str, arguments)], cwd=folder, stdout=theirs, env=plain | {"PYTHONUTF8": "1"}
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 65536):
                shown += more
        except OSError:  # how a terminal ends on Linux
            pass
        assert process.wait(SECONDS) == 0
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    (tmp_path / "b.eml").write_bytes(write_mail(files=ALL_FILES))
    (tmp_path / "a.eml").write_bytes(b"")
    (tmp_path / "note.txt").write_bytes(b"no mail")
    return tmp_path


def test_on_a_terminal_a_mail_is_shown_as_a_page(mails):
    page = show_on_terminal("message", "b.eml", folder=mails)
    assert "Nguyễn Anh Tuấn <tuan@khach.example>" in page
    assert "Tuan668, from the subject" in page
    assert "wrong-item, by the words “Hàng sai màu sắc”" in page
    assert max(map(len, page.splitlines())) <= 100


def test_on_a_terminal_json_is_printed_where_it_is_asked_for(mails):
    (facts,) = read_lines(show_on_terminal("message", "b.eml", "--json", folder=mails).encode())
    assert facts["file"] == "b.eml"


def test_a_folder_gives_its_mails_in_order_and_nothing_else(mails):
    (mails / "c.eml").mkdir()
    done = parse("message", ".", folder=mails)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [facts["file"] for facts in read_lines(done.stdout)] == ["a.eml", "b.eml"]


def test_a_folder_that_is_called_like_a_mail_is_a_folder(mails):
    (mails / "all.eml").mkdir()
    (mails / "all.eml" / "one.eml").write_bytes(b"Subject: x\r\n\r\n")
    done = parse("message", "all.eml", folder=mails)
    assert [facts["file"] for facts in read_lines(done.stdout)] == ["all.eml/one.eml"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.eml", "none.eml: no such file or directory"),
        ("n" * 300 + ".eml", f"{'n' * 300}.eml: file name too long"),
        ("broken.eml", "broken.eml: no such file or directory"),
        ("empty", "empty: no *.eml file in this folder"),
        ("b.eml/x.eml", "b.eml/x.eml: not a directory"),
        ("-", "-: no such file or directory"),
    ],
    ids=["missing", "name too long", "link to nowhere", "folder without mails", "below a file", "hyphen"],
)
def test_what_cannot_be_read_is_told_in_a_line_and_the_rest_goes_on(mails, name, words):
    (mails / "broken.eml").symlink_to("nowhere")
    (mails / "empty").mkdir()
    done = parse("message", "a.eml", name, "b.eml", folder=mails)
    assert (done.returncode, done.stderr.decode()) == (1, f"{words}\n")
    assert [facts["file"] for facts in read_lines(done.stdout)] == ["a.eml", "b.eml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
@pytest.mark.parametrize("name", ["secret.eml", "secret"])
def test_what_is_not_ours_to_read_is_told(mails, name):
    (mails / "secret").mkdir()
    (mails / "secret.eml").write_bytes(b"")
    (mails / name).chmod(0)
    done = parse("message", name, folder=mails)
    assert (done.returncode, done.stderr.decode()) == (1, f"{name}: permission denied\n")


def test_a_thousand_files_give_a_thousand_lines(tmp_path):
    for number in range(1000):
        (tmp_path / f"{number:04}.eml").write_bytes(f"Subject: {number}\r\n\r\n".encode())
    lines = read_lines(parse("message", *sorted(tmp_path.iterdir()), folder=tmp_path).stdout)
    assert [facts["subject"] for facts in lines] == [str(number) for number in range(1000)]


def test_a_file_whose_name_is_no_utf_8_is_parsed(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/th\xf4.eml")).write_bytes(b"Subject: x\r\n\r\n")
    (facts,) = read_lines(parse("message", tmp_path, folder=tmp_path).stdout)
    assert facts["subject"] == "x"


def test_whatever_a_mail_holds_it_is_one_line(tmp_path):
    (tmp_path / "a.eml").write_bytes("Content-Type: text/plain; charset=utf-8\n\na\u2028b\x85c\u2029d\x0ce\n".encode())
    (facts,) = read_lines(parse("message", "a.eml", folder=tmp_path).stdout)
    assert facts["text"] == "a\u2028b\x85c\u2029d\x0ce\n"


@pytest.mark.parametrize("what", ["message", "subject"])
def test_a_reader_that_leaves_ends_it_without_a_word(tmp_path, what):
    files = [tmp_path / f"{number}.eml" for number in range(50)]
    for file in files:
        file.write_bytes(write_mail(text="Hàng bị vỡ. " * 2000))
    given = tmp_path / "subjects"
    given.write_bytes(b"Tuan668 - 012345\n" * 20_000)
    arguments = [str(PROGRAM), "parse", what, *(map(str, files) if what == "message" else ())]
    with given.open("rb") as subjects, subprocess.Popen(
        arguments, stdin=subjects, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(SECONDS) == 0


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        (b"", ""),
        (b"\r", ""),
        (b"a\rb", "a b"),
        (b"H\xe0ng v\xf5", "H\ufffdng v\ufffd"),
        (b"\xef\xbb\xbfTuan668", "Tuan668"),
        (b"a\0b", "a b"),
        ("a\u2028b".encode(), "a b"),
        (b"x" * 100_000, "x" * 100_000),
    ],
    ids=["empty", "carriage return", "carriage return within", "no UTF-8", "byte order mark", "NUL", "U+2028", "long"],
)
def test_each_line_is_one_subject_whatever_its_bytes(tmp_path, line, subject):
    done = parse("subject", folder=tmp_path, given=b"first\n" + line + b"\nlast")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [facts["subject"] for facts in read_lines(done.stdout)] == ["first", subject, "last"]


def test_an_empty_line_is_a_subject_that_says_nothing(tmp_path):
    assert read_lines(parse("subject", folder=tmp_path, given=b"\n").stdout) == [NO_SUBJECT]


def test_no_lines_give_no_output(tmp_path):
    done = parse("subject", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_no_standard_input_is_told(tmp_path):
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{PROGRAM}" parse subject <&-'], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"there is no standard input to read subjects from\n")


def test_message_without_a_file_is_wrong_usage(tmp_path):
    assert parse("message", folder=tmp_path).returncode == 2
