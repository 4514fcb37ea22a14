"""Regular expressions of a policy: none may take for ever on what a customer can write.

Python's `re` goes back over what a nested repetition such as `(a+)+` could have matched in other ways, and with each
letter the time doubles: one mail would stop the intake. Each pattern is tried on hostile texts in a process of its own
that is killed when its time is up.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from intake.checks.findings import Finding, failure
from intake.settings.toml_lines import KeyPath
from tickets.policy import Policy

ADVICE = "do not repeat what is repeated inside: write [a-z]+ instead of ([a-z]+)+"
SECONDS = 2.0  # for all patterns; honest ones take a few milliseconds
_TIMES = 40  # that a piece is repeated: 2⁴⁰ steps are days
_TRY_ALL = f"""
import json, re, sys, warnings
warnings.simplefilter("ignore")
for number, pattern in enumerate(json.load(sys.stdin)):
    print(number, flush=True)
    pairs = map("".join, zip(pattern, pattern[1:]))
    for piece in dict.fromkeys([*"aA0 -_.đ", "a0", "A-", "0 ", *pattern, *pairs]):
        text = piece * {_TIMES}
        for hostile in (text + "!", text + "\\n", "a" + text + "!", "0" + text + "!"):
            re.fullmatch(pattern, hostile)
            re.search(pattern, hostile)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlowPattern:
    """A pattern that takes for ever on some text."""

    place: KeyPath  # in the policy file
    message: str


def check_patterns(policy: Policy) -> Iterator[Finding]:
    """A finding where a pattern takes for ever; patterns that are none are told with the policy."""
    slow = find_slow_pattern(policy)
    if slow is not None:
        yield failure("policy", slow.message, ADVICE)


def find_slow_pattern(policy: Policy) -> SlowPattern | None:
    """The first one; None where all are quick."""
    patterns = _list_patterns(policy)
    number = _find_slow([pattern for *_, pattern in patterns])
    if number is None:
        return None
    place, where, pattern = patterns[number]
    return SlowPattern(place=place, message=f"{where}: {pattern!r} can take for ever on a text that nearly fits")


def _list_patterns(policy: Policy) -> list[tuple[KeyPath, str, str]]:
    """Where each stands, what it is called, and the pattern."""
    slots = [
        (("slot", no, "pattern"), f"pattern of slot {slot.key}", slot.pattern)
        for no, slot in enumerate(policy.slots)
        if slot.pattern
    ]
    return [
        (("codes", "customer"), "codes.customer", policy.codes.customer),
        (("codes", "order"), "codes.order", policy.codes.order),
        *slots,
    ]


def _find_slow(patterns: list[str]) -> int | None:
    """Which pattern was being tried when time was up."""
    command = [sys.executable, "-I", "-c", _TRY_ALL]
    try:
        subprocess.run(  # noqa: S603 - a text of ours; the patterns are data
            command, input=json.dumps(patterns).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        begun = (late.stdout or b"").split()
        return int(begun[-1]) if begun else None
    return None
