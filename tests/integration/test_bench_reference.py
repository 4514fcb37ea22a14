"""The plain loop of the benchmark does its work: it must be a fair opponent, not a broken one."""

import subprocess
import sys

from sqlalchemy import create_engine, text

from bench.mails import make_photo_mail, make_text_mail, sender_of
from bench.sink import SinkProcess
from tests.servers.dovecot import Mailbox


def test_every_mail_becomes_a_ticket_and_every_customer_gets_one_answer(dovecot: Mailbox, tmp_path):
    mails = [make_text_mail(1), make_text_mail(2), make_photo_mail(1)]
    for raw in mails:
        dovecot.append(raw)
    database = tmp_path / "plain.db"
    with SinkProcess(keep=tmp_path) as sink:
        command = [sys.executable, "-m", "bench.reference", "--username", dovecot.username, "--database", str(database)]
        command += ["--imap-port", str(dovecot.port), "--smtp-port", str(sink.port)]
        subprocess.run(command, check=True, capture_output=True)
        assert sorted(one.recipient for one in sink.report()) == sorted(sender_of(raw) for raw in mails)
        sink.reset()
        assert sink.report() == []
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ticket")).scalar() == 3
        assert connection.execute(text("SELECT count(*) > 0 FROM attachment WHERE size_bytes > 28000")).scalar()
    engine.dispose()
    assert all(b"Auto-Submitted: auto-replied" in mail.read_bytes() for mail in tmp_path.glob("*.eml"))
