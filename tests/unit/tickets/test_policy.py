"""What a policy asks for, and the sentences it is told when it contradicts itself."""

from dataclasses import replace

import pytest

from intake.policies import read_policy
from tests.complaints import POLICY
from tickets.durations import Duration
from tickets.policy import Category, ClockRule, Codes, Evidence, Policy, Slot, Step, find_contradictions


def keys(policy: Policy, slug: str) -> list[str]:
    return [slot.key for slot in policy.slots_for(slug)]


def test_a_kind_asks_for_what_all_ask_for_and_its_own_in_the_order_of_the_policy():
    assert keys(POLICY, "wrong-item") == ["customer_code", "description", "video", "product", "fault", "label"]


def test_a_kind_can_leave_out_what_all_ask_for():
    assert keys(POLICY, "late") == ["customer_code", "description"]


@pytest.mark.parametrize("slug", ["other", "no such kind"])
def test_without_a_kind_only_what_all_ask_for_is_asked(slug: str):
    assert keys(POLICY, slug) == ["customer_code", "description", "video"]


def test_the_policy_of_the_tests_and_our_own_do_not_contradict_themselves():
    assert find_contradictions(POLICY) == []
    assert find_contradictions(read_policy("hakago")) == []


def _slot(key: str) -> Slot:
    return Slot(key=key, name={"vi": "Ảnh", "en": "Photo"}, how={"vi": "gửi ảnh", "en": "send it"}, filled_by="photo")


def _clock(*steps: Step) -> ClockRule:
    return ClockRule(name="evidence", starts="opened", stops="closed", due=Duration(7, "days"), steps=steps)


def _remind(days: int, template: str | None = "evidence-reminder") -> Step:
    return Step(at=Duration(days, "days"), do="remind", template=template)


_KIND = Category(slug="lost", name={"vi": "Mất", "en": "Lost"})
CONTRADICTIONS = {
    "customer-pattern": (
        replace(POLICY, codes=Codes(customer="(", order=r"\d+")),
        "codes.customer: '(' is no regular expression: missing ), unterminated subpattern at position 0",
    ),
    "order-pattern": (
        replace(POLICY, codes=Codes(customer="x", order="[")),
        "codes.order: '[' is no regular expression: unterminated character set at position 0",
    ),
    "slot-pattern": (
        replace(POLICY, slots=(*POLICY.slots[:3], replace(POLICY.slots[3], pattern="+"), *POLICY.slots[4:])),
        "pattern of slot missing_parts: '+' is no regular expression: nothing to repeat at position 0",
    ),
    "unknown-slot-of-a-kind": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, slots=("receipt",)))),
        "category lost names the slot 'receipt', which no [[slot]] describes",
    ),
    "unknown-slot-left-out": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, without=("receipt",)))),
        "category lost names the slot 'receipt', which no [[slot]] describes",
    ),
    "unknown-slot-of-all": (
        replace(POLICY, evidence=Evidence(always=("customer_code", "description", "video", "receipt"))),
        "evidence.always names the slot 'receipt', which no [[slot]] describes",
    ),
    "slot-nobody-asks-for": (
        replace(POLICY, slots=(*POLICY.slots, _slot("selfie"))),
        "no kind of complaint asks for the slot 'selfie'",
    ),
    "two-slots-of-one-name": (replace(POLICY, slots=(*POLICY.slots, _slot("video"))), "2 slots are called 'video'"),
    "two-kinds-of-one-name": (
        replace(POLICY, categories=(*POLICY.categories, POLICY.categories[0])),
        "2 categories are called 'wrong-item'",
    ),
    "two-clocks-of-one-name": (replace(POLICY, clocks=(_clock(), _clock())), "2 clocks are called 'evidence'"),
    "steps-out-of-order": (
        replace(POLICY, clocks=(_clock(_remind(4), _remind(1)),)),
        "the steps of the clock 'evidence' are not in the order of their moments",
    ),
    "reminder-without-words": (
        replace(POLICY, clocks=(_clock(_remind(1, None)),)),
        "a step of the clock 'evidence' reminds the customer, but names no template",
    ),
    "no-zone": (
        replace(POLICY, zone="Asia/Saigonn"),
        "zone: 'Asia/Saigonn' is no time zone; right would be 'Asia/Ho_Chi_Minh'",
    ),
    "no-language": (replace(POLICY, languages=()), "languages names no language"),
    "kind-without-words": (
        replace(POLICY, categories=(*POLICY.categories, replace(_KIND, name={"vi": "Mất"}))),
        "category lost has no words in the language 'en'",
    ),
    "slot-without-words": (
        replace(POLICY, slots=(replace(POLICY.slots[0], name={"en": "Code"}), *POLICY.slots[1:])),
        "slot customer_code has no words in the language 'vi'",
    ),
    "how-without-words": (
        replace(POLICY, slots=(replace(POLICY.slots[0], how={"vi": "ghi mã", "en": ""}), *POLICY.slots[1:])),
        "how of slot customer_code has no words in the language 'en'",
    ),
}


@pytest.mark.parametrize(("policy", "sentence"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_told_in_one_sentence(policy: Policy, sentence: str):
    assert find_contradictions(policy) == [sentence]


def test_every_contradiction_is_told_at_once():
    wrong = replace(POLICY, languages=(), codes=Codes(customer="(", order="["))
    assert len(find_contradictions(wrong)) == 3
