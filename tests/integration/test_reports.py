"""The report over a real database: counted right, in every form, with nothing and with something in it."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from intake.cases.reporting import make_report
from intake.commands import main
from store.casebook import open_casebook
from store.database import Database
from tests.complaints import HANOI, MORNING, POLICY, TUAN, clock, filling
from tests.installation import LAN, Office
from tests.memory import carry_out, open_ticket
from tests.own_mails import write_mail
from tickets.effects import ChangeState, StopClock
from tickets.report import Promise, Report, Seller
from tickets.ticket import Party, State

DAY = timedelta(days=1)


def make(database: Database, days: int = 30) -> Report:
    return make_report(database, POLICY, MORNING - DAY, MORNING + DAY, MORNING + days * DAY)


def move(database: Database, number: str, *states: State) -> None:
    for state in states:
        with open_casebook(database, POLICY, MORNING) as book:
            carry_out(book, book.find(number), ChangeState(state=state, why="test", at=MORNING))


def test_report_of_nothing_says_zero(database: Database):
    made = make(database)
    assert (made.received, made.by_day, made.promises, made.sellers, made.reopened) == (0, {}, [], [], 0)
    assert made.open_by_age == {"1d": 0, "3d": 0, "7d": 0, "30d": 0, "older": 0}


def test_only_tickets_of_the_period_are_counted_but_all_that_are_open(database: Database):
    for at in (MORNING - 2 * DAY, MORNING, MORNING + DAY - timedelta(seconds=1), MORNING + DAY):
        open_ticket(database, received_at=at)
    made = make(database, days=4)
    assert made.received == 2
    assert made.open_by_age == {"1d": 0, "3d": 0, "7d": 4, "30d": 0, "older": 0}


@pytest.mark.parametrize(
    ("days", "promise"),
    [
        (1, Promise(clock="evidence", kept=1, broken=1, running=1)),
        (30, Promise(clock="evidence", kept=1, broken=2, running=0)),
    ],
    ids=["before the deadline", "behind it"],
)
def test_promise_is_kept_in_time_broken_late_and_runs_until_then(database: Database, days: int, promise: Promise):
    for after in (DAY, 9 * DAY):
        stopped = open_ticket(database, clocks=(clock("evidence"),))
        with open_casebook(database, POLICY, MORNING + after) as book:
            stop = StopClock(name="evidence", why="evidence-complete", at=MORNING + after)
            carry_out(book, book.find(stopped.number), stop)
    open_ticket(database, clocks=(clock("evidence"),))
    assert make(database, days).promises == [promise]


def test_each_run_of_a_clock_that_started_anew_is_a_promise(database: Database):
    open_ticket(database, clocks=(clock("evidence", kept=2, broken=1),))
    assert make(database, days=1).promises == [Promise(clock="evidence", kept=2, broken=1, running=1)]


def test_clock_that_stands_still_breaks_no_promise(database: Database):
    open_ticket(database, clocks=(clock("evidence", state="paused", paused_at=MORNING, wakes_at=None),))
    assert make(database).promises == [Promise(clock="evidence", kept=0, broken=0, running=1)]


def test_clock_stopped_at_the_moment_it_was_started_was_no_promise(database: Database):
    at_once = clock("evidence", state="stopped", ended_at=clock().started_at, wakes_at=None)
    open_ticket(database, clocks=(at_once,))
    assert make(database).promises == []
    open_ticket(database, clocks=(replace(at_once, kept=2, broken=1),))
    assert make(database).promises == [Promise(clock="evidence", kept=2, broken=1, running=0)]


def test_an_acknowledgement_at_the_moment_of_receipt_is_a_promise_kept(database: Database):
    open_ticket(database, clocks=(clock("acknowledge", state="stopped", ended_at=clock().started_at, wakes_at=None),))
    assert make(database).promises == [Promise(clock="acknowledge", kept=1, broken=0, running=0)]


def test_clock_that_was_stopped_nobody_knows_when_is_neither_late_nor_running(database: Database):
    open_ticket(database, clocks=(clock("evidence", state="stopped", wakes_at=None),))
    assert make(database).promises == []


def test_case_that_is_taken_up_again_counts_once(database: Database):
    quiet, again = open_ticket(database), open_ticket(database)
    move(database, quiet.number, "open", "resolved", "closed")
    move(database, again.number, "closed", "open", "closed", "open")
    assert make(database).reopened == 1


def test_sellers_with_most_complaints_come_first(database: Database):
    one, two = (Party(email=f"{name}@seller.example", role="seller", name=name) for name in ("one", "two"))
    customer = Party(email=TUAN, role="customer", name="Tuấn")
    open_ticket(database, parties=(customer, one, two))
    open_ticket(database, parties=(customer, two))
    assert make(database).sellers == [
        Seller(email="two@seller.example", name="two", count=2), Seller(email="one@seller.example", name="one", count=1)
    ]  # fmt: skip


def test_refused_evidence_did_not_come(database: Database):
    came, late = filling("video"), filling("product", message_no=3)
    open_ticket(database, evidence=(came, late, filling("fault", status="refused")))
    found = {one.slot: (one.missing_at_first, one.never_came) for one in make(database).evidence}
    assert (found["video"], found["product"], found["fault"]) == ((0, 0), (1, 0), (1, 1))


def report(office: Office, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    arguments = ["report", "--since", "2025-06-01", "--now", office.now.isoformat(), "--config", str(office.config)]
    assert main([*arguments, *more]) == 0
    return capsys.readouterr().out


@pytest.fixture
def answered(office: Office) -> Office:
    office.configure(staff=[LAN])
    office.receive(write_mail(), write_mail(subject="Hanh123 - 555666 - Thiếu hàng", sender="hanh@khach.example"))
    office.work()
    return office


def test_json_has_the_same_keys_with_nothing_in_it(office: Office, capsys: pytest.CaptureFixture[str]):
    office.work()
    empty: dict[str, Any] = json.loads(report(office, capsys, "--json"))
    office.receive(write_mail())
    office.work()
    full = json.loads(report(office, capsys, "--json"))
    assert list(empty) == list(full)
    assert (empty["received"], full["received"]) == (0, 1)
    assert full["by_day"] == {"2025-06-03": 1}
    assert full["mails"] | {"other": 0} == {
        "received": 1, "automatic": 1, "other": 0, "failed": 0, "from_machines": {}
    }  # fmt: skip


def test_text_is_aligned_and_in_the_language_of_the_company(answered: Office, capsys: pytest.CaptureFixture[str]):
    lines = report(answered, capsys).splitlines()
    assert lines[0] == "Báo cáo khiếu nại Hakago"
    assert lines[1] == "Hồ sơ tiếp nhận từ 01/06/2025 đến hết 03/06/2025"
    table = lines[lines.index("Tiếp nhận") + 1 :][:3]
    assert [line.split()[-1] for line in table] == ["2", "0", "0"]
    assert len({len(line) for line in table}) == 1


class _Page(HTMLParser):
    """What a page asks for besides itself."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.plots = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.plots += tag == "svg"
        self.sources += [value for name, value in attrs if name in {"src", "href"} and value and value[0] != "#"]
        assert tag not in {"script", "link", "iframe"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_needs_nothing_else(answered: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str):
    answered.configure(staff=[LAN], service=f'language = "{language}"')
    target = tmp_path / "page.html"
    report(answered, capsys, "--html", str(target))
    text = target.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert page.sources == []
    assert page.plots >= 4
    assert f'<html lang="{language}">' in text
    assert re.findall(r"url\((?!#)|@import", text) == []
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_page_of_nothing_is_a_page(office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    office.work()
    report(office, capsys, "--html", str(tmp_path / "page.html"))
    assert "Chưa có" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_words_of_customers_are_no_markup_of_the_page(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    office.configure(staff=[LAN], more='\n[[department]]\nkey = "x"\nname = "<script>alert(1)</script>"\n')
    office.receive(write_mail())
    office.work()
    report(office, capsys, "--html", str(tmp_path / "page.html"))
    assert "<script" not in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [("--until", "2020-01-01"), ("--json", "--html", "x.html")], ids=["no period", "two forms"]
)
def test_what_does_not_go_together_is_wrong_usage(
    office: Office, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
):
    office.work()
    assert main(["report", "--since", "2025-06-01", "--config", str(office.config), *arguments]) == 2
    assert capsys.readouterr().err


def test_last_day_counts_in_full(answered: Office, capsys: pytest.CaptureFixture[str]):
    assert answered.now.astimezone(HANOI).date().isoformat() == "2025-06-03"
    made = json.loads(report(answered, capsys, "--json", "--until", "2025-06-03"))
    assert (made["received"], made["until"]) == (2, "2025-06-04T00:00:00+07:00")
