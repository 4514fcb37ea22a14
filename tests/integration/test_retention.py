"""What the policy keeps no longer goes, with its files; what it keeps stays; and no crash leaves rows without files."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from store.blobs import Blobs
from store.casebook import open_casebook
from store.database import Database
from store.disused import IN_HAND_SECONDS, DisusedFiles
from store.expired import Expired, Limits
from store.inbox import Inbox
from store.outbox import DeliveryResult
from store.quarantine import Quarantine
from store.schema import attachment, automatic, erasure, ledger, message, metadata, outbox, ticket
from store.spool import Spool
from tests.complaints import MORNING, POLICY, STRANGER, TUAN, photo
from tests.memory import arrival, carry_out, claim, letter, open_in, open_ticket, post, received
from tests.memory import ledger as ledger_of
from tests.memory import outbox as outbox_of
from tickets.effects import ChangeState
from tickets.ticket import Outcome, Ticket

YEAR = timedelta(days=365)
LATER = MORNING + 2 * YEAR
NOTHING = Limits(evidence=None, tickets=None, automatic=None, keep_outcomes=("authority",))
EVIDENCE = replace(NOTHING, evidence=MORNING + YEAR)
TICKETS = replace(NOTHING, tickets=MORNING + YEAR)
AUTOMATIC = replace(NOTHING, automatic=MORNING + YEAR)


class House:
    """A memory with its files."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.database = database
        self.spool, self.blobs = Spool(folder / "spool"), Blobs(folder / "blobs")
        self.files = DisusedFiles(database, self.spool, self.blobs)
        self._uids = 0

    def take_in(self, sender: str = TUAN, *photos: bytes, raw: bytes = b"", **changes: Any) -> Ticket:
        """A case by a mail, both with files that are really there."""
        mail_id = self.keep_mail(sender, raw or f"From: {sender} {self._uids}".encode())
        (waiting,) = [one for one in claim(self.database) if one.mail_id == mail_id]
        attached = tuple(photo(f"{one!r}.jpg", sha256=self.keep_blob(one)) for one in photos)
        with open_casebook(self.database, POLICY, MORNING) as book:
            mail = received(waiting, message_id=f"<{mail_id}@khach.example>", attachments=attached)
            opened = open_in(book, mail, letters=[sender], customer_email=sender, **changes)
            book.dispose(waiting.mail_id, "message")
        return opened

    def keep_mail(self, sender: str, raw: bytes, uidvalidity: int = 1) -> int:
        file = self.spool.begin()
        file.write(raw)
        mail = file.finish()
        self.spool.keep([mail])
        self._uids += 1
        made = arrival(
            sender=sender, sha256=mail.sha256, uid=self._uids, uidvalidity=uidvalidity,
            message_id=f"<{mail.sha256[:8]}@khach.example>",
        )  # fmt: skip
        ledger_of(self.database).enter([made])
        found: int = self.scalar(select(func.max(ledger.c.id)))
        return found

    def keep_blob(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        blob = self.blobs.begin()
        blob.write(content)
        blob.finish(digest)
        self.blobs.settle()
        return digest

    def close(self, one: Ticket, outcome: Outcome | None = "refund", at: datetime = MORNING) -> None:
        with open_casebook(self.database, POLICY, at) as book:
            book.read_tickets([one.id])
            closing_it = ChangeState(state="closed", outcome=outcome, why="test", at=at)
            carry_out(book, book.current(one.id), closing_it)

    def erase(self, limits: Limits) -> Counter[str]:
        """Everything that is due."""
        expired, total = Expired(self.database, self.files), Counter[str]()
        while done := expired.erase_some(limits, by="test", now=LATER, wall=a_moment_later):
            total += Counter(done)
        return total

    def scalar(self, wanted: Any) -> Any:
        with self.database.reading() as connection:
            return connection.scalar(wanted)

    def count(self, table: Any) -> int:
        found: int = self.scalar(select(func.count()).select_from(table))
        return found

    def has_blob(self, content: bytes) -> bool:
        return self.blobs.path(sha256(content).hexdigest()).exists()

    def has_raw(self, raw: bytes) -> bool:
        return self.spool.place(sha256(raw).hexdigest()).exists()


def a_moment_later() -> float:
    """The files of a test are a moment old."""
    return time.time() + 1


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(tmp_path, database)


def test_files_go_and_the_case_stays(house: House):
    one = house.take_in(TUAN, b"photo", raw=b"with a photo")
    house.close(one)
    counts = house.erase(EVIDENCE)
    assert not house.has_blob(b"photo")
    assert not house.has_raw(b"with a photo")
    assert counts == {"attachment": 1, "raw mails": 1}
    kept = house.scalar(select(attachment.c.sha256))
    assert kept == sha256(b"photo").hexdigest()
    assert house.scalar(select(ledger.c.sender)) == TUAN
    assert house.erase(EVIDENCE) == {}


def test_a_mail_without_files_keeps_its_bytes_for_as_long_as_its_case(house: House):
    house.close(house.take_in(raw=b"only words"))
    assert house.erase(EVIDENCE) == {}
    assert house.has_raw(b"only words")


def test_a_file_that_another_case_needs_stays(house: House):
    house.close(house.take_in(TUAN, b"photo"))
    house.take_in(STRANGER, b"photo")
    house.erase(EVIDENCE)
    assert house.has_blob(b"photo")
    house.erase(TICKETS)
    assert house.has_blob(b"photo")


def test_a_whole_case_goes_with_everything_that_tells_of_it(house: House):
    house.close(house.take_in(TUAN, b"photo", raw=b"his mail"))
    other = house.take_in(STRANGER, raw=b"of another")
    house.erase(TICKETS)
    assert (house.has_blob(b"photo"), house.has_raw(b"his mail"), house.has_raw(b"of another")) == (False, False, True)
    assert house.scalar(select(ticket.c.number)) == other.number
    assert house.scalar(select(message.c.email)) == STRANGER
    assert house.scalar(select(func.count()).where(ledger.c.sender == TUAN)) == 0
    assert house.scalar(select(func.count()).where(outbox.c.recipient == TUAN)) == 0
    assert house.scalar(select(erasure.c.counts))["ticket"] == 1


@pytest.mark.parametrize(
    ("outcome", "at"),
    [
        pytest.param("authority", MORNING, id="an outcome that is kept"),
        pytest.param("refund", MORNING + YEAR + timedelta(seconds=1), id="closed not long ago"),
        pytest.param("", MORNING, id="still open"),
    ],
)
def test_what_is_to_be_kept_is_kept(house: House, outcome: Any, at: datetime):
    one = house.take_in(TUAN, b"photo", raw=b"his mail")
    if outcome:
        house.close(one, outcome, at)
    assert house.erase(replace(TICKETS, evidence=MORNING + YEAR)) == {}
    assert house.has_blob(b"photo")
    assert house.has_raw(b"his mail")


def test_a_deleted_mail_that_the_server_shows_again_is_known_and_leaves_no_name(house: House):
    house.close(house.take_in(TUAN, raw=b"his mail"))
    house.erase(TICKETS)
    house.keep_mail(TUAN, b"his mail", uidvalidity=2)
    assert claim(house.database) == []
    assert house.scalar(select(func.count()).where(ledger.c.sender == TUAN)) == 0
    assert house.files.sweep(time.time() + 2 * IN_HAND_SECONDS) == 1
    assert not house.has_raw(b"his mail")


def test_copies_of_a_mail_from_other_mailboxes_go_with_it(house: House):
    one = house.take_in(TUAN, raw=b"his mail")
    first = house.scalar(select(ledger.c.id))
    with house.database.writing() as connection:
        for number, known_as in ((101, first), (102, 0)):
            row = arrival(sender=TUAN, message_id=house_message_id(b"his mail"), uid=number)
            connection.execute(
                ledger.insert().values(
                    mailbox="other", uidvalidity=1, uid=number, size_bytes=1, sha256=row.sha256,
                    message_id=row.message_id, sender=TUAN, received_at=MORNING, entered_at=MORNING,
                    known_as=known_as, disposition="known", is_filed=False,
                )
            )  # fmt: skip
    house.close(one)
    house.erase(TICKETS)
    assert house.scalar(select(func.count()).where(ledger.c.disposition == "erased", ledger.c.sender == "")) == 3


def house_message_id(raw: bytes) -> str:
    return f"<{sha256(raw).hexdigest()[:8]}@khach.example>"


def test_records_of_automatic_mail_go_and_those_of_cases_stay(house: House):
    one = house.take_in()
    alone, told = house.keep_mail(STRANGER, b"out of office"), house.keep_mail(STRANGER, b"of a case")
    waiting = {mail.mail_id: mail for mail in claim(house.database)}
    with open_casebook(house.database, POLICY, MORNING) as book:
        book.record_automatic(received(waiting[alone]), None)
        book.record_automatic(received(waiting[told]), one)
        for mail_id in (alone, told):
            book.dispose(mail_id, "automatic")
    house.erase(AUTOMATIC)
    assert house.scalar(select(automatic.c.mail_id)) == told
    assert (house.has_raw(b"out of office"), house.has_raw(b"of a case")) == (False, True)


def test_discarded_mails_and_letters_to_staff_go_with_the_records(house: House):
    discarded, kept = house.keep_mail(STRANGER, b"discarded"), house.keep_mail(STRANGER, b"in quarantine")
    claim(house.database)
    for mail_id in (discarded, kept):
        Inbox(house.database).set_aside(mail_id, "no-sender", "", MORNING)
    Quarantine(house.database).discard(discarded, who="root", why="spam", now=MORNING)
    post(house.database, letter("lan@hakago.example"), letter("minh@hakago.example"))
    sent = house.scalar(select(func.min(outbox.c.id)))
    done = DeliveryResult(mail_id=sent, outcome="sent", at=MORNING, next_attempt_at=None, error="")
    outbox_of(house.database).record([done])
    house.erase(AUTOMATIC)
    assert (house.has_raw(b"discarded"), house.has_raw(b"in quarantine")) == (False, True)
    assert [mail.mail_id for mail in Quarantine(house.database).read(with_discarded=True)] == [kept]
    assert house.scalar(select(func.count()).select_from(outbox)) == 1  # one that waits to be sent stays


def test_what_was_deleted_is_remembered_without_names(house: House):
    house.close(house.take_in(TUAN, b"photo"))
    house.erase(TICKETS)
    with house.database.reading() as connection:
        (row,) = connection.execute(select(erasure)).mappings()
    assert (row["kind"], row["by"], row["at"]) == ("tickets", "test", LATER)
    assert row["counts"]["attachment"] == 1
    assert TUAN not in str(row)


def test_more_than_one_piece_goes_to_the_end(house: House):
    for number in range(103):
        open_ticket(house.database, customer_email=f"khach{number}@khach.example", state="closed", closed_at=MORNING)
    assert house.erase(TICKETS)["ticket"] == 103
    assert house.count(erasure) == 2


# Files.


def test_a_file_that_came_while_rows_were_deleted_stays(house: House):
    house.close(house.take_in(TUAN, b"photo"))
    before = time.time() - 60  # the transaction began before the file was written
    Expired(house.database, house.files).erase_some(TICKETS, by="test", now=LATER, wall=lambda: before)
    assert house.has_blob(b"photo")
    assert house.files.sweep(time.time()) == 0
    assert house.files.sweep(time.time() + 2 * IN_HAND_SECONDS) == 2
    assert not house.has_blob(b"photo")


def test_while_somebody_has_mails_in_hand_young_files_wait_for_the_night(house: House):
    house.close(house.take_in(TUAN, b"photo"))
    house.keep_mail(STRANGER, b"in hand")
    assert claim(house.database)
    house.erase(TICKETS)
    assert house.has_blob(b"photo")
    assert house.files.sweep(time.time() + 2 * IN_HAND_SECONDS) == 2


def test_what_a_crash_set_aside_goes_back_before_anything_is_judged(house: House):
    house.take_in(TUAN, b"photo")
    place = house.blobs.path(sha256(b"photo").hexdigest())
    place.rename(place.with_name(f"{place.name}.aside"))
    house.files.sweep(time.time())
    assert place.read_bytes() == b"photo"
    assert [path.name for path in place.parent.iterdir()] == [place.name]


_KILLED = """
import os, signal, sys
from pathlib import Path
from store.blobs import Blobs
from store.database import Database
from store.disused import DisusedFiles
from store.expired import Expired
from store.spool import Spool
from tests.integration.test_retention import LATER, TICKETS, a_moment_later

class Killed(DisusedFiles):
    def remove(self, *_):
        os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[2])
database = Database(sys.argv[1])
files = Killed(database, Spool(folder / "spool"), Blobs(folder / "blobs"))
Expired(database, files).erase_some(TICKETS, by="test", now=LATER, wall=a_moment_later)
"""


def test_a_kill_between_commit_and_files_leaves_files_that_the_next_night_takes(
    house: House, database_url: str, tmp_path: Path
):
    house.close(house.take_in(TUAN, b"photo", raw=b"his mail"))
    house.take_in(STRANGER, b"other photo", raw=b"of another")
    command = [sys.executable, "-c", _KILLED, database_url, str(tmp_path)]
    root = Path(__file__).parents[2]
    killed = subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert house.scalar(select(func.count()).select_from(ticket)) == 1
    assert house.has_blob(b"photo")
    assert house.files.sweep(time.time() + 2 * IN_HAND_SECONDS) == 2
    assert (house.has_blob(b"photo"), house.has_raw(b"his mail")) == (False, False)
    assert (house.has_blob(b"other photo"), house.has_raw(b"of another")) == (True, True)


@pytest.fixture
def sqlite_house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    with closing(Database(sqlite_url)) as database:
        metadata.create_all(database.engine)
        yield House(tmp_path, database)


def test_deleted_words_are_gone_from_the_file_of_the_database(sqlite_house: House, tmp_path: Path):
    secret = "lời của khách"
    closed = sqlite_house.take_in(customer_name=secret)
    sqlite_house.take_in(STRANGER)
    sqlite_house.close(closed)
    sqlite_house.erase(TICKETS)
    with closing(sqlite_house.database.engine.raw_connection()) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret.encode() not in (tmp_path / "tiepnhan.db").read_bytes()
