"""Patterns of codes that a hostile mail could hold up for ever."""

from dataclasses import replace

import pytest

from intake.checks.patterns import check_patterns
from intake.settings.policies import read_policy
from tickets.policy import Policy

POLICY = read_policy("hakago")


def with_order(pattern: str) -> Policy:
    return replace(POLICY, codes=replace(POLICY.codes, order=pattern))


def test_patterns_of_our_own_policy_are_quick():
    assert list(check_patterns(POLICY)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(a+)+", id="repetition of a repetition"),
        pytest.param(r"(\d+-?)+", id="with a mark that may be missing"),
        pytest.param("(?:[A-Z]{1,2})*", id="pieces of several lengths"),
        pytest.param(r"(DH|D|H)*\d", id="its own letters"),
    ],
)
def test_a_pattern_that_takes_for_ever_is_named(pattern: str):
    (finding,) = check_patterns(with_order(pattern))
    assert (finding.status, finding.subject) == ("fail", "policy")
    assert finding.message == f"codes.order: {pattern!r} can take for ever on a text that nearly fits"


@pytest.mark.parametrize("pattern", [r"[A-Z]{2,4}-?\d{4,12}", r"(?:HKG-?)?\d+", r"\w+\d*", r"(?:\d{3}-){1,3}\d+"])
def test_an_honest_pattern_passes(pattern: str):
    assert list(check_patterns(with_order(pattern))) == []
