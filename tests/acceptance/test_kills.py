"""`kill -9` at every step and at random moments: every mail one ticket, every customer one acknowledgement.

A mail that was sent and not yet recorded when the program died is sent again: the same bytes, the same Message-ID.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.harness import Running, Site, pause
from tests.installation import HANOI, LAN, noon_in
from tests.servers.dovecot import Mailbox
from tests.servers.sink import LOSE_ANSWER, SmtpSink

RETRIES_OVER = timedelta(hours=3)  # what a broken connection put off is due again


def finish(site: Site) -> None:
    """Run to the end of all queues; later, so that what is to be tried again is due."""
    site.run_once()
    last = site.run_once(now=datetime.now(HANOI) + RETRIES_OVER)
    assert last.wait() == 0, last.log


def is_fetching(site: Site) -> bool:
    """A mail is on its way to the spool, or has just come: the moment may be over before it is seen from outside."""
    spool = site.data / "spool"
    return any((spool / "new").glob("*")) or any(spool.glob("??/*.eml"))


def is_stored(site: Site) -> bool:
    return site.count("ledger") > 0


def is_committed(site: Site) -> bool:
    return site.count("ticket") > 0


def is_sending(site: Site) -> bool:
    return len(site.sink.received) > 2


def is_flagging(site: Site) -> bool:
    return site.count("ledger", "is_filed") > 0 or any(site.mailbox.flags().values())


@pytest.mark.parametrize(
    "step", [is_fetching, is_stored, is_committed, is_sending, is_flagging], ids=lambda step: step.__name__
)
def test_kill_after_each_step_loses_and_doubles_nothing(
    tmp_path: Path, dovecot: Mailbox, sink: SmtpSink, step: Callable[[Site], bool]
):
    site = Site(tmp_path, dovecot, sink, account='processed = "flag"')
    site.receive(40)
    with site.running() as process:
        assert process.wait_until(lambda: step(site)), process.log
    finish(site)
    assert site.lost() == []
    assert set(map(frozenset, dovecot.flags().values())) == {frozenset({"$TiepNhan"})}


def test_kill_in_mid_move_leaves_every_mail_in_one_folder(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink):
    site = Site(tmp_path, dovecot, sink, account='processed = "move:Da tiep nhan"')
    site.receive(40)
    with site.running() as process:
        assert process.wait_until(lambda: len(dovecot.flags()) < 40), process.log
    finish(site)
    assert site.lost() == []
    assert len(dovecot.flags()) == 0
    assert len(dovecot.flags("Da tiep nhan")) == 40


def test_mail_whose_answer_was_lost_in_a_kill_goes_out_again_with_the_same_bytes(site: Site):
    site.receive(1)
    site.sink.answer("DATA", LOSE_ANSWER)
    with site.running() as process:
        assert process.wait_until(lambda: len(site.sink.received) == 1), process.log
    finish(site)
    assert site.lost() == []
    assert site.repeated == 1


def test_kill_while_reminders_are_being_sent_reminds_everybody_once(site: Site):
    site.receive(30)
    site.run_once()
    acknowledged = len(site.sink.received)
    reminded = noon_in(days=2)
    for more in (3, 9):
        with site.running("--once", "--now", reminded.isoformat()) as process:
            assert process.wait_until(lambda more=more: len(site.sink.received) >= acknowledged + more)  # type: ignore[misc]
    site.run_once(now=reminded + RETRIES_OVER)
    reminders = {(one.recipients, one.raw) for one in site.sink.received[acknowledged:]}
    assert len(reminders) == 30
    assert {one for recipients, _ in reminders for one in recipients} == set(site.customers)
    assert site.count("outbox", "state = 'sent'") == 60


def run_through_kills(site: Site, *, kills: int, mails: int, seed: int, is_sink_shaky: bool = False) -> None:
    """Kill the program at random moments while mails keep coming; then let it finish."""
    draw = random.Random(seed)
    site.receive(mails // 3)
    for kill in range(kills):
        site.receive(mails // 3 + (mails - mails // 3) * (kill + 1) // kills - len(site.customers))
        if is_sink_shaky and draw.random() < 0.5:
            site.sink.go_down()
        with site.running(*draw.choice([(), ("--once",)])) as process:
            _wait_for_a_moment(draw, site, process)
            if is_sink_shaky:
                site.sink.go_down()
                pause(draw, 0.1)
        if is_sink_shaky:
            site.sink.come_up()
    finish(site)
    print(f"{kills} kills, {len(site.customers)} mails, {site.repeated} mails sent again with the same bytes")  # noqa: T201  # for `pytest -s`


def _wait_for_a_moment(draw: random.Random, site: Site, process: Running) -> None:
    """Any moment from the start on, more of them where much goes on."""
    entered, written = site.count("ledger"), site.count("outbox")
    sent = len(site.sink.received) + draw.randint(1, 5)
    signs: list[Callable[[], bool]] = [
        lambda: True,
        lambda: is_fetching(site),
        lambda: site.count("ledger") > entered,
        lambda: site.count("outbox") > written,
        lambda: len(site.sink.received) >= sent,
    ]
    sign = draw.choice(signs)
    process.wait_until(sign, seconds=4.0)
    pause(draw, 1.5 if sign is signs[0] else 0.05)


def test_fifteen_kills_at_random_moments_lose_and_double_nothing(site: Site):
    site.configure(staff=[LAN])
    run_through_kills(site, kills=15, mails=60, seed=11)
    assert site.lost() == []
    assert len({one.raw for one in site.sink.received if LAN in one.recipients}) == 60


def test_kills_while_the_smtp_server_comes_and_goes_lose_and_double_nothing(site: Site):
    run_through_kills(site, kills=8, mails=30, seed=12, is_sink_shaky=True)
    assert site.lost() == []


@pytest.mark.soak
@pytest.mark.parametrize("is_sink_shaky", [False, True], ids=["smtp up", "smtp up and down"])
def test_two_hundred_kills_over_three_hundred_mails_lose_and_double_nothing(site: Site, is_sink_shaky: bool):
    run_through_kills(site, kills=200, mails=300, seed=13, is_sink_shaky=is_sink_shaky)
    assert site.lost() == []
