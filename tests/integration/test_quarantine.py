"""A mail that fails three times is set aside, staff are told once, and after a fix it is taken in as if new."""

import json
from datetime import timedelta

import pytest

from intake.commands import main
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


NOBODY = b"Subject: Tuan668\r\n\r\nKhong co nguoi gui.\r\n"


def quarantine(office: Office, *arguments: str) -> int:
    return main(["quarantine", *arguments, "--config", str(office.config)])


@pytest.fixture
def from_staff(office: Office) -> Office:
    """A member of staff has forwarded a complaint to the service."""
    office.configure(staff=[LAN])
    office.receive(write_mail(sender=LAN, name="Lan", subject="Fwd: hàng vỡ", text="Chuyển tiếp giúp khách nhé."))
    office.work()
    return office


def test_staff_who_forward_a_complaint_are_told_what_to_do_instead(from_staff: Office):
    (letter,) = from_staff.sent_to(LAN)
    words = text_of(letter)
    assert "Lý do: thư do nhân viên gửi đến địa chỉ hỗ trợ nhưng không thuộc hồ sơ nào." in words
    assert "đề nghị khách hàng gửi thẳng đến địa chỉ hỗ trợ" in words
    assert "tiepnhan quarantine discard 1" in words
    assert "quarantine retry" not in words
    assert "ticket" not in words


@pytest.mark.parametrize("named", [["1"], []], ids=["by its number", "with all others"])
def test_retry_of_a_mail_that_a_rule_set_aside_says_that_it_would_not_help(from_staff: Office, capsys, named):
    assert quarantine(from_staff, "retry", *named) == 1
    told = capsys.readouterr()
    assert told.out == "0 back in the inbox\n"
    assert told.err.startswith("1 would be set aside again because it is from staff and belongs to no ticket; ask")
    assert told.err.endswith("then discard it: tiepnhan quarantine discard 1\n")
    assert len(from_staff.quarantined()) == 1


def test_retry_goes_ahead_once_the_sender_is_no_member_of_staff_any_more(from_staff: Office, capsys):
    from_staff.configure(staff=["minh@hakago.example"])
    assert quarantine(from_staff, "retry", "1") == 0
    assert capsys.readouterr().out == "1 back in the inbox\n"
    from_staff.work(after=timedelta(minutes=1))
    assert [one["customer_email"] for one in from_staff.tickets()] == [LAN]


def test_retry_takes_those_back_that_it_may_help(broken: Office, capsys):
    broken.receive(NOBODY, write_mail())
    broken.work()
    assert quarantine(broken, "retry") == 1
    assert capsys.readouterr().out == "1 back in the inbox\n"
    assert [one.reason for one in broken.quarantined()] == ["no-sender"]


def test_discarded_mail_leaves_the_list_and_is_kept_with_who_when_and_why(from_staff: Office, capsys, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "hung")
    assert quarantine(from_staff, "discard", "1", "--reason", "thư nội bộ") == 0
    assert from_staff.quarantined() == []
    capsys.readouterr()
    quarantine(from_staff, "list", "--discarded", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["discarded_by"], told["discarded_why"]) == ("hung", "thư nội bộ")
    assert told["discarded_at"].endswith("+07:00")
    assert quarantine(from_staff, "show", "1") == 0
    assert "Chuyển tiếp giúp khách nhé." in capsys.readouterr().out


def test_discarding_again_changes_nothing_and_says_so(from_staff: Office, capsys):
    quarantine(from_staff, "discard", "1", "--reason", "thư nội bộ")
    assert quarantine(from_staff, "discard", "1", "--reason", "khác") == 1
    assert "discarded before: 1" in capsys.readouterr().err
    quarantine(from_staff, "list", "--discarded")
    assert "thư nội bộ" in capsys.readouterr().out


def test_mail_discarded_by_mistake_can_be_taken_in_again(broken: Office):
    broken.receive(write_mail())
    broken.work()
    quarantine(broken, "discard", "1")
    _mend(broken)
    assert quarantine(broken, "retry", "1") == 0
    broken.work(after=timedelta(hours=1))
    assert len(broken.tickets()) == 1


@pytest.mark.parametrize("command", ["show", "retry", "discard"])
def test_number_that_is_not_in_quarantine_is_named(from_staff: Office, capsys, command):
    assert quarantine(from_staff, command, "99") == 1
    assert capsys.readouterr().err == "there is no mail 99 in quarantine\n"


def test_times_are_told_in_the_zone_of_the_policy(from_staff: Office, capsys):
    quarantine(from_staff, "list")
    quarantine(from_staff, "show", "1")
    listed, _, shown = capsys.readouterr().out.partition("\n")
    assert listed == f"1  2025-06-03 09:00  {LAN}  it is from staff and belongs to no ticket"
    assert "2025-06-03T09:00:00+07:00" in shown


def test_broken_template_is_told_as_such_and_not_as_an_error_of_the_program(broken: Office):
    broken.receive(write_mail())
    broken.work()
    (mail,) = broken.quarantined()
    (letter,) = broken.sent_to(LAN)
    assert mail.reason == "template"
    assert "mẫu thư trả lời có lỗi" in text_of(letter)
    assert "tiepnhan check" in text_of(letter)
