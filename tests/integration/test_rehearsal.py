"""A rehearsal tells what the daemon would do, and leaves no trace of itself."""

import json
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from intake.commands import main
from tests.installation import LAN, Office
from tests.own_mails import TUAN, write_mail

DAY = timedelta(days=1)
UNTIL = "2025-06-20"


@pytest.fixture
def waiting(office: Office) -> Office:
    """A ticket that waits for evidence."""
    office.configure(staff=[LAN])
    office.receive(write_mail())
    office.work()
    return office


def rehearse(office: Office, capsys: pytest.CaptureFixture[str], *more: str, until: str = UNTIL) -> list[str]:
    arguments = ["rehearse", "--until", until, "--now", office.now.isoformat(), "--config", str(office.config), *more]
    assert main(arguments) == 0
    return capsys.readouterr().out.splitlines()


def tell(office: Office, capsys: pytest.CaptureFixture[str], *more: str, until: str = UNTIL) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rehearse(office, capsys, "--json", *more, until=until)]


def templates(happenings: Sequence[dict[str, Any]], to: str = TUAN) -> list[str]:
    return [one["template"] for one in happenings if one["to"] == to]


def hashes(folder: Path) -> dict[str, str]:
    """Of all files but the two that SQLite's readers make: an empty log, and the place where they say so."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size and path.suffix != ".db-shm"]
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}


def test_what_is_rehearsed_is_what_the_daemon_then_does(waiting: Office, capsys: pytest.CaptureFixture[str]):
    told = tell(waiting, capsys)
    start = waiting.now
    while waiting.now < start + 10 * DAY:
        waiting.work(after=timedelta(hours=6))
    sent = [one for one in waiting.ticket()["mails"] if one["direction"] == "out" and one["at"] > start.isoformat()]
    mails = [one for one in told if one["event"] == "mail"]
    assert [(one["template"], one["to"], one["subject"], one["text"]) for one in mails] == [
        (one["kind"], one["email"], one["subject"], one["text"]) for one in sent
    ]
    assert [one["state"] for one in told if one["event"] == "state"] == ["closed"] == [waiting.ticket()["state"]]


def test_happenings_come_in_order_of_time(waiting: Office, capsys: pytest.CaptureFixture[str]):
    moments = [one["at"] for one in tell(waiting, capsys)]
    assert moments == sorted(moments)


def test_nothing_after_the_last_day_is_told(waiting: Office, capsys: pytest.CaptureFixture[str]):
    last_day = (waiting.now + 2 * DAY).date().isoformat()
    assert templates(tell(waiting, capsys, until=last_day)) == ["evidence-reminder"]


def test_rehearsal_leaves_every_byte_as_it_was(waiting: Office, capsys: pytest.CaptureFixture[str]):
    before, count = hashes(waiting.folder), len(waiting.sink.received)
    first = rehearse(waiting, capsys)
    assert rehearse(waiting, capsys) == first
    assert hashes(waiting.folder) == before
    assert len(waiting.sink.received) == count


def test_rehearsal_needs_a_disk_only_to_read_from(waiting: Office, capsys: pytest.CaptureFixture[str]):
    told = rehearse(waiting, capsys)
    for name in ("-wal", "-shm"):  # as a daemon that stopped leaves them: not at all
        waiting.data.joinpath(f"tiepnhan.db{name}").unlink(missing_ok=True)
    command = f'mount --bind -o ro "{waiting.data}" "{waiting.data}" && mount -o remount,bind,ro "{waiting.data}"'
    if subprocess.run(["unshare", "-rm", "sh", "-c", command], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount anything")
    program = f'.venv/bin/tiepnhan rehearse --until {UNTIL} --now {waiting.now.isoformat()} --config "{waiting.config}"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", f"{command} && {program}"],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.stderr, done.stdout.splitlines()) == ("", told)


def test_mails_that_wait_in_the_outbox_are_told_first(waiting: Office, capsys: pytest.CaptureFixture[str]):
    waiting.sink.go_down()
    waiting.work(after=DAY)
    told = tell(waiting, capsys)
    (queued, *later) = told
    assert (queued["event"], queued["template"], queued["to"]) == ("queued", "evidence-reminder", TUAN)
    assert "Video mở hàng" in queued["text"]
    assert "queued" not in {one["event"] for one in later}


def test_what_is_overdue_already_happens_at_once_and_only_the_latest_step(
    waiting: Office, capsys: pytest.CaptureFixture[str]
):
    waiting.now += 8 * DAY
    told = tell(waiting, capsys)
    assert templates(told) == ["closed-silent"]
    assert {one["at"] for one in told if one["event"] == "mail"} == {waiting.now.isoformat()}


def test_bound_of_the_day_counts_over_all_tickets_of_a_customer(office: Office, capsys: pytest.CaptureFixture[str]):
    others = [write_mail(subject=f"Tuan668 - {order} - Thiếu hàng") for order in (543210, 654321)]
    office.receive(write_mail(), *others)
    office.work()
    office.configure(more="\n[limits]\nautomatic_per_address_per_day = 2\n")
    told = tell(office, capsys, until=(office.now + 2 * DAY).date().isoformat())
    before = len(office.sent_to(TUAN))
    office.work(after=DAY)
    office.work(after=timedelta(hours=6))
    assert [one["event"] for one in told if one["to"] == TUAN] == ["mail", "mail", "withheld"]
    assert len(office.sent_to(TUAN)) - before == 2


def test_one_ticket_can_be_rehearsed_alone(waiting: Office, capsys: pytest.CaptureFixture[str]):
    waiting.receive(write_mail(subject="Tuan668 - 543210 - Thiếu hàng"))
    waiting.work()
    (first, second) = [one["number"] for one in waiting.tickets()]
    assert {one["ticket"] for one in tell(waiting, capsys)} == {first, second}
    assert {one["ticket"] for one in tell(waiting, capsys, "--ticket", second.lower())} == {second}


def test_ticket_that_is_not_there_is_a_problem(waiting: Office, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["rehearse", "--until", "2099-01-01", "--ticket", "HKG-25-999999", "--config", str(waiting.config)]) == 1
    )
    assert capsys.readouterr().err == "there is no ticket HKG-25-999999\n"


def test_days_that_are_over_are_wrong_usage(waiting: Office, capsys: pytest.CaptureFixture[str]):
    assert main(["rehearse", "--until", "2020-01-01", "--config", str(waiting.config)]) == 2
    assert "before the present" in capsys.readouterr().err


def test_broken_template_is_told_in_the_place_of_the_mail(waiting: Office, capsys: pytest.CaptureFixture[str]):
    own = waiting.folder / "own" / "vi"
    own.mkdir(parents=True)
    (own / "evidence-reminder.txt").write_text("Subject: {{ nobody.knows }}\n\nx\n", encoding="utf-8")
    waiting.configure(staff=[LAN], service=f'templates = "{own.parent}"')
    arguments = ["rehearse", "--until", UNTIL, "--now", waiting.now.isoformat(), "--config", str(waiting.config)]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert out.count("nothing can be written: template") == 1
    assert "1 broken templates" in out


def test_new_policy_file_counts_from_now_on(waiting: Office, capsys: pytest.CaptureFixture[str]):
    """The reminder that the old file had no step for is told: running clocks look for their next step anew."""
    hakago = (Path(__file__).parents[2] / "policies" / "hakago.toml").read_text(encoding="utf-8")
    own = waiting.folder / "own.toml"
    own.write_text(hakago.replace('template = "evidence-reminder"', 'template = "closed-silent"'), encoding="utf-8")
    text = waiting.config.read_text(encoding="utf-8").replace('policy = "hakago"', f'policy = "{own}"')
    waiting.config.write_text(text, encoding="utf-8")
    assert set(templates(tell(waiting, capsys))) == {"closed-silent"}


def test_text_has_one_line_for_each_and_a_summary(waiting: Office, capsys: pytest.CaptureFixture[str]):
    *lines, summary = rehearse(waiting, capsys)
    number = waiting.ticket()["number"]
    assert all(number in line for line in lines)
    assert any("becomes closed/withdrawn" in line for line in lines)
    assert summary.startswith(f"{sum('@' in line for line in lines)} mails, 0 of them wait")
