"""What becomes of a mail: new complaints, more on running ones, machines, strangers, staff, caps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import AutomaticKind
from tests.complaints import (
    DESK,
    LAN,
    MINH,
    MORNING,
    NUMBER,
    POLICY,
    STRANGER,
    TUAN,
    bounce,
    clock,
    complete,
    facts,
    filling,
    mail,
    photo,
    subject,
    ticket,
    video,
)
from tickets.decisions import Decision, decide_mail, decide_undeliverable
from tickets.effects import AddParty, ChangeState, Effect, Note, OpenTicket, ReceiveMessage, StopClock, WriteMail
from tickets.folding import fold
from tickets.incoming import Candidates, IncomingMail, ReplyToken
from tickets.ticket import Party, Ticket

WRONG = subject(customer_code="Tuan668", order_code="012345", issue="Hàng sai màu sắc", category="wrong-item")
PHOTOS = (photo("1.jpg"), photo("2.jpg"), photo("3.jpg"))
LATER = MORNING + timedelta(hours=5)


def decide(one: IncomingMail, found: Candidates | None = None, desk: Any = DESK) -> Decision:
    return decide_mail(one, found or Candidates(), POLICY, desk, LATER)


def after(decision: Decision) -> Ticket:
    return fold(decision.ticket, decision.effects, LATER)


def written(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in effects if isinstance(one, WriteMail)]


def noted(effects: Sequence[Effect]) -> list[str]:
    return [one.event for one in effects if isinstance(one, Note)]


def answering(one: Ticket) -> Candidates:
    return Candidates(by_reference=(one,))


# New complaints.


def test_a_new_complaint_is_opened_acknowledged_and_told_to_staff():
    decision = decide(mail(says=WRONG, attachments=PHOTOS))
    opened = after(decision)
    assert (decision.disposition, decision.ticket) == ("message", None)
    assert (opened.state, opened.category, opened.customer_code, opened.order_code) == (
        "awaiting_evidence",
        "wrong-item",
        "Tuan668",
        "012345",
    )
    assert {one.slot for one in opened.evidence} == {"customer_code", "description", "product", "fault", "label"}
    assert written(decision.effects) == [("acknowledgement", TUAN), ("staff-opened", LAN)]
    assert {(one.name, one.state) for one in opened.clocks} == {("acknowledge", "stopped"), ("evidence", "running")}
    assert opened.acknowledged_at == LATER
    assert opened.messages == 3


def test_a_complaint_with_everything_is_open_at_once_and_nobody_is_reminded():
    opened = after(decide(mail(says=WRONG, attachments=(*PHOTOS, video()))))
    assert opened.state == "open"
    assert {(one.name, one.state) for one in opened.clocks} == {("acknowledge", "stopped"), ("respond", "running")}


@pytest.mark.parametrize("automatic_left", [20, 0])
def test_promises_of_a_complete_complaint_count_from_its_receipt_told_or_not(automatic_left: int):
    opened = after(decide(mail(says=WRONG, attachments=(*PHOTOS, video()), automatic_left=automatic_left)))
    respond = opened.clock("respond")
    assert respond is not None
    assert (respond.state, respond.started_at) == ("running", MORNING)


def test_the_evidence_of_a_new_complaint_came_with_its_first_message():
    assert {one.message_no for one in after(decide(mail(says=WRONG, attachments=PHOTOS))).evidence} == {1}


def test_a_complaint_goes_to_the_department_that_names_its_kind():
    missing = subject(category="missing-parts")
    decision = decide(mail(says=missing))
    assert after(decision).department == "kho"
    assert [to for template, to in written(decision.effects) if template == "staff-opened"] == [MINH, LAN]


@pytest.mark.parametrize(
    ("spoken", "desk_speaks", "answered"),
    [("en", "vi", "en"), ("other", "vi", "vi"), ("other", "en", "en"), ("vi", "en", "vi")],
)
def test_customers_are_answered_in_their_language_or_else_that_of_the_service(
    spoken: str, desk_speaks: str, answered: str
):
    desk = replace(DESK, language=desk_speaks)
    assert after(decide(mail(language=spoken), desk=desk)).language == answered


def test_a_policy_without_the_language_of_the_service_answers_in_its_first():
    policy = replace(POLICY, languages=("en",))
    decision = decide_mail(mail(language="vi"), Candidates(), policy, DESK, LATER)
    assert after(decision).language == "en"


def test_beyond_the_cap_a_complaint_is_taken_in_without_an_acknowledgement():
    decision = decide(mail(says=WRONG, automatic_left=0))
    assert written(decision.effects) == [("staff-opened", LAN)]
    assert after(decision).acknowledged_at is None
    assert ("acknowledge", "running") in {(one.name, one.state) for one in after(decision).clocks}


def test_a_mail_without_a_sender_is_quarantined():
    decision = decide(mail(sender=""))
    assert (decision.disposition, decision.effects) == ("quarantined", ())
    assert decision.reason == "no-sender"


# More from the customer.


def test_evidence_comes_over_several_mails_and_the_last_one_completes_the_ticket():
    waiting = after(decide(mail(says=WRONG)))
    first = decide(mail(attachments=PHOTOS), answering(waiting))
    assert written(first.effects) == [("evidence-received", TUAN), ("staff-message", LAN)]
    partly = after(first)
    assert partly.state == "awaiting_evidence"
    second = decide(mail(attachments=(video(),)), answering(partly))
    assert written(second.effects) == [("evidence-complete", TUAN), ("staff-complete", LAN)]
    done = after(second)
    assert done.state == "open"
    assert {(one.name, one.state) for one in done.clocks} == {
        ("acknowledge", "stopped"),
        ("evidence", "stopped"),
        ("respond", "running"),
    }


def test_evidence_names_the_number_of_its_own_message():
    decision = decide(mail(attachments=(video(),)), answering(ticket(messages=7)))
    assert [one.message_no for one in after(decision).evidence if one.slot == "video"] == [8]


def test_the_subject_of_a_reply_is_ours_and_describes_nothing():
    bare = ticket(evidence=(filling("customer_code"),))
    ours = subject(subject="Re: [HKG-26-000001] Đã tiếp nhận: hàng lỗi", issue="Đã tiếp nhận hàng lỗi", reply=True)
    said = after(decide(mail(says=ours, reply_text="áo bị rách ở tay"), answering(bare)))
    assert [one.what for one in said.evidence if one.slot == "description"] == ["áo bị rách ở tay"]


def test_words_alone_are_not_answered_by_a_machine():
    decision = decide(mail(reply_text="Khi nào shop trả lời tôi vậy?"), answering(ticket()))
    assert written(decision.effects) == [("staff-message", LAN)]
    assert after(decision).state == "awaiting_evidence"


def test_a_mail_on_a_complete_ticket_is_not_answered_by_a_machine():
    decision = decide(mail(attachments=PHOTOS), answering(complete()))
    assert written(decision.effects) == [("staff-message", LAN)]
    assert after(decision).state == "open"


def test_codes_that_were_missing_are_learnt_and_known_ones_are_kept():
    bare = ticket(customer_code=None, category="other", evidence=(filling("description"),))
    decision = decide(mail(says=subject(customer_code="Lan669", order_code="999", category="late")), answering(bare))
    learnt = after(decision)
    assert (learnt.customer_code, learnt.order_code, learnt.category) == ("Lan669", "012345", "late")
    assert learnt.state == "open"  # a late parcel needs no video


def test_a_kind_that_is_known_is_not_changed_by_a_later_subject():
    assert after(decide(mail(says=subject(category="late")), answering(ticket()))).category == "wrong-item"


@pytest.mark.parametrize(
    ("evidence", "attachments", "state", "clock_name", "template"),
    [
        (complete().evidence, (), "open", "respond", None),
        (complete().evidence[:-1], (photo(),), "open", "respond", "evidence-complete"),
        (ticket().evidence, (video(),), "awaiting_evidence", "evidence", "evidence-received"),
    ],
    ids=["was-complete", "completes-it", "brings-some"],
)
def test_a_closed_ticket_is_opened_again_by_its_customer(
    evidence: Any, attachments: Any, state: str, clock_name: str, template: str | None
):
    expired = (clock("evidence", state="expired", wakes_at=None, stepped_to=MORNING),)
    closed = ticket(state="closed", outcome="withdrawn", closed_at=MORNING, evidence=evidence, clocks=expired)
    decision = decide(mail(attachments=attachments), answering(closed))
    opened = after(decision)
    assert (opened.state, opened.closed_at, opened.outcome) == (state, None, None)
    assert [
        (one.started_at, one.stepped_to) for one in opened.clocks if one.name == clock_name and one.state == "running"
    ] == [(LATER, None)]
    assert [name for name, to in written(decision.effects) if to == TUAN] == ([template] if template else [])


def test_words_alone_open_a_closed_ticket_again_and_nobody_is_reminded():
    expired = (clock("evidence", state="expired", wakes_at=None, stepped_to=MORNING),)
    closed = ticket(state="closed", outcome="withdrawn", closed_at=MORNING, clocks=expired)
    decision = decide(mail(reply_text="Cảm ơn shop nhé"), answering(closed))
    opened = after(decision)
    assert (opened.state, opened.closed_at) == ("awaiting_evidence", None)
    assert not [one for one in opened.clocks if one.state == "running"]
    assert written(decision.effects) == [("staff-message", LAN)]


def test_evidence_that_completes_a_closed_ticket_is_told_to_staff_as_complete():
    closed = ticket(state="closed", outcome="withdrawn", closed_at=MORNING, evidence=complete().evidence[:-1])
    decision = decide(mail(attachments=(photo(),)), answering(closed))
    assert ("staff-complete", LAN) in written(decision.effects)


def test_beyond_the_cap_an_answer_is_withheld_and_noted():
    decision = decide(mail(attachments=(video(),), automatic_left=0), answering(ticket()))
    assert written(decision.effects) == [("staff-message", LAN)]
    assert noted(decision.effects) == ["mail-withheld"]


# Machines.

KINDS: list[AutomaticKind] = ["auto-reply", "bounce", "list", "bulk", "loop", "report"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "found", [Candidates(), answering(ticket()), Candidates(by_number=ticket())], ids=["new", "answer", "number"]
)
def test_automatic_mail_opens_nothing_and_is_never_answered(kind: AutomaticKind, found: Candidates):
    decision = decide(mail(automatic=kind, says=WRONG, attachments=PHOTOS), found)
    assert decision.disposition == "automatic"
    assert written(decision.effects) == []
    assert not any(isinstance(one, OpenTicket | ReceiveMessage | ChangeState) for one in decision.effects)


def test_automatic_mail_on_a_ticket_is_noted_with_it():
    decision = decide(mail(automatic="auto-reply"), answering(ticket()))
    assert decision.ticket == ticket()
    assert noted(decision.effects) == ["automatic-mail"]


def test_automatic_mail_without_a_sender_is_no_reason_for_quarantine():
    assert decide(mail(automatic="bounce", sender="")).disposition == "automatic"


def test_a_bounce_of_our_mail_stops_the_reminders_and_is_told_to_staff():
    decision = decide(mail(automatic="bounce", sender="", bounce=bounce()), Candidates(bounced=(ticket(), TUAN)))
    assert [one.name for one in decision.effects if isinstance(one, StopClock)] == ["evidence"]
    assert noted(decision.effects) == ["bounced"]
    assert written(decision.effects) == [("staff-undeliverable", LAN)]
    assert after(decision).state == "awaiting_evidence"


def test_a_delay_is_noted_and_changes_nothing():
    decision = decide(mail(automatic="bounce", bounce=bounce(permanent=False)), Candidates(bounced=(ticket(), TUAN)))
    assert [type(one) for one in decision.effects] == [Note]


def test_a_bounce_under_the_address_mail_was_forwarded_to_counts_for_the_one_we_wrote_to():
    decision = decide(mail(automatic="bounce", bounce=bounce(email=STRANGER)), Candidates(bounced=(ticket(), TUAN)))
    assert [one.data["recipient"] for one in decision.effects if isinstance(one, Note)] == [TUAN]


def test_of_several_bounced_recipients_the_one_we_wrote_to_counts():
    (late,) = bounce(permanent=False).recipients
    both = replace(bounce(email=STRANGER), recipients=(*bounce(email=STRANGER).recipients, late))
    decision = decide(mail(automatic="bounce", bounce=both), Candidates(bounced=(ticket(), TUAN)))
    assert [type(one) for one in decision.effects] == [Note]


def test_the_case_of_a_bounced_address_does_not_matter():
    decision = decide(mail(automatic="bounce", bounce=bounce(email=TUAN.upper())), Candidates(bounced=(ticket(), TUAN)))
    assert noted(decision.effects) == ["bounced"]


def test_a_bounce_that_names_no_mail_of_ours_stops_nothing():
    decision = decide(mail(automatic="bounce", bounce=bounce()), Candidates(by_number=ticket()))
    assert not any(isinstance(one, StopClock) for one in decision.effects)


def test_a_second_bounce_stops_no_clock_again():
    stopped = ticket(clocks=(clock("evidence", state="stopped", wakes_at=None),))
    decision = decide(mail(automatic="bounce", bounce=bounce()), Candidates(bounced=(stopped, TUAN)))
    assert not any(isinstance(one, StopClock) for one in decision.effects)


def test_a_bounce_of_a_notice_to_staff_leaves_the_customer_s_clock_alone():
    both = ticket(department="kho")
    decision = decide(mail(automatic="bounce", bounce=bounce(email=MINH)), Candidates(bounced=(both, MINH)))
    assert not any(isinstance(one, StopClock) for one in decision.effects)
    assert written(decision.effects) == [("staff-undeliverable", LAN)]  # not to the address that fails


def test_a_refusal_by_the_server_counts_like_a_bounce():
    effects = decide_undeliverable(ticket(), TUAN, "550 no such user", POLICY, DESK, LATER)
    assert [type(one) for one in effects] == [Note, StopClock, WriteMail]


# Strangers and staff.


def test_a_stranger_who_answers_a_mail_is_recorded_shown_to_staff_and_told_nothing():
    decision = decide(mail(sender=STRANGER, attachments=(video(),)), answering(ticket()))
    joined = after(decision)
    assert [one.party.email for one in decision.effects if isinstance(one, AddParty)] == [STRANGER]
    assert written(decision.effects) == [("staff-message", LAN)]
    assert joined.evidence == ticket().evidence
    assert joined.state == "awaiting_evidence"


def test_a_stranger_who_writes_again_is_not_added_again():
    known = ticket(parties=(*ticket().parties, Party(email=STRANGER, role="unknown", name="")))
    decision = decide(mail(sender=STRANGER), answering(known))
    assert not any(isinstance(one, AddParty) for one in decision.effects)


def test_a_stranger_does_not_reopen_a_closed_ticket():
    closed = ticket(state="closed", closed_at=MORNING)
    assert after(decide(mail(sender=STRANGER), answering(closed))).state == "closed"


def test_a_stranger_with_a_number_in_the_subject_gets_a_ticket_of_his_own():
    decision = decide(mail(sender=STRANGER), Candidates(by_number=ticket()))
    assert isinstance(decision.effects[0], OpenTicket)
    assert ("acknowledgement", STRANGER) in written(decision.effects)


def test_words_of_staff_without_a_token_stay_inside():
    decision = decide(mail(sender=LAN, reply_text="Chào anh", attachments=(video(),)), answering(ticket()))
    assert written(decision.effects) == []
    assert [one.data["trusted"] for one in decision.effects if isinstance(one, Note)] == [False]
    assert after(decision).evidence == ticket().evidence


def test_words_of_staff_with_a_token_reach_the_customer_and_are_no_evidence():
    token = ReplyToken(number=NUMBER, email=LAN)
    decision = decide(mail(sender=LAN, token=token, reply_text="Chào anh", attachments=(video(),)), answering(ticket()))
    assert written(decision.effects) == [("staff-answer", TUAN)]
    assert noted(decision.effects) == ["staff-wrote", "answered"]
    assert after(decision).evidence == ticket().evidence


def test_a_mail_of_staff_that_belongs_to_no_ticket_is_quarantined():
    decision = decide(mail(sender=LAN, says=WRONG))
    assert (decision.disposition, decision.effects) == ("quarantined", ())
    assert decision.reason == "staff-without-ticket"


# Laws.

TICKETS = st.sampled_from(
    [ticket(), complete(), ticket(state="closed", closed_at=MORNING), ticket(category="other", evidence=())]
)
MAILS = st.builds(
    lambda sender, kind, left, files, says: replace(
        mail(sender=sender, automatic=kind, automatic_left=left, says=says),
        facts=facts(
            attachments=tuple(files),
            automatic=mail(automatic=kind).facts.automatic if kind else None,
            bounce=bounce() if kind == "bounce" else None,
        ),
    ),
    st.sampled_from([TUAN, STRANGER, LAN, ""]),
    st.none() | st.sampled_from(KINDS),
    st.integers(-1, 2),
    st.lists(st.sampled_from([*PHOTOS, video()]), max_size=4),
    st.sampled_from([WRONG, subject(), subject(order_code="012345")]),
)
FOUND = st.builds(
    Candidates,
    by_token=st.none() | TICKETS,
    by_reference=st.lists(TICKETS, max_size=2).map(tuple),
    by_number=st.none() | TICKETS,
    by_sender=st.lists(TICKETS, max_size=2).map(tuple),
    bounced=st.none() | st.tuples(TICKETS, st.sampled_from([TUAN, LAN])),
)


@given(MAILS, FOUND)
def test_whatever_comes_every_decision_can_be_carried_out(one: IncomingMail, found: Candidates):
    decision = decide(one, found)
    if decision.effects:
        changed = after(decision)
        assert changed.messages >= 0
    else:
        assert decision.disposition in {"automatic", "quarantined"}
    assert (decision.disposition == "quarantined") == bool(decision.reason)


@given(MAILS, FOUND)
def test_whatever_comes_nobody_unknown_and_no_machine_is_ever_written_to(one: IncomingMail, found: Candidates):
    decision = decide(one, found)
    staff = {person.email for person in DESK.everybody()}
    outside = [to for _, to in written(decision.effects) if to not in staff]
    if one.facts.automatic:
        assert outside == []
    elif outside:
        assert outside == [after(decision).customer_email] == [one.sender]


@given(MAILS, FOUND)
def test_whatever_comes_a_sender_gets_no_more_automatic_mails_than_are_left(one: IncomingMail, found: Candidates):
    automatic = [
        effect for effect in decide(one, found).effects if isinstance(effect, WriteMail) and effect.is_automatic
    ]
    assert len(automatic) <= max(0, one.automatic_left)


@given(MAILS, FOUND)
def test_the_same_mail_is_decided_on_in_the_same_way(one: IncomingMail, found: Candidates):
    assert decide(one, found) == decide(one, found)
