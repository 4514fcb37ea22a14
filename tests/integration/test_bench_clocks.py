"""The crowd of the benchmark holds what real tickets hold, and as many clocks fall due as are measured."""

from datetime import timedelta
from pathlib import Path

from bench.clocks import Side, make_clockwork
from bench.crowd import FIRST_REMINDER, SECOND, make_crowd
from intake.settings.policies import read_policy
from store.reading import Reading

SECONDS = timedelta(seconds=1)


def test_each_wave_of_clocks_is_as_large_as_was_asked_for(tmp_path: Path):
    config, database = make_crowd(tmp_path, tickets=120, due=10)
    side = Side(tickets=120, database=database, config=config)
    for moment in (FIRST_REMINDER, SECOND):
        clockwork = make_clockwork(side, moment + SECONDS)
        assert [clockwork.work(), clockwork.work()] == [10, 0]
    database.close()


def test_copies_are_tickets_of_their_own(tmp_path: Path):
    _, database = make_crowd(tmp_path, tickets=30, due=2)
    reading = Reading(database, read_policy("hakago"))
    told = list(reading.list_tickets())
    shown = reading.show_ticket(told[-1]["number"])
    assert len({one["number"] for one in told}) == len({one["customer_email"] for one in told}) == 30
    assert shown is not None
    assert {one["email"] for one in shown["mails"]} == {told[-1]["customer_email"], "lan@hakago.example"}
    database.close()
