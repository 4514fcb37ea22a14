"""A complaint on its way: what the customer writes counts whatever the case waits for, and is answered once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from intake.settings.policies import read_policy
from tests.complaints import LAN, MINH, MORNING, TUAN, clock, filling, mail, photo, ticket, video
from tickets.clocks import decide_clock
from tickets.commands import Order, Refused, carry_out
from tickets.complaints import continue_ticket, open_ticket
from tickets.course import Course
from tickets.decisions import decide_mail, decide_undeliverable
from tickets.desk import Department, Desk
from tickets.effects import Effect, Note, WriteMail
from tickets.folding import fold
from tickets.incoming import Candidates, IncomingMail, ReplyToken
from tickets.policy import Policy
from tickets.ticket import Offer, Party, RunningClock, Ticket

HAKAGO, BORZO = read_policy("hakago"), read_policy("borzo")
AGENT, MANAGER = Party(email=LAN, role="staff", name="Lan"), Party(email=MINH, role="manager", name="Minh")
SHOP = Party(email="shop@nguoiban.example", role="seller", name="Shop")
CUSTOMER = Party(email=TUAN, role="customer", name="Tuấn")
DESK = Desk(
    language="vi",
    departments=(Department(key="cskh", name="CSKH", categories=("*",), staff=(AGENT, MANAGER)),),
)
DAY = timedelta(days=1)
FULL = tuple(filling(slot.key) for slot in HAKAGO.slots)
NO_VIDEO = tuple(one for one in FULL if one.slot != "unboxing_video")
OFFER = Offer(key="compensation", outcome="compensation", text="", by=LAN, at=MORNING, state="sent", amount=120_000)
NUMBER = "HKG-26-000001"


def waiting(**changes: Any) -> Ticket:
    """A complaint that lacks the video, with the seller known; its evidence clock runs."""
    values: dict[str, Any] = {"evidence": NO_VIDEO, "parties": (CUSTOMER, SHOP)} | changes
    return ticket(**values)


def offered(**changes: Any) -> Ticket:
    """A complaint at Borzo whose compensation the customer is to confirm."""
    course = Course(policy=BORZO, desk=DESK, now=MORNING, before=ticket(clocks=()))
    course.happen("offered")
    values: dict[str, Any] = {"state": "awaiting_customer", "offer": OFFER, "rounds": 1, "clocks": course.ticket.clocks}
    return replace(course.ticket, **(values | changes))


def do(
    one: Ticket, *given: str, text: str = "", by: Party = AGENT, policy: Policy = HAKAGO, now: datetime = MORNING
) -> Ticket:
    course = Course(policy=policy, desk=DESK, now=now, before=one)
    carry_out(course, [Order(name=given[0], arguments=given[1:], text=text, by=by)])
    return course.ticket


def refusal(one: Ticket, *given: str, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        do(one, *given, **options)
    assert refused.value.words("vi")
    return refused.value.code


def hear(one: Ticket, sent: IncomingMail, policy: Policy = HAKAGO, now: datetime = MORNING) -> Course:
    course = Course(policy=policy, desk=DESK, now=now, before=one)
    continue_ticket(course, sent)
    return course


def hear_from(one: Ticket, sent: IncomingMail, policy: Policy = HAKAGO) -> tuple[Effect, ...]:
    """As `decide_mail` does for whoever sent it."""
    return decide_mail(sent, Candidates(by_token=one), policy, DESK, MORNING).effects


def running(one: Ticket, name: str) -> RunningClock:
    found = one.clock(name)
    assert found is not None
    return found


def mails(effects: Sequence[Effect], email: str = TUAN) -> list[str]:
    return [one.template for one in effects if isinstance(one, WriteMail) and one.to.email == email]


def silence(one: Ticket, policy: Policy, days: int) -> Ticket:
    """The ticket after so many days in which nobody did anything."""
    for hours in range(days * 24 + 1):
        now = MORNING + timedelta(hours=hours)
        for name in [each.name for each in one.clocks]:
            effects = decide_clock(one, name, policy, DESK, now)
            one = fold(one, effects, now) if effects else one
    return one


ASKED: dict[str, tuple[str, ...]] = {
    "the customer was asked something": ("ask", "Anh dùng máy nào?"),
    "the seller was asked": ("ask-seller", "Which colour did you send?"),
}


@pytest.mark.parametrize("order", ASKED.values(), ids=ASKED)
def test_the_last_piece_of_evidence_counts_whatever_else_the_case_waits_for(order: tuple[str, ...]):
    """Nobody who has sent everything is reminded of it, or closed for silence."""
    asked = do(waiting(), *order)
    heard = hear(asked, mail(reply_text="Tôi gửi video", attachments=(video(),)))
    assert "evidence-complete" in mails(heard.effects)
    assert running(heard.ticket, "evidence").state == "stopped"
    assert silence(heard.ticket, HAKAGO, 9).state != "closed"


def test_evidence_while_the_seller_is_asked_leaves_the_case_waiting_for_him():
    heard = hear(do(waiting(), "ask-seller", "Which colour?"), mail(attachments=(video(),)))
    assert heard.ticket.state == "awaiting_seller"
    effects = hear_from(heard.ticket, mail(sender=SHOP.email, reply_text="Blue"))
    assert fold(heard.ticket, effects, MORNING).state == "open"


def test_an_answer_that_still_lacks_evidence_leads_back_to_waiting_for_it():
    heard = hear(do(waiting(), "ask", "Anh dùng máy nào?"), mail(reply_text="Máy Samsung"))
    assert (heard.ticket.state, running(heard.ticket, "evidence").state) == ("awaiting_evidence", "running")


def test_who_answered_is_not_reminded_although_the_seller_was_asked_meanwhile():
    asked = do(do(waiting(evidence=FULL, state="open", clocks=()), "ask", "Máy nào?"), "ask-seller", "Which?")
    heard = hear(asked, mail(reply_text="Máy Samsung"))
    assert (heard.ticket.state, running(heard.ticket, "answer").state) == ("awaiting_seller", "stopped")


def test_a_seller_who_answered_is_not_reminded_although_the_customer_was_asked_meanwhile():
    asked = do(do(waiting(evidence=FULL, state="open", clocks=()), "ask-seller", "Which?"), "ask", "Máy nào?")
    after = fold(asked, hear_from(asked, mail(sender=SHOP.email, reply_text="Blue")), MORNING)
    assert (after.state, running(after, "seller").state) == ("awaiting_customer", "stopped")


def test_a_customer_without_address_is_not_waited_for_after_the_seller_answered():
    by_phone = waiting(customer_email="", parties=(SHOP,), state="open", clocks=())
    asked = do(by_phone, "ask-seller", "Which?")
    assert fold(asked, hear_from(asked, mail(sender=SHOP.email, reply_text="Blue")), MORNING).state == "open"


def test_words_of_staff_that_reach_nobody_are_no_answer():
    by_phone = waiting(customer_email="", parties=(), state="open", clocks=())
    effects = hear_from(by_phone, mail(sender=LAN, token=ReplyToken(number=NUMBER, email=LAN), reply_text="Chào anh"))
    assert fold(by_phone, effects, MORNING).answered_at is None


def test_thanks_in_an_open_case_do_not_put_off_our_own_deadlines():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=ticket(evidence=FULL, state="open", clocks=()))
    course.happen("evidence-complete")
    before = course.ticket
    heard = hear(before, mail(reply_text="Cảm ơn shop"), now=MORNING + DAY)
    assert heard.ticket.clocks == before.clocks


# ---- an outcome that the customer is to confirm

ELSEWHERE: dict[str, dict[str, Any]] = {
    "while he is asked for more": {"state": "awaiting_evidence"},
    "while staff look into his questions": {"state": "open"},
    "while the driver is asked": {"state": "awaiting_seller"},
}


@pytest.mark.parametrize("changes", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_no_to_an_offer_is_heard_in_every_state(changes: dict[str, Any]):
    heard = hear(offered(**changes), mail(reply_text="Tôi không đồng ý"), BORZO)
    assert (heard.ticket.offer, heard.ticket.state) == (None, "open")
    assert running(heard.ticket, "confirmation").state == "stopped"


@pytest.mark.parametrize("changes", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_yes_to_an_offer_is_heard_in_every_state(changes: dict[str, Any]):
    heard = hear(offered(**changes), mail(reply_text="Tôi đồng ý"), BORZO)
    assert heard.ticket.offer is not None
    assert (heard.ticket.offer.state, heard.ticket.state) == ("confirmed", "open")
    assert mails(heard.effects).count("confirmed") == 1
    assert running(heard.ticket, "pay").state == "running"


@pytest.mark.parametrize(
    ("found", "state"),
    [
        pytest.param(lambda one: Candidates(by_reference=(one,)), "confirmed", id="answer to the offer"),
        pytest.param(lambda one: Candidates(by_number=one), "sent", id="number in the subject"),
        pytest.param(lambda one: Candidates(by_their_reference=(one,)), "sent", id="answer to his own mail"),
        pytest.param(lambda one: Candidates(by_token=one), "sent", id="token of somebody else"),
    ],
)
def test_a_yes_that_anybody_could_have_written_is_left_to_people(found: Callable[[Ticket], Candidates], state: str):
    before = offered()
    decision = decide_mail(mail(reply_text="Tôi đồng ý"), found(before), BORZO, DESK, MORNING)
    after = fold(before, decision.effects, MORNING)
    assert after.offer is not None
    assert after.offer.state == state
    told = "staff-confirmed" if state == "confirmed" else "staff-message"
    assert {one.template for one in decision.effects if isinstance(one, WriteMail) and one.to in {AGENT, MANAGER}} == {
        told
    }


def test_who_writes_is_not_silent_while_he_is_asked_for_more():
    asked = do(offered(evidence=()), "request", "account", policy=BORZO)
    assert asked.state == "awaiting_evidence"
    heard = hear(asked, mail(reply_text="Cho tôi hỏi bao giờ thì có tiền"), BORZO)
    after = silence(heard.ticket, BORZO, 4)
    assert after.offer is not None
    assert after.offer.state == "sent"


def test_who_confirmed_is_not_closed_for_evidence_that_was_asked_for_before():
    asked = do(offered(evidence=()), "request", "account", policy=BORZO)
    heard = hear(asked, mail(reply_text="Tôi đồng ý"), BORZO)
    assert silence(heard.ticket, BORZO, 9).state == "open"


def test_words_after_an_offer_do_not_lead_back_to_evidence_that_nobody_waits_for():
    heard = hear(offered(evidence=()), mail(reply_text="Cho tôi hỏi bao giờ thì có tiền"), BORZO)
    assert heard.ticket.state == "open"


def test_silence_confirms_an_offer_once_and_an_answer_prevents_it():
    silent = silence(offered(), BORZO, 4)
    assert silent.offer is not None
    assert (silent.offer.state, silent.state) == ("confirmed", "open")
    heard = hear(offered(), mail(reply_text="Để tôi suy nghĩ thêm"), BORZO)
    after = silence(heard.ticket, BORZO, 9)
    assert after.offer is not None
    assert after.offer.state == "sent"


# ---- approval


def proposed() -> Ticket:
    base = waiting(category="counterfeit")
    return do(base, "propose", "counterfeit", "Trả lại người bán")


@pytest.mark.parametrize("given", [("ask", "Sao?"), ("ask-seller", "Why?"), ("request", "verification_paper")])
def test_a_case_that_waits_for_approval_is_not_made_to_wait_for_anybody_else(given: tuple[str, ...]):
    assert refusal(proposed(), *given) == "wrong-state"


def test_a_proposal_is_not_closed_for_evidence_that_is_still_missing():
    assert silence(proposed(), HAKAGO, 9).state == "awaiting_approval"


def test_what_the_customer_writes_meanwhile_leaves_the_proposal_where_it_is():
    heard = hear(proposed(), mail(reply_text="Bao giờ có kết quả ạ?", attachments=(video(),)))
    assert heard.ticket.state == "awaiting_approval"
    assert do(heard.ticket, "approve", by=MANAGER).state == "resolved"


def test_the_only_manager_is_not_asked_to_approve_his_own_proposal():
    assert refusal(waiting(category="counterfeit"), "propose", "counterfeit", by=MANAGER) == "no-manager"
    assert do(waiting(category="counterfeit"), "resolve", "counterfeit", by=MANAGER).state == "resolved"


def test_a_disagreement_does_not_sweep_a_proposal_away():
    again = do(do(do(waiting(), "resolve", "exchange"), "disagree"), "propose", "refund")
    assert refusal(again, "disagree") == "no-answer-since"


# ---- after the outcome


def resolved(**changes: Any) -> Ticket:
    return do(waiting(evidence=FULL, state="open", clocks=(), **changes), "resolve", "exchange")


def test_a_case_taken_up_again_has_no_outcome_left_to_agree_with():
    """Else the answer to a question would confirm what was settled weeks ago."""
    again = hear(resolved(), mail(reply_text="Áo mới lại bị rách nữa, shop xem lại giúp tôi với nhé")).ticket
    assert (again.state, again.offer) == ("open", None)
    heard = hear(do(again, "ask", "Anh gửi lại áo được không?"), mail(reply_text="Tôi đồng ý"))
    assert "confirmed" not in mails(heard.effects)
    assert refusal(again, "confirm") == "no-offer"


def test_staff_who_take_a_case_up_again_withdraw_the_outcome_too():
    again = do(resolved(), "reopen")
    assert (again.state, again.offer, again.outcome) == ("open", None, None)


def test_a_case_that_was_resolved_in_spite_of_what_is_missing_does_not_wait_for_it_again():
    settled = do(waiting(), "resolve", "exchange")
    assert hear(settled, mail(reply_text="Áo mới lại bị rách, shop xem lại giúp tôi với")).ticket.state == "open"


def test_who_agrees_with_the_outcome_does_not_open_the_case_again():
    heard = hear(resolved(), mail(reply_text="Tôi đồng ý, cảm ơn shop"))
    assert heard.ticket.state == "resolved"
    assert mails(heard.effects, LAN) == ["staff-message"]
    assert running(heard.ticket, "follow-up").state == "running"


def test_a_judgement_that_comes_too_late_is_kept_and_opens_nothing():
    closed = do(resolved(), "close")
    heard = hear(closed, mail(reply_text="Không hài lòng"), now=MORNING + 400 * DAY)
    assert (heard.ticket.state, heard.ticket.satisfaction) == ("closed", 1)
    assert [one.event for one in heard.effects if isinstance(one, Note)] == ["too-late-to-reopen"]
    assert mails(heard.effects, LAN) == ["staff-message"]


def test_a_silent_customer_is_asked_once_and_the_case_is_closed():
    after = silence(resolved(), HAKAGO, 15)
    assert (after.state, after.outcome) == ("closed", "exchange")
    assert not [one for one in after.clocks if one.is_going]


def test_to_disagree_twice_with_one_answer_puts_off_nothing():
    once = do(resolved(), "disagree")
    assert refusal(once, "disagree", now=MORNING + 5 * DAY) == "no-answer-since"


def test_rounds_count_what_the_customer_was_sent_and_nothing_else():
    one = do(waiting(category="counterfeit"), "propose", "counterfeit")
    assert one.rounds == 0
    one = do(one, "reject", "chưa đủ", by=MANAGER)
    one = do(do(one, "propose", "counterfeit"), "approve", by=MANAGER)
    assert one.rounds == 1
    confirmed = hear(offered(), mail(reply_text="Tôi đồng ý"), BORZO).ticket
    assert do(confirmed, "resolve", policy=BORZO).rounds == 1


def test_the_authority_is_named_once():
    one = do(do(resolved(), "disagree"), "second-answer", "refund")
    over = do(do(one, "disagree"), "authority")
    assert refusal(over, "authority") == "is-set"


def test_an_answer_to_a_closed_case_starts_no_clock():
    closed = do(resolved(), "close")
    assert not [one for one in do(closed, "reply", "Chúng tôi đã nhận thư").clocks if one.is_going]


# ---- evidence


def test_what_is_there_is_not_asked_for_again_but_by_refusing_it():
    assert refusal(waiting(), "request", "product_photo") == "is-set"
    assert do(waiting(evidence=FULL, state="open", clocks=()), "refuse", "product_photo").state == "awaiting_evidence"


def test_a_link_counts_for_a_video_that_was_refused():
    refused = do(waiting(evidence=FULL, state="open", clocks=()), "refuse", "unboxing_video")
    link = "https://drive.google.com/file/d/1abc/view"
    heard = hear(refused, mail(reply_text=f"Video đây ạ {link}", links=(link,)))
    assert heard.ticket.status_of("unboxing_video") == "doubtful"
    assert heard.ticket.state == "open"


def test_what_staff_accept_while_the_seller_is_asked_ends_the_waiting_for_evidence():
    asked = do(waiting(), "ask-seller", "Which?")
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=asked)
    carry_out(course, [Order(name="accept", arguments=("unboxing_video",), text="xem tại quầy", by=AGENT)])
    assert course.ticket.state == "awaiting_seller"
    assert running(course.ticket, "evidence").state == "stopped"


def test_a_photo_that_comes_with_a_complaint_is_evidence_of_the_first_mail():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING)
    open_ticket(course, mail(reply_text="Tôi nhận sai màu áo", attachments=(photo("san pham.jpg"),)))
    assert all(one.message_no == 1 for one in course.ticket.evidence)
    assert mails(course.effects) == ["acknowledgement"]


def test_a_bounce_stops_what_an_overdue_clock_still_has_in_store_for_the_silent():
    """Else a full mailbox would be taken for consent."""
    overdue = offered(clocks=(replace(running(offered(), "confirmation"), state="expired"),))
    assert overdue.clocks[0].is_going
    effects = decide_undeliverable(overdue, TUAN, "550", BORZO, DESK, MORNING)
    assert running(fold(overdue, effects, MORNING), "confirmation").state == "stopped"


def test_somebody_who_wrote_without_being_known_can_turn_out_to_be_the_seller():
    stranger = Party(email=SHOP.email, role="unknown", name="")
    one = do(waiting(parties=(CUSTOMER, stranger)), "seller", SHOP.email)
    assert [party.role for party in one.parties if party.email == SHOP.email] == ["seller"]
    assert refusal(waiting(), "seller", TUAN) == "is-set"


def test_whose_mail_is_set_aside_is_not_closed_for_his_silence():
    assert silence(do(waiting(), "suspend", TUAN, text="nghi lừa đảo"), HAKAGO, 9).state == "awaiting_evidence"
    assert silence(do(waiting(), "suspend", SHOP.email, text="nghi lừa đảo"), HAKAGO, 9).state == "closed"


def test_to_accept_what_came_does_not_take_back_what_was_refused():
    cut, whole = (filling("unboxing_video", what=name) for name in ("cut.mp4", "whole.mp4"))
    asked = do(waiting(evidence=(*NO_VIDEO, cut), state="open", clocks=()), "refuse", "unboxing_video")
    doubtful = replace(asked, evidence=(*asked.evidence, replace(whole, status="doubtful")))
    accepted = do(doubtful, "accept", "unboxing_video")
    assert [one.status for one in accepted.evidence[-2:]] == ["refused", "satisfied"]
    assert do(asked, "accept", "unboxing_video").status_of("unboxing_video") == "satisfied"


# ---- deadlines put off by staff


def test_a_deadline_that_stands_still_is_put_off_from_where_it_would_be_by_now():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=ticket(evidence=FULL, state="open", clocks=()))
    course.happen("evidence-complete")
    asked = do(course.ticket, "ask", "Máy nào?")
    later = MORNING + 14 * DAY
    put_off = running(do(asked, "extend", "resolve", "1", "working", "day", text="chờ hãng", now=later), "resolve")
    assert put_off.state == "paused"
    assert put_off.due_at > running(course.ticket, "resolve").due_at + 13 * DAY


def test_a_customer_who_was_given_more_time_is_not_closed_before_it_is_over():
    one = do(waiting(clocks=(clock("evidence"),)), "extend", "evidence", "5", "days", text="khách xin thêm")
    assert silence(one, HAKAGO, 11).state == "awaiting_evidence"
    assert silence(one, HAKAGO, 13).state == "closed"
