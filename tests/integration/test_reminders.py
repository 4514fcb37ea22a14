"""Reminders and the closing of a silent ticket: each step once, never in a burst, through whatever downtime."""

from datetime import datetime, timedelta

import pytest

from tests.installation import LAN, Office, text_of
from tests.own_mails import ALL_FILES, TUAN, write_mail
from tickets.clocks import LOOK_AGAIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def waiting(office: Office) -> Office:
    """A ticket that waits for evidence."""
    office.configure(staff=[LAN])
    office.receive(write_mail())
    office.work()
    return office


def kinds(office: Office) -> list[str]:
    """What the customer was sent, by the template of each mail."""
    return [one["kind"] for one in office.ticket()["mails"] if one["direction"] == "out" and one["email"] == TUAN]


def test_silent_customer_is_reminded_twice_and_then_the_ticket_is_closed(waiting: Office):
    for _ in range(10):
        waiting.work(after=DAY)
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder", "evidence-reminder", "closed-silent"]
    assert len(waiting.sent_to(TUAN)) == 4
    assert waiting.ticket()["state"] == "closed"
    assert waiting.sent_to(LAN)[-1]["Subject"].endswith("Tuan668 – 012345 - Hàng sai màu sắc")


def test_reminder_names_only_what_is_missing(waiting: Office):
    waiting.work(after=DAY)
    text = text_of(waiting.sent_to(TUAN)[-1])
    assert "✗ Video mở hàng" in text
    assert "Mã khách hàng" not in text


def test_reminder_stands_in_the_thread_of_the_acknowledgement(waiting: Office):
    waiting.work(after=DAY)
    acknowledgement, reminder = waiting.sent_to(TUAN)
    assert reminder["In-Reply-To"] == acknowledgement["Message-ID"]
    assert reminder["Auto-Submitted"] == "auto-generated"


def test_step_fires_once_however_often_the_program_is_started(waiting: Office):
    waiting.work(after=DAY)
    for _ in range(5):
        waiting.work(after=timedelta(minutes=20))
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder"]


def test_two_reminders_that_fall_due_on_one_day_are_one_mail(waiting: Office):
    waiting.work(after=5 * DAY)
    waiting.work(after=timedelta(hours=1))
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder"]


def test_two_tickets_of_one_customer_are_reminded_once_each(waiting: Office):
    waiting.receive(write_mail(subject="Tuan668 - 543210 - Thiếu hàng"))
    waiting.work()
    waiting.work(after=DAY)
    waiting.work(after=timedelta(hours=1))
    subjects = [mail["Subject"] for mail in waiting.sent_to(TUAN) if "Nhắc bổ sung" in mail["Subject"]]
    assert len(subjects) == len(set(subjects)) == 2


def test_after_a_week_of_downtime_only_the_latest_step_is_taken(waiting: Office):
    waiting.work(after=8 * DAY)
    assert kinds(waiting) == ["acknowledgement", "closed-silent"]


def test_evidence_that_came_during_the_downtime_goes_before_the_closing(waiting: Office):
    """The mail lay on the server before the deadline; the customer has done his part."""
    (acknowledgement,) = waiting.sent_to(TUAN)
    waiting.now += 2 * DAY
    waiting.receive(write_mail(text="Tôi gửi đây.", files=ALL_FILES, answers=acknowledgement["Message-ID"]))
    waiting.work(after=6 * DAY)
    assert kinds(waiting) == ["acknowledgement", "evidence-complete"]
    assert waiting.ticket()["state"] == "open"


def test_complete_ticket_is_not_reminded(waiting: Office):
    (acknowledgement,) = waiting.sent_to(TUAN)
    waiting.receive(write_mail(text="Tôi gửi đây.", files=ALL_FILES, answers=acknowledgement["Message-ID"]))
    waiting.work()
    waiting.work(after=8 * DAY)
    assert kinds(waiting) == ["acknowledgement", "evidence-complete"]


def test_reminder_that_waited_for_a_server_that_was_down_goes_out_once(waiting: Office):
    waiting.sink.go_down()
    assert waiting.work(after=DAY) != []
    waiting.work(after=timedelta(hours=2))
    waiting.sink.come_up()
    waiting.work(after=timedelta(hours=2))
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder"]
    assert len(waiting.sent_to(TUAN)) == 2


def test_his_time_stands_still_exactly_as_long_as_mails_to_him_cannot_be_sent(waiting: Office):
    waiting.sink.go_down()
    waiting.work(after=DAY)  # the reminder is written
    due = waiting.ticket()["clocks"][-1]["due_at"]
    for _ in range(20):
        waiting.work(after=6 * HOUR)
    waiting.sink.come_up()
    waiting.work(after=HOUR)
    waiting.work(after=LOOK_AGAIN)
    late = datetime.fromisoformat(waiting.ticket()["clocks"][-1]["due_at"]) - datetime.fromisoformat(due)
    assert 20 * 6 * HOUR - DAY < late <= 20 * 6 * HOUR + HOUR + LOOK_AGAIN
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder"]


def test_nobody_is_closed_for_silence_while_mails_to_him_cannot_be_sent(waiting: Office):
    waiting.sink.go_down()
    waiting.work(after=DAY)
    waiting.work(after=7 * DAY)
    assert waiting.ticket()["state"] == "awaiting_evidence"
    waiting.sink.come_up()
    waiting.work(after=timedelta(hours=1))
    waiting.work(after=LOOK_AGAIN)
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder"]
    waiting.work(after=4 * DAY)
    assert kinds(waiting) == ["acknowledgement", "evidence-reminder", "evidence-reminder"]
    waiting.work(after=4 * DAY)
    assert kinds(waiting)[-1] == "closed-silent"
