"""What staff do: each command does what it says, all of it or nothing, and is refused with a reason otherwise."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from intake.settings.policies import read_policy
from tests.complaints import HANOI, LAN, MINH, MORNING, TUAN, clock, filling, mail, photo, subject, ticket
from tickets.clocks import decide_clock
from tickets.commands import COMMANDS, Order, Refused, carry_out, find_command
from tickets.commands import refusals as words_of_refusals
from tickets.complaints import continue_ticket, open_ticket
from tickets.course import Course
from tickets.desk import Department, Desk
from tickets.durations import Duration
from tickets.effects import ChangeState, Effect, LearnDetails, Note, WriteMail
from tickets.folding import fold
from tickets.policy import Policy
from tickets.ticket import Offer, Party, RunningClock, Ticket

HAKAGO, BORZO, HOPTHU = read_policy("hakago"), read_policy("borzo"), read_policy("hopthu")
AGENT, MANAGER = Party(email=LAN, role="staff", name="Lan"), Party(email=MINH, role="manager", name="Minh")
BOSS = Party(email="boss@hakago.example", role="manager", name="Boss")
SELLER = Party(email="shop@nguoiban.example", role="seller", name="Shop")
DESK = Desk(
    language="vi",
    departments=(
        Department(key="cskh", name="Bộ phận CSKH", categories=("*",), staff=(AGENT, MANAGER)),
        Department(key="kho", name="Bộ phận Kho", categories=(), staff=(BOSS,)),
    ),
)
FULL = tuple(filling(slot.key) for slot in HAKAGO.slots)


def case(**changes: Any) -> Ticket:
    """A complaint with everything there, as the company works on it."""
    arguments: dict[str, Any] = {"state": "open", "evidence": FULL, "clocks": ()}
    return ticket(**(arguments | changes))


def do(one: Ticket, name: str, *arguments: str, text: str = "", by: Party = AGENT, policy: Policy = HAKAGO) -> Course:
    course = Course(policy=policy, desk=DESK, now=MORNING, before=one)
    carry_out(course, [Order(name=name, arguments=arguments, text=text, by=by)])
    return course


def mails(course: Course) -> list[tuple[str, str]]:
    return [(one.template, one.to.email) for one in course.effects if isinstance(one, WriteMail)]


def running(course_ticket: Ticket, name: str) -> RunningClock:
    found = course_ticket.clock(name)
    assert found is not None
    return found


def notes(effects: list[Effect]) -> list[str]:
    return [one.event for one in effects if isinstance(one, Note)]


def refusal(one: Ticket, name: str, *arguments: str, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        do(one, name, *arguments, **options)
    assert refused.value.words("vi")
    return refused.value.code


def test_every_command_has_a_name_of_its_own_and_says_what_it_does_in_both_languages():
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert all(command.tells["vi"] and command.tells["en"] for command in COMMANDS)
    assert all(find_command(command.name.upper()) is command for command in COMMANDS)


def test_every_refusal_has_words_in_both_languages_with_the_same_facts():
    for code, words in words_of_refusals._WORDS.items():
        assert set(words) == {"vi", "en"}, code
        named = [{part.partition("}")[0].partition("!")[0] for part in text.split("{")[1:]} for text in words.values()]
        assert named[0] == named[1], code


REFUSALS: dict[str, tuple[Ticket, tuple[str, ...], dict[str, Any], str]] = {
    "no such command": (case(), ("delete",), {}, "unknown-command"),
    "note without words": (case(), ("note",), {}, "no-text"),
    "reply to nobody": (case(customer_email="", parties=()), ("reply", "Chào"), {}, "no-customer-address"),
    "too many arguments": (case(), ("assign", LAN, MINH), {}, "wrong-arguments"),
    "assign to a stranger": (case(), ("assign", "ai@do.example"), {}, "unknown-value"),
    "forward to where it is": (case(), ("forward", "cskh"), {}, "is-set"),
    "forward to no department": (case(), ("forward", "kế toán"), {}, "unknown-value"),
    "the same kind again": (case(), ("category", "wrong-item"), {}, "is-set"),
    "an unknown kind": (case(), ("category", "màu"), {}, "unknown-value"),
    "a day that is none": (case(), ("delivered", "hôm qua"), {}, "wrong-value"),
    "a delivery in the year one": (case(), ("delivered", "0001-01-01", "00:30"), {}, "wrong-value"),
    "a delivery in the future": (case(), ("delivered", "2027-01-01"), {}, "wrong-value"),
    "an unknown mark": (case(), ("flag", "vip"), {}, "unknown-value"),
    "a mark twice": (case(flags=("special-goods",)), ("flag", "special-goods"), {}, "is-set"),
    "a mark that is not there": (case(), ("unflag", "special-goods"), {}, "is-not-set"),
    "an unknown slot": (case(), ("request", "selfie"), {}, "unknown-value"),
    "accept what never came": (case(evidence=()), ("accept", "unboxing_video"), {}, "no-evidence"),
    "refuse what never came": (case(evidence=()), ("refuse", "unboxing_video"), {}, "no-evidence"),
    "a seller who is no address": (case(), ("seller", "shop"), {}, "wrong-value"),
    "a seller who is staff": (case(), ("seller", LAN), {}, "is-set"),
    "a question to nobody": (case(), ("ask-seller", "Còn hàng không?"), {}, "no-seller"),
    "an outcome the kind does not have": (case(), ("resolve", "genuine"), {}, "unknown-value"),
    "an outcome without a name": (case(), ("resolve",), {}, "no-outcome"),
    "what a manager has to approve": (
        case(category="counterfeit"), ("resolve", "counterfeit"), {}, "needs-approval",
    ),
    "approval without a proposal": (case(), ("approve",), {"by": MANAGER}, "wrong-state"),
    "approval by an agent": (case(state="awaiting_approval"), ("approve",), {}, "managers-only"),
    "a second answer before the first": (case(), ("second-answer", "refund"), {}, "no-first-answer"),
    "a third answer": (case(rounds=2), ("second-answer", "refund"), {}, "no-rounds-left"),
    "the authority too early": (case(rounds=1), ("authority",), {}, "rounds-left"),
    "consent to nothing": (case(), ("confirm",), {}, "no-offer"),
    "disagreement with nothing": (case(), ("disagree",), {}, "no-first-answer"),
    "compensation that the policy does not have": (case(), ("compensate", "fee=1"), {}, "no-compensation"),
    "another deadline than there is": (case(), ("extend", "resolve", "2026-12-31"), {"text": "chờ"}, "no-clock"),
    "closing as what is no outcome": (case(), ("close", "lost"), {}, "unknown-value"),
    "closing twice": (case(state="closed"), ("close",), {}, "wrong-state"),
    "reopening what is open": (case(), ("reopen",), {}, "wrong-state"),
    "a judgement of seven": (case(), ("satisfaction", "7"), {}, "wrong-value"),
    "suspending without a reason": (case(), ("suspend", TUAN), {}, "no-reason"),
    "suspending a colleague": (case(), ("suspend", MINH), {}, "wrong-value"),
    "release by an agent": (case(), ("release", TUAN), {}, "managers-only"),
    "asking on a closed ticket": (case(state="closed"), ("ask", "Sao?"), {}, "wrong-state"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "given", "options", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_command_is_refused_with_its_reason(one: Ticket, given: tuple[str, ...], options: Any, code: str):
    assert refusal(one, *given, **options) == code


def test_of_several_orders_all_are_done_or_none():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=case())
    orders = [Order(name="note", text="xong", by=AGENT), Order(name="approve", by=AGENT)]
    with pytest.raises(Refused):
        carry_out(course, orders)
    orders = [Order(name="note", text="xong", by=AGENT), Order(name="assign", arguments=("me",), by=AGENT)]
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=case())
    carry_out(course, orders)
    assert (notes(course.effects), course.ticket.owner) == (["noted"], LAN)


def test_a_note_is_for_staff_only():
    course = do(case(), "note", text="khách quen")
    assert mails(course) == []
    assert [one.data for one in course.effects if isinstance(one, Note)] == [{"text": "khách quen"}]


def test_who_gets_a_ticket_is_told_and_who_takes_it_is_not():
    assert mails(do(case(), "assign", MINH)) == [("staff-assigned", MINH)]
    assert mails(do(case(), "assign", "me")) == []
    assert do(case(owner=LAN), "assign", "nobody").ticket.owner is None


def test_an_owner_of_another_department_is_told_of_what_comes():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=case(owner=BOSS.email))
    course.tell_staff("staff-message")
    assert [to for _, to in mails(course)] == [LAN, MINH, BOSS.email]


def test_a_hand_over_is_told_to_the_customer_and_to_the_new_department_at_once():
    course = do(case(owner=LAN), "forward", "kho", text="việc của kho")
    assert mails(course) == [("handed-over", TUAN), ("staff-handed-over", BOSS.email)]
    assert (course.ticket.department, course.ticket.owner) == ("kho", None)


def test_another_kind_asks_the_customer_for_what_it_needs_besides():
    waiting = case(state="awaiting_evidence", category="other", evidence=(filling("description"),), clocks=(clock(),))
    course = do(waiting, "category", "wrong-item")
    assert mails(course) == [("evidence-request", TUAN)]
    assert course.ticket.state == "awaiting_evidence"


def test_photos_that_came_before_the_kind_was_known_are_not_asked_for_again():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING)
    first = mail(says=subject(category="other", customer_code="Tuan668"), attachments=(photo("a.jpg"), photo("b.jpg")))
    open_ticket(course, first)
    assert course.ticket.status_of("product_photo") == "missing"
    later = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=course.ticket)
    continue_ticket(later, mail(says=subject(category="damaged"), reply_text="Áo bị rách tay, shop xem giúp"))
    assert later.ticket.status_of("product_photo") == later.ticket.status_of("difference_photo") == "satisfied"
    assert [one.message_no for one in later.ticket.evidence if one.slot == "product_photo"] == [1]
    again = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=later.ticket)
    again.learn(LearnDetails(category="wrong-item"))
    assert again.effects == [LearnDetails(category="wrong-item")]


def test_what_is_promised_to_a_kind_counts_from_the_receipt_though_the_kind_was_found_out_later():
    waiting = case(state="awaiting_evidence", category="other", evidence=(), clocks=(clock(),))
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING + timedelta(days=1), before=waiting)
    continue_ticket(course, mail(says=subject(category="counterfeit"), reply_text="Tôi nghi là hàng giả"))
    respond = running(course.ticket, "respond")
    assert (respond.started_at, respond.state) == (MORNING, "running")


def test_another_kind_that_asks_for_nothing_more_opens_the_case():
    have = (filling("customer_code"), filling("description"))
    waiting = case(state="awaiting_evidence", evidence=have, clocks=(clock(),))
    course = do(waiting, "category", "conduct")
    assert course.ticket.state == "open"
    assert running(course.ticket, "evidence").state == "stopped"


def test_the_day_of_delivery_decides_whether_a_claim_is_late():
    late = do(case(), "delivered", "2026-11-20", "10:00").ticket
    assert (late.is_late, late.delivered_at) == (True, datetime(2026, 11, 20, 10, tzinfo=HANOI))
    assert do(late, "delivered", "2026-11-23", "15:00").ticket.is_late is False
    assert do(late, "delivered", "2026-11-23 15:00").ticket.is_late is False, "quoted, it is one argument"


def test_a_code_that_staff_know_is_not_asked_of_the_customer():
    have = (filling("description"),)
    waiting = case(state="awaiting_evidence", category="conduct", customer_code=None, evidence=have, clocks=(clock(),))
    course = do(waiting, "customer", "Tuan668")
    assert (course.ticket.state, mails(course)) == ("open", [])
    corrected = do(course.ticket, "customer", "Tuan686").ticket
    assert [one.what for one in corrected.evidence if one.slot == "customer_code" and one.status == "satisfied"] == [
        "Tuan686"
    ]


def test_another_kind_knows_the_codes_that_are_known():
    waiting = case(state="awaiting_evidence", category="other", evidence=(filling("description"),), clocks=(clock(),))
    assert do(waiting, "category", "wrong-item").ticket.status_of("customer_code") == "satisfied"


def test_what_staff_ask_for_is_waited_for_and_told_in_their_words():
    without = case(evidence=tuple(one for one in FULL if one.slot != "product_name"))
    course = do(without, "request", "product_name", text="Cho em xin tên sản phẩm")
    (letter,) = [one for one in course.effects if isinstance(one, WriteMail)]
    assert (letter.template, letter.is_automatic, letter.facts["text"]) == (
        "evidence-request", False, "Cho em xin tên sản phẩm",
    )  # fmt: skip
    assert (course.ticket.state, running(course.ticket, "evidence").state) == ("awaiting_evidence", "running")


def test_refused_evidence_is_missing_again_and_what_is_accepted_completes_the_case():
    refused = do(case(), "refuse", "unboxing_video", text="Video bị cắt").ticket
    assert (refused.state, refused.status_of("unboxing_video")) == ("awaiting_evidence", "missing")
    assert running(refused, "evidence").state == "running"
    accepted = do(refused, "accept", "unboxing_video", text="đã xem lại tại quầy").ticket
    assert (accepted.state, accepted.status_of("unboxing_video")) == ("open", "satisfied")


def test_what_is_waived_is_not_waited_for():
    lacking = tuple(one for one in FULL if one.slot != "unboxing_video")
    waiting = case(state="awaiting_evidence", evidence=lacking, clocks=(clock(),))
    course = do(waiting, "waive", "unboxing_video")
    assert course.ticket.state == "open"
    assert mails(course) == []


def test_a_question_waits_for_the_customer_and_his_answer_goes_on():
    asked = do(case(), "ask", text="Anh dùng máy nào?")
    assert (asked.ticket.state, mails(asked)) == ("awaiting_customer", [("staff-answer", TUAN)])
    assert running(asked.ticket, "answer").state == "running"
    heard = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=asked.ticket)
    continue_ticket(heard, mail(reply_text="Máy Samsung"))
    assert (heard.ticket.state, running(heard.ticket, "answer").state) == ("open", "stopped")
    assert ("staff-message", LAN) in mails(heard)


def test_the_seller_is_asked_apart_from_the_customer():
    with_seller = do(case(), "seller", SELLER.email, "Shop", "Quảng", "Châu").ticket
    course = do(with_seller, "ask-seller", text="Which colour did you send?")
    assert mails(course) == [("seller-question", SELLER.email)]
    assert course.ticket.state == "awaiting_seller"
    assert running(course.ticket, "seller").state == "running"


def test_a_resolution_says_the_outcome_and_begins_the_follow_up():
    course = do(case(), "resolve", "exchange", text="Bên em đổi áo mới trong 7 ngày.")
    assert mails(course) == [("outcome", TUAN)]
    assert (course.ticket.state, course.ticket.outcome, course.ticket.rounds) == ("resolved", "exchange", 1)
    assert running(course.ticket, "follow-up").state == "running"
    assert course.ticket.answered_at == MORNING


def proposed() -> Ticket:
    return do(case(category="counterfeit"), "propose", "counterfeit", text="Trả lại người bán").ticket


def test_a_proposal_waits_for_a_manager_who_did_not_make_it():
    course = do(case(category="counterfeit"), "propose", "counterfeit", text="Trả lại người bán")
    assert mails(course) == [("staff-approval", MINH)]
    assert course.ticket.state == "awaiting_approval"
    own = do(case(category="counterfeit"), "propose", "counterfeit", by=MANAGER).ticket
    assert refusal(own, "approve", by=MANAGER) == "own-proposal"
    assert do(own, "approve", by=BOSS).ticket.state == "resolved"


def test_an_approved_outcome_is_sent_as_it_was_proposed():
    course = do(proposed(), "approve", by=MANAGER)
    letter = next(one for one in course.effects if isinstance(one, WriteMail) and one.template == "outcome")
    assert letter.facts["text"] == "Trả lại người bán"
    assert ("staff-approved", LAN) in mails(course)
    assert (course.ticket.state, course.ticket.outcome) == ("resolved", "refund")


def test_a_rejected_outcome_reaches_no_customer():
    course = do(proposed(), "reject", text="Chưa đủ căn cứ", by=MANAGER)
    assert mails(course) == [("staff-rejected", LAN)]
    assert (course.ticket.state, course.ticket.offer) == ("open", None)


def test_closing_a_case_withdraws_what_was_proposed():
    assert do(proposed(), "close", by=MANAGER).ticket.offer is None


def test_two_answers_and_then_the_authority():
    one = do(case(), "resolve", "rejected", text="Không đủ căn cứ").ticket
    one = do(one, "disagree", text="gọi điện").ticket
    assert one.state == "open"
    one = do(one, "second-answer", "refund", text="Hoàn một nửa").ticket
    assert (one.state, one.rounds) == ("resolved", 2)
    one = do(one, "disagree").ticket
    assert refusal(one, "second-answer", "refund") == "no-rounds-left"
    course = do(one, "authority", text="Sở Công Thương")
    assert (course.ticket.state, course.ticket.outcome) == ("closed", "authority")
    assert mails(course) == [("authority", TUAN), ("staff-authority", MINH)]


def test_a_deadline_is_put_off_with_a_reason_and_the_customer_reads_both():
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=case())
    course.happen("evidence-complete")
    before = running(course.ticket, "resolve")
    extended = do(course.ticket, "extend", "resolve", "5", "working", "days", text="Chờ hãng xác nhận")
    after = running(extended.ticket, "resolve")
    assert after.due_at == HAKAGO.time.add(before.due_at, Duration(5, "working days"))
    (letter,) = [one for one in extended.effects if isinstance(one, WriteMail)]
    assert (letter.facts["due_at"], letter.facts["text"]) == (after.due_at, "Chờ hãng xác nhận")
    assert refusal(extended.ticket, "extend", "resolve", "2026-11-25", text="x") == "not-later"
    assert refusal(extended.ticket, "extend", "resolve", "2027-06-01", text="x") == "too-late"
    assert refusal(extended.ticket, "extend", "resolve", "9999-12-31", text="x") == "wrong-value"


def test_an_address_is_suspended_by_anybody_and_released_by_a_manager():
    assert [type(one).__name__ for one in do(case(), "suspend", TUAN, text="nghi lừa đảo").effects] == [
        "SuspendAddress"
    ]
    assert [type(one).__name__ for one in do(case(), "release", TUAN, by=MANAGER).effects] == ["ReleaseAddress"]


def test_compensation_is_refused_with_everything_that_is_missing():
    with pytest.raises(Refused) as refused:
        do(case(category="other"), "compensate", "phí=30000", policy=BORZO)
    assert refused.value.code == "wrong-figures"
    assert "phí" in refused.value.words("vi")
    assert refusal(case(category="other"), "compensate", "30000", policy=BORZO) == "wrong-value"


def offered(state: Any = "sent") -> Ticket:
    offer = Offer(key="compensation", outcome="compensation", text="", by=LAN, at=MORNING, state=state, amount=120_000)
    return case(state="awaiting_customer", offer=offer, rounds=1)


@pytest.mark.parametrize(
    ("words", "state", "offer", "told"),
    [
        ("Tôi đồng ý", "open", "confirmed", "staff-confirmed"),
        ("Tôi không đồng ý", "open", None, "staff-disagreed"),
        ("Tài khoản của tôi là 0123 Vietcombank, chị xem giúp em rồi báo lại nhé", "open", "sent", "staff-message"),
    ],
    ids=["yes", "no", "something else"],
)
def test_the_answer_to_an_offer_is_understood_or_left_to_people(words: str, state: str, offer: Any, told: str):
    course = Course(policy=BORZO, desk=DESK, now=MORNING, before=offered())
    continue_ticket(course, mail(reply_text=words))
    assert course.ticket.state == state
    assert (course.ticket.offer.state if course.ticket.offer else None) == offer
    assert (told, LAN) in mails(course)


def test_what_was_confirmed_is_resolved_without_another_outcome():
    course = do(offered("confirmed"), "resolve", text="Đã chuyển khoản", policy=BORZO)
    assert (course.ticket.state, course.ticket.outcome) == ("resolved", "compensation")
    assert mails(course) == [("outcome-done", TUAN)]


@pytest.mark.parametrize(
    ("words", "state", "score", "told"),
    [
        ("5", "closed", 5, "staff-satisfied"),
        ("Hài lòng", "closed", 5, "staff-satisfied"),
        ("Rất hài lòng, cảm ơn Hakago!", "closed", 5, "staff-satisfied"),
        ("Cảm ơn shop nhé", "resolved", None, "staff-message"),
        ("Ok", "resolved", None, "staff-message"),
        ("Dạ vâng ạ", "resolved", None, "staff-message"),
        ("Đồng ý", "resolved", None, "staff-message"),
        ("Không hài lòng", "open", 1, "staff-disagreed"),
        ("Tôi không đồng ý với kết quả này", "open", None, "staff-disagreed"),
        ("Áo mới lại bị rách nữa, shop xem lại giúp tôi chuyện này với nhé", "open", None, "staff-message"),
    ],
)
def test_what_a_customer_says_after_the_outcome(words: str, state: str, score: int | None, told: str):
    resolved = do(case(), "resolve", "exchange").ticket
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=resolved)
    continue_ticket(course, mail(reply_text=words))
    assert (course.ticket.state, course.ticket.satisfaction) == (state, score)
    assert (told, LAN) in mails(course)


def test_once_the_customer_was_asked_a_mere_yes_is_his_judgement():
    resolved = do(case(), "resolve", "exchange").ticket
    later = MORNING + timedelta(days=4)
    asked = fold(resolved, decide_clock(resolved, "follow-up", HAKAGO, DESK, later), later)
    course = Course(policy=HAKAGO, desk=DESK, now=later, before=asked)
    continue_ticket(course, mail(reply_text="Ok shop"))
    assert (course.ticket.state, course.ticket.satisfaction) == ("closed", 5)


def test_after_the_policy_s_time_words_are_kept_and_the_case_stays_closed():
    closed = do(do(case(), "resolve", "exchange").ticket, "close").ticket
    later = MORNING + timedelta(days=400)
    course = Course(policy=HAKAGO, desk=DESK, now=later, before=closed)
    continue_ticket(course, mail(reply_text="Áo lại hỏng rồi shop ơi, giúp mình xem lại với nhé"))
    assert course.ticket.state == "closed"
    assert "too-late-to-reopen" in notes(course.effects)
    assert ("staff-message", LAN) in mails(course)


def test_a_state_is_never_changed_by_a_refused_command():
    one = case()
    for name in ("approve", "authority", "reopen"):
        course = Course(policy=HAKAGO, desk=DESK, now=MORNING, before=one)
        with pytest.raises(Refused):
            carry_out(course, [Order(name=name, by=AGENT)])
        assert not [effect for effect in course.effects if isinstance(effect, ChangeState)]


def hear(one: Ticket, **of: Any) -> Course:
    course = Course(policy=HAKAGO, desk=DESK, now=MORNING + timedelta(hours=1), before=one)
    continue_ticket(course, mail(**of))
    return course


CODED = tuple(replace(one, what="Tuan668") if one.slot == "customer_code" else one for one in FULL)


def test_a_code_that_was_refused_does_not_come_back_with_the_next_words_of_the_customer():
    refused = do(case(evidence=CODED), "refuse", "customer_code", text="Mã không tồn tại").ticket
    after = hear(refused, reply_text="Dạ để em xem lại", says=subject(reply=True)).ticket
    assert (after.state, after.status_of("customer_code")) == ("awaiting_evidence", "missing")


def test_a_code_that_was_refused_is_corrected_by_the_customers_next_mail():
    refused = do(case(evidence=CODED), "refuse", "customer_code", text="Mã không tồn tại").ticket
    after = hear(refused, reply_text="Mã đúng là Mai777", says=subject(customer_code="Mai777")).ticket
    assert (after.customer_code, after.status_of("customer_code")) == ("Mai777", "satisfied")


def test_another_kind_of_complaint_asks_for_more_in_an_open_case_too():
    plain = case(category="other", evidence=tuple(map(filling, ("customer_code", "description", "unboxing_video"))))
    course = do(plain, "category", "wrong-item")
    assert course.ticket.state == "awaiting_evidence"
    assert running(course.ticket, "evidence").state == "running"
    assert ("evidence-request", TUAN) in mails(course)


@pytest.mark.parametrize("state", ["sent", "confirmed"])
def test_nothing_is_proposed_over_an_outcome_that_the_customer_has(state: Any):
    offer = Offer(key="refund", outcome="refund", text="", by=LAN, at=MORNING, state=state)
    assert refusal(case(rounds=1, offer=offer), "propose", "exchange") == "offer-stands"


def test_an_answer_in_a_case_that_was_taken_up_again_gives_the_customer_his_time_anew():
    silent = case(
        state="awaiting_evidence", evidence=(filling("customer_code"),), clocks=(clock(state="expired", wakes_at=None),)
    )
    after = do(silent, "reply", text="Anh gửi video giúp em.").ticket
    assert running(after, "evidence").state == "running"
