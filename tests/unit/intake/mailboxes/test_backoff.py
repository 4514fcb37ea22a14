"""Waiting times between attempts to reach a mailbox."""

import pytest

from intake.mailboxes.watching import Backoff, Pace


@pytest.mark.parametrize(
    ("kind", "delays"),
    [
        pytest.param(
            {"is_temporary": True}, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], id="what may pass by itself"
        ),
        pytest.param({"is_temporary": False}, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800], id="a missing folder"),
        pytest.param(
            {"is_temporary": False, "is_login": True}, [60, 120, 240, 480, 960, 1800, 1800], id="a refused login"
        ),
    ],
)
def test_delays_double_up_to_a_limit(kind: dict[str, bool], delays: list[float]):
    backoff = Backoff(Pace(), draw=lambda: 0.0)
    assert [backoff.next_delay(**kind) for _ in delays] == delays


def test_chance_shortens_a_delay_by_up_to_half():
    backoff = Backoff(Pace(retry=8), draw=lambda: 1.0)
    assert backoff.next_delay(is_temporary=True) == 4


def test_success_begins_anew():
    backoff = Backoff(Pace(), draw=lambda: 0.0)
    backoff.next_delay(is_temporary=True)
    backoff.next_delay(is_temporary=True)
    backoff.reset()
    assert backoff.next_delay(is_temporary=True) == 1


def test_a_thousand_failures_do_not_overflow():
    backoff = Backoff(Pace(), draw=lambda: 0.0)
    assert [backoff.next_delay(is_temporary=True) for _ in range(2000)][-1] == 300
