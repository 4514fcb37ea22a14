"""What `tickets do` answers: the state, how an amount came about, who is written to, who has to be called."""

from dataclasses import replace
from typing import Any

from intake.cases.casework import Done
from intake.commands.casework import list_commands, tell_done
from tests.complaints import LAN, MORNING, POLICY, TUAN, complete
from tickets.commands import COMMANDS
from tickets.effects import ChangeState, Effect, Note, WriteMail
from tickets.policy import OutcomeRule
from tickets.ticket import Offer, Party, Ticket

RULES = replace(
    POLICY, outcomes=(OutcomeRule(key="new", outcome="exchange", name={"vi": "Đổi đôi khác", "en": "New pair"}),)
)
MAIL = WriteMail(
    template="outcome", to=Party(email=TUAN, role="customer", name="Tuấn"), audience="customer", is_automatic=False
)
RESOLVED = ChangeState(state="resolved", outcome="exchange", why="", at=MORNING)
OFFER = Offer(key="new", outcome="exchange", text="", by=LAN, at=MORNING, state="sent")


def told(*effects: Effect, language: str = "vi", **changes: Any) -> list[str]:
    ticket: Ticket = complete(**changes)
    return list(tell_done(Done(ticket=ticket, effects=effects), RULES, language))


def test_the_first_line_names_ticket_and_state():
    assert told() == ["HKG-26-000001: đang xử lý"]
    assert told(language="en") == ["HKG-26-000001: open"]


def test_an_outcome_is_called_what_the_policy_calls_it():
    resolved: dict[str, Any] = {"state": "resolved", "outcome": "exchange", "offer": OFFER}
    assert told(**resolved) == ["HKG-26-000001: đã giải quyết (Đổi đôi khác)"]
    withdrawn = "HKG-26-000001: đã giải quyết (Khách hàng không tiếp tục khiếu nại)"
    assert told(**(resolved | {"outcome": "withdrawn"})) == [withdrawn]


def test_everybody_who_is_written_to_is_named():
    assert told(RESOLVED, MAIL)[1:] == [f"  → {TUAN}: outcome"]


def test_the_steps_of_a_computation_are_shown_once():
    note = Note(event="compensation-computed", data={"amount": 3, "currency": "VND", "steps": ["1 × 3", "= 3 đ"]})
    assert told(note)[1:] == ["  1 × 3", "  = 3 đ"]


def test_who_cannot_be_written_to_is_to_be_called():
    lines = told(RESOLVED, customer_email="", phone="0912 345 678")
    assert lines[1:] == ["  Khách hàng không có email: xin báo cho khách hàng qua điện thoại: 0912 345 678"]
    assert told(Note(event="noted"), customer_email="")[1:] == []


def test_the_list_has_every_command_in_every_language():
    lines = list(list_commands())
    for command in COMMANDS:
        at = lines.index(f"{command.name} {command.usage}".rstrip())
        assert lines[at + 1].strip().startswith(command.tells["vi"])
        assert lines[at + 2].strip().startswith(command.tells["en"])
