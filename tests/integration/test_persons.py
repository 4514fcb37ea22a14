"""What is held on somebody: all of it is given, and after a deletion nothing of him can be found anywhere."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import LargeBinary, Text, cast, func, select

from intake.assembly import make_desk, make_tokens, make_voice
from intake.clerk import Clerk
from intake.clockwork import Clockwork
from intake.notices import Notices
from intake.settings.config import read_config
from intake.settings.policies import read_policy
from intake.workplace import Workplace
from parsers.facts import mail_to_json
from parsers.message import parse_message
from store.clock_queue import ClockQueue, DueClock
from store.outbox import FailedDelivery, Outbox
from store.quarantine import Quarantine
from store.schema import erasure, ledger, metadata, suspension
from tests.installation import LAN, MINH
from tests.mailroom import Mailroom
from tests.own_mails import ALL_FILES, PHOTO, TUAN, File, write_bounce, write_mail
from tests.servers.sink import SmtpSink

SHOP, HOA = "shop@ban-hang.example", "hoa@khach.example"
ANH_TUAN = f"anh{TUAN}"  # somebody else, whose address ends with the same letters
SECRET = "Vải đỏ là lô 0417"
MANAGER = f'[[staff]]\nname = "Minh"\nemail = "{MINH}"\nrole = "manager"\ndepartments = ["cskh"]\n'
MACHINE = (("Auto-Submitted", "auto-replied"),)


@pytest.fixture
def room(tmp_path: Path, sink: SmtpSink) -> Mailroom:
    return Mailroom(tmp_path, sink)


@pytest.fixture
def any_room(tmp_path: Path, sink: SmtpSink, database_url: str) -> Mailroom:
    """Once on each kind of database."""
    return Mailroom(tmp_path, sink, database_url)


def traces(room: Mailroom, what: str) -> list[str]:
    """Where something stands: columns of the database, mails that decode to it, files that hold it."""
    return [*_in_tables(room, what), *_in_files(room, what)]


def _in_tables(room: Mailroom, what: str) -> Iterator[str]:
    with closing(room.database()) as database, database.reading() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    for raw in connection.scalars(select(column)):
                        yield from [f"{table}.{column.name}"] * (what.lower() in decoded(raw))
                else:
                    held = func.lower(cast(column, Text)).contains(what.lower(), autoescape=True)
                    yield from [f"{table}.{column.name}" for _ in connection.execute(select(table).where(held))]


def _in_files(room: Mailroom, what: str) -> Iterator[str]:
    """Of the whole data folder; the database and its log byte by byte."""
    for path in room.data.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            is_there = what.encode().lower() in raw.lower() or (path.suffix == ".eml" and what.lower() in decoded(raw))
            yield from [str(path)] * is_there


def decoded(raw: bytes) -> str:
    facts = mail_to_json(parse_message(BytesIO(raw)), "")
    return (json.dumps(facts, ensure_ascii=False) + raw.decode("utf-8", "replace")).lower()


def files(room: Mailroom, folder: str) -> int:
    return sum(path.is_file() for path in (room.data / folder).rglob("*"))


def complain(room: Mailroom, sender: str = TUAN, **options: object) -> str:
    """A complete complaint; its number."""
    room.take_in(write_mail(sender=sender, **({"files": ALL_FILES} | options)))  # type: ignore[arg-type]
    return room.numbers()[-1]


def talk_with_the_shop(room: Mailroom, number: str) -> None:
    """Staff ask the seller, he answers with a photo, and the customer forwards something of his."""
    room.do(number, "seller", SHOP, "Shop", "Vui")
    room.do(number, "ask-seller", text="Which colour did you send?")
    question = room.sent_raw(SHOP)[-1]
    photo = File(name="kho.jpg", type="image/jpeg", content=PHOTO + b"shop")
    answer = write_mail(
        sender=SHOP, name="Shop Vui", text=f"{SECRET}.", subject="Re: x", answers=room.answer(question), files=[photo]
    )
    room.take_in(answer)


def erase(room: Mailroom, address: str, *options: str, exit_code: int = 0) -> str:
    return room.command("person", "erase", address, "--yes", *options, exit_code=exit_code)


def export(room: Mailroom, address: str, *options: str) -> dict[str, bytes]:
    target = room.folder / "person.zip"
    room.command("person", "export", address, "--output", str(target), "--force", *options)
    with ZipFile(target) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


# To give.


def test_a_customer_is_given_his_cases_whole(room: Mailroom):
    number = complain(room)
    complain(room, HOA)
    away = write_mail(headers=MACHINE, subject="Vắng mặt", text="Tôi đi vắng.")
    room.take_in(away)
    given = export(room, TUAN.upper())
    told = json.loads(given["person.json"])
    assert told["tickets"] == [{"number": number, "part": "customer"}]
    assert {"tom-tat.pdf", "ticket.json", "history.json"} <= {
        name.removeprefix(f"tickets/{number}/") for name in given if name.startswith("tickets/")
    }
    assert given[f"tickets/{number}/evidence/{ALL_FILES[0].name}"] == ALL_FILES[0].content
    (record,) = told["records"]
    assert (record["what"], record["why"], record["subject"]) == ("automatic", "auto-reply", "Vắng mặt")
    assert given[record["file"]] == away
    assert not any(HOA.encode() in content for content in given.values())


def test_a_seller_is_given_only_what_he_wrote_and_got(room: Mailroom):
    number = complain(room)
    talk_with_the_shop(room, number)
    given = export(room, SHOP)
    told = json.loads(given["person.json"])
    assert told["tickets"] == [{"number": number, "part": "seller"}]
    assert [(one["direction"], one["kind"]) for one in told["messages"]] == [
        ("out", "seller-question"),
        ("in", "seller"),
    ]
    assert sorted(Path(name).name.split("-", 5)[-1] for name in given if "/mails/" in name) == [
        "seller-question.eml", "seller.eml",
    ]  # fmt: skip
    assert given[f"tickets/{number}/evidence/kho.jpg"] == PHOTO + b"shop"
    assert not any(TUAN.encode() in content for content in given.values())


def test_quarantined_and_suspended_is_told_too(room: Mailroom):
    number = complain(room)
    room.configure(staff=[LAN], more=MANAGER)
    room.do(number, "suspend", TUAN, text="nghi gian lận", by=MINH)
    held_back = write_mail(text="Trả lời tôi đi.")
    room.take_in(held_back)
    told = export(room, TUAN)
    person = json.loads(told["person.json"])
    assert [one["why"] for one in person["records"]] == ["suspended"]
    assert held_back in told.values()
    assert person["suspension"]["reason"] is None
    assert "nghi gian lận" in json.loads(export(room, TUAN, "--with-notes")["person.json"])["suspension"]["reason"]


def test_on_somebody_unknown_nothing_is_held(room: Mailroom):
    assert "nothing is held" in room.command("person", "export", HOA, exit_code=1)
    assert erase(room, HOA) == "nothing to delete\n"


# To delete.


def test_nothing_of_a_customer_can_be_found_any_more(any_room: Mailroom):
    room = any_room
    number = complain(room)
    other = complain(room, HOA, name="Lê Thị Hoa")
    room.do(number, "note", text=f"Đã gọi cho {TUAN.upper()}, hẹn mai.")
    room.do(other, "note", text=f"Giống hồ sơ của {TUAN}.")
    room.take_in(
        write_mail(headers=MACHINE, subject="Vắng mặt"), write_bounce(of=room.sent_raw(TUAN)[0], recipient=TUAN)
    )
    room.do(number, "close")
    assert traces(room, TUAN)
    assert "ticket 1" in erase(room, TUAN)
    assert traces(room, TUAN) == []
    assert traces(room, "Nguyễn Anh Tuấn") == []
    assert room.numbers() == [other]
    assert "Giống hồ sơ của erased@erased.invalid." in json.dumps(room.ticket(other), ensure_ascii=False)
    assert (files(room, "spool"), files(room, "blobs")) == (1, 4)
    assert room.work(after=timedelta(days=30)) == []


def test_the_record_of_a_deletion_tells_nobody_s_name(room: Mailroom):
    room.do(complain(room), "close")
    erase(room, TUAN)
    with closing(room.database()) as database, database.reading() as connection:
        (row,) = connection.execute(select(erasure)).mappings()
    assert (row["kind"], row["by"], row["at"]) == ("person", "person erase", room.now)
    assert row["counts"]["ticket"] == 1


def test_of_a_seller_goes_what_he_wrote_and_the_case_stays(any_room: Mailroom):
    room = any_room
    number = complain(room)
    talk_with_the_shop(room, number)
    room.do(number, "reply", text=f"Bên bán {SHOP} đã nhận lỗi.")
    later = write_mail(
        text=f"Tôi cũng đã viết cho {SHOP}.", answers=room.answer(room.sent_raw(TUAN)[-1]), subject="Re: x"
    )
    room.take_in(later)
    room.do(number, "close")
    assert traces(room, SHOP)
    assert traces(room, SECRET)
    erase(room, SHOP)
    assert traces(room, SHOP) == []
    assert traces(room, SECRET) == []
    assert traces(room, "Shop Vui") == []
    case = room.ticket(number)
    assert case["customer_email"] == TUAN
    assert [one["kind"] for one in case["mails"] if one["kind"] in {"customer", "seller", "staff-answer"}] == [
        "customer", "staff-answer", "customer",
    ]  # fmt: skip
    assert "Tôi cũng đã viết cho erased@erased.invalid." in [one["text"].strip() for one in case["mails"]]
    assert files(room, "blobs") == 4
    archive = room.folder / "x.zip"
    assert "not kept any more" in room.command("tickets", "export", number, "--output", str(archive))


def test_an_address_within_another_one_is_left_alone(room: Mailroom):
    other = complain(room, ANH_TUAN)
    room.do(complain(room), "close")
    before = room.ticket(other)
    erase(room, TUAN)
    assert room.ticket(other) | {"related": []} == before | {"related": []}
    assert files(room, "spool") == 1


def test_an_open_case_stands_against_it(room: Mailroom):
    number = complain(room)
    said = erase(room, TUAN, exit_code=1)
    assert f"{number} is not closed (open): close it first, or say --force" in said
    assert room.numbers() == [number]
    room.receive(write_mail(subject="Tuan668 - 999 - Thiếu hàng"))
    assert "a mail of his waits" in erase(room, TUAN, exit_code=1)
    erase(room, TUAN, "--force")
    assert traces(room, TUAN) == []
    assert room.work(after=timedelta(days=60)) == []


def test_a_case_that_the_policy_keeps_is_named_and_left_as_it_is(room: Mailroom):
    kept, gone = complain(room), complain(room, subject="Tuan668 - 999888 - Thiếu hàng")
    for number, outcome in ((kept, "authority"), (gone, "refund")):
        room.do(number, "close", outcome)
    before = room.ticket(kept)
    said = erase(room, TUAN, exit_code=1)
    assert f"{kept} is kept" in said
    after = room.ticket(kept)
    assert room.numbers() == [kept]
    assert after | {"related": []} == before | {"related": []}
    export_all = room.command("tickets", "export", kept, "--output", str(room.folder / "kept.zip"))
    assert "not kept" not in export_all


def test_staff_and_the_suspended_are_not_deleted_by_the_way(room: Mailroom):
    number = complain(room)
    assert f"{LAN} is staff in the config" in erase(room, LAN, exit_code=1)
    room.configure(staff=[LAN], more=MANAGER)
    room.do(number, "close")
    room.do(number, "suspend", TUAN, text="nghi gian lận", by=MINH)
    assert "the address is suspended" in erase(room, TUAN, exit_code=1)
    erase(room, TUAN, "--force")
    with closing(room.database()) as database, database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(suspension)) == 0


def test_who_is_asked_and_says_no_deletes_nothing(room: Mailroom, monkeypatch: pytest.MonkeyPatch):
    number = complain(room)
    room.do(number, "close")
    monkeypatch.setattr("sys.stdin", StringIO("no\n"))
    assert f"cases of {TUAN}, to be deleted: {number}" in room.command("person", "erase", TUAN, exit_code=1)
    assert room.numbers() == [number]
    monkeypatch.setattr("sys.stdin", StringIO("yes\n"))
    room.command("person", "erase", TUAN)
    assert room.numbers() == []


def test_a_deleted_mail_that_the_server_shows_again_opens_no_case(room: Mailroom):
    complaint = write_mail()
    room.take_in(complaint)
    room.do(*room.numbers(), "close")
    erase(room, TUAN)
    assert room.receive(complaint, uidvalidity=2) == 0
    assert room.work() == []
    assert room.tickets() == []
    with closing(room.database()) as database, database.reading() as connection:
        assert set(connection.scalars(select(ledger.c.sender))) == {""}


def test_a_mail_that_names_him_and_was_not_sent_yet_is_not_sent_any_more(room: Mailroom):
    number = complain(room)
    room.do(number, "seller", SHOP)
    room.do(number, "close")
    before = len(room.sink.received)
    room.decide(number, "reply", text=f"Bên bán là {SHOP}.")
    erase(room, SHOP)
    assert room.work() == []
    assert len(room.sink.received) == before


class Faster(ClockQueue):
    """Handed a clock out, and the case was deleted before anybody came to strike it."""

    def claim_due(self, *_: object, **__: object) -> list[DueClock]:
        return [DueClock(ticket_id=1, name="evidence")]


class Told(Outbox):
    """Told of a failure, and the case was deleted then."""

    def untold_failures(self, limit: int = 100) -> list[FailedDelivery]:
        return [FailedDelivery(mail_id=1, ticket_id=1, kind="acknowledgement", recipient=TUAN, error="550")]


def test_a_clock_or_a_failure_of_a_case_that_is_gone_stops_nobody(room: Mailroom):
    complain(room)
    erase(room, TUAN, "--force")
    config = read_config(room.config)
    policy = read_policy(config.service.policy)
    desk = make_desk(config, policy)
    with closing(room.database()) as database:
        voice = make_voice(config, policy, desk, make_tokens(config, database))
        place = Workplace(
            database=database, policy=policy, desk=desk, voice=voice, clerk=Clerk(voice), worker="one",
            automatic_per_day=20, now=lambda: room.now,
        )  # fmt: skip
        clockwork = Clockwork(place, Faster(database))
        notices = Notices(place, Told(database, automatic_per_hour=100), Quarantine(database))
        assert clockwork.work() == 1
        assert notices.work() == 1
    assert room.tickets() == []
