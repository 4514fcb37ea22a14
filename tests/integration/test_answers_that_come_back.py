"""Machines that write back: bounces, refusals, absences. None is answered; what they say is kept and told once."""

from datetime import timedelta

import pytest

from tests.installation import LAN, MINH, Office, events, text_of
from tests.own_mails import TUAN, write_bounce, write_mail

DAY = timedelta(days=1)


@pytest.fixture
def opened(office: Office) -> Office:
    office.configure(staff=[LAN])
    office.receive(write_mail())
    office.work()
    return office


def acknowledgement(office: Office) -> bytes:
    return next(one.raw for one in office.sink.received if TUAN in one.recipients)


def notices_of_failure(office: Office, person: str = LAN) -> list[str]:
    return [text_of(mail) for mail in office.sent_to(person) if "Không gửi được thư" in mail["Subject"]]


def test_bounce_of_an_acknowledgement_stops_reminders_is_shown_and_told_to_staff_once(opened: Office):
    opened.receive(write_bounce(of=acknowledgement(opened), recipient=TUAN))
    opened.work()
    opened.work(after=8 * DAY)
    ticket = opened.ticket()
    assert len(opened.sent_to(TUAN)) == 1
    assert ticket["state"] == "awaiting_evidence"
    assert "bounced" in events(ticket)
    assert [one["kind"] for one in ticket["automatic"]] == ["bounce"]
    (notice,) = notices_of_failure(opened)
    assert TUAN in notice


def test_second_notice_about_the_same_address_is_kept_and_not_told_again(opened: Office):
    for _ in range(2):
        opened.receive(write_bounce(of=acknowledgement(opened), recipient=TUAN))
        opened.work(after=timedelta(minutes=5))
    assert len(opened.ticket()["automatic"]) == 2
    assert len(notices_of_failure(opened)) == 1


def test_dead_addresses_of_staff_are_told_once_and_do_not_write_about_each_other_for_ever(office: Office):
    gone = ["nghi.viec@hakago.example", "da.chuyen@hakago.example"]
    office.configure(staff=[LAN, *gone])
    for address in gone:
        office.sink.refuse(address)
    office.receive(write_mail())
    office.work()
    assert sorted(next(one for one in gone if one in text) for text in notices_of_failure(office)) == sorted(gone)


def test_a_notice_of_failure_that_comes_back_itself_is_told_to_nobody(office: Office):
    office.configure(staff=[LAN, MINH])
    office.receive(write_mail())
    office.work()
    office.receive(write_bounce(of=acknowledgement(office), recipient=TUAN))
    office.work()
    notice = next(one.raw for one in reversed(office.sink.received) if MINH in one.recipients)
    office.receive(write_bounce(of=notice, recipient=MINH))
    office.work()
    assert len(notices_of_failure(office)) == 1
    assert [one["kind"] for one in office.ticket()["automatic"]] == ["bounce", "bounce"]


def test_notice_of_a_delay_is_kept_and_stops_nothing(opened: Office):
    opened.receive(write_bounce(of=acknowledgement(opened), recipient=TUAN, status="4.2.2"))
    opened.work()
    opened.work(after=DAY)
    assert len(opened.sent_to(TUAN)) == 2  # the reminder went out
    assert notices_of_failure(opened) == []


@pytest.mark.parametrize(
    "message_id",
    ["<hkg-25-000001.2.aaaaaaaaaaaaaaaa@hakago.example>", "<1.own@khach.example>", "<>"],
    ids=["made up", "not ours", "none"],
)
def test_forged_bounce_of_a_mail_we_never_sent_changes_nothing(opened: Office, message_id: str):
    forged = f"Message-ID: {message_id}\r\nFrom: support@hakago.example\r\nTo: {TUAN}".encode()
    opened.receive(write_bounce(of=forged, recipient=TUAN))
    opened.work()
    opened.work(after=DAY)
    assert len(opened.sent_to(TUAN)) == 2
    assert "bounced" not in events(opened.ticket())
    assert notices_of_failure(opened) == []


def test_bounce_from_the_address_that_a_customer_forwards_to_counts_for_the_customer(opened: Office):
    """Whoever knows the Message-ID got the mail; the address is that of another mailbox of the same person."""
    opened.receive(write_bounce(of=acknowledgement(opened), recipient="hop.thu.khac@noi-khac.example"))
    opened.work()
    opened.work(after=DAY)
    assert len(opened.sent_to(TUAN)) == 1
    assert len(notices_of_failure(opened)) == 1


