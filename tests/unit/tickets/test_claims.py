"""Claims in time and too late, by what the customer says of the parcel."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from intake.settings.policies import read_policy
from parsers.facts import Delivered
from tickets.claims import Timeliness, judge_claim

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
POLICY = read_policy("hakago")  # 24 hours from delivery
RECEIVED = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)


def delivered(on: date, at: time | None = None) -> Delivered:
    return Delivered(on=on, at=at, words="nhận hàng")


@pytest.mark.parametrize(
    ("said", "is_late"),
    [
        pytest.param(delivered(date(2026, 11, 22)), False, id="today"),
        pytest.param(delivered(date(2026, 11, 21)), False, id="yesterday-without-hour-counts-to-its-end"),
        pytest.param(delivered(date(2026, 11, 21), time(9, 0)), False, id="yesterday-exactly-24-hours-ago"),
        pytest.param(delivered(date(2026, 11, 21), time(8, 59)), True, id="yesterday-a-minute-too-late"),
        pytest.param(delivered(date(2026, 11, 20)), True, id="the-day-before"),
        pytest.param(delivered(date(2026, 11, 1)), True, id="weeks-ago"),
    ],
)
def test_claim_window_is_counted_from_delivery(said, is_late):
    assert judge_claim(said, RECEIVED, POLICY).is_late is is_late


def test_claim_without_a_word_about_delivery_is_not_late():
    assert judge_claim(None, RECEIVED, POLICY) == Timeliness(delivered_at=None, is_late=False)


def test_policy_without_claim_window_knows_no_late_claims():
    assert not judge_claim(delivered(date(2026, 1, 1)), RECEIVED, replace(POLICY, claim=None)).is_late


def test_delivery_is_never_after_the_mail_that_tells_of_it():
    assert judge_claim(delivered(date(2026, 11, 22)), RECEIVED, POLICY).delivered_at == RECEIVED
