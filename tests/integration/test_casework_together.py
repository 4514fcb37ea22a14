"""Several people at work on one ticket, each by a process of their own: nobody's work is lost, nothing is done by half.

Threads stand for processes; each has a `Database` of its own. On PostgreSQL they really run side by side.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from intake.cases.casework import Casework
from intake.cases.entry_forms import Form, FormReader
from intake.settings.config import Config, Department, Limits, Mailbox, Service, Smtp, Staff
from intake.settings.policies import read_policy
from store.database import Database
from store.migrating import migrate
from store.reading import Reading
from tests.complaints import LAN, MORNING
from tickets.commands import Order, Refused

POLICY = read_policy("hakago")
PEOPLE = 3
NOTES = 8  # of each


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(
        service=Service(name="Hakago", address="support@hakago.example", data=tmp_path / "var", database=database_url),
        mailboxes=(Mailbox(name="support", host="127.0.0.1"),),
        smtp=Smtp(host="127.0.0.1"),
        departments=(Department(key="cskh", name="CSKH"),),
        staff=(Staff(name="Lan", email=LAN, departments=("cskh",)),),
        limits=Limits(),
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as made:
        migrate(made)
        yield made


def now() -> datetime:
    return MORNING


def open_case(casework: Casework) -> str:
    form = Form(channel="phone", text="Giao sai màu áo, mã khách hàng Tuan668")
    reader = FormReader(POLICY, casework.desk, "support@hakago.example")
    return casework.enter(reader.read(form, MORNING), casework.person(LAN)).ticket.number


def note(casework: Casework, text: str) -> Order:
    return Order(name="note", text=text, by=casework.person(LAN))


def noted(database: Database, number: str) -> list[str]:
    ticket = Reading(database, POLICY).show_ticket(number)
    assert ticket is not None
    return [event["data"]["text"] for event in ticket["history"] if event["event"] == "noted"]


def test_what_several_people_do_at_once_is_all_done(config: Config, database: Database, database_url: str):
    number = open_case(Casework(config, POLICY, database, now))
    start = threading.Barrier(PEOPLE)

    def work(person: int) -> None:
        with closing(Database(database_url)) as own:
            casework = Casework(config, POLICY, own, now)
            start.wait()
            for number_of_note in range(NOTES):
                casework.do(number, [note(casework, f"{person}.{number_of_note}")])

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(work, range(PEOPLE)))
    assert sorted(noted(database, number)) == sorted(f"{one}.{two}" for one in range(PEOPLE) for two in range(NOTES))


def test_of_several_orders_all_are_carried_out_or_none(config: Config, database: Database):
    casework = Casework(config, POLICY, database, now)
    number = open_case(casework)
    orders = [note(casework, "một"), Order(name="approve", by=casework.person(LAN))]
    with pytest.raises(Refused):
        casework.do(number, orders)
    assert noted(database, number) == []


def test_a_case_that_is_refused_uses_no_number_up(config: Config, database: Database):
    casework = Casework(config, POLICY, database, now)
    first = open_case(casework)
    reader = FormReader(POLICY, casework.desk, "support@hakago.example")
    entry = reader.read(Form(channel="counter", text="Vỡ", category="there-is-none"), MORNING)
    with pytest.raises(Refused):
        casework.enter(entry, casework.person(LAN))
    assert int(open_case(casework)[-6:]) == int(first[-6:]) + 1