def test_bounce_of_a_staff_notice_is_told_to_the_others_and_stops_no_reminder(office: Office):
    office.configure(staff=[LAN, MINH])
    office.receive(write_mail())
    office.work()
    notice = next(one.raw for one in office.sink.received if LAN in one.recipients)
    office.receive(write_bounce(of=notice, recipient=LAN))
    office.work()
    office.work(after=DAY)
    assert len(notices_of_failure(office, MINH)) == 1
    assert notices_of_failure(office, LAN) == []
    assert len(office.sent_to(TUAN)) == 2


def test_bounce_without_a_ticket_is_recorded_and_never_answered(office: Office):
    office.receive(write_bounce(of=write_mail(), recipient=TUAN))
    office.work()
    assert office.tickets() == []
    assert office.sink.received == []
    assert office.quarantined() == []


def test_refused_recipient_is_recorded_on_the_ticket_and_told_to_staff_once(office: Office):
    office.configure(staff=[LAN])
    office.sink.refuse(TUAN, "550 5.1.1 Khong co nguoi nay")
    office.receive(write_mail(), write_mail(sender="khac@khach.example"))
    office.work()
    office.work(after=timedelta(hours=3))
    office.work(after=8 * DAY)
    ticket = office.ticket(office.tickets()[0]["number"])
    deliveries = [one["delivery"] for one in ticket["mails"] if one["email"] == TUAN and one["direction"] == "out"]
    assert [(one["state"], "Khong co nguoi nay" in one["error"]) for one in deliveries] == [("failed", True)]
    assert "bounced" in events(ticket)
    assert len(notices_of_failure(office)) == 1
    assert len(office.sent_to("khac@khach.example")) == 2


def test_refused_staff_notice_does_not_go_round_in_circles(office: Office):
    office.configure(staff=[LAN])
    office.sink.refuse(LAN)
    office.receive(write_mail())
    assert office.work() == []
    assert len(office.sent_to(TUAN)) == 1
    assert len([one for one in office.ticket()["mails"] if one["email"] == LAN]) == 1


def test_absence_note_with_an_address_that_changes_each_time_is_never_answered(opened: Office):
    sent = acknowledgement(opened)
    number = opened.tickets()[0]["number"]
    for count in range(30):
        opened.receive(
            write_mail(
                sender=f"vang-mat-{count}@khach.example",
                subject=f"Trả lời tự động: [{number}] Đã tiếp nhận",
                text="Tôi đang đi vắng.",
                headers=[("Auto-Submitted", "auto-replied")],
            )
        )
    opened.work()
    assert len(opened.tickets()) == 1
    assert [one.raw for one in opened.sink.received if LAN not in one.recipients] == [sent]


def test_absence_note_of_the_customer_is_noted_and_reminders_go_on(opened: Office):
    sent = opened.sent_to(TUAN)[0]
    opened.receive(
        write_mail(
            subject="Automatic reply: Đã tiếp nhận",
            answers=sent["Message-ID"],
            headers=[("Auto-Submitted", "auto-replied")],
        )
    )
    opened.work()
    assert "automatic-mail" in events(opened.ticket())
    opened.work(after=DAY)
    assert len(opened.sent_to(TUAN)) == 2


def test_machine_that_answers_without_saying_so_is_stopped_by_the_cap_of_the_day(office: Office):
    office.configure(more="\n[limits]\nautomatic_per_address_per_day = 5\n")
    for count in range(12):
        office.receive(write_mail(subject=f"Tuan668 - {100000 + count} - Thiếu hàng"))
        office.work(after=timedelta(minutes=1))
    assert len(office.tickets()) == 12
    assert len(office.sent_to(TUAN)) == 5
    assert "mail-withheld" in events(office.ticket(office.tickets()[-1]["number"])) or any(
        clock["name"] == "acknowledge" and clock["state"] == "running" for clock in office.tickets()[-1]["clocks"]
    )


def test_breaker_stops_automatic_mails_keeps_them_and_tells_staff_once_an_hour(office: Office):
    office.configure(staff=[LAN], more="\n[limits]\nautomatic_per_hour = 10\n")
    office.receive(*(write_mail(sender=f"khach{number}@khach.example") for number in range(25)))
    office.work()
    office.work(after=timedelta(minutes=5))
    acknowledged = [one for one in office.sink.received if LAN not in one.recipients]
    assert len(acknowledged) == 10
    warnings = [mail for mail in office.sent_to(LAN) if "Tạm dừng" in mail["Subject"]]
    assert len(warnings) == 1
    for _ in range(3):
        office.work(after=timedelta(minutes=61))
    assert len({one.recipients for one in office.sink.received if LAN not in one.recipients}) == 25
