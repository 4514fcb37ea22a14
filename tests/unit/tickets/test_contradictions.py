"""A policy that contradicts itself is told so, each time with the place in the file."""

from dataclasses import replace

import pytest

from intake.settings.policies import list_policies, read_policy
from tests.complaints import POLICY
from tickets.contradictions import find_contradictions
from tickets.durations import Duration
from tickets.policy import Category, Claim, ClockRule, Codes, Evidence, Policy, Slot, Step


def test_the_policy_of_the_tests_does_not_contradict_itself():
    assert find_contradictions(POLICY) == []


@pytest.mark.parametrize("name", list_policies())
def test_our_policies_do_not_contradict_themselves(name: str):
    assert find_contradictions(read_policy(name)) == []


def _slot(key: str) -> Slot:
    return Slot(key=key, name={"vi": "Ảnh", "en": "Photo"}, how={"vi": "gửi ảnh", "en": "send it"}, filled_by="photo")


def _with_clock(*steps: Step, **changes: object) -> Policy:
    rule = ClockRule(name="extra", starts=("opened",), stops=("closed",), due=Duration(7, "days"), steps=steps)
    return replace(POLICY, clocks=(*POLICY.clocks, replace(rule, **changes)))  # type: ignore[arg-type]


_NEW = len(POLICY.clocks)  # number of the clock that `_with_clock` adds
_KIND = Category(slug="lost", name={"vi": "Mất", "en": "Lost"}, words=("mất",))
CONTRADICTIONS = {
    "customer-pattern": (
        replace(POLICY, codes=Codes(customer="(", order=r"\d+")),
        ("codes", "customer"),
        "'(' is no regular expression: missing ), unterminated subpattern at position 0",
    ),
    "pattern-too-deep": (
        replace(POLICY, codes=Codes(customer="(" * 500 + ")" * 500, order=r"\d+")),
        ("codes", "customer"),
        "this regular expression is too deep or counts too far",
    ),
    "pattern-that-counts-too-far": (
        replace(POLICY, codes=Codes(customer="a{99999999999}", order=r"\d+")),
        ("codes", "customer"),
        "this regular expression is too deep or counts too far",
    ),
    "slot-pattern": (
        replace(POLICY, slots=(*POLICY.slots[:3], replace(POLICY.slots[3], pattern="+"), *POLICY.slots[4:])),
        ("slot", 3, "pattern"),
        "'+' is no regular expression: nothing to repeat at position 0",
    ),
    "misspelt-slot-of-a-kind": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, slots=("invoise",)))),
        ("category", 4, "slots", 0),
        "there is no [[slot]] 'invoise'; did you mean 'invoice'?",
    ),
    "misspelt-slot-of-all": (
        replace(POLICY, evidence=Evidence(always=(*POLICY.evidence.always, "labell"))),
        ("evidence", "always", 3),
        "there is no [[slot]] 'labell'; did you mean 'label'?",
    ),
    "slot-nobody-asks-for": (
        replace(POLICY, slots=(*POLICY.slots, _slot("selfie"))),
        ("slot", 9),
        (
            "no kind of complaint asks for the slot 'selfie'; right would be: name it in a category, or say "
            "on_request = true"
        ),
    ),
    "two-slots-of-one-name": (
        replace(POLICY, slots=(*POLICY.slots, _slot("video"))),
        ("slot", 9),
        "2 tables [[slot]] are called 'video'",
    ),
    "kind-without-words": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, words=()))),
        ("category", 4),
        "the kind 'lost' has no words: no complaint is ever taken for it",
    ),
    "no-kind-other": (
        replace(POLICY, categories=POLICY.categories[:-1]),
        (),
        "there is no [[category]] with slug = 'other', for complaints that fit no other kind",
    ),
    "clock-that-every-policy-has": (
        replace(POLICY, clocks=tuple(one for one in POLICY.clocks if one.name != "resolve")),
        (),
        "there is no [[clock]] with name = 'resolve', which every policy has",
    ),
    "rule-that-never-holds": (
        _with_clock(name="respond", categories=("late",)),
        ("clock", _NEW),
        "a [[clock]] 'respond' for all kinds stands before this one, which never holds",
    ),
    "clock-that-nothing-stops": (
        _with_clock(stops=()),
        ("clock", _NEW, "stops"),
        "nothing stops the clock 'extra'",
    ),
    "clock-that-nothing-starts": (
        _with_clock(starts=()),
        ("clock", _NEW, "starts"),
        "nothing starts the clock 'extra'",
    ),
    "clock-for-an-unknown-kind": (
        _with_clock(categories=("latte",)),
        ("clock", _NEW, "categories", 0),
        "there is no [[category]] 'latte'; did you mean 'late'?",
    ),
    "extension-shorter-than-the-time": (
        _with_clock(longest=Duration(1, "days")),
        ("clock", _NEW, "longest"),
        "longest (1 days) of the clock 'extra' is shorter than due (7 days)",
    ),
    "step-without-a-moment": (
        _with_clock(Step(do="tell-staff")),
        ("clock", _NEW, "step", 0),
        "a step has exactly one of at (after the start), before and after (the deadline)",
    ),
    "step-after-the-end": (
        _with_clock(Step(at=Duration(8, "days"), do="tell-staff")),
        ("clock", _NEW, "step", 0),
        "the step comes after the clock has run out (7 days); right would be after = …",
    ),
    "reminder-without-words": (
        _with_clock(Step(at=Duration(1, "days"), do="remind")),
        ("clock", _NEW, "step", 0),
        "the step reminds somebody, but names no template",
    ),
    "no-zone": (
        replace(POLICY, zone="Asia/Saigonn"),
        ("zone",),
        "'Asia/Saigonn' is no time zone; right would be 'Asia/Ho_Chi_Minh'",
    ),
    "no-language": (replace(POLICY, languages=()), ("languages",), "languages names no language"),
    "name-without-a-language": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, name={"vi": "Mất"}))),
        ("category", 4, "name"),
        "has no words in the language 'en'",
    ),
    "code-without-a-language": (
        replace(POLICY, codes=replace(POLICY.codes, order_name={"vi": "Mã hợp đồng"})),
        ("codes", "order_name"),
        "has no words in the language 'en'",
    ),
    "claim-without-a-language": (
        replace(POLICY, claim=Claim(window=Duration(1, "days"), since={"vi": "kể từ khi nhận hàng"})),
        ("claim", "since"),
        "has no words in the language 'en'",
    ),
    "how-without-a-language": (
        replace(POLICY, slots=(replace(POLICY.slots[0], how={"vi": "ghi mã", "en": ""}), *POLICY.slots[1:])),
        ("slot", 0, "how"),
        "has no words in the language 'en'",
    ),
}


@pytest.mark.parametrize(("policy", "place", "sentence"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_told_in_one_sentence_with_its_place(policy: Policy, place: tuple[str | int], sentence: str):
    assert [(one.place, one.message) for one in find_contradictions(policy)] == [(place, sentence)]


def test_every_contradiction_is_told_at_once():
    wrong = replace(POLICY, languages=(), codes=Codes(customer="(", order="["))
    assert len(find_contradictions(wrong)) == 3
