"""The servers that other tests stand on do what their fixtures promise."""

import smtplib
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime

import imapclient
import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.servers.dovecot import Mailbox
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import ACCEPT, HANG, HANG_UP, LOSE_ANSWER, SmtpSink
from tests.servers.tls import Certificate

MAIL = (
    b"From: khach@example.com\r\nMessage-ID: <1@example.com>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
) + "Chào shop, hàng bị vỡ.\r\n.\r\nCảm ơn.\r\n".encode()


def open_inbox(server: Mailbox | ScriptedImap) -> IMAPClient:
    client = IMAPClient(server.host, server.port, ssl=False, timeout=5)
    client.login(server.username, server.password)
    client.select_folder("INBOX")
    return client


class TestDovecot:
    def test_a_mail_comes_back_byte_for_byte_with_its_date_and_flags(self, dovecot: Mailbox):
        when = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        uid = dovecot.append(MAIL, internaldate=when, flags=[imapclient.SEEN])
        client = dovecot.connect()
        client.normalise_times = False
        client.select_folder("INBOX")
        found = client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE"])[uid]
        assert found[b"BODY[]"] == MAIL
        assert found[b"INTERNALDATE"] == when
        assert dovecot.flags() == {uid: {r"\Seen"}}

    @pytest.mark.parametrize("run", [1, 2])
    def test_each_test_gets_an_empty_mailbox(self, dovecot: Mailbox, run: int):
        assert dovecot.flags() == {}
        dovecot.append(MAIL)

    def test_a_new_mail_ends_the_wait_of_an_idle_client(self, dovecot: Mailbox):
        client = dovecot.connect()
        client.select_folder("INBOX")
        client.idle()
        dovecot.append(MAIL)
        assert (1, b"EXISTS") in client.idle_check(timeout=10)
        client.idle_done()

    def test_uidvalidity_can_be_changed(self, dovecot: Mailbox):
        dovecot.append(MAIL)
        dovecot.change_uidvalidity(4711)
        assert dovecot.connect().select_folder("INBOX")[b"UIDVALIDITY"] == 4711

    def test_kicked_sessions_are_cut(self, dovecot: Mailbox):
        client = dovecot.connect()
        dovecot.kick_sessions()
        with pytest.raises((OSError, IMAPClientError)):
            client.idle()
        dovecot.append(MAIL)

    def test_a_wrong_password_is_refused(self, dovecot: Mailbox):
        with (
            IMAPClient(dovecot.host, dovecot.port, ssl=False, timeout=10) as client,
            pytest.raises(IMAPClientError),
        ):
            client.login(dovecot.username, "wrong")

    def test_tls_is_trusted_with_its_ca_file(self, dovecot: Mailbox):
        context = ssl.create_default_context(cafile=str(dovecot.ca_file))
        with IMAPClient(dovecot.host, dovecot.tls_port, ssl_context=context, timeout=10) as client:
            client.login(dovecot.username, dovecot.password)

    def test_tls_is_refused_without_its_ca_file(self, dovecot: Mailbox):
        with pytest.raises(ssl.SSLCertVerificationError):
            IMAPClient(dovecot.host, dovecot.tls_port, ssl_context=ssl.create_default_context(), timeout=10)

    def test_the_server_ends_with_the_process_that_started_it_however_that_ends(self, dovecot: Mailbox):
        program = (
            "import os, signal\n"
            "from tests.servers.dovecot import running_dovecot\n"
            "with running_dovecot() as server:\n"
            "    print(server.port, (server.folder / 'run' / 'master.pid').read_text(), flush=True)\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stdout
        port = int(told.split()[0])
        assert _closes(port)


def _closes(port: int) -> bool:
    """Whether nobody listens on `port` any more, after at most ten seconds."""
    for _ in range(1000):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                probe.recv(1)
                probe.recv(1024)
        except OSError:
            return True
    return False


class TestSink:
    def send(self, sink: SmtpSink, *recipients: str) -> dict[str, tuple[int, bytes]]:
        with smtplib.SMTP(sink.host, sink.port, timeout=5) as client:
            return client.sendmail("support@hakago.example", recipients or ["khach@example.com"], MAIL)

    def test_a_mail_is_kept_with_its_envelope(self, sink: SmtpSink):
        self.send(sink, "khach@example.com", "lan@hakago.example")
        mail = sink.wait_for(1)[0]
        assert (mail.envelope_from, mail.recipients) == (
            "support@hakago.example",
            ("khach@example.com", "lan@hakago.example"),
        )
        assert mail.raw == MAIL
        assert mail.at.tzinfo is not None

    def test_the_null_sender_is_an_empty_one(self, sink: SmtpSink):
        with smtplib.SMTP(sink.host, sink.port, timeout=5) as client:
            client.sendmail("", ["khach@example.com"], MAIL)
        assert sink.received[0].envelope_from == ""

    def test_a_recipient_is_refused_until_accepted_again(self, sink: SmtpSink):
        sink.refuse("khach@example.com", "550 5.1.1 No such user")
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            self.send(sink)
        assert caught.value.recipients["khach@example.com"][0] == 550
        sink.accept("khach@example.com")
        self.send(sink)
        assert len(sink.received) == 1

    def test_one_refused_recipient_does_not_keep_the_mail_from_the_others(self, sink: SmtpSink):
        sink.refuse("khach@example.com", "450 4.2.2 Mailbox full")
        refused = self.send(sink, "khach@example.com", "lan@hakago.example")
        assert refused["khach@example.com"][0] == 450
        assert sink.received[0].recipients == ("lan@hakago.example",)

    def test_scripted_answers_are_given_once_each_and_then_it_accepts(self, sink: SmtpSink):
        sink.answer("DATA", "451 4.3.0 Try again later", ACCEPT, "554 5.7.1 Spam")
        codes = []
        for _ in range(4):
            try:
                self.send(sink)
                codes.append(250)
            except smtplib.SMTPDataError as error:
                codes.append(error.smtp_code)
        assert codes == [451, 250, 554, 250]
        assert len(sink.received) == 2

    @pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
    def test_hanging_up_says_421_and_closes(self, sink: SmtpSink, stage: str):
        sink.answer(stage, HANG_UP)  # type: ignore[arg-type]
        with pytest.raises(smtplib.SMTPException) as caught:
            self.send(sink)
        assert "421" in str(caught.value)
        assert sink.received == []
        self.send(sink)

    def test_a_hanging_server_runs_into_the_client_s_time_limit(self, sink: SmtpSink):
        sink.answer("DATA", HANG)
        client = smtplib.SMTP(sink.host, sink.port, timeout=0.3)
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected), match="timed out"):
            client.sendmail("support@hakago.example", ["khach@example.com"], MAIL)
        client.close()
        assert sink.received == []

    def test_a_mail_can_be_kept_though_the_client_never_learns_it(self, sink: SmtpSink):
        sink.answer("DATA", LOSE_ANSWER)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            self.send(sink)
        assert len(sink.received) == 1

    def test_down_means_connections_cut_and_the_port_closed_until_it_comes_up(self, sink: SmtpSink):
        client = smtplib.SMTP(sink.host, sink.port, timeout=5)
        sink.go_down()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()
        with pytest.raises(ConnectionRefusedError):
            self.send(sink)
        sink.come_up()
        self.send(sink)
        assert len(sink.received) == 1

    def test_starttls_and_login(self, certificate: Certificate):
        with SmtpSink(security="starttls", certificate=certificate, login=("support", "secret")) as sink:
            with smtplib.SMTP("localhost", sink.port, timeout=5) as client:
                client.starttls(context=certificate.client_context())
                client.login("support", "secret")
                client.sendmail("support@hakago.example", ["khach@example.com"], MAIL)
            assert sink.logins == ["support"]
            assert len(sink.received) == 1

    def test_implicit_tls(self, certificate: Certificate):
        with SmtpSink(security="tls", certificate=certificate) as sink:
            with smtplib.SMTP_SSL(sink.host, sink.port, timeout=5, context=certificate.client_context()) as client:
                client.sendmail("support@hakago.example", ["khach@example.com"], MAIL)
            assert len(sink.received) == 1

    def test_tls_is_refused_by_clients_that_do_not_know_the_certificate(self, certificate: Certificate):
        with (
            SmtpSink(security="tls", certificate=certificate) as sink,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            smtplib.SMTP_SSL(sink.host, sink.port, timeout=5, context=ssl.create_default_context())

    def test_without_login_nothing_is_taken_where_login_is_asked_for(self):
        with SmtpSink(login=("support", "secret")) as sink:
            with pytest.raises(smtplib.SMTPSenderRefused) as caught:
                self.send(sink)
            assert caught.value.smtp_code == 530

    def test_a_wrong_password_is_refused(self):
        with (
            SmtpSink(login=("support", "secret")) as sink,
            smtplib.SMTP(sink.host, sink.port, timeout=5) as client,
            pytest.raises(smtplib.SMTPAuthenticationError),
        ):
            client.login("support", "wrong")

    def test_waiting_for_mails_that_do_not_come_says_what_came(self, sink: SmtpSink):
        self.send(sink)
        with pytest.raises(TimeoutError, match="1 of 2 mails came"):
            sink.wait_for(2, timeout=0.05)


class TestScriptedImap:
    def test_a_mail_comes_back_byte_for_byte(self, scripted_imap: ScriptedImap):
        when = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        uid = scripted_imap.add(MAIL, internaldate=when).uid
        with open_inbox(scripted_imap) as client:
            client.normalise_times = False
            assert client.search() == [uid]
            found = client.fetch([uid], ["BODY.PEEK[]", "RFC822.SIZE", "INTERNALDATE", "FLAGS"])[uid]
        assert found[b"BODY[]"] == MAIL
        assert found[b"RFC822.SIZE"] == len(MAIL)
        assert found[b"INTERNALDATE"] == when
        assert found[b"FLAGS"] == ()

    def test_a_mail_comes_in_pieces(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        with open_inbox(scripted_imap) as client:
            first = client.fetch([uid], ["BODY.PEEK[]<0.10>"])[uid][b"BODY[]<0>"]
            rest = client.fetch([uid], [f"BODY.PEEK[]<10.{len(MAIL)}>"])[uid][b"BODY[]<10>"]
        assert first + rest == MAIL

    def test_uids_above_a_bound_are_found(self, scripted_imap: ScriptedImap):
        for _ in range(3):
            scripted_imap.add(MAIL)
        with open_inbox(scripted_imap) as client:
            assert client.search(["UID", "2:*"]) == [2, 3]

    def test_the_size_announced_may_be_any(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL, announced_size=1_400_000_000).uid
        with open_inbox(scripted_imap) as client:
            assert client.fetch([uid], ["RFC822.SIZE"])[uid][b"RFC822.SIZE"] == 1_400_000_000

    def test_an_empty_fetch_is_given_as_often_as_scripted(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        scripted_imap.script.empty_fetches = 1
        with open_inbox(scripted_imap) as client:
            assert client.fetch([uid], ["BODY.PEEK[]"]) == {}
            assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == MAIL

    def test_a_body_may_be_nil(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        scripted_imap.script.nil_fetches = 1
        with open_inbox(scripted_imap) as client:
            assert client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] is None

    def test_it_hangs_in_the_middle_of_a_fetch(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        scripted_imap.script.hang_after = 40
        client = open_inbox(scripted_imap)
        client.socket().settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.fetch([uid], ["BODY.PEEK[]"])
        client.shutdown()

    def test_it_cuts_the_connection_after_so_many_bytes_once(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        scripted_imap.script.cut_after = 40
        client = open_inbox(scripted_imap)
        with pytest.raises((OSError, IMAPClientError)):
            client.fetch([uid], ["BODY.PEEK[]"])
        client.shutdown()
        with open_inbox(scripted_imap) as again:
            assert again.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"] == MAIL

    def test_store_and_move_may_be_refused(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        scripted_imap.script.refuse_store = True
        with open_inbox(scripted_imap) as client:
            with pytest.raises(IMAPClientError):
                client.add_flags([uid], [imapclient.FLAGGED])
            with pytest.raises(IMAPClientError):
                client.move([uid], "Processed")
        assert scripted_imap.mails[0].flags == set()

    def test_flags_are_kept_and_moved_mails_are_gone(self, scripted_imap: ScriptedImap):
        uid = scripted_imap.add(MAIL).uid
        with open_inbox(scripted_imap) as client:
            client.add_flags([uid], [imapclient.FLAGGED])
            assert scripted_imap.mails[0].flags == {r"\Flagged"}
            client.move([uid], "Processed")
        assert scripted_imap.mails == []

    def test_login_may_be_refused(self, scripted_imap: ScriptedImap):
        scripted_imap.script.refuse_login = "password expired"
        with (
            IMAPClient(scripted_imap.host, scripted_imap.port, ssl=False, timeout=5) as client,
            pytest.raises(IMAPClientError, match="password expired"),
        ):
            client.login(scripted_imap.username, scripted_imap.password)

    def test_a_new_mail_ends_the_wait_of_an_idle_client(self, scripted_imap: ScriptedImap):
        with open_inbox(scripted_imap) as client:
            client.idle()
            scripted_imap.add(MAIL)
            assert (1, b"EXISTS") in client.idle_check(timeout=5)
            client.idle_done()

    def test_connections_can_be_cut(self, scripted_imap: ScriptedImap):
        client = open_inbox(scripted_imap)
        scripted_imap.cut_connections()
        with pytest.raises((OSError, IMAPClientError)):
            client.noop()
        client.shutdown()
