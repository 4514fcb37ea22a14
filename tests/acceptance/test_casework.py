"""What staff do by the command line: commands on tickets, complaints by phone and at the counter, policies in words."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.harness import PROGRAM, Site
from tests.installation import LAN, MINH, MORNING, events, text_of
from tests.own_mails import TUAN, write_mail
from tests.pdf_words import read_pages

MANAGER = "hung@hakago.example"
_MANAGER = f'\n[[staff]]\nname = "Hùng"\nemail = "{MANAGER}"\ndepartments = ["cskh"]\nrole = "manager"\n'
NOW = MORNING.isoformat()
CALL = "Khách Tuan668 gọi báo áo giao sai màu, đơn 012345, thiếu 2 cúc áo. Nhận hàng hôm qua."


@pytest.fixture
def office(site: Site) -> Site:
    site.configure(staff=[LAN, MINH], more=_MANAGER)
    return site


def tiepnhan(
    site: Site, *arguments: str, typed: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments, "--config", str(site.config)],
        cwd=site.folder,
        env=os.environ | environment,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def said(site: Site, *arguments: str, typed: str | None = None) -> str:
    done = tiepnhan(site, *arguments, typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(site: Site, *arguments: str, exit_code: int = 1, typed: str | None = None) -> str:
    """The one line on standard error."""
    done = tiepnhan(site, *arguments, typed=typed)
    assert (done.returncode, done.stdout) == (exit_code, "")
    (line,) = done.stderr.splitlines()
    return line


def do(site: Site, number: str, *words: str, by: str = LAN, text: str | None = None) -> list[str]:
    """The arguments of a command."""
    given = ["--text", "-"] if text is not None else []
    return ["tickets", "do", number, *words, "--as", by, "--now", NOW, *given]


def call(site: Site, *options: str, text: str = CALL) -> dict[str, Any]:
    """A complaint by phone; the ticket."""
    ticket: dict[str, Any] = json.loads(said(site, "tickets", "new", *new(*options), "--json", typed=text))
    return ticket


def new(*options: str, by: str = LAN) -> tuple[str, ...]:
    return ("--as", by, "--text", "-", "--now", NOW, *options)


def test_a_complaint_by_mail_is_taken_to_its_end_by_commands(office: Site):
    office.mailbox.append(write_mail(sender=TUAN), internaldate=MORNING)
    office.run_once(MORNING)
    (ticket,) = office.tickets()
    number = ticket["number"]
    assert said(office, *do(office, number, "assign", "me")) == f"{number}: chờ khách hàng bổ sung\n"
    missing = [slot for slot, status in ticket["evidence"].items() if status == "missing"]
    said(office, *do(office, number, "waive", *missing))
    asked = said(office, *do(office, number, "ask", text="x"), typed="Xin cho biết số tài khoản.")
    assert asked == f"{number}: chờ khách hàng\n  → {TUAN}: staff-answer\n"
    told = said(office, *do(office, number, "resolve", "refund", text="x"), typed="Hoàn 100.000 đồng.\n")
    assert told == f"{number}: đã giải quyết (Hoàn tiền)\n  → {TUAN}: outcome\n"
    office.run_once(MORNING)
    answer, outcome = office.sent_to(TUAN)[-2:]
    assert "Xin cho biết số tài khoản." in text_of(answer)
    assert "Hoàn 100.000 đồng." in text_of(outcome)
    assert "Auto-Submitted" not in answer
    by = {event["actor"] for event in office.ticket(number)["history"] if event["event"] == "offer-made"}
    assert by == {LAN}


def test_a_command_that_is_refused_says_why_in_the_language_of_staff_and_changes_nothing(office: Site):
    number = call(office, "--email", TUAN, "--category", "counterfeit")["number"]
    before = office.ticket(number)
    assert refused(office, *do(office, number, "resolve", "counterfeit")) == (
        "kết quả counterfeit cần quản lý phê duyệt: dùng lệnh propose counterfeit"
    )
    assert refused(office, *do(office, number, "approve", by=LAN)) == "lệnh approve chỉ dành cho quản lý"
    assert refused(office, *do(office, number, "reopen")) == "không thể reopen khi hồ sơ chờ khách hàng bổ sung"
    assert refused(office, *do(office, number, "category", "xyz")).startswith("không có loại khiếu nại 'xyz'")
    assert office.ticket(number) == before


@pytest.mark.parametrize(
    ("by", "number", "words"),
    [
        pytest.param("ai@hakago.example", "HKG-25-000001", "ai@hakago.example không phải là nhân viên", id="nobody"),
        pytest.param(LAN, "HKG-25-000009", "không có hồ sơ HKG-25-000009", id="no ticket"),
    ],
)
def test_who_and_which_ticket_must_be_known(office: Site, by, number, words):
    call(office)
    assert refused(office, *do(office, number, "note", "x", by=by)).startswith(words)


def test_refusals_are_english_where_staff_read_english(office: Site):
    office.configure(staff=[LAN], service='language = "en"')
    assert refused(office, *do(office, "HKG-25-000009", "note", "x")) == "there is no ticket HKG-25-000009"


def test_words_keep_no_character_that_a_database_refuses(office: Site):
    number = call(office)["number"]
    said(office, *do(office, number, "note", text="x"), typed="Gọi\0 lại")
    noted = [event["data"] for event in office.ticket(number)["history"] if event["event"] == "noted"]
    assert noted == [{"text": "Gọi lại"}]


def test_words_of_a_command_may_follow_its_options(office: Site):
    number = call(office)["number"]
    said(office, "tickets", "do", number, "--as", LAN, "--now", NOW, "note", "Đã gọi lại", "khách")
    noted = [event["data"] for event in office.ticket(number)["history"] if event["event"] == "noted"]
    assert noted == [{"text": "Đã gọi lại khách"}]


def test_a_command_can_answer_in_json(office: Site):
    number = call(office)["number"]
    shown = json.loads(said(office, *do(office, number, "assign", MINH), "--json"))
    assert (shown["number"], shown["owner"]) == (number, MINH)


@pytest.mark.parametrize("words", [["help"], ["HKG-25-000001", "help"]], ids=" ".join)
def test_the_commands_are_listed_without_saying_who_asks(office: Site, words):
    listed = said(office, "tickets", "do", *words)
    assert "resolve [OUTCOME [TEXT]]\n    gửi kết quả cho khách hàng\n" in listed
    assert "approve [TEXT]\n    phê duyệt và gửi kết quả (chỉ quản lý)\n" in listed


def test_help_lists_the_commands_in_both_languages(office: Site):
    listed = said(office, "tickets", "do", "--help")
    assert "gửi kết quả cho khách hàng" in listed
    assert "send the outcome" in listed


@pytest.mark.parametrize("words", [["HKG-25-000001"], ["HKG-25-000001", "note", "x"]], ids=["no command", "nobody"])
def test_a_command_without_its_parts_is_wrong_usage(office: Site, words):
    assert "--as EMAIL" in refused(office, "tickets", "do", *words, exit_code=2)


def test_words_in_a_file_that_cannot_be_read_are_told_and_nothing_is_done(office: Site):
    number = call(office)["number"]
    (office.folder / "latin.txt").write_bytes("Đã xử lý".encode("utf-16"))
    with_file = ["tickets", "do", number, "reply", "--as", LAN, "--text"]
    assert refused(office, *with_file, "there-is-none.txt").startswith("there-is-none.txt: cannot be read")
    assert refused(office, *with_file, "latin.txt") == "latin.txt: this is no UTF-8: save the file as UTF-8"


def test_compensation_is_shown_step_by_step(office: Site):
    office.config.write_text(office.config.read_text().replace('policy = "hakago"', 'policy = "borzo"'))
    number = call(office, "--category", "damaged", text="Hàng bị vỡ khi giao, đơn 48213377")["number"]
    figures = ["fee=30000", "goods=items", "loss=damaged", "damage=50%", "advance_used=no", "invoice=no"]
    lines = said(office, *do(office, number, "compensate", *figures)).splitlines()
    assert "4 × cước phí dịch vụ (30.000 đ) = 120.000 đ" in lines[1]
    assert lines[-1] == "  Số tiền bồi thường: 120.000 đ"
    assert "Thiếu" in refused(office, *do(office, number, "compensate", "invoice=yes"))


def test_a_complaint_by_phone_runs_like_one_by_mail(office: Site):
    ticket = call(office, "--name", "Trần Tuấn", "--email", TUAN)
    assert (ticket["channel"], ticket["state"], ticket["category"]) == ("phone", "awaiting_evidence", "missing")
    assert (ticket["customer_code"], ticket["order_code"]) == ("Tuan668", "012345")
    assert ticket["delivered_at"].startswith("2025-06-02")
    clocks = {clock["name"]: clock["state"] for clock in ticket["clocks"]}
    assert clocks == {"acknowledge": "stopped", "evidence": "running"}
    office.run_once(MORNING)
    assert len(office.sent_to(TUAN)) == 1
    assert office.sent_to(LAN) == []  # who took it in knows
    (notice,) = office.sent_to(MINH)
    assert CALL in text_of(notice)


def test_what_the_customer_sends_afterwards_lands_in_the_case(office: Site):
    call(office, "--email", TUAN)
    office.run_once(MORNING)
    (letter,) = office.sent_to(TUAN)
    office.mailbox.append(
        write_mail(sender=TUAN, subject=f"Re: {letter['Subject']}", answers=letter["Message-ID"]), internaldate=MORNING
    )
    office.run_once(MORNING)
    assert [ticket["messages"] for ticket in office.tickets()] == [len(office.ticket()["mails"])]


def test_a_receipt_is_printed_and_kept_in_the_file(office: Site):
    ticket = call(office, "--channel", "counter", "--name", "Trần Tuấn", "--receipt", "phieu.pdf")
    printed = (office.folder / "phieu.pdf").read_bytes()
    words = "\n".join(read_pages(printed))
    assert "PHIẾU TIẾP NHẬN KHIẾU NẠI" in words
    assert ticket["number"] in words
    assert "Trực tiếp tại quầy" in words
    (kept,) = ticket["mails"][0]["attachments"]
    assert kept["name"] == f"phieu-tiep-nhan-{ticket['number']}.pdf"
    assert (office.data / "blobs" / kept["sha256"][:2] / kept["sha256"]).read_bytes() == printed
    assert "paper-kept" in events(ticket)


def test_what_is_settled_on_the_spot_has_minutes_and_no_receipt(office: Site):
    settled = ["--settled", "exchange", "--agreed", "Đổi áo đúng màu trong 3 ngày", "--minutes", "bien-ban.pdf"]
    ticket = call(office, "--channel", "counter", *settled)
    assert (ticket["state"], ticket["outcome"]) == ("closed", "exchange")
    words = "\n".join(read_pages((office.folder / "bien-ban.pdf").read_bytes()))
    assert "BIÊN BẢN GIẢI QUYẾT KHIẾU NẠI" in words
    assert "Đổi áo đúng màu trong 3 ngày" in words
    assert "còn thiếu" not in words
    assert [one["kind"] for one in ticket["mails"]] == ["customer"]
    assert len(ticket["mails"][0]["attachments"]) == 1


def test_minutes_are_kept_also_where_nobody_prints_them(office: Site):
    ticket = call(office, "--settled", "exchange", "--agreed", "Đổi áo", "--email", TUAN)
    assert ticket["state"] == "resolved"  # the customer is asked whether he is satisfied, later
    assert len(ticket["mails"][0]["attachments"]) == 1
    office.run_once(MORNING)
    (outcome,) = office.sent_to(TUAN)
    assert "Đổi áo" in text_of(outcome)


def test_no_paper_is_written_over_and_nothing_is_recorded_then(office: Site):
    (office.folder / "phieu.pdf").write_text("x")
    assert "is there already" in refused(office, "tickets", "new", *new("--receipt", "phieu.pdf"), typed=CALL)
    assert "there is no folder" in refused(office, "tickets", "new", *new("--receipt", "khong/p.pdf"), typed=CALL)
    assert office.tickets() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--email", "tuan"], "“tuan” không phải là địa chỉ email", id="no address"),
        pytest.param(["--delivered", "lúc nào"], "không hiểu “lúc nào” là ngày nào", id="no day"),
        pytest.param(["--category", "xyz"], "không có loại khiếu nại 'xyz'", id="no kind"),
        pytest.param(["--settled", "xyz"], "không có kết quả 'xyz'", id="no outcome"),
    ],
)
def test_a_form_that_is_wrong_is_refused_and_nothing_is_recorded(office: Site, options, words):
    assert refused(office, "tickets", "new", *new(*options), typed=CALL).startswith(words)
    assert office.tickets() == []


@pytest.mark.parametrize(
    "options",
    [["--settled", "exchange", "--receipt", "x.pdf"], ["--minutes", "x.pdf"], ["--agreed", "x"], ["--interactive"]],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_wrong_usage(office: Site, options):
    refused(office, "tickets", "new", *new(*options), exit_code=2, typed=CALL)


def test_the_interview_records_a_case(office: Site):
    typed = "\n".join(["2", CALL, "", "", "Trần Tuấn", "", TUAN, *[""] * 5, "phieu.pdf", ""]) + "\n"
    shown = said(office, "tickets", "new", "--interactive", "--as", LAN, "--now", NOW, typed=typed)
    assert shown.rstrip().endswith(f"→ {MANAGER}: staff-opened")
    (ticket,) = office.tickets()
    assert ticket["customer_email"] == TUAN
    assert (office.folder / "phieu.pdf").read_bytes().startswith(b"%PDF")


def test_an_interview_that_is_broken_off_records_nothing(office: Site):
    done = tiepnhan(office, "tickets", "new", "--interactive", "--as", LAN, typed="2\n")
    assert (done.returncode, done.stderr) == (
        1,
        "the answers ended before the questions did: nothing was recorded\n",
    )
    assert office.tickets() == []


def test_the_page_of_a_ticket_is_told_in_the_language_of_staff(office: Site):
    number = call(office)["number"]
    page = said(office, "tickets", "show", number)
    assert "Trạng thái" in page
    assert "✓ [customer_code] Mã khách hàng: Tuan668" in page


def test_policies_are_listed_told_and_checked(office: Site):
    assert "hakago       Hakago\n" in said(office, "policy", "list")
    told = said(office, "policy", "show", "--now", "2026-11-22T09:00:00+07:00")
    assert told.startswith("Hakago\n\n1. Khi nào khiếu nại đúng hạn\n")
    assert "01/01/2027 (thứ Sáu)" in told
    assert said(office, "policy", "show", "mit", "--language", "en").startswith("MiT\n\n1. When a complaint is in time")
    assert said(office, "policy", "check").endswith("hakago.toml: nothing is wrong\n")
    sections = json.loads(said(office, "policy", "show", "hakago", "--json"))["sections"]
    assert sections[0]["lines"][0]["text"].startswith("Khiếu nại đúng hạn")


def test_every_mistake_of_a_policy_is_told_with_its_line(office: Site):
    own = office.folder / "own.toml"
    text = (Path(__file__).parents[2] / "policies" / "hakago.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('stops = ["acknowledged"]', "stops = []").replace("closed-silent", "closed-silnt"))
    done = tiepnhan(office, "policy", "check", "own.toml")
    assert done.returncode == 1
    assert "own.toml:" in done.stdout
    assert "nothing stops the clock 'acknowledge'" in done.stdout
    own.write_text(text.replace("closed-silent", "closed-silnt"))
    done = tiepnhan(office, "policy", "check", "own.toml", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["message"] for one in found} == {
        f"there is no mail {language}/closed-silnt.txt; did you mean 'closed-silent'?" for language in ("vi", "en")
    }
    assert all(one["line"] for one in found)


def test_a_pattern_that_one_mail_could_hold_up_for_ever_is_told_and_starts_no_daemon(office: Site):
    own = office.folder / "own.toml"
    text = (Path(__file__).parents[2] / "policies" / "hakago.toml").read_text(encoding="utf-8")
    (order,) = [line for line in text.splitlines() if line.startswith("order = ")]
    own.write_text(text.replace(order, "order = '([0-9]+)+x'"), encoding="utf-8")
    line = text.splitlines().index(order) + 1
    done = tiepnhan(office, "policy", "check", "own.toml")
    assert done.returncode == 1
    assert f"own.toml:{line}: codes.order: '([0-9]+)+x' can take for ever" in done.stdout
    config = office.config.read_text(encoding="utf-8")
    office.config.write_text(config.replace('policy = "hakago"', f'policy = "{own}"'), encoding="utf-8")
    assert "can take for ever" in refused(office, "run").splitlines()[-1]


def test_a_policy_that_cannot_be_read_is_told_in_one_line(office: Site):
    assert "no such file" in refused(office, "policy", "show", "there-is-none.toml")


def test_running_deadlines_follow_a_policy_that_changed_and_keep_their_dates(office: Site):
    own = office.folder / "own.toml"
    text = (Path(__file__).parents[2] / "policies" / "hakago.toml").read_text(encoding="utf-8")
    own.write_text(text, encoding="utf-8")
    office.config.write_text(office.config.read_text().replace('policy = "hakago"', f'policy = "{own}"'))
    office.run_once(MORNING)
    ticket = call(office, "--email", TUAN)
    due = {clock["name"]: clock["due_at"] for clock in ticket["clocks"]}
    own.write_text(text.replace('at = "1 day"', 'at = "2 hours"').replace('due = "7 days"', 'due = "8 days"', 1))
    office.run_once(MORNING)
    office.run_once(MORNING.replace(hour=12))
    assert len(office.sent_to(TUAN)) == 2  # the acknowledgement, and the reminder that comes sooner now
    after = {clock["name"]: clock["due_at"] for clock in office.ticket()["clocks"]}
    assert after == due
