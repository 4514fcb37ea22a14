"""The three queues on both databases: what is handed out, in which order, to whom, and when again."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from sqlalchemy import event, select

from store.casebook import open_casebook
from store.clock_queue import ClockQueue, DueClock
from store.database import Database
from store.inbox import CLAIMS_TO_QUARANTINE, Inbox
from store.migrating import migrate
from store.outbox import DeliveryResult
from store.records import WaitingMail
from store.schema import outbox as outbox_table
from tests.complaints import MORNING, POLICY, clock
from tests.memory import HOUR, LEASE, MINUTE, claim, due, enter, letter, open_ticket, outbox, post
from tickets.effects import StopClock

A, B, C = "a@khach.example", "b@khach.example", "c@khach.example"
AFTER_LEASE = MORNING + LEASE + timedelta(seconds=1)


def senders(mails: Sequence[WaitingMail]) -> list[str]:
    return [mail.sender for mail in mails]


def dispose(database: Database, *mails: WaitingMail) -> None:
    with open_casebook(database, POLICY, MORNING) as book:
        for mail in mails:
            book.dispose(mail.mail_id, "message")


# The inbox.


def test_mails_are_handed_out_oldest_first_and_once(database: Database):
    enter(database, A, B, C)
    assert senders(claim(database, limit=2)) == [A, B]
    assert senders(claim(database)) == [C]
    assert claim(database) == []


def test_mails_of_one_sender_claimed_together_are_in_order(database: Database):
    enter(database, A, B, A, A)
    claimed = claim(database)
    assert senders(claimed) == [A, B, A, A]
    assert [mail.mail_id for mail in claimed] == sorted(mail.mail_id for mail in claimed)


def test_a_mail_waits_while_an_earlier_one_of_its_sender_is_in_somebody_s_hands(database: Database):
    enter(database, A, A, B)
    (first,) = claim(database, limit=1)
    assert senders(claim(database, "two")) == [B]
    dispose(database, first)
    assert senders(claim(database, "two")) == [A]


def test_a_mail_waits_while_an_earlier_one_of_its_sender_waits_for_another_attempt(database: Database):
    enter(database, A, A, B)
    (first,) = claim(database, limit=1)
    Inbox(database).try_again(first.mail_id, MORNING + HOUR)
    assert senders(claim(database)) == [B]
    later = claim(database, now=MORNING + HOUR)
    assert [(mail.sender, mail.attempts) for mail in later] == [(A, 1), (A, 0)]


def test_a_lease_that_expired_frees_its_mail(database: Database):
    enter(database, A)
    claim(database, "dead")
    assert claim(database, now=MORNING + LEASE - timedelta(seconds=1)) == []
    assert senders(claim(database, now=AFTER_LEASE)) == [A]


def test_mails_given_back_are_as_if_they_had_not_been_claimed(database: Database):
    enter(database, A, B)
    claimed = claim(database)
    Inbox(database).give_back([mail.mail_id for mail in claimed], "one")
    assert senders(claim(database)) == [A, B]  # together: none of them counts as deadly


def test_only_the_holder_can_give_a_mail_back(database: Database):
    enter(database, A)
    (mail,) = claim(database, "one")
    Inbox(database).give_back([mail.mail_id], "two")
    assert claim(database, "two") == []
    Inbox(database).give_back([], "one")


def test_a_mail_whose_claim_ended_with_the_process_is_handed_out_alone(database: Database):
    enter(database, A, B, C)
    claim(database, "dead", limit=2)
    enter(database, "d@khach.example")
    sizes = [senders(claim(database, now=AFTER_LEASE)) for _ in range(3)]
    assert sizes == [[A], [B], [C, "d@khach.example"]]


def test_mails_in_front_of_a_suspect_are_handed_out_without_it(database: Database):
    enter(database, A, B)
    first, _ = claim(database, "dead")
    Inbox(database).try_again(first.mail_id, MORNING)
    assert [senders(claim(database, now=AFTER_LEASE)) for _ in range(2)] == [[A], [B]]


def test_a_mail_that_always_kills_the_program_is_found_and_handed_out_no_more(database: Database):
    enter(database, A, B)
    claim(database, limit=1)
    now = MORNING
    for ended in range(1, CLAIMS_TO_QUARANTINE):
        now += LEASE + MINUTE
        assert Inbox(database).find_suspects(now) == {1: ended}
        assert senders(claim(database, now=now, limit=1)) == [A]
    now += LEASE + MINUTE
    assert Inbox(database).find_suspects(now) == {1: CLAIMS_TO_QUARANTINE}
    assert senders(claim(database, now=now)) == [B]


def test_a_mail_in_somebody_s_hands_is_no_suspect_yet(database: Database):
    enter(database, A)
    now = MORNING
    for _ in range(CLAIMS_TO_QUARANTINE):
        assert senders(claim(database, now=now)) == [A]
        assert Inbox(database).find_suspects(now) == {}
        now += LEASE + MINUTE
    assert Inbox(database).find_suspects(now) == {1: CLAIMS_TO_QUARANTINE}


def test_mails_of_a_batch_that_died_in_the_parser_stay_suspects(database: Database):
    enter(database, A, B)
    claimed = claim(database)
    Inbox(database).give_back([mail.mail_id for mail in claimed], "one", is_tried=True)
    assert senders(claim(database)) == [A]


def test_an_attempt_that_ended_in_an_error_does_not_make_a_mail_a_suspect(database: Database):
    enter(database, A)
    for attempt in range(CLAIMS_TO_QUARANTINE + 1):
        (mail,) = claim(database)
        assert mail.attempts == attempt
        Inbox(database).try_again(mail.mail_id, MORNING)
    assert Inbox(database).find_suspects(AFTER_LEASE) == {}


def test_the_inbox_says_when_its_next_mail_is_due(database: Database):
    assert Inbox(database).next_due_at() is None
    enter(database, A)
    (mail,) = claim(database)
    Inbox(database).try_again(mail.mail_id, MORNING + HOUR)
    assert Inbox(database).next_due_at() == MORNING + HOUR


def test_a_mail_without_sender_is_handed_out_too(database: Database):
    enter(database, "", "")
    assert len(claim(database)) == 2


# The outbox.


def result(
    mail_id: int, outcome: Literal["sent", "retry", "failed"], error: str = "", after: timedelta = MINUTE
) -> DeliveryResult:
    next_at = MORNING + after if outcome == "retry" else None
    return DeliveryResult(mail_id=mail_id, outcome=outcome, at=MORNING, next_attempt_at=next_at, error=error)


def row(database: Database, mail_id: int) -> dict[str, Any]:
    with database.reading() as connection:
        return dict(connection.execute(select(outbox_table).where(outbox_table.c.id == mail_id)).mappings().one())


def test_mails_go_out_in_the_order_they_were_written_and_once(database: Database):
    open_ticket(database, letters=[A, B, C])
    assert [mail.recipient for mail in due(database, limit=2)] == [A, B]
    assert [mail.recipient for mail in due(database, "two")] == [C]
    assert due(database, now=MORNING + LEASE - MINUTE) == []


def test_the_mails_of_one_ticket_to_one_person_keep_their_order(database: Database):
    open_ticket(database, letters=[A, A, B])
    first, second, _ = due(database)
    outbox(database).release([second.id])
    assert due(database, "two") == []  # the second waits for the first
    outbox(database).record([result(first.id, "sent")])
    assert [mail.id for mail in due(database, "two")] == [second.id]


def test_a_mail_that_is_tried_again_holds_back_the_later_ones_to_that_person_only(database: Database):
    open_ticket(database, letters=[A, A, B])
    open_ticket(database, letters=[A])
    first, second, *others = due(database)
    outbox(database).record([result(first.id, "retry", "451 later")])
    outbox(database).release([second.id, *(mail.id for mail in others)])
    assert [mail.id for mail in due(database)] == [mail.id for mail in others]
    assert [(mail.id, mail.attempts) for mail in due(database, now=MORNING + MINUTE)] == [(first.id, 1), (second.id, 0)]


def test_a_mail_that_failed_for_good_does_not_hold_back_the_next(database: Database):
    open_ticket(database, letters=[A, A])
    first, second = due(database)
    outbox(database).record([result(first.id, "failed", "550 no such user")])
    outbox(database).release([second.id])
    assert [mail.id for mail in due(database)] == [second.id]


def test_letters_that_belong_to_no_ticket_do_not_wait_for_each_other(database: Database):
    post(database, letter(A), letter(A))
    (first,) = due(database, limit=1)
    assert [mail.recipient for mail in due(database, "two")] == [A]
    assert first.ticket_id is None


def test_a_mail_whose_sender_died_goes_out_again_as_it_was(database: Database):
    post(database, letter(A))
    (once,) = due(database, "dead")
    (again,) = due(database, now=AFTER_LEASE)
    assert again == once


def test_what_became_of_a_mail_is_recorded(database: Database):
    open_ticket(database, letters=[A, B, C])
    sent, retried, failed = due(database)
    outbox(database).record(
        [result(sent.id, "sent"), result(retried.id, "retry", "451"), result(failed.id, "failed", "550")]
    )
    found = [row(database, mail.id) for mail in (sent, retried, failed)]
    assert [(one["state"], one["attempts"], one["sent_at"], one["error"]) for one in found] == [
        ("sent", 1, MORNING, ""),
        ("queued", 1, None, "451"),
        ("failed", 1, None, "550"),
    ]
    assert [one["due_at"] for one in found] == [MORNING, MORNING + MINUTE, MORNING]
    assert all(one["leased_by"] is None for one in found)


def test_what_was_sent_stays_sent_whatever_a_slower_daemon_says(database: Database):
    post(database, letter(A))
    (mail,) = due(database, "slow")
    due(database, "fast", now=AFTER_LEASE)
    outbox(database).record([result(mail.id, "sent")])
    outbox(database).record([result(mail.id, "retry", "451")])
    outbox(database).release([mail.id])
    assert row(database, mail.id)["state"] == "sent"
    assert due(database, now=MORNING + HOUR) == []


def test_the_outbox_says_when_its_next_mail_is_due(database: Database):
    assert outbox(database).next_due_at() is None
    post(database, letter(A))
    (mail,) = due(database)
    outbox(database).record([result(mail.id, "retry", "451", after=HOUR)])
    assert outbox(database).next_due_at() == MORNING + HOUR
    (mail,) = due(database, now=MORNING + HOUR)
    outbox(database).record([result(mail.id, "sent")])
    assert outbox(database).next_due_at() is None


def test_failures_are_told_until_staff_know(database: Database):
    opened = open_ticket(database, letters=[A])
    post(database, letter(B))
    first, second = due(database)
    outbox(database).record([result(first.id, "failed", "550 gone"), result(second.id, "failed", "550")])
    failure, _ = outbox(database).untold_failures()
    assert (failure.ticket_id, failure.kind, failure.recipient, failure.error) == (
        opened.id,
        "acknowledgement",
        A,
        "550 gone",
    )
    with open_casebook(database, POLICY, MORNING) as book:
        book.mark_failures_told([first.id])
    assert [one.mail_id for one in outbox(database).untold_failures()] == [second.id]


def test_the_breaker_lets_no_more_automatic_mails_out_than_the_hour_allows(database: Database):
    post(database, *[letter(A) for _ in range(5)])
    assert len(due(database, per_hour=3)) == 3
    assert outbox(database, 3).is_breaker_open(MORNING)
    assert due(database, per_hour=3) == []  # leased ones count as sent


def test_staff_get_their_mails_while_the_breaker_is_open(database: Database):
    post(database, letter(A), letter(A), letter(B, is_automatic=False))
    (first,) = due(database, per_hour=1, limit=1)
    assert [mail.recipient for mail in due(database, per_hour=1)] == [B]
    outbox(database).record([result(first.id, "sent")])
    assert due(database, per_hour=1) == []


def test_the_breaker_closes_again_after_an_hour(database: Database):
    post(database, letter(A), letter(A))
    (first,) = due(database, per_hour=1)
    outbox(database, 1).record([result(first.id, "sent")])
    assert outbox(database, 1).is_breaker_open(MORNING + 59 * MINUTE)
    later = MORNING + HOUR
    assert not outbox(database, 1).is_breaker_open(later)
    assert len(due(database, now=later, per_hour=1)) == 1


def test_a_breaker_without_anything_waiting_is_not_open(database: Database):
    post(database, letter(A))
    (mail,) = due(database, per_hour=1)
    outbox(database, 1).record([result(mail.id, "sent")])
    assert not outbox(database, 1).is_breaker_open(MORNING)


# The clocks.


def wake(database: Database, worker: str = "one", **when: Any) -> list[DueClock]:
    return ClockQueue(database).claim_due(when.get("now", MORNING), when.get("limit", 100), LEASE, worker)


def test_clocks_are_handed_out_the_longest_overdue_first_and_once(database: Database):
    for minutes in (1, 3, 2, -1):
        open_ticket(database, clocks=(clock(wakes_at=MORNING - minutes * MINUTE),))
    assert [one.ticket_id for one in wake(database, limit=2)] == [2, 3]
    assert [one.ticket_id for one in wake(database, "two")] == [1]
    assert wake(database) == []
    assert [one.ticket_id for one in wake(database, now=AFTER_LEASE)] == [2, 3, 1, 4]


def test_clocks_that_do_not_run_are_not_handed_out(database: Database):
    stopped = replace(clock("respond"), state="stopped", wakes_at=None)
    opened = open_ticket(database, clocks=(clock(wakes_at=MORNING), stopped))
    assert wake(database) == [DueClock(ticket_id=opened.id, name="evidence")]


def test_a_clock_that_was_changed_is_free_for_its_next_step(database: Database):
    opened = open_ticket(database, clocks=(clock(wakes_at=MORNING), clock("respond", wakes_at=MORNING)))
    wake(database)
    moved = replace(
        opened,
        clocks=tuple(replace(one, stepped_to=MORNING) if one.name == "evidence" else one for one in opened.clocks),
    )
    _save(database, moved)
    assert [one.name for one in wake(database)] == ["evidence"]


def _save(database: Database, changed: Any) -> None:
    with open_casebook(database, POLICY, MORNING) as book:
        book.read_tickets([changed.id])
        book.record([(StopClock(name="evidence", why="test", at=MORNING), changed)], [], actor="test")


def test_the_clocks_say_when_the_next_one_is_due(database: Database):
    assert ClockQueue(database).next_due_at() is None
    open_ticket(database, clocks=(clock(wakes_at=MORNING + HOUR), clock("respond", wakes_at=MORNING + 2 * HOUR)))
    assert ClockQueue(database).next_due_at() == MORNING + HOUR


def test_clocks_woken_before_their_time_are_due_and_those_that_rest_stay_at_rest(database: Database):
    open_ticket(database, clocks=(clock(wakes_at=MORNING + 30 * HOUR), clock("respond", wakes_at=MORNING - HOUR)))
    open_ticket(
        database, clocks=(clock(state="paused", wakes_at=None), clock("respond", state="expired", wakes_at=None))
    )
    assert ClockQueue(database).wake_all(MORNING) == 1
    assert [(one.ticket_id, one.name) for one in wake(database)] == [(1, "respond"), (1, "evidence")]


def test_a_policy_file_that_changed_wakes_the_clocks_once(database: Database):
    queue = ClockQueue(database)
    open_ticket(database, clocks=(clock(wakes_at=MORNING + HOUR),))
    woken = [
        queue.rewind(digest, MORNING - minutes * MINUTE) for minutes, digest in enumerate(["a", "a", "b", "b", "a"])
    ]
    assert woken == [1, 0, 1, 0, 1]


@pytest.mark.parametrize("question", ["claim", "next"])
def test_waking_up_asks_the_index_and_nothing_else(sqlite_url: str, question: str):
    """Else it would cost more with every ticket that exists."""
    asked: list[tuple[str, Any]] = []
    with closing(Database(sqlite_url)) as database:
        migrate(database)
        open_ticket(database, clocks=(clock(wakes_at=MORNING),))
        event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
        if question == "claim":
            assert len(wake(database)) == 1
        else:
            assert ClockQueue(database).next_due_at() == MORNING
        plans = [plan for sql, values in list(asked) if "FROM clock" in sql for plan in _plan(database, sql, values)]
    about_clocks = [plan for plan in plans if "clock" in plan]
    assert len(about_clocks) == {"claim": 2, "next": 1}[question]
    assert all("ix_clock_wakes_at" in plan and plan.startswith("SEARCH") for plan in about_clocks), about_clocks
    assert not any("TEMP B-TREE" in plan for plan in plans)


def _plan(database: Database, sql: str, values: Any) -> list[str]:
    with database.reading() as connection:
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
