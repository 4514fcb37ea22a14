"""What templates read of a ticket: in whose words, and what is kept from whom."""

from dataclasses import replace
from typing import Any

from responders.case_facts import CaseFacts
from tests.complaints import DESK, MORNING, POLICY, complete, ticket
from tickets.checklist import SPARE
from tickets.deadlines import wind_up
from tickets.durations import Duration
from tickets.effects import Audience
from tickets.policy import Claim, ClockRule, Policy
from tickets.ticket import Evidence, Ticket


def tell(case: Ticket, policy: Policy = POLICY, audience: Audience = "customer") -> dict[str, Any]:
    return CaseFacts(policy, DESK).tell(case, audience, MORNING)


def with_optional(slot: str) -> Policy:
    slots = tuple(replace(one, blocks=one.key != slot) for one in POLICY.slots)
    return replace(POLICY, slots=slots)


def optional_in(told: dict[str, Any]) -> list[str]:
    return [item["key"] for item in told["missing"] if item["is_optional"]]


def test_what_no_complaint_waits_for_is_optional():
    assert optional_in(tell(ticket(), with_optional("label"))) == ["label"]


def test_what_staff_asked_for_is_not_optional():
    assert optional_in(tell(ticket(requested=("label",)), with_optional("label"))) == []


def test_codes_are_called_as_everywhere():
    assert tell(ticket())["code_names"] == {"customer": "Mã khách hàng", "order": "Mã đơn hàng"}


def test_codes_are_called_as_the_policy_says():
    codes = replace(POLICY.codes, order_name={"vi": "Mã hợp đồng", "en": "Contract"})
    told = tell(ticket(language="en"), replace(POLICY, codes=codes))
    assert told["code_names"] == {"customer": "Customer code", "order": "Contract"}


def test_claim_window_begins_with_the_parcel():
    assert tell(ticket())["claim_since"] == "kể từ khi Quý khách nhận hàng"


def test_claim_window_begins_as_the_policy_says():
    claim = Claim(window=Duration(24, "hours"), since={"vi": "kể từ khi đơn được cập nhật", "en": "of the update"})
    told = tell(ticket(), replace(POLICY, claim=claim))
    assert (told["claim_window"], told["claim_since"]) == ("24 giờ", "kể từ khi đơn được cập nhật")


def test_customer_reads_no_date_that_is_not_promised_and_staff_do():
    rule = ClockRule(
        name="pay", starts=("confirmed",), stops=("resolved",), due=Duration(30, "days"), promised=False
    )  # fmt: skip
    policy = replace(POLICY, clocks=(*POLICY.clocks, rule))
    case = complete(clocks=(wind_up(rule, policy, MORNING, "open"),))
    assert tell(case, policy)["due_after"] == {}
    assert list(tell(case, policy, "staff")["due_after"]) == ["confirmed"]


def test_promises_are_those_that_can_still_be_kept():
    names = {"respond": 0, "resolve": 5, "secret": 5}
    rules = tuple(
        ClockRule(
            name=name, starts=("opened",), stops=("resolved",), due=Duration(days, "days"), promised=name != "secret"
        )
        for name, days in names.items()
    )
    policy = replace(POLICY, clocks=rules)
    case = complete(clocks=tuple(wind_up(rule, policy, MORNING, "open") for rule in rules))
    assert list(tell(case, policy)["promises"]) == ["resolve"]


def test_deadlines_are_called_as_the_policy_does_or_as_usual():
    own = ClockRule(
        name="pay", starts=("confirmed",), stops=("resolved",), due=Duration(30, "days"), title={"vi": "Chi trả"}
    )
    titles = tell(ticket(), replace(POLICY, clocks=(*POLICY.clocks, own)))["clock_titles"]
    assert (titles["pay"], titles["evidence"]) == ("Chi trả", "Khách hàng bổ sung thông tin")


def test_third_parties_are_written_to_in_the_language_of_the_policy():
    facts = CaseFacts(replace(POLICY, sellers_language="vi"), DESK)
    assert facts.language_for(ticket(language="en"), "seller") == "vi"
    assert CaseFacts(POLICY, DESK).language_for(ticket(), "seller") == "en"


def test_files_that_fill_no_slot_are_told_as_well():
    files = (("a", "ảnh.jpg", "photo"), ("b", "hộp.mp4", "video"), ("a", "ảnh.jpg", "photo"))
    evidence = [
        Evidence(slot=f"{SPARE}{kind}", status="satisfied", message_no=1, sha256=sha256, what=what)
        for sha256, what, kind in files
    ]
    spare = [item for item in tell(ticket(evidence=tuple(evidence)))["arrived"] if item["key"].startswith(SPARE)]
    assert [(one["name"], one["what"]) for one in spare] == [("Ảnh", "ảnh.jpg"), ("Video", "hộp.mp4")]


def test_a_file_that_fills_a_slot_by_now_is_told_once():
    spare = Evidence(slot=f"{SPARE}video", status="satisfied", message_no=1, sha256="b", what="hộp.mp4")
    told = tell(ticket(evidence=(spare, replace(spare, slot="video"))))
    assert [item["key"] for item in told["arrived"] if item["what"] == "hộp.mp4"] == ["video"]
