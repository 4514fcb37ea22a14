"""What a policy asks for."""

import pytest

from tests.complaints import POLICY
from tickets.policy import Policy


def keys(policy: Policy, slug: str) -> list[str]:
    return [slot.key for slot in policy.slots_for(slug)]


def test_a_kind_asks_for_what_all_ask_for_and_its_own_in_the_order_of_the_policy():
    assert keys(POLICY, "wrong-item") == ["customer_code", "description", "video", "product", "fault", "label"]


def test_a_kind_can_leave_out_what_all_ask_for():
    assert keys(POLICY, "late") == ["customer_code", "description"]


@pytest.mark.parametrize("slug", ["other", "no such kind"])
def test_without_a_kind_only_what_all_ask_for_is_asked(slug: str):
    assert keys(POLICY, slug) == ["customer_code", "description", "video"]
