"""From a real outbox on SQLite to a real SMTP server."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from parsers.facts import Address
from responders.composing import compose_mail
from responders.delivery import Deliverer
from responders.smtp import SmtpServer
from store.database import Database
from store.errors import StoreBusy
from store.outbox import DeliveryResult, Outbox
from store.schema import metadata, outbox, ticket
from tests.servers.ports import free_ports
from tests.servers.sink import ACCEPT, HANG, HANG_UP, LOSE_ANSWER, SmtpSink

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SENDER = "support@hakago.example"


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **units: float) -> None:
        self.time += timedelta(**units)


class WatchedOutbox(Outbox):
    """Tells a test when something was recorded, and refuses to record while the test says so."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, automatic_per_hour=100_000)
        self.was_recorded = threading.Event()
        self.is_locked = False

    def record(self, results: Sequence[DeliveryResult]) -> None:
        if self.is_locked:
            raise StoreBusy("database is locked")
        super().record(results)
        self.was_recorded.set()


class Post:
    """An outbox, and what its table says."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.outbox = WatchedOutbox(database)
        self._count = 0

    def put(self, recipient: str, *, ticket_id: int | None = None, sender: str = SENDER) -> str:
        """Queues a mail; returns its Message-ID."""
        self._count += 1
        message_id = f"<{self._count}@hakago.example>"
        row = {
            "ticket_id": ticket_id,
            "kind": "acknowledgement",
            "sender": sender,
            "recipient": recipient,
            "message_id": message_id,
            "raw": make_mail(recipient, message_id),
            "is_automatic": True,
            "state": "queued",
            "attempts": 0,
            "created_at": START,
            "due_at": START,
            "error": "",
            "is_told": False,
        }
        with self._database.writing() as connection:
            connection.execute(outbox.insert(), [row])
        return message_id

    def open_ticket(self, ticket_id: int) -> None:
        texts = ("state", "category", "customer_email", "customer_name", "language", "subject")
        row = dict.fromkeys(texts, "x") | {"id": ticket_id, "number": f"HKG-26-{ticket_id:06}", "version": 1}
        with self._database.writing() as connection:
            connection.execute(ticket.insert(), [row | {"received_at": START, "is_late": False, "messages": 0}])

    def states(self) -> dict[str, tuple[str, int]]:
        """Recipient → state and attempts, of all mails not leased to anybody."""
        with self._database.reading() as connection:
            rows = connection.execute(outbox.select().where(outbox.c.leased_until.is_(None))).all()
        return {row.recipient: (row.state, row.attempts) for row in rows}

    def error(self, recipient: str) -> str:
        with self._database.reading() as connection:
            found = connection.execute(outbox.select().where(outbox.c.recipient == recipient)).one()
        return str(found.error)


def make_mail(recipient: str, message_id: str) -> bytes:
    return compose_mail(
        sender=Address(name="Hakago", email=SENDER),
        recipient=Address(name="", email=recipient),
        subject="Đã nhận khiếu nại",
        text="Chúng tôi đã nhận được khiếu nại.\n",
        html=None,
        message_id=message_id,
        date=START,
        in_reply_to=None,
        references=(),
        reply_to=None,
        automatic="auto-replied",
        extra={},
    )


@pytest.fixture
def post(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'tiepnhan.db'}")
    metadata.create_all(database.engine)
    yield Post(database)
    database.close()


@pytest.fixture
def clock():
    return Clock()


def make_server(sink: SmtpSink, **changes: Any) -> SmtpServer:
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": sink.port,
        "security": "plain",
        "timeout": 5,
        "content_timeout": 5,
    }
    return SmtpServer(**(settings | changes))


def run(
    post: Post, server: SmtpServer, scenario: Callable[[Deliverer], Awaitable[None]], *, connections: int = 2
) -> None:
    async def play() -> None:
        deliverer = Deliverer(post.outbox, server, connections=connections, worker="test")
        try:
            await scenario(deliverer)
        finally:
            await deliverer.close()

    asyncio.run(play())


def deliver_once(post: Post, server: SmtpServer, clock: Clock, **settings) -> int:
    sent: list[int] = []

    async def scenario(deliverer: Deliverer) -> None:
        sent.append(await deliverer.deliver_due(clock))

    run(post, server, scenario, **settings)
    return sent[0]


def test_mail_arrives_byte_for_byte_and_is_recorded(post, sink, clock):
    message_id = post.put("tuan@khach.example")
    assert deliver_once(post, make_server(sink), clock) == 1
    [mail] = sink.received
    assert (mail.envelope_from, mail.recipients) == (SENDER, ("tuan@khach.example",))
    assert mail.raw == make_mail("tuan@khach.example", message_id)
    assert post.states() == {"tuan@khach.example": ("sent", 1)}


def test_log_names_ticket_and_template_of_a_mail_and_no_address(post, sink, clock, caplog):
    post.open_ticket(7)
    ours, letter = post.put("tuan@khach.example", ticket_id=7), post.put("lan@hakago.example")
    sink.refuse("lan@hakago.example", "450 4.2.0 later")
    with caplog.at_level(logging.INFO, logger="responders.delivery"):
        deliver_once(post, make_server(sink), clock)
    sent, refused = sorted(caplog.records, key=lambda record: record.levelno)
    assert (sent.message, sent.message_id, sent.ticket, sent.template) == (
        "mail was sent",
        ours,
        "HKG-26-000007",
        "acknowledgement",
    )
    assert (refused.message_id, hasattr(refused, "ticket")) == (letter, False)
    assert "@khach.example" not in caplog.text


def test_many_mails_go_over_few_connections_and_none_twice(post, sink, clock):
    wanted = {f"khach{number}@khach.example" for number in range(250)}
    for recipient in sorted(wanted):
        post.put(recipient)
    assert deliver_once(post, make_server(sink), clock, connections=4) == 250
    assert sorted(mail.recipients[0] for mail in sink.received) == sorted(wanted)
    assert sink.connections == 4
    assert set(post.states().values()) == {("sent", 1)}


def test_connection_stays_open_between_deliveries(post, sink, clock):
    async def scenario(deliverer):
        for number in range(3):
            post.put(f"khach{number}@khach.example")
            await deliverer.deliver_due(clock)

    run(post, make_server(sink), scenario)
    assert (len(sink.received), sink.connections) == (3, 1)


def test_nothing_due_opens_no_connection(post, sink, clock):
    assert deliver_once(post, make_server(sink), clock) == 0
    assert sink.connections == 0


def test_mails_of_a_ticket_to_one_person_keep_their_order(post, sink, clock):
    post.open_ticket(7)
    wanted = [post.put("tuan@khach.example", ticket_id=7) for _ in range(20)]
    deliver_once(post, make_server(sink), clock, connections=4)
    assert [read_message_id(mail.raw) for mail in sink.received] == wanted


def test_later_mail_of_a_ticket_does_not_overtake_one_that_was_refused_for_now(post, sink, clock):
    post.open_ticket(7)
    wanted = [post.put("tuan@khach.example", ticket_id=7) for _ in range(3)]
    sink.answer("RCPT", "450 4.2.0 Greylisted")
    assert deliver_once(post, make_server(sink), clock) == 0
    clock.advance(minutes=1)
    assert deliver_once(post, make_server(sink), clock) == 3
    assert [read_message_id(mail.raw) for mail in sink.received] == wanted


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_mail_refused_for_now_is_tried_again_after_a_while(post, sink, clock, stage):
    post.put("tuan@khach.example")
    sink.answer(stage, "451 4.3.0 Try again later")
    assert deliver_once(post, make_server(sink), clock) == 0
    assert post.states() == {"tuan@khach.example": ("queued", 1)}
    assert deliver_once(post, make_server(sink), clock) == 0, "not before its time"
    clock.advance(minutes=1)
    assert deliver_once(post, make_server(sink), clock) == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_mail_refused_for_good_fails_with_the_words_of_the_server_and_the_others_go_on(post, sink, clock, stage):
    post.put("nobody@khach.example")
    post.put("tuan@khach.example")
    sink.answer(stage, "550 5.1.1 No such user here")
    assert deliver_once(post, make_server(sink), clock, connections=1) == 1
    assert post.states() == {"nobody@khach.example": ("failed", 1), "tuan@khach.example": ("sent", 1)}
    assert post.error("nobody@khach.example") == "550 5.1.1 No such user here"
    assert sink.connections == 1


def test_mail_that_is_refused_for_three_days_has_failed(post, sink, clock):
    post.put("tuan@khach.example")
    sink.refuse("tuan@khach.example", "450 4.2.0 Busy")
    attempts = 0
    while post.states()["tuan@khach.example"][0] == "queued":
        deliver_once(post, make_server(sink), clock)
        clock.advance(hours=3)
        attempts += 1
    assert 30 < attempts < 60
    assert post.error("tuan@khach.example").endswith("450 4.2.0 Busy")
    assert post.error("tuan@khach.example").startswith(f"given up after {attempts} attempts")


@pytest.mark.parametrize(
    "reply", ["530 5.7.0 Authentication required", "550 5.7.1 Sender is not allowed", "451 4.3.0 Lookup failure"]
)
def test_refused_sender_stops_the_queue_and_costs_no_mail_an_attempt(post, sink, clock, reply):
    for number in range(30):
        post.put(f"khach{number}@khach.example")
    sink.answer("MAIL", *[reply] * 4)

    async def scenario(deliverer):
        assert await deliverer.deliver_due(clock) == 0
        assert deliverer.outage.words == reply
        assert deliverer.outage.is_ours_to_mend == reply.startswith("5")
        assert set(post.states().values()) == {("queued", 0)}
        assert len(post.states()) == 30, "all were given back"

    run(post, make_server(sink), scenario, connections=4)


def test_server_that_is_down_stops_the_queue_and_costs_no_mail_an_attempt(post, sink, clock):
    for number in range(30):
        post.put(f"khach{number}@khach.example")
    sink.go_down()

    async def scenario(deliverer):
        assert await deliverer.deliver_due(clock) == 0
        assert not deliverer.outage.is_ours_to_mend
        assert set(post.states().values()) == {("queued", 0)}
        sink.come_up()
        assert await deliverer.deliver_due(clock) == 0, "the queue waits"
        clock.advance(seconds=10)
        assert await deliverer.deliver_due(clock) == 30
        assert deliverer.outage is None

    run(post, make_server(sink), scenario)


def test_server_that_goes_down_between_two_mails_costs_no_attempt(post, sink, clock):
    async def scenario(deliverer):
        post.put("first@khach.example")
        await deliverer.deliver_due(clock)
        sink.go_down()
        post.put("second@khach.example")
        assert await deliverer.deliver_due(clock) == 0
        assert post.states()["second@khach.example"] == ("queued", 0)

    run(post, make_server(sink), scenario)


def test_connection_that_the_server_closed_meanwhile_is_opened_again_unnoticed(post, sink, clock):
    async def scenario(deliverer):
        post.put("first@khach.example")
        await deliverer.deliver_due(clock)
        post.put("second@khach.example")
        sink.answer("MAIL", HANG_UP)
        assert await deliverer.deliver_due(clock) == 1
        assert post.states()["second@khach.example"] == ("sent", 1)

    run(post, make_server(sink), scenario)
    assert sink.connections == 2


def test_mail_whose_answer_was_lost_goes_out_again_with_the_same_bytes(post, sink, clock):
    post.put("tuan@khach.example")
    sink.answer("DATA", LOSE_ANSWER)
    assert deliver_once(post, make_server(sink), clock) == 0
    assert post.states() == {"tuan@khach.example": ("queued", 1)}
    clock.advance(minutes=1)
    assert deliver_once(post, make_server(sink), clock) == 1
    first, second = sink.received
    assert first.raw == second.raw


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_server_that_falls_silent_is_left_and_the_mail_tried_again(post, sink, clock, stage):
    post.put("tuan@khach.example")
    sink.answer(stage, HANG)
    impatient = make_server(sink, timeout=0.3, content_timeout=0.3)
    assert deliver_once(post, impatient, clock) == 0
    clock.advance(minutes=1)
    assert deliver_once(post, make_server(sink), clock) == 1
    assert post.states() == {"tuan@khach.example": ("sent", 2)}


def test_server_that_breaks_off_each_mail_costs_only_a_few_of_them_an_attempt(post, sink, clock):
    for number in range(50):
        post.put(f"khach{number}@khach.example")
    sink.answer("DATA", *[HANG_UP] * 50)
    assert deliver_once(post, make_server(sink), clock, connections=4) == 0
    assert len(post.states()) == 50
    assert sum(attempts for _, attempts in post.states().values()) <= 5


def test_one_mail_that_breaks_the_connection_does_not_stop_the_others(post, sink, clock):
    for number in range(10):
        post.put(f"khach{number}@khach.example")
    sink.answer("DATA", ACCEPT, HANG_UP)
    assert deliver_once(post, make_server(sink), clock, connections=1) == 9


def test_server_that_wants_fewer_connections_gets_all_mails_over_those_it_allows(post, clock):
    for number in range(40):
        post.put(f"khach{number}@khach.example")
    server = OneAtATime()

    async def scenario(deliverer):
        async with await asyncio.start_server(server.serve, "127.0.0.1", port):
            assert await deliverer.deliver_due(clock) == 40
            assert deliverer.outage is None
            await deliverer.close()

    [port] = free_ports(1)
    run(post, SmtpServer(host="127.0.0.1", port=port, security="plain"), scenario, connections=4)
    assert server.refused == 3
    assert set(post.states().values()) == {("sent", 1)}


class OneAtATime:
    """A server that greets a second client with 421 while it serves one, and waits for leave to answer a content."""

    def __init__(self, *, answers: int = 1000) -> None:
        self.leave = asyncio.Semaphore(answers)
        self.contents: asyncio.Queue[bytes] = asyncio.Queue()
        self.has_left = asyncio.Event()  # the last client, with QUIT
        self.is_busy = False
        self.refused = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_busy:
            self.refused += 1
            writer.write(b"421 4.7.0 Too many connections\r\n")
        else:
            self.is_busy = True
            await self._talk(reader, writer)
            self.is_busy = False
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            if line == b"DATA\r\n":
                writer.write(b"354 go ahead\r\n")
                self.contents.put_nowait(await reader.readuntil(b"\r\n.\r\n"))
                await self.leave.acquire()
            if line == b"QUIT\r\n":
                self.has_left.set()
            writer.write(b"221 bye\r\n" if line == b"QUIT\r\n" else b"250 OK\r\n")


def test_connections_without_work_are_closed_and_opened_again_when_there_is_some(post, clock):
    server = OneAtATime()

    async def play() -> None:
        [port] = free_ports(1)
        settings = SmtpServer(host="127.0.0.1", port=port, security="plain")
        deliverer = Deliverer(post.outbox, settings, connections=1, worker="test", idle=0)
        async with await asyncio.start_server(server.serve, "127.0.0.1", port):
            for recipient in ("first@khach.example", "second@khach.example"):
                post.put(recipient)
                assert await deliverer.deliver_due(clock) == 1
                await asyncio.wait_for(server.has_left.wait(), 5)
                server.has_left.clear()
            await deliverer.close()

    asyncio.run(play())


def test_wrong_password_stops_the_queue_and_is_never_shown(post, certificate, clock, caplog):
    post.put("tuan@khach.example")
    with SmtpSink(security="starttls", certificate=certificate, login=("support", "right")) as sink:
        server = make_server(
            sink, security="starttls", ca_file=certificate.file, username="support", password=lambda: "wrong-secret"
        )

        async def scenario(deliverer):
            assert await deliverer.deliver_due(clock) == 0
            assert deliverer.outage.is_ours_to_mend
            assert "535" in deliverer.outage.words
            assert "wrong-secret" not in deliverer.outage.words + caplog.text + repr(server)

        run(post, server, scenario)
    assert post.states() == {"tuan@khach.example": ("queued", 0)}


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_goes_over_an_encrypted_connection_after_a_login(post, certificate, clock, security):
    post.put("tuan@khach.example")
    login = ("support", "right") if security == "starttls" else None
    with SmtpSink(security=security, certificate=certificate, login=login) as sink:
        name, password = ("support", lambda: "right") if login else (None, None)
        server = make_server(sink, security=security, ca_file=certificate.file, username=name, password=password)
        assert deliver_once(post, server, clock) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_server_with_an_unknown_certificate_is_refused(post, certificate, clock, security):
    post.put("tuan@khach.example")
    with SmtpSink(security=security, certificate=certificate) as sink:

        async def scenario(deliverer):
            assert await deliverer.deliver_due(clock) == 0
            assert deliverer.outage.is_ours_to_mend
            assert "certificate" in deliverer.outage.words.lower()

        run(post, make_server(sink, security=security), scenario)
    assert sink.received == []


def test_server_without_starttls_gets_no_mail(post, sink, clock):
    post.put("tuan@khach.example")
    assert deliver_once(post, make_server(sink, security="starttls"), clock) == 0
    assert sink.received == []


def test_secret_that_is_missing_stops_the_queue(post, sink, clock):
    def read() -> str:
        raise LookupError("SMTP_PASSWORD is not set")

    async def scenario(deliverer):
        assert await deliverer.deliver_due(clock) == 0
        assert deliverer.outage.is_ours_to_mend

    post.put("tuan@khach.example")
    run(post, make_server(sink, username="support", password=read), scenario)


def test_address_with_accents_goes_out_by_smtputf8(post, sink, clock):
    post.put("tuấn@khách.example")
    assert deliver_once(post, make_server(sink), clock) == 1
    assert sink.received[0].recipients == ("tuấn@xn--khch-6na.example",)


def test_address_with_accents_fails_with_clear_words_where_the_server_has_no_smtputf8(post, clock):
    post.put("tuấn@khach.example")
    post.put("tuan@khach.example")

    async def scenario(deliverer):
        async with await asyncio.start_server(OneAtATime().serve, "127.0.0.1", port):
            assert await deliverer.deliver_due(clock) == 1
            await deliverer.close()

    [port] = free_ports(1)
    run(post, SmtpServer(host="127.0.0.1", port=port, security="plain"), scenario, connections=1)
    assert post.states()["tuấn@khach.example"] == ("failed", 1)
    assert "SMTPUTF8" in post.error("tuấn@khach.example")


@pytest.mark.parametrize("recipient", ["a b@khach.example", "a@x> SIZE=1", "a@x\r\nDATA", ""])
def test_address_that_cannot_stand_in_a_command_fails_and_the_others_go_on(post, sink, clock, recipient):
    post.put(recipient)
    post.put("tuan@khach.example")
    assert deliver_once(post, make_server(sink), clock) == 1
    assert post.states()[recipient][0] == "failed"


def test_mail_with_the_null_sender_goes_out(post, sink, clock):
    post.put("tuan@khach.example", sender="")
    assert deliver_once(post, make_server(sink), clock) == 1
    assert sink.received[0].envelope_from == ""


def test_closing_finishes_the_mail_in_hand_and_gives_the_others_back(post, clock):
    recipients = [f"khach{number}@khach.example" for number in range(3)]
    for recipient in recipients:
        post.put(recipient)
    server = OneAtATime(answers=1)

    async def scenario(deliverer):
        async with await asyncio.start_server(server.serve, "127.0.0.1", port):
            delivering = asyncio.create_task(deliverer.deliver_due(clock))
            await server.contents.get()
            await server.contents.get()  # the second one is in hand
            closing = asyncio.create_task(deliverer.close())
            await asyncio.sleep(0)  # the closing has begun
            server.leave.release()
            await closing
            assert await delivering == 2
            assert await deliverer.deliver_due(clock) == 0

    [port] = free_ports(1)
    run(post, SmtpServer(host="127.0.0.1", port=port, security="plain"), scenario, connections=1)
    assert post.states() == dict(zip(recipients, [("sent", 1), ("sent", 1), ("queued", 0)], strict=True))


def test_what_was_sent_is_recorded_within_a_moment_while_others_are_still_waiting(post, sink, clock):
    post.put("first@khach.example")
    post.put("second@khach.example")
    sink.answer("DATA", ACCEPT, HANG)

    async def scenario(deliverer):
        delivering = asyncio.create_task(deliverer.deliver_due(clock))
        assert await asyncio.to_thread(post.outbox.was_recorded.wait, 5)
        assert post.states() == {"first@khach.example": ("sent", 1)}
        assert not delivering.done()
        sink.go_down()
        await delivering

    run(post, make_server(sink), scenario, connections=1)


def test_mail_that_was_sent_but_could_not_be_recorded_is_recorded_later_and_not_sent_twice(post, sink, clock):
    post.put("tuan@khach.example")

    async def scenario(deliverer):
        post.outbox.is_locked = True
        with pytest.raises(StoreBusy):
            await deliverer.deliver_due(clock)
        post.outbox.is_locked = False
        clock.advance(days=1)  # the lease is over
        assert await deliverer.deliver_due(clock) == 0

    run(post, make_server(sink), scenario)
    assert len(sink.received) == 1
    assert post.states() == {"tuan@khach.example": ("sent", 1)}


def read_message_id(raw: bytes) -> str:
    return raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
