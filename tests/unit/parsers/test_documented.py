"""docs/parsing.md names every rule, defect and limit, in the order of the code."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from parsers import automatic, bounce_notices, quote_rules
from parsers.defects import DEFECTS
from parsers.facts import mail_to_json
from parsers.limits import Limits
from parsers.message import parse_message

ROOT = Path(__file__).parents[3]
NAMED = re.findall(r"`([a-z][a-z0-9_-]+)`", (ROOT / "docs" / "parsing.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "names",
    [
        [name for name, *_ in automatic.RULES],
        [name for name, _ in bounce_notices.RULES],
        [rule.__name__.strip("_").replace("_", "-") for rule, _ in quote_rules.RULES],
    ],
    ids=["automatic mail", "bounces", "quotes"],
)
def test_rules_stand_in_the_page_in_their_order(names):
    start = NAMED.index(names[0])
    assert [name for name in NAMED[start:] if name in names][: len(names)] == names


def test_each_field_that_is_printed_stands_in_the_page(tmp_path):
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"Subject: x\r\n\r\n")
    with mail.open("rb") as raw:
        assert mail_to_json(parse_message(raw), "mail.eml").keys() <= set(NAMED)


def test_each_limit_and_defect_stands_in_the_page():
    assert {field.name for field in fields(Limits)} | DEFECTS.keys() <= set(NAMED)


def test_each_defect_that_the_code_names_is_explained():
    source = "\n".join(module.read_text(encoding="utf-8") for module in (ROOT / "parsers").glob("*.py"))
    kinds = {name.partition("-")[0] for name in DEFECTS} - {"header", "pgp", "html"}
    named = set(re.findall(rf'"((?:{"|".join(kinds)})-[a-z]+)"', source))
    assert named <= DEFECTS.keys()
