"""One mail, one ticket: however often, under whatever UID and in however many mailboxes it lies."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.installation import Account, Installation, Office
from tests.own_mails import SUPPORT, TUAN, write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

TRACE = b"Received: from mx2.hakago.example by imap.hakago.example; Mon, 2 Jun 2025 09:00:00 +0700\r\n"


@pytest.fixture
def two_mailboxes(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Installation:
    accounts = [Account.of(dovecot), Account.of(dovecot, name="complaints", folder="Khieu nai")]
    dovecot.connect().create_folder("Khieu nai")
    return Installation(tmp_path, accounts, sink)


def test_same_message_id_with_other_content_makes_two_tickets(office: Office):
    office.receive(
        write_mail(message_id="<1@khach.example>", text="Áo bị rách ở vai, mong shop đổi."),
        write_mail(message_id="<1@khach.example>", subject="Tuan668 - 999888 - Thiếu hàng"),
    )
    office.work()
    assert [one["order_code"] for one in office.tickets()] == ["012345", "999888"]
    assert len(office.sent_to(TUAN)) == 2


def test_same_mail_twice_in_a_mailbox_makes_one_ticket(office: Office):
    mail = write_mail()
    office.receive(mail, mail)
    office.work()
    office.receive(mail)
    office.work()
    assert len(office.tickets()) == 1
    assert len(office.sent_to(TUAN)) == 1


def test_same_mail_in_two_mailboxes_at_once_makes_one_ticket(two_mailboxes: Installation, dovecot: Mailbox):
    mail = write_mail()
    dovecot.append(mail)
    dovecot.append(TRACE + mail, folder="Khieu nai")
    assert two_mailboxes.work() == []
    assert len(two_mailboxes.tickets()) == 1
    assert len(two_mailboxes.sent_to(TUAN)) == 1


def test_same_mail_that_comes_to_a_second_mailbox_later_makes_no_second_ticket(
    two_mailboxes: Installation, dovecot: Mailbox
):
    mail = write_mail()
    dovecot.append(mail)
    two_mailboxes.work()
    dovecot.append(TRACE + mail, folder="Khieu nai")
    two_mailboxes.work(after=timedelta(minutes=1))
    assert len(two_mailboxes.tickets()) == 1


def test_mails_of_several_mailboxes_all_become_tickets(two_mailboxes: Installation, dovecot: Mailbox):
    for number in range(10):
        folder = "INBOX" if number % 2 else "Khieu nai"
        dovecot.append(write_mail(sender=f"khach{number}@khach.example"), folder=folder)
    assert two_mailboxes.work() == []
    assert len(two_mailboxes.tickets()) == len(two_mailboxes.sink.received) == 10


def test_one_mailbox_that_cannot_be_reached_does_not_stop_the_other(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink):
    nowhere = Account(name="broken", host=dovecot.host, port=sink.port, username="nobody")
    installation = Installation(tmp_path, [nowhere, Account.of(dovecot)], sink)
    dovecot.append(write_mail())
    (problem,) = installation.work()
    assert "mailbox broken" in problem
    assert len(installation.tickets()) == len(installation.sent_to(TUAN)) == 1


@pytest.mark.parametrize("copies", [1, 2], ids=["once", "twice the same"])
def test_mail_without_message_id_makes_one_ticket(office: Office, copies: int):
    office.receive(*[write_mail(message_id=None)] * copies)
    office.work()
    assert len(office.tickets()) == len(office.sent_to(TUAN)) == 1


def test_two_mails_without_message_id_make_two_tickets(office: Office):
    office.receive(write_mail(message_id=None), write_mail(message_id=None, subject="Tuan668 - 777666 - Thiếu ốc vít"))
    office.work()
    assert len(office.tickets()) == 2


def test_acknowledgement_of_a_mail_without_message_id_starts_a_thread_of_its_own(office: Office):
    office.receive(write_mail(message_id=None))
    office.work()
    (acknowledgement,) = office.sent_to(TUAN)
    assert acknowledgement["In-Reply-To"] is None
    office.receive(write_mail(text="Shop ơi, tôi gửi thêm.", answers=acknowledgement["Message-ID"]))
    office.work()
    assert office.ticket()["messages"] == 3


def test_changed_uidvalidity_makes_no_new_tickets(office: Office):
    office.receive(*(write_mail(sender=f"khach{number}@khach.example") for number in range(5)))
    office.work()
    office.mailbox.change_uidvalidity(4242)
    office.receive(write_mail(sender="moi@khach.example"))
    office.work()
    assert len(office.tickets()) == len(office.sink.received) == 6


def test_mail_that_somebody_read_before_the_poll_becomes_a_ticket(office: Office):
    office.mailbox.append(write_mail(), flags=[r"\Seen"], internaldate=office.now)
    office.work()
    assert len(office.tickets()) == 1
    assert office.mailbox.flags() == {1: {r"\Seen"}}


def test_three_days_offline_lose_nothing_and_keep_the_time_of_arrival(office: Office):
    office.receive(write_mail(sender="mot@khach.example"))
    office.work()
    for day, sender in enumerate(["hai@khach.example", "ba@khach.example", "bon@khach.example"]):
        office.mailbox.append(write_mail(sender=sender), internaldate=office.now + timedelta(days=day, hours=1))
    office.work(after=timedelta(days=3))
    received = [one["received_at"] for one in office.tickets()]
    assert [at[:16] for at in received] == [f"2025-06-0{day}T{hour}:00" for day, hour in
                                            [(3, "09"), (3, "10"), (4, "10"), (5, "10")]]  # fmt: skip
    for sender in ("hai@khach.example", "ba@khach.example", "bon@khach.example"):
        assert len(office.sent_to(sender)) == 1


def test_old_mails_at_the_first_connect_are_left_alone_and_not_answered(
    tmp_path: Path, dovecot: Mailbox, sink: SmtpSink
):
    installation = Installation(tmp_path, [Account.of(dovecot, more='since = "2025-06-03"')], sink)
    for number in range(300):
        old = installation.now - timedelta(days=1 + number)
        dovecot.append(write_mail(sender=f"cu{number}@khach.example"), internaldate=old)
    dovecot.append(write_mail(), internaldate=installation.now)
    installation.work()
    assert [one["customer_email"] for one in installation.tickets()] == [TUAN]
    assert len(sink.received) == 1


def test_our_own_mail_in_the_mailbox_is_never_answered(office: Office):
    office.receive(write_mail())
    office.work()
    (ours,) = office.sink.received
    office.receive(ours.raw, write_mail(sender=SUPPORT, name="Hakago"))
    office.work()
    assert len(office.tickets()) == len(office.sink.received) == 1
