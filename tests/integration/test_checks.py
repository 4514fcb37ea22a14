"""Checks against real servers and a real database."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from intake.checks.findings import Finding
from intake.checks.mailboxes import check_mailbox
from intake.checks.memory import check_database, check_queues, seen_uids
from intake.checks.sending import check_smtp
from intake.mailboxes.fetching import VIETNAM
from intake.settings.config import Config, Mailbox, Processed, Service, Smtp, read_config
from intake.settings.secrets import Secret
from store.database import Database
from store.migrating import migrate
from tests.installation import Office
from tests.own_mails import write_mail
from tests.servers.dovecot import Mailbox as Account
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import SmtpSink
from tests.servers.tls import Certificate

NOW = datetime.now(UTC)
MAIL = b"From: a@b.example\r\nSubject: x\r\n\r\ny\r\n"


def nothing_seen(mailbox: str, uidvalidity: int) -> set[int]:
    return set()


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.status, one.message) for one in findings]


def line_with(words: str, findings: list[Finding]) -> Finding:
    (found,) = [one for one in findings if words in one.message]
    return found


@pytest.fixture
def password(tmp_path: Path) -> Secret:
    path = tmp_path / "password"
    path.write_text("secret")
    return Secret(file=path)


class TestMailbox:
    def ask(self, server: Account | ScriptedImap, password: Secret, now: datetime = NOW, seen=nothing_seen, **changes):
        mailbox = Mailbox(
            name="support",
            host=server.host,
            port=server.port,
            security="plain",
            username=server.username,
            password=password,
            since=date(2026, 1, 1),
        )
        return check_mailbox(replace(mailbox, **changes), seen, now)

    def test_a_good_mailbox_is_fine_in_every_respect(self, dovecot, password):
        findings = self.ask(dovecot, password)
        assert told(findings) == [
            ("ok", f"127.0.0.1:{dovecot.port} (plain): logged in as {dovecot.username}"),
            ("ok", "the server announces new mail at once (IDLE)"),
            ("ok", "folder INBOX can be opened"),
            ("ok", "the next run takes in 0 mails since 2026-01-01"),
        ]

    def test_looking_changes_nothing_on_the_server(self, dovecot, password):
        uid = dovecot.append(MAIL)
        self.ask(dovecot, password, processed=Processed(action="move", folder="Done"))
        assert dovecot.flags() == {uid: set()}
        assert not dovecot.connect().folder_exists("Done")

    def test_mails_are_counted_by_the_day_the_server_received_them_in_vietnam(self, dovecot, password):
        midnight = datetime(2025, 6, 10, 0, 0, tzinfo=VIETNAM)
        for hours in (-60, -1, 1, 60):
            dovecot.append(MAIL, internaldate=midnight + timedelta(hours=hours))
        findings = self.ask(dovecot, password, since=midnight.date())
        assert line_with("takes in", findings).message == "the next run takes in 2 mails since 2025-06-10"

    def test_without_since_old_mail_is_warned_of(self, dovecot, password):
        dovecot.append(MAIL)
        finding = line_with("takes in", self.ask(dovecot, password, since=None))
        assert (finding.status, finding.message) == ("warn", "the next run takes in 1 mail: `since` is not set")

    def test_mails_taken_in_already_do_not_count(self, dovecot, password):
        first = dovecot.append(MAIL)
        dovecot.append(MAIL)
        finding = line_with("takes in", self.ask(dovecot, password, since=None, seen=lambda *_: {first}))
        assert "1 mail" in finding.message

    def test_very_many_mails_are_a_warning(self, scripted_imap, password):
        for _ in range(101):
            scripted_imap.add(MAIL)
        finding = line_with(
            "takes in 101 mails", self.ask(scripted_imap, password, since=NOW.date() - timedelta(days=9))
        )
        assert finding.status == "warn"

    def test_a_mail_from_the_future_means_that_a_clock_is_wrong(self, dovecot, password):
        dovecot.append(MAIL)
        finding = line_with("the newest mail came", self.ask(dovecot, password, now=NOW - timedelta(hours=3)))
        assert (finding.status, finding.advice) == ("warn", "set the clock of this machine, for example with NTP")

    def test_a_wrong_password_is_a_failure_and_stands_nowhere(self, scripted_imap, tmp_path):
        scripted_imap.script.refuse_login = "Authentication failed"
        path = tmp_path / "p"
        path.write_text("khong-phai-mat-khau")
        findings = self.ask(scripted_imap, Secret(file=path))
        assert [one.status for one in findings] == ["fail", "skipped"]
        assert "check username and password" in findings[0].message
        assert "khong-phai-mat-khau" not in str(findings)

    def test_a_password_that_is_not_set_is_told_by_its_place(self, dovecot):
        finding = self.ask(dovecot, Secret(env="TIEPNHAN_NO_SUCH_VARIABLE"))[0]
        assert "environment variable TIEPNHAN_NO_SUCH_VARIABLE: it is not set" in finding.message

    def test_a_closed_port_is_a_failure_with_advice(self, sink, password):
        sink.go_down()
        mailbox = Mailbox(name="support", host=sink.host, port=sink.port, security="plain")
        findings = check_mailbox(mailbox, nothing_seen, NOW)
        assert [one.status for one in findings] == ["fail", "skipped"]
        assert "check host, port and security" in findings[0].advice

    def test_an_unknown_certificate_is_a_failure_and_a_known_one_is_not(self, dovecot, password):
        tls = {"security": "tls", "port": dovecot.tls_port}
        finding = self.ask(dovecot, password, **tls)[0]
        assert finding.status == "fail"
        assert "set ca_file" in finding.advice
        assert self.ask(dovecot, password, ca_file=dovecot.ca_file, **tls)[0].status == "ok"

    def test_a_folder_that_is_not_there_is_a_failure(self, dovecot, password):
        finding = self.ask(dovecot, password, folder="inbox/Khiếu nại")[-1]
        assert finding.status == "fail"
        assert "folder" in finding.advice

    @pytest.mark.parametrize(
        ("capabilities", "processed", "status", "words"),
        [
            pytest.param("IMAP4rev1", "keep", "warn", "no IDLE: new mail is seen within 60 s", id="no IDLE"),
            pytest.param("IMAP4rev1 IDLE", "move:Xong", "fail", "neither MOVE nor UIDPLUS", id="cannot move"),
            pytest.param("IMAP4rev1 IDLE UIDPLUS", "move:Xong", "ok", "can move mail to Xong", id="by UIDPLUS"),
            pytest.param("IMAP4rev1 IDLE MOVE", "move:Xong", "ok", "can move mail to Xong", id="by MOVE"),
        ],
    )
    def test_what_the_server_cannot_do_is_told(self, scripted_imap, password, capabilities, processed, status, words):
        scripted_imap.script.capabilities = capabilities
        findings = self.ask(scripted_imap, password, processed=Processed.parse(processed))
        assert line_with(words, findings).status == status


class TestSmtp:
    ADDRESS = "support@hakago.example"
    REPLIES = "reply addresses such as support+hkg-00-000000."

    def ask(self, sink: SmtpSink, prefix: str | None = "HKG", subaddress="+", address=ADDRESS, **changes):
        config = Config(
            service=Service(name="Hakago", address=address, subaddress=subaddress),
            mailboxes=(Mailbox(name="support", host="127.0.0.1"),),
            smtp=replace(Smtp(host=sink.host, port=sink.port, security="plain"), **changes),
        )
        return check_smtp(config, prefix)

    def test_a_good_server_is_fine_and_gets_no_mail(self, sink):
        findings = self.ask(sink)
        assert [one.status for one in findings] == ["ok", "ok", "ok"]
        assert self.REPLIES in findings[-1].message
        assert sink.received == []
        assert sink.connections == 1

    def test_a_server_that_is_down_is_a_failure(self, sink):
        sink.go_down()
        findings = self.ask(sink)
        assert [one.status for one in findings] == ["fail", "skipped"]
        assert findings[0].advice == "check host, port and security in [smtp], and the network"

    def test_a_refused_sender_is_a_failure(self, sink):
        sink.answer("MAIL", "553 5.7.1 Sender address rejected: not owned by user")
        findings = self.ask(sink)
        assert [one.status for one in findings] == ["ok", "fail", "skipped"]
        assert "553 5.7.1 Sender address rejected" in findings[1].message

    def test_a_refused_reply_address_is_a_failure_because_answers_would_bounce(self, sink):
        sink.answer("RCPT", "250 OK", "550 5.1.1 User unknown")
        finding = self.ask(sink)[-1]
        assert (finding.status, "subaddress" in finding.advice) == ("fail", True)

    def test_a_server_that_takes_no_mail_for_us_at_all_leaves_reply_addresses_open(self, sink):
        sink.refuse(self.ADDRESS, "554 5.7.1 Relay access denied")
        finding = self.ask(sink)[-1]
        assert finding.status == "warn"
        assert "is not known" in finding.message

    def test_a_hung_up_connection_between_questions_is_no_crash(self, sink):
        sink.answer("MAIL", "250 OK", "421 4.3.2 Service shutting down")
        assert [one.status for one in self.ask(sink)] == ["ok", "ok", "warn"]

    @pytest.mark.parametrize(
        ("options", "status", "words"),
        [
            pytest.param({"subaddress": ""}, "ok", "no reply addresses with tokens", id="switched off"),
            pytest.param({"prefix": None}, "skipped", "the policy has mistakes", id="no policy"),
            pytest.param({"address": f"{'a' * 40}@hakago.example"}, "warn", "too long", id="no room for a token"),
        ],
    )
    def test_reply_addresses_are_asked_for_only_where_there_are_any(self, sink, options, status, words):
        finding = self.ask(sink, **options)[-1]
        assert finding.status == status
        assert words in finding.message

    def test_a_wrong_password_is_a_failure_and_stands_nowhere(self, tmp_path):
        path = tmp_path / "p"
        path.write_text("khong-phai-mat-khau")
        with SmtpSink(login=("support", "secret")) as sink:
            findings = self.ask(sink, username="support", password=Secret(file=path))
        assert findings[0].status == "fail"
        assert "check username, password" in findings[0].advice
        assert "khong-phai-mat-khau" not in str(findings)

    def test_an_unknown_certificate_is_a_failure_and_a_known_one_is_not(self, certificate: Certificate):
        with SmtpSink(security="tls", certificate=certificate) as sink:
            assert "set ca_file" in self.ask(sink, security="tls")[0].advice
            findings = self.ask(sink, security="tls", ca_file=certificate.file)
        assert [one.status for one in findings] == ["ok", "ok", "ok"]


class TestDatabase:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(
            '[service]\nname = "H"\naddress = "support@hakago.example"\n'
            '[[mailbox]]\nname = "support"\nhost = "127.0.0.1"\n[smtp]\nhost = "127.0.0.1"\n'
        )
        return read_config(path)

    def file(self, config: Config) -> Path:
        return config.service.data / "tiepnhan.db"

    def test_a_database_that_is_not_there_yet_is_fine_and_is_not_made(self, config):
        is_usable, finding = check_database(config)
        assert (is_usable, finding.status) == (False, "ok")
        assert not config.service.data.exists()

    def test_one_that_the_daemon_has_used_is_fine(self, office: Office):
        office.work()
        is_usable, finding = check_database(read_config(office.config))
        assert (is_usable, finding.status) == (True, "ok")
        assert told(check_queues(read_config(office.config), office.now)) == [
            ("ok", "empty"),
            ("ok", "nothing is stuck"),
        ]

    def test_trying_to_write_leaves_nothing_behind(self, office: Office):
        office.work()
        with closing(sqlite3.connect(office.data / "tiepnhan.db")) as database:
            before = list(database.iterdump())
            check_database(read_config(office.config))
            assert list(database.iterdump()) == before

    @pytest.mark.parametrize(
        ("statement", "status", "words"),
        [
            pytest.param(
                "CREATE TABLE customers (id INTEGER)", "fail", "not a database of tiepnhan", id="somebody else's"
            ),
            pytest.param(
                "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0000')",
                "warn",
                "an earlier release wrote it",
                id="older",
            ),
            pytest.param(
                "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('9999')",
                "fail",
                "a newer release of tiepnhan wrote it",
                id="newer",
            ),
            pytest.param(
                "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('ae1027a6acf')",
                "fail",
                "not a database of tiepnhan",
                id="another program's revision",
            ),
        ],
    )
    def test_a_database_of_other_tables_is_told(self, config, statement, status, words):
        config.service.data.mkdir()
        with closing(sqlite3.connect(self.file(config))) as database:
            database.executescript(statement)
        is_usable, finding = check_database(config)
        assert (is_usable, finding.status) == (False, status)
        assert words in finding.message

    def test_a_file_that_is_no_database_is_a_failure_in_one_line(self, config):
        config.service.data.mkdir()
        self.file(config).write_text("Đây không phải là cơ sở dữ liệu. " * 100)
        is_usable, finding = check_database(config)
        assert (is_usable, finding.status, "\n" in finding.message) == (False, "fail", False)

    def test_a_database_server_that_is_down_is_a_failure(self, config, sink):
        sink.go_down()
        url = f"postgresql+psycopg://tiepnhan@127.0.0.1:{sink.port}/tiepnhan"
        is_usable, finding = check_database(replace(config, service=replace(config.service, database=url)))
        assert (is_usable, finding.status, finding.advice) == (False, "fail", "is the database server running?")

    def test_a_database_server_is_looked_at_like_a_file(self, config, postgres_url):
        config = replace(config, service=replace(config.service, database=postgres_url))
        is_usable, finding = check_database(config)
        assert (is_usable, finding.status, "empty" in finding.message) == (False, "ok", True)
        with closing(Database(postgres_url)) as database:
            migrate(database)
        is_usable, finding = check_database(config)
        assert (is_usable, finding.status) == (True, "ok")
        assert told(check_queues(config, NOW)) == [("ok", "empty"), ("ok", "nothing is stuck")]

    def test_mails_that_wait_too_long_are_told_with_the_last_error(self, office: Office):
        office.sink.answer("RCPT", "451 4.3.0 Try again later")
        office.receive(write_mail())
        office.work()
        findings = check_queues(read_config(office.config), office.now + timedelta(hours=2))
        finding = line_with("mails to send: 1, waiting since", findings)
        assert (finding.status, "451 4.3.0 Try again later" in finding.message) == ("warn", True)

    def test_deadlines_that_nobody_looks_at_are_told(self, office: Office):
        office.receive(write_mail())
        office.work()
        findings = check_queues(read_config(office.config), office.now + timedelta(days=3))
        assert "is `tiepnhan run` running?" in line_with("deadlines: ", findings).advice

    def test_a_mail_in_quarantine_is_told(self, office: Office):
        office.receive(b"Subject: khong co nguoi gui\r\n\r\nx\r\n")
        office.work()
        assert len(office.quarantined()) == 1
        finding = check_queues(read_config(office.config), office.now)[0]
        assert (finding.subject, finding.status) == ("quarantine", "warn")

    def test_what_was_taken_in_is_known_by_its_uid(self, office: Office):
        office.receive(write_mail())
        office.work()
        config = read_config(office.config)
        with closing(sqlite3.connect(office.data / "tiepnhan.db")) as database:
            uidvalidity, uid = database.execute("SELECT uidvalidity, uid FROM ledger").fetchone()
        assert seen_uids(config, office.now, "support", uidvalidity) == {uid}
        assert seen_uids(config, office.now, "support", uidvalidity + 1) == set()
