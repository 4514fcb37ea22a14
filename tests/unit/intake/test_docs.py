"""The handbooks say all that there is: every key of a policy file, every command of staff; their examples are right."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from intake.settings.records import read_record
from tickets.commands import COMMANDS
from tickets.durations import Duration
from tickets.formulas import Formula
from tickets.hours import QuietHours, Span
from tickets.policy import Action, Event, FilledBy, Policy, Recipient
from tickets.ticket import Outcome, State

DOCS = Path(__file__).parents[3] / "docs"
POLICIES = (DOCS / "policies.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", POLICIES, re.DOTALL)
_WRITTEN_AS_TEXT = (Duration, Formula, QuietHours, Span)


def keys_of(record: Any) -> Iterator[tuple[str, str]]:
    """Each key of a table and of the tables in it, with the name of its record."""
    hints = get_type_hints(record)
    for one in fields(record):
        yield record.__name__, one.metadata.get("alias", one.name)
        for inner in records_in(hints[one.name]):
            yield from keys_of(inner)


def records_in(shape: Any) -> Iterator[type]:
    if get_origin(shape) is not None:
        for part in get_args(shape):
            yield from records_in(part)
    elif is_dataclass(shape) and isinstance(shape, type) and shape not in _WRITTEN_AS_TEXT:
        yield shape


@pytest.mark.parametrize("place", sorted({".".join(one) for one in keys_of(Policy)}))
def test_every_key_of_a_policy_file_is_explained(place):
    key = place.partition(".")[2]
    assert re.search(rf"(?<![a-z_]){re.escape(key)}(?![a-z_])", POLICIES)


@pytest.mark.parametrize(
    "word", [word for kind in (Action, Event, State, Outcome, FilledBy, Recipient) for word in get_args(kind)]
)
def test_every_word_that_a_key_can_have_is_named(word):
    assert f"`{word}`" in POLICIES


def test_the_examples_together_are_a_policy_file(tmp_path: Path):
    path = tmp_path / "example.toml"
    path.write_text("\n".join(EXAMPLES), encoding="utf-8")
    policy = read_record(path, Policy)
    assert (policy.name, len(policy.slots), policy.answers.rounds) == ("Hakago", 3, 2)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_of_staff_is_explained(command):
    handbook = (DOCS / "customer-service.md").read_text(encoding="utf-8")
    assert re.search(rf"`{re.escape(command.name)}[ `]", handbook)
