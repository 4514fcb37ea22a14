"""A mail that fails three times is set aside, staff are told once, and after a fix it is taken in as if new."""

from datetime import timedelta

import pytest

from tests.installation import LAN, Office, text_of
from tests.own_mails import TUAN, write_mail

ENGLISH = "john@khach.example"
WORDS = "Hello shop,\nI ordered the blue shirt but received the red one. Please exchange it.\nThank you very much.\n"


@pytest.fixture
def broken(office: Office) -> Office:
    """The company's own Vietnamese acknowledgement names a variable that does not exist; the English one is ours."""
    _write_template(office, "acknowledgement", "Subject: {{ ticket.number }}\n\nKính gửi {{ khach_hang }},\n")
    office.configure(staff=[LAN], service=f'templates = "{office.folder / "words"}"')
    return office


def _write_template(office: Office, name: str, words: str) -> None:
    folder = office.folder / "words" / "vi"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(words, encoding="utf-8")


def _mend(office: Office) -> None:
    for file in (office.folder / "words" / "vi").iterdir():
        file.unlink()


def test_unknown_template_variable_quarantines_the_mail_with_file_and_name(broken: Office):
    broken.receive(write_mail())
    broken.work()
    (mail,) = broken.quarantined()
    assert "vi/acknowledgement.txt" in mail.error
    assert "khach_hang" in mail.error
    assert broken.tickets() == []


def test_mail_that_fails_does_not_stop_those_behind_it(broken: Office):
    broken.receive(
        write_mail(), write_mail(sender=ENGLISH, name="John", subject="Wrong colour of shirt", text=WORDS), write_mail()
    )
    broken.work()
    assert [one["customer_email"] for one in broken.tickets()] == [ENGLISH]
    assert len(broken.quarantined()) == 2


def test_staff_are_told_of_a_quarantined_mail_once(broken: Office):
    broken.receive(write_mail())
    for _ in range(3):
        broken.work(after=timedelta(hours=1))
    (letter,) = broken.sent_to(LAN)
    assert "quarantine retry" in text_of(letter)


def test_quarantined_mail_becomes_a_ticket_after_the_fix(broken: Office):
    broken.receive(write_mail())
    broken.work()
    _mend(broken)
    broken.retry_quarantine()
    broken.work(after=timedelta(hours=1))
    assert broken.quarantined() == []
    assert len(broken.tickets()) == len(broken.sent_to(TUAN)) == 1


def test_retry_without_a_fix_sets_the_mail_aside_again(broken: Office):
    broken.receive(write_mail())
    broken.work()
    broken.retry_quarantine()
    broken.work(after=timedelta(hours=1))
    assert len(broken.quarantined()) == 1


def test_ticket_numbers_have_no_gap_where_a_mail_failed(broken: Office):
    broken.receive(write_mail(), write_mail(sender=ENGLISH, name="John", subject="Wrong colour of shirt", text=WORDS))
    broken.work()
    assert [one["number"][-6:] for one in broken.tickets()] == ["000001"]


def test_broken_reminder_waits_and_goes_out_after_the_fix(office: Office):
    office.configure(service=f'templates = "{office.folder / "words"}"')
    office.receive(write_mail())
    office.work()
    _write_template(office, "evidence-reminder", "Subject: x\n\n{{ nobody }}\n")
    office.work(after=timedelta(days=1))
    assert len(office.sent_to(TUAN)) == 1
    _mend(office)
    office.work(after=timedelta(minutes=20))
    office.work(after=timedelta(minutes=20))
    assert len(office.sent_to(TUAN)) == 2


@pytest.mark.parametrize("template", ["staff-undeliverable", "staff-quarantine", "staff-breaker"])
def test_broken_staff_letter_stops_nothing_else(office: Office, template: str):
    """What staff cannot be told now is told after the fix; customers notice nothing."""
    _write_template(office, template, "Subject: x\n\n{{ nobody }}\n")
    office.configure(
        staff=[LAN], service=f'templates = "{office.folder / "words"}"', more="\n[limits]\nautomatic_per_hour = 2\n"
    )
    office.sink.refuse("hong@khach.example")
    office.receive(
        write_mail(sender="hong@khach.example"),
        b"Subject: Tuan668\r\n\r\nKhong co nguoi gui.\r\n",
        *(write_mail(sender=f"khach{number}@khach.example") for number in range(3)),
    )
    office.work()
    assert len(office.tickets()) == 4
    office.work(after=timedelta(hours=2))
    assert all(office.sent_to(f"khach{number}@khach.example") for number in range(3))
    before = len(office.sent_to(LAN))
    _mend(office)
    office.work(after=timedelta(minutes=20))
    if template != "staff-breaker":  # nothing is held back any more
        assert len(office.sent_to(LAN)) == before + 1
