"""When a mail, and the queue, are tried again."""

from datetime import UTC, datetime, timedelta
from itertools import count, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.retries import MAIL_RETRIES, SERVER_PAUSES

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=2)),
        (3, timedelta(minutes=5)),
        (4, timedelta(minutes=15)),
        (5, timedelta(hours=1)),
        (6, timedelta(hours=2)),
        (30, timedelta(hours=2)),
    ],
)
def test_wait_grows_with_the_failures(failures, wait):
    assert MAIL_RETRIES.wait_after(failures) == wait


def test_mail_is_tried_for_three_days_and_not_much_longer():
    waits = list(takewhile(lambda wait: wait is not None, map(MAIL_RETRIES.wait_after, count(1))))
    total = sum((wait for wait in waits if wait), timedelta())
    assert timedelta(days=3) <= total < timedelta(days=3, hours=2)
    assert MAIL_RETRIES.next_attempt(NOW, failures=len(waits) + 1, seed=1) is None


def test_queue_is_never_given_up():
    assert SERVER_PAUSES.wait_after(100_000) == timedelta(minutes=5)


@given(st.integers(1, 30), st.integers(0, 2**40))
def test_wait_is_spread_by_a_fifth_at_most(failures, seed):
    wait, at = MAIL_RETRIES.wait_after(failures), MAIL_RETRIES.next_attempt(NOW, failures=failures, seed=seed)
    assert wait is not None
    assert at is not None
    assert abs(at - NOW - wait) <= wait * 0.2 + timedelta(milliseconds=1)


def test_same_mail_always_gets_the_same_time():
    assert MAIL_RETRIES.next_attempt(NOW, failures=2, seed=7) == MAIL_RETRIES.next_attempt(NOW, failures=2, seed=7)


def test_mails_refused_together_do_not_come_back_together():
    times = {MAIL_RETRIES.next_attempt(NOW, failures=5, seed=seed) for seed in range(100)}
    assert len(times) == 100
