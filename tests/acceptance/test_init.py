"""`tiepnhan init` by its command line, with answers on standard input."""

import os
import signal
import subprocess
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from intake.mailboxes.fetching import VIETNAM
from intake.settings.config import read_config
from intake.settings.secrets import Secret
from tests.acceptance.harness import PROGRAM
from tests.servers.dovecot import PASSWORD, Mailbox
from tests.servers.sink import SmtpSink

SECONDS = 60


def init(folder: Path, *answers: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "init"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("TIEPNHAN")} | environment,
        input="".join(f"{answer}\n" for answer in answers),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def answers(dovecot: Mailbox, sink: SmtpSink) -> list[str]:
    return [
        "Hàng Việt", "support@hakago.example", "en",
        dovecot.host, "", str(dovecot.port), dovecot.username, "env", "IMAP_PASSWORD",
        sink.host, "plain", str(sink.port), "none",
        "Kho hàng", "Trần Minh", "minh@hakago.example", "2026-10-01",
    ]  # fmt: skip


@pytest.fixture
def defaults() -> list[str]:
    """Servers that cannot be found, everything else as proposed."""
    return ["", "support@khong-co.invalid", *[""] * 17]


def test_answers_become_a_config_that_works(tmp_path, dovecot, sink):
    done = init(tmp_path, *answers(dovecot, sink), IMAP_PASSWORD=PASSWORD)
    assert (done.returncode, done.stderr) == (0, "")
    config = read_config(tmp_path / "config.toml")
    mailbox = config.mailboxes[0]
    assert (config.service.name, config.service.language) == ("Hàng Việt", "en")
    assert (mailbox.host, mailbox.port, mailbox.security, mailbox.username) == (
        dovecot.host, dovecot.port, "plain", dovecot.username,
    )  # fmt: skip
    assert (mailbox.password, mailbox.since) == (Secret(env="IMAP_PASSWORD"), date(2026, 10, 1))
    assert (config.smtp.port, config.smtp.username, config.smtp.password) == (sink.port, None, None)
    assert [(one.key, one.name) for one in config.departments] == [("kho-hang", "Kho hàng")]
    assert [(one.name, one.email, one.departments) for one in config.staff] == [
        ("Trần Minh", "minh@hakago.example", ("kho-hang",))
    ]
    checked = subprocess.run(
        [str(PROGRAM), "check"],
        cwd=tmp_path,
        env=os.environ | {"IMAP_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_both_servers_are_tried_and_the_next_steps_told(tmp_path, dovecot, sink):
    done = init(tmp_path, *answers(dovecot, sink), IMAP_PASSWORD=PASSWORD)
    assert f"ok    mailbox support  {dovecot.host}:{dovecot.port} (plain): logged in" in done.stdout
    assert f"ok    smtp             {sink.host}:{sink.port} (plain): connected, no login" in done.stdout
    assert [line.split("   ")[0].strip() for line in done.stdout.splitlines()[-2:]] == [
        "tiepnhan check",
        "tiepnhan run",
    ]
    assert sink.received == []


def test_enter_alone_gives_a_config_with_guessed_servers_and_no_flood(tmp_path, defaults):
    done = init(tmp_path, *defaults)
    config = read_config(tmp_path / "config.toml")
    assert done.returncode == 1  # the servers do not exist
    assert "FAIL  mailbox support  imap.khong-co.invalid:993" in done.stdout
    assert "export TIEPNHAN_IMAP_PASSWORD=" in done.stdout
    assert (config.mailboxes[0].host, config.mailboxes[0].port) == ("imap.khong-co.invalid", 993)
    assert (config.smtp.host, config.smtp.port) == ("smtp.khong-co.invalid", 465)
    assert abs((config.mailboxes[0].since or date.min) - datetime.now(VIETNAM).date()).days <= 1
    assert config.smtp.password == Secret(env="TIEPNHAN_SMTP_PASSWORD")


@pytest.mark.parametrize(
    ("domain", "imap", "smtp", "port"),
    [
        ("gmail.com", "imap.gmail.com", "smtp.gmail.com", 465),
        ("outlook.com", "outlook.office365.com", "smtp.office365.com", 587),
    ],
)
def test_servers_of_great_providers_are_proposed(tmp_path, domain, imap, smtp, port):
    # The end of the input comes before the last question: nothing is tried, the questions show what is proposed.
    shown = init(tmp_path, "", f"hang@{domain}", *[""] * 13).stdout
    assert f"IMAP server [{imap}]" in shown
    assert f"SMTP server [{smtp}]" in shown
    assert f"Port [{port}]" in shown


def test_the_file_is_readable_by_its_owner_only_and_explains_itself(tmp_path, defaults):
    init(tmp_path, *defaults)
    path = tmp_path / "config.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "# older mail is never touched: no flood on the first day" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("place", "wrong", "words"),
    [
        pytest.param(1, "support", '"support" is no e-mail address', id="no address"),
        pytest.param(3, "imap://x", "must be a name or an address alone", id="no host"),
        pytest.param(4, "plain", "plain only where the server is on this machine", id="plain over the net"),
        pytest.param(5, "70000", "must be a number from 1 to 65535", id="no port"),
        pytest.param(8, "Mật khẩu là 123", "must be the NAME of a variable", id="a password instead of a variable"),
        pytest.param(17, "support@khong-co.invalid", "staff need their own", id="the address of the service for staff"),
        pytest.param(18, "hôm nay", "must be a date, such as 2026-11-01", id="no date"),
    ],
)
def test_a_wrong_answer_is_told_at_once_and_asked_again(tmp_path, defaults, place, wrong, words):
    done = init(tmp_path, *defaults[:place], wrong, *defaults[place:])
    assert words in done.stdout
    once = (tmp_path / "config.toml").read_bytes()
    init(tmp_path, "yes", *defaults)
    assert (tmp_path / "config.toml").read_bytes() == once


def test_a_password_file_has_to_be_there_so_that_no_password_gets_into_the_config(tmp_path, defaults):
    (tmp_path / "imap.password").write_text("geheim\n")
    done = init(tmp_path, *defaults[:7], "file", "Mat.Khau/123", "imap.password", *defaults[9:])
    assert "there is no such file" in done.stdout
    assert read_config(tmp_path / "config.toml").mailboxes[0].password == Secret(file=tmp_path / "imap.password")
    assert "Mat.Khau" not in (tmp_path / "config.toml").read_text()


@pytest.mark.parametrize("answer", ["", "no"])
def test_a_file_that_is_there_is_not_written_over_unasked(tmp_path, answer):
    path = tmp_path / "config.toml"
    path.write_text("mine")
    done = init(tmp_path, answer)
    assert (done.returncode, done.stderr, path.read_text()) == (1, "config.toml is as it was\n", "mine")


def test_a_file_that_is_there_is_written_over_where_that_is_asked_for(tmp_path, defaults):
    path = tmp_path / "config.toml"
    path.write_text("mine")
    init(tmp_path, "yes", *defaults)
    assert read_config(path).service.address == "support@khong-co.invalid"


def test_answers_that_end_too_early_leave_nothing_behind(tmp_path, defaults):
    done = init(tmp_path, *defaults[:-1])
    assert done.returncode == 1
    assert done.stderr == "the answers ended before the questions did: nothing was written\n"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_behind_and_no_traceback(tmp_path):
    (tmp_path / "config.toml").write_text("mine")
    with subprocess.Popen(
        [str(PROGRAM), "init"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("yes\nHakago\n")
        process.stdin.flush()
        deadline, shown = time.monotonic() + SECONDS, ""
        while "Address that customers" not in shown and time.monotonic() < deadline:
            shown += process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert errors.strip() == "stopped: nothing was written"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("config.toml", "mine")]
