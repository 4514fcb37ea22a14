"""When the whole queue waits, and when it goes on."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from responders.outages import ServerWatch
from responders.refusals import ConnectionBroke, ServerUnavailable
from responders.retries import SERVER_PAUSES

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
REFUSED = ServerUnavailable("535 5.7.8 wrong password", is_ours_to_mend=True)
UNREACHABLE = ServerUnavailable("connection refused", is_ours_to_mend=False)
BROKEN = ConnectionBroke("connection lost", content_was_sent=True)


@pytest.fixture
def watch():
    return ServerWatch(SERVER_PAUSES, seed=1)


def test_server_that_cannot_be_reached_pauses_the_queue_for_some_seconds(watch):
    watch.see_outage(UNREACHABLE, NOW)
    assert watch.is_paused(NOW + timedelta(seconds=3))
    assert not watch.is_paused(NOW + timedelta(seconds=7))


def test_pauses_grow_while_the_outage_lasts_and_its_beginning_is_kept(watch):
    now, pauses = NOW, []
    for _ in range(8):
        watch.see_outage(UNREACHABLE, now)
        pauses.append(watch.outage.until - now)
        now = watch.outage.until
    assert pauses[0] < timedelta(seconds=7)
    assert pauses[-1] > timedelta(minutes=4)
    assert (watch.outage.since, watch.outage.failures) == (NOW, 8)


def test_one_broken_connection_is_no_outage_but_two_in_a_row_are(watch):
    assert not watch.see_break(BROKEN, NOW)
    assert watch.outage is None
    assert watch.see_break(BROKEN, NOW)
    assert watch.is_paused(NOW)


def test_answer_between_two_breaks_shows_that_the_server_works(watch):
    watch.see_break(BROKEN, NOW)
    watch.see_answer()
    assert not watch.see_break(BROKEN, NOW)


def test_answer_ends_the_outage(watch):
    watch.see_outage(UNREACHABLE, NOW)
    watch.see_answer()
    assert watch.outage is None
    assert not watch.is_paused(NOW)


@pytest.mark.parametrize(("error", "level"), [(REFUSED, "ERROR"), (UNREACHABLE, "WARNING")], ids=["ours", "theirs"])
def test_what_an_admin_must_mend_is_said_louder(watch, caplog, error, level):
    with caplog.at_level(logging.INFO):
        watch.see_outage(error, NOW)
    assert [record.levelname for record in caplog.records] == [level]
    assert str(error) in caplog.text


def test_end_of_an_outage_is_said_once(watch, caplog):
    watch.see_outage(UNREACHABLE, NOW)
    caplog.clear()
    with caplog.at_level(logging.INFO):
        watch.see_answer()
        watch.see_answer()
    assert len(caplog.records) == 1


def test_times_are_told_to_the_second(watch, caplog):
    with caplog.at_level(logging.INFO):
        watch.see_outage(UNREACHABLE, NOW + timedelta(microseconds=123456))
        watch.see_answer()
    assert "2026-11-24T02:00:0" in caplog.text
    assert "." not in caplog.messages[0].partition(": ")[2]
    assert caplog.messages[1].endswith("since 2026-11-24T02:00:00+00:00")
