"""To which ticket a mail belongs: each rule, and their order."""

from dataclasses import replace
from typing import Any

import pytest

from tests.complaints import DESK, LAN, NUMBER, STRANGER, TUAN, mail, subject, ticket
from tickets.incoming import Candidates, ReplyToken
from tickets.threading import RULES, find_ticket
from tickets.ticket import Party, Ticket


def another(number: int, **changes: Any) -> Ticket:
    return ticket(id=number, number=f"HKG-26-{number:06d}", **changes)


ORDER = subject(order_code="012345")
ALL: dict[str, dict[str, Any]] = {
    "by_token": {"by_token": another(1)},
    "by_reference": {"by_reference": (another(2), another(9))},
    "by_number": {"by_number": another(3)},
    "by_order": {"by_sender": (another(4),)},
}


@pytest.mark.parametrize("first", range(len(ALL)))
def test_the_first_rule_that_fires_wins(first: int):
    names = list(ALL)[first:]
    found: dict[str, Any] = {}
    for name in names:
        found |= ALL[name]
    match = find_ticket(mail(says=ORDER), Candidates(**found), DESK)
    assert match is not None
    assert (match.rule, match.ticket.id) == (names[0], first + 1)


def test_the_rules_stand_in_the_order_of_the_design():
    assert [rule.__name__ for rule in RULES] == list(ALL)


def test_what_fits_no_rule_is_a_new_complaint():
    assert find_ticket(mail(says=ORDER), Candidates(), DESK) is None


@pytest.mark.parametrize(
    ("sender", "is_found"), [(TUAN, True), (LAN, True), (STRANGER, False)], ids=["customer", "staff", "stranger"]
)
def test_a_number_in_the_subject_counts_only_for_those_who_have_to_do_with_the_ticket(sender: str, is_found: bool):
    assert (find_ticket(mail(sender=sender), Candidates(by_number=ticket()), DESK) is not None) is is_found


def test_somebody_recorded_as_unknown_does_not_join_by_the_number_either():
    joined = ticket(parties=(*ticket().parties, Party(email=STRANGER, role="unknown", name="")))
    assert find_ticket(mail(sender=STRANGER), Candidates(by_number=joined), DESK) is None


def test_a_stranger_joins_by_a_reference_as_unknown():
    match = find_ticket(mail(sender=STRANGER), Candidates(by_reference=(ticket(),)), DESK)
    assert match is not None
    assert (match.role, match.is_trusted) == ("unknown", False)


@pytest.mark.parametrize(
    ("sender", "token", "is_trusted"),
    [
        (LAN, ReplyToken(number=NUMBER, email=LAN), True),
        (LAN, ReplyToken(number=NUMBER, email=""), False),
        (LAN, ReplyToken(number="HKG-26-000002", email=LAN), False),
        (LAN, None, False),
    ],
    ids=["own-token", "somebody-else's-token", "token-of-another-ticket", "no-token"],
)
def test_only_a_token_of_the_sender_and_the_ticket_makes_trusted(
    sender: str, token: ReplyToken | None, is_trusted: bool
):
    match = find_ticket(mail(sender=sender, token=token), Candidates(by_reference=(ticket(),)), DESK)
    assert match is not None
    assert match.is_trusted is is_trusted


SAME = {
    "same-order": ({}, {"order_code": "012345"}, True),
    "same-order-and-customer": ({}, {"order_code": "012345", "customer_code": "Tuan668"}, True),
    "customer-code-not-known-yet": ({"customer_code": None}, {"order_code": "012345", "customer_code": "Lan1"}, True),
    "another-customer-code": ({}, {"order_code": "012345", "customer_code": "Lan1"}, False),
    "another-order": ({}, {"order_code": "099999"}, False),
    "no-order": ({}, {"customer_code": "Tuan668"}, False),
    "neither-has-an-order": ({"order_code": None}, {}, False),
    "not-waiting-any-more": ({"state": "open"}, {"order_code": "012345"}, False),
}


@pytest.mark.parametrize(("known", "said", "is_same"), SAME.values(), ids=SAME)
def test_a_new_mail_about_the_same_order_joins_a_ticket_that_waits(known: Any, said: Any, is_same: bool):
    candidates = Candidates(by_sender=(ticket(**known),))
    assert (find_ticket(mail(says=subject(**said)), candidates, DESK) is not None) is is_same


def test_the_newest_ticket_that_waits_for_the_order_is_taken():
    candidates = Candidates(by_sender=(another(3, order_code="1111"), another(2), another(1)))
    match = find_ticket(mail(says=ORDER), candidates, DESK)
    assert match is not None
    assert match.ticket.id == 2


def test_staff_by_the_configuration_are_staff_whatever_the_ticket_says():
    complained = replace(ticket(), customer_email=LAN, parties=(Party(email=LAN, role="customer", name="Lan"),))
    match = find_ticket(mail(sender=LAN), Candidates(by_number=complained), DESK)
    assert match is not None
    assert match.role == "staff"


def test_a_stranger_who_names_a_mail_that_is_not_ours_opens_a_case_of_his_own():
    assert find_ticket(mail(sender=STRANGER), Candidates(by_their_reference=(ticket(),)), DESK) is None


def test_a_customer_who_answers_his_own_mail_stays_in_his_case():
    match = find_ticket(mail(), Candidates(by_their_reference=(ticket(),)), DESK)
    assert match is not None
    assert (match.rule, match.role) == ("by_reference", "customer")
