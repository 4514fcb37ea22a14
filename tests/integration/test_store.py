"""The memory on both databases: ledger, quarantine, values of the installation, workers, what can be stored at all."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from store.casebook import open_casebook
from store.clock_queue import ClockQueue
from store.database import Database, storable, translated
from store.errors import RefusedValue, StoreBusy, StoreError
from store.inbox import Inbox
from store.installation import read_or_make
from store.ledger import Ledger
from store.quarantine import Quarantine
from store.schema import counter, history, installation, outbox
from store.schema import ledger as ledger_table
from store.workers import Worker
from tests.complaints import HANOI, MORNING, POLICY, clock
from tests.memory import HOUR, LEASE, arrival, claim, differ, due, enter, ledger, letter, open_ticket, post

DAY = timedelta(days=1)


# The ledger.


def test_a_new_mail_is_entered_and_waits_in_the_inbox(database: Database):
    mail = arrival(mailbox="hỗ trợ", uid=2**32 - 1, uidvalidity=2**32 - 1, size_bytes=3 * 2**30)
    assert ledger(database).enter([mail]) == 1
    assert ledger(database).seen_uids("hỗ trợ", 2**32 - 1) == {2**32 - 1}
    (waiting,) = claim(database)
    assert (waiting.sha256, waiting.sender, waiting.size_bytes, waiting.attempts) == (
        mail.sha256,
        mail.sender,
        3 * 2**30,
        0,
    )
    assert waiting.received_at == MORNING


def test_a_uid_that_was_entered_is_passed_over(database: Database):
    mail, other = arrival(), arrival()
    assert ledger(database).enter([mail]) == 1
    assert ledger(database).enter([mail, other]) == 1
    assert ledger(database).enter([]) == 0


def test_many_mails_come_into_the_inbox_in_the_order_they_were_entered(database: Database):
    mails = [arrival() for _ in range(1200)]
    assert ledger(database).enter(mails) == 1200
    with database.reading() as connection:
        rows = connection.execute(select(ledger_table.c.sha256).order_by(ledger_table.c.id))
        assert list(rows.scalars()) == [mail.sha256 for mail in mails]
    assert [one.sha256 for one in claim(database, limit=2000)] == [mail.sha256 for mail in mails]


SECOND_TIME: dict[str, tuple[dict[str, object], int]] = {
    "in-another-mailbox": ({"mailbox": "returns"}, 0),
    "after-the-mailbox-was-made-anew": ({"uidvalidity": 2}, 0),
    "with-other-content": ({"uid": 10**6, "sha256": "f" * 64}, 1),
    "with-another-message-id": ({"uid": 10**6, "message_id": "<other@khach.example>"}, 1),
    "without-its-message-id": ({"uid": 10**6, "message_id": None}, 1),
}


@pytest.mark.parametrize(("changes", "new"), SECOND_TIME.values(), ids=SECOND_TIME)
@pytest.mark.parametrize("is_one_batch", [False, True], ids=["later", "in-one-batch"])
def test_a_mail_is_known_by_message_id_and_content_together(
    database: Database, changes: dict[str, object], new: int, is_one_batch: bool
):
    first = arrival()
    again = replace(first, **changes)  # type: ignore[arg-type]
    if is_one_batch:
        assert ledger(database).enter([first, again]) == 1 + new
    else:
        assert ledger(database).enter([first]) == 1
        assert ledger(database).enter([again]) == new
    assert len(claim(database)) == 1 + new
    assert ledger(database).seen_uids(again.mailbox, again.uidvalidity) >= {again.uid}  # known mails are entered too


@pytest.mark.parametrize("is_one_batch", [False, True], ids=["later", "in-one-batch"])
def test_a_mail_without_message_id_is_known_by_its_content(database: Database, is_one_batch: bool):
    first = arrival(message_id=None)
    again, other = replace(first, mailbox="returns"), arrival(message_id=None)
    batches = [[first, again, other]] if is_one_batch else [[first], [again, other]]
    assert sum(ledger(database).enter(batch) for batch in batches) == 2


def test_content_is_compared_leaving_out_what_servers_add(database: Database):
    same_but_for_the_trace = Ledger(database, lambda: MORNING, lambda one, other: one[:-1] == other[:-1])
    first = arrival(sha256="a" * 64)
    again = replace(first, mailbox="returns", sha256="a" * 63 + "b")
    other = replace(first, mailbox="sales", sha256="c" * 64)
    assert same_but_for_the_trace.enter([first]) == 1
    assert same_but_for_the_trace.enter([again, other]) == 1


def test_what_is_not_confirmed_as_filed_is_told_in_order(database: Database):
    mails = [arrival() for _ in range(3)]
    ledger(database).enter(mails)
    ledger(database).mark_filed("support", 1, [mails[1].uid])
    assert ledger(database).unfiled("support", 1) == [mails[0].uid, mails[2].uid]
    assert ledger(database).unfiled("support", 2) == []


def test_a_batch_that_cannot_be_entered_is_not_entered_in_part(database: Database):
    with pytest.raises(StoreError):
        ledger(database).enter([arrival(), arrival(message_id="<\ud800@khach.example>")])
    assert claim(database) == []


# The quarantine.


def test_a_mail_is_set_aside_looked_at_and_tried_again(database: Database):
    enter(database, "tuan@khach.example")
    (waiting,) = claim(database)
    Inbox(database).set_aside(waiting.mail_id, "parse", "ValueError: tệ", MORNING)
    (aside,) = Quarantine(database).read()
    assert (aside.mail_id, aside.reason, aside.error, aside.is_told) == (
        waiting.mail_id,
        "parse",
        "ValueError: tệ",
        False,
    )
    assert (aside.sender, aside.received_at, aside.sha256) == (waiting.sender, MORNING, waiting.sha256)
    assert claim(database, now=MORNING + DAY) == []
    assert Quarantine(database).retry(waiting.mail_id, MORNING + HOUR)
    assert Quarantine(database).read() == []
    (again,) = claim(database, now=MORNING + HOUR)
    assert (again.mail_id, again.attempts) == (waiting.mail_id, 0)


def test_only_what_is_in_quarantine_can_be_tried_again(database: Database):
    enter(database, "tuan@khach.example")
    assert not Quarantine(database).retry(1, MORNING)
    assert not Quarantine(database).retry(99, MORNING)


def test_staff_are_told_of_each_quarantined_mail_once(database: Database):
    enter(database, "a@khach.example", "b@khach.example")
    for waiting in claim(database):
        Inbox(database).set_aside(waiting.mail_id, "parse", "", MORNING)
    first, second = Quarantine(database).read(only_untold=True)
    with open_casebook(database, POLICY, MORNING) as book:
        book.mark_quarantine_told([first.mail_id])
    assert [one.mail_id for one in Quarantine(database).read(only_untold=True)] == [second.mail_id]
    assert len(Quarantine(database).read()) == 2


def test_a_mail_that_somebody_else_took_in_meanwhile_is_not_set_aside(database: Database):
    enter(database, "tuan@khach.example")
    (waiting,) = claim(database)
    with open_casebook(database, POLICY, MORNING) as book:
        book.dispose(waiting.mail_id, "message")
    Inbox(database).set_aside(waiting.mail_id, "parse", "too late", MORNING)
    assert Quarantine(database).read() == []


def test_a_discarded_mail_is_off_the_list_and_says_who_when_and_why(database: Database):
    enter(database, "tuan@khach.example")
    (waiting,) = claim(database)
    Inbox(database).set_aside(waiting.mail_id, "no-sender", "", MORNING)
    quarantine = Quarantine(database)
    assert quarantine.discard(waiting.mail_id, who="hung", why="quảng cáo", now=MORNING + HOUR)
    assert not quarantine.discard(waiting.mail_id, who="ai khác", why="", now=MORNING + DAY)
    assert quarantine.read() == quarantine.read(only_untold=True) == []
    (gone,) = quarantine.read(with_discarded=True)
    assert (gone.discarded_by, gone.discarded_why, gone.discarded_at) == ("hung", "quảng cáo", MORNING + HOUR)
    with database.reading() as connection:
        assert connection.scalar(select(ledger_table.c.disposition)) == "discarded"


def test_an_error_of_the_disk_names_the_database_file(tmp_path: Path):
    with closing(Database(f"sqlite:///{tmp_path}/small.db")) as database, database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(StoreBusy, match=f"^{tmp_path}/small.db: database or disk is full$"), translated():
            connection.execute(text("CREATE TABLE large (words)"))


# What can be stored.


def test_a_naive_time_is_refused(database: Database):
    with pytest.raises(Exception, match="a time without zone"), database.writing() as connection:
        connection.execute(insert(outbox).values(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_times_come_back_aware_and_as_the_same_instant(database: Database):
    at = datetime(2026, 11, 24, 0, 30, 0, 123456, tzinfo=HANOI)
    open_ticket(database, clocks=(clock(wakes_at=at),))
    found = ClockQueue(database).next_due_at()
    assert found == at
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_bytes_json_and_vietnamese_come_back_as_they_were(database: Database):
    raw = bytes(range(256)) * 3
    post(database, letter(raw=raw, email="người@khách.example"))
    (mail,) = due(database)
    assert (mail.raw, mail.recipient) == (raw, "người@khách.example")
    row = {"ticket_id": open_ticket(database).id, "at": MORNING, "actor": "Lan", "event": "note"}
    data = {"chữ": "Điện thoại 😀", "danh sách": [1, None, True], "trong": {"ngoài": 1.5}}
    with database.writing() as connection:
        connection.execute(insert(history), [{**row, "data": data}])
    with database.reading() as connection:
        assert connection.scalar(select(history.c.data).where(history.c.event == "note")) == data


@pytest.mark.parametrize("words", ["a\0b", "a\ud800b", "a\udcffb\0"], ids=["nul", "half-a-pair", "both"])
def test_words_of_others_are_made_storable(database: Database, words: str):
    enter(database, "tuan@khach.example")
    Inbox(database).set_aside(1, "parse", words, MORNING)
    (aside,) = Quarantine(database).read()
    assert aside.error == storable(words)
    assert (aside.error[0], aside.error[2]) == ("a", "b")


def test_ordinary_words_are_stored_as_they_are():
    assert storable("Điện thoại 😀\n") == "Điện thoại 😀\n"


def test_what_no_attempt_will_store_is_told_from_what_one_may(database: Database):
    with pytest.raises(RefusedValue) as refused:
        post(database, letter(text="x", subject="\ud800", email="a\ud800@khach.example"))
    assert not refused.value.is_temporary
    twice = letter()
    with pytest.raises(RefusedValue):
        post(database, twice, twice)
    assert due(database) == []


def test_a_database_that_cannot_be_reached_is_a_temporary_error(tmp_path: Path):
    gone = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with closing(gone), pytest.raises(StoreBusy) as busy, gone.reading():
        pass
    assert busy.value.is_temporary


def test_an_error_within_a_transaction_rolls_everything_back(database: Database):
    def write_and_fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(counter).values(name="x", last=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(counter)) == 0


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: Database):
    with database.reading() as connection:
        count = select(func.count()).select_from(installation)
        before = connection.scalar(count)
        read_or_make(database, "name", lambda: "value")
        assert connection.scalar(count) == before == 0
    assert read_or_make(database, "name", lambda: "other") == "value"


def test_sqlite_survives_a_power_failure(sqlite_url: str):
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


# The installation and its workers.


def test_a_value_is_made_once(database: Database):
    assert [read_or_make(database, "token-key", make) for make in (lambda: "first", lambda: "second")] == [
        "first",
        "first",
    ]
    assert read_or_make(database, "other", lambda: "third") == "third"


_HOLD = """
import sys
from pathlib import Path
from store.workers import Worker
worker = Worker(Path(sys.argv[1]))
print(worker.name, flush=True)
sys.stdin.read()
"""


def _start_worker(folder: Path) -> tuple["subprocess.Popen[str]", str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_what_a_killed_process_held_is_free_at_once_and_what_a_living_one_holds_is_not(
    database: Database, tmp_path: Path
):
    enter(database, "a@khach.example", "b@khach.example")
    post(database, letter())
    open_ticket(database, clocks=(clock(wakes_at=MORNING),))
    dead, dead_name = _start_worker(tmp_path)
    living, living_name = _start_worker(tmp_path)
    with dead, living, Worker(tmp_path) as ours:
        held = claim(database, dead_name, limit=1) + claim(database, living_name, limit=1)
        assert [one.sender for one in held] == ["a@khach.example", "b@khach.example"]
        due(database, dead_name)
        ClockQueue(database).claim_due(MORNING, 10, LEASE, dead_name)
        assert ours.free_leases_of_the_dead(database) == []
        dead.kill()
        dead.wait()
        assert ours.free_leases_of_the_dead(database) == [dead_name]
        assert [one.sender for one in claim(database, ours.name)] == ["a@khach.example"]
        assert len(due(database, ours.name)) == 1
        assert len(ClockQueue(database).claim_due(MORNING, 10, LEASE, ours.name)) == 1
        assert ours.free_leases_of_the_dead(database) == []


def test_a_worker_that_ends_leaves_no_file(tmp_path: Path):
    with Worker(tmp_path) as worker:
        assert [path.stem for path in tmp_path.iterdir()] == [worker.name]
    assert list(tmp_path.iterdir()) == []


def test_two_workers_never_have_the_same_name(tmp_path: Path):
    with Worker(tmp_path) as one, Worker(tmp_path) as other:
        assert one.name != other.name


def test_the_ledger_tells_the_time_by_the_clock_it_was_given(database: Database):
    now: Callable[[], datetime] = lambda: datetime(2030, 1, 1, tzinfo=UTC)  # noqa: E731
    Ledger(database, now, differ).enter([arrival()])
    with database.reading() as connection:
        assert connection.scalar(select(ledger_table.c.entered_at)) == now()
