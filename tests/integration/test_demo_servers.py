"""The embedded mail servers of the demonstration, used as a mail client and the daemon use them."""

import smtplib
import time

import pytest
from imapclient import IMAPClient

from intake.demo.servers import Account, DemoServers, DemoServersError

SUPPORT = Account(address="support@hakago.example", password="mot-hai-ba")
CUSTOMER = Account(address="mai@khach.example", password="bon-nam")
STAFF = Account(address="lan@hakago.example", password="sau-bay")
MAIL = (
    "From: Mai <mai@khach.example>\r\nTo: support@hakago.example\r\nSubject: Tuan668 - 012345\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\nHàng bị vỡ.\r\n.\r\nCảm ơn.\r\n"
).encode()


@pytest.fixture(scope="module")
def servers():
    with DemoServers([SUPPORT, CUSTOMER, STAFF]) as running:
        yield running


def send(servers: DemoServers, *recipients: str, sender: str = CUSTOMER.address) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(servers.host, servers.smtp_port, timeout=10) as client:
        return client.sendmail(sender, recipients, MAIL)


def open_inbox(servers: DemoServers, account: Account) -> IMAPClient:
    client = IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=10)
    client.login(account.address, account.password)
    client.select_folder("INBOX")
    return client


def read_newest(servers: DemoServers, account: Account) -> bytes:
    with open_inbox(servers, account) as client:
        uid = max(client.search())
        raw = client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
        assert isinstance(raw, bytes)
        return raw


@pytest.mark.parametrize(
    ("recipient", "account"),
    [
        pytest.param(SUPPORT.address, SUPPORT, id="mail to support"),
        pytest.param("Support+abc123@HAKAGO.example", SUPPORT, id="a reply token after the plus"),
        pytest.param(CUSTOMER.address, CUSTOMER, id="an answer to the customer"),
        pytest.param(STAFF.address, STAFF, id="a notice to staff"),
    ],
)
def test_a_mail_sent_lands_unchanged_in_the_inbox_of_its_recipient(servers, recipient: str, account: Account):
    send(servers, recipient)
    raw = read_newest(servers, account)
    assert raw.endswith(MAIL)
    assert raw.startswith(b"Return-Path: <mai@khach.example>\r\nReceived: ")


def test_the_null_sender_stays_one(servers):
    send(servers, CUSTOMER.address, sender="")
    assert read_newest(servers, CUSTOMER).startswith(b"Return-Path: <>\r\n")


def test_a_mail_comes_once_however_often_its_recipient_is_named(servers):
    with open_inbox(servers, STAFF) as client:
        before = len(client.search())
    send(servers, STAFF.address, "lan+x@hakago.example")
    with open_inbox(servers, STAFF) as client:
        assert len(client.search()) == before + 1


def test_an_unknown_recipient_is_refused(servers):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(servers, "nobody@elsewhere.example")
    assert caught.value.recipients["nobody@elsewhere.example"][0] == 550


def test_idle_tells_of_each_new_mail_within_a_second(servers):
    with open_inbox(servers, SUPPORT) as client:
        for _ in range(3):
            client.idle()
            send(servers, SUPPORT.address)
            sent_at = time.monotonic()
            told = client.idle_check(timeout=10)
            assert time.monotonic() - sent_at < 1
            assert any(what == b"EXISTS" for _, what in told)
            client.idle_done()
            assert client.search()


def test_a_mail_can_be_flagged_and_moved(servers):
    send(servers, SUPPORT.address)
    with open_inbox(servers, SUPPORT) as client:
        uid = max(client.search())
        client.add_flags([uid], [rb"\Flagged"])
        client.create_folder("Processed")
        client.move([uid], "Processed")
        assert uid not in client.search()
        client.select_folder("Processed")
        assert len(client.search()) == 1


def test_a_large_mail_comes_back_in_pieces(servers):
    body = b"".join(b"%076d\r\n" % number for number in range(40_000))
    with smtplib.SMTP(servers.host, servers.smtp_port, timeout=30) as client:
        client.sendmail(CUSTOMER.address, [SUPPORT.address], MAIL + body)
    with open_inbox(servers, SUPPORT) as client:
        uid = max(client.search())
        piece = client.fetch([uid], ["BODY.PEEK[]<1000000.500000>"])[uid][b"BODY[]<1000000>"]
    assert len(piece) == 500_000
    assert piece in MAIL + body


def test_mail_clients_may_log_in_to_send(servers):
    with smtplib.SMTP(servers.host, servers.smtp_port, timeout=10) as client:
        client.login(CUSTOMER.address, CUSTOMER.password)
        client.sendmail(CUSTOMER.address, [SUPPORT.address], MAIL)


def test_a_wrong_password_is_refused_by_both(servers):
    with (
        smtplib.SMTP(servers.host, servers.smtp_port, timeout=10) as client,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        client.login(CUSTOMER.address, "wrong")
    with (
        IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=10) as imap,
        pytest.raises(imap.Error),
    ):
        imap.login(CUSTOMER.address, "wrong")


def test_a_port_that_is_taken_is_said_in_one_line(servers):
    with (
        pytest.raises(DemoServersError, match=r"cannot listen on 127\.0\.0\.1: .*in use"),
        DemoServers([SUPPORT], imap_port=servers.imap_port),
    ):
        pass


def test_the_servers_end_with_their_context():
    with DemoServers([SUPPORT]) as running:
        port = running.smtp_port
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, timeout=5)
