"""Commands about how a complaint ends: proposed, approved, sent, confirmed; computed where money is paid."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

from tickets.answers import note_answer
from tickets.commands.orders import ANY, FREE, MANY, RUNNING, Command, Order
from tickets.commands.refusals import Refused
from tickets.compensation import Award, compute
from tickets.course import Course
from tickets.effects import MakeOffer, Note, RecordFigures
from tickets.explanations import explain, tell_money
from tickets.figures import CompensationError, say
from tickets.formulas import FormulaError
from tickets.policy import OutcomeRule
from tickets.ticket import Offer, Outcome
from tickets.turns import confirm as confirm_offer
from tickets.turns import disagree as record_disagreement

OUTCOMES_OF_TICKETS: tuple[Outcome, ...] = get_args(Outcome)


def propose(course: Course, order: Order) -> None:
    """A manager is to approve the outcome before the customer reads it. What he was offered before must be answered, or
    a rejected proposal would leave nothing of it.
    """
    if course.ticket.offer is not None and course.ticket.offer.state != "proposed":
        raise Refused("offer-stands")
    offer = make_offer(course, order, find_rule(course, order), state="proposed")
    if not course.managers(but=order.by.email):
        raise Refused("no-manager")
    course.add(MakeOffer(offer=offer))
    course.move("awaiting_approval", "an outcome was proposed")
    course.happen("proposed")
    facts = {"by": order.by.name or order.by.email, "text": offer.text}
    course.tell_managers("staff-approval", facts, but=order.by.email)


def approve(course: Course, order: Order) -> None:
    """The outcome goes to the customer as it was proposed; words of the manager go to who proposed it."""
    offer = _proposal(course)
    if offer.by == order.by.email:
        raise Refused("own-proposal")
    rule = course.policy.outcome(offer.key, course.ticket.category)
    if rule is None:
        raise Refused("unknown-value", what="outcome", value=offer.key, known=_known(course))
    course.add(Note(event="approved", data={"outcome": offer.key}))
    course.happen("approved")
    _send(course, rule, replace(offer, state="sent", at=course.now), order)
    _tell_proposer(course, offer, "staff-approved", order)


def reject(course: Course, order: Order) -> None:
    """The outcome is not sent; who proposed it reads why."""
    offer = _proposal(course)
    course.add(Note(event="rejected", data={"outcome": offer.key, "text": order.words}))
    course.add(MakeOffer(offer=None))
    course.move("open", "the proposal was rejected")
    course.happen("rejected")
    _tell_proposer(course, offer, "staff-rejected", order)


def resolve(course: Course, order: Order) -> None:
    """The outcome goes to the customer; or what he confirmed is done, and he is told so."""
    offer = course.ticket.offer
    if offer and offer.state == "confirmed" and not order.arguments:
        course.move("resolved", "what was agreed is done", offer.outcome)
        course.happen("resolved")
        course.write_customer("outcome-done", {"text": order.text.strip()}, by_hand=True)
        return
    if not order.arguments:
        raise Refused("no-outcome", known=_known(course))
    _answer(course, order)


def answer_again(course: Course, order: Order) -> None:
    """Another answer to a customer who did not agree with the one before."""
    given, allowed = course.ticket.rounds, course.policy.answers.rounds
    if given == 0:
        raise Refused("no-first-answer")
    if given >= allowed:
        raise Refused("no-rounds-left", rounds=allowed)
    if course.ticket.offer is not None:
        raise Refused("no-disagreement")
    _answer(course, order)


def _answer(course: Course, order: Order) -> None:
    rule = find_rule(course, order)
    if rule.needs_approval and order.by.role != "manager":
        raise Refused("needs-approval", outcome=rule.key)
    _send(course, rule, make_offer(course, order, rule, state="sent"), order)


def _send(course: Course, rule: OutcomeRule, offer: Offer, order: Order) -> None:
    course.add(MakeOffer(offer=offer))
    note_answer(course, order.by.email)
    if rule.needs_confirmation:
        course.move("awaiting_customer", "the customer is to confirm the outcome")
        course.happen("offered")
    else:
        course.move("resolved", "the outcome was sent", rule.outcome)
        course.happen("resolved")
    course.write_customer(rule.template, {"text": offer.text}, by_hand=True)


def confirm(course: Course, order: Order) -> None:
    """The customer agreed on the phone, or in words that only people understand."""
    offer = course.ticket.offer
    if offer is None or offer.state != "sent":
        raise Refused("no-offer")
    course.add(Note(event="confirmed-by-staff", data={"text": order.words}))
    confirm_offer(course, "staff recorded that the customer agreed")


def disagree(course: Course, order: Order) -> None:
    """The customer did not agree, as staff heard it. To disagree twice with one answer would only put off deadlines."""
    if course.ticket.rounds == 0:
        raise Refused("no-first-answer")
    if course.ticket.offer is None or course.ticket.offer.state == "proposed":
        raise Refused("no-answer-since")
    course.add(Note(event="disagreement-recorded", data={"text": order.words}))
    record_disagreement(course, "staff recorded that the customer did not agree")


def compensate(course: Course, order: Order) -> None:
    """Compute what is paid, from figures given as KEY=VALUE; those given before still count."""
    given = dict(_figure(argument) for argument in order.arguments)
    award = _award(course, {**course.ticket.figures, **given})
    course.add(RecordFigures(figures=given))
    course.add(
        Note(
            event="compensation-computed",
            data={
                "amount": award.amount,
                "currency": award.currency,
                "steps": list(explain(award, course.desk.language)),
            },
        )
    )


def hand_to_authority(course: Course, order: Order) -> None:
    """Both sides could not agree: the customer may go to the authority, and gets told so. The case ends here."""
    given, asked = course.ticket.rounds, course.policy.answers.rounds
    if course.ticket.is_closed and course.ticket.outcome == "authority":
        raise Refused("is-set", what="authority")
    if given < asked and order.by.role != "manager":
        raise Refused("rounds-left", given=given, rounds=asked)
    course.close("both sides could not agree", "authority")
    course.write_customer("authority", {"text": order.text.strip()}, by_hand=True)
    course.tell_managers("staff-authority", {"by": order.by.name or order.by.email})


def find_rule(course: Course, order: Order) -> OutcomeRule:
    """The outcome that the order names. Raises Refused."""
    key = order.arguments[0].lower()
    rule = course.policy.outcome(key, course.ticket.category)
    if rule is None:
        raise Refused("unknown-value", what="outcome", value=key, known=_known(course))
    return rule


def _known(course: Course) -> str:
    return ", ".join(one.key for one in course.policy.outcomes if one.is_for(course.ticket.category))


def make_offer(course: Course, order: Order, rule: OutcomeRule, state: Literal["proposed", "sent"]) -> Offer:
    """The outcome with the words of the order; its amount is computed where the policy says so. Raises Refused."""
    award = _award(course, course.ticket.figures) if rule.computed else None
    if award is not None:
        _check_award(award, rule)
    return Offer(
        key=rule.key,
        outcome=rule.outcome,
        text=order.text.strip() or " ".join(order.arguments[1:]),
        by=order.by.email,
        at=course.now,
        state=state,
        amount=award.amount if award else None,
        explanation=explain(award, course.ticket.language) if award else (),
    )


def _check_award(award: Award, rule: OutcomeRule) -> None:
    """Money is not offered where an exemption holds, and not denied by one where none does. Raises Refused."""
    is_denial = rule.outcome == "rejected"
    if award.is_exempt and not is_denial:
        reasons = {
            language: "; ".join(say(one.name, language) for one in award.exemptions) for language in ("vi", "en")
        }
        raise Refused("is-exempt", reasons=reasons)
    if is_denial and not award.is_exempt:
        amounts = {language: tell_money(award.amount, award.currency, language) for language in ("vi", "en")}
        raise Refused("not-exempt", amount=amounts)


def _award(course: Course, figures: Mapping[str, str]) -> Award:
    rules = course.policy.compensation
    if rules is None:
        raise Refused("no-compensation")
    try:
        return compute(rules, figures)
    except CompensationError as error:
        mistakes = {language: "; ".join(error.sentences(language)) for language in ("vi", "en")}
        raise Refused("wrong-figures", mistakes=mistakes) from error
    except FormulaError as error:
        raise Refused("wrong-figures", mistakes=str(error)) from error


def _figure(argument: str) -> tuple[str, str]:
    key, equals, value = argument.partition("=")
    if not equals or not key:
        raise Refused("wrong-value", what="figure", value=argument, example="fee=30000")
    return key.strip(), value.strip()


def _proposal(course: Course) -> Offer:
    offer = course.ticket.offer
    if offer is None or offer.state != "proposed":
        raise Refused("no-proposal")
    return offer


def _tell_proposer(course: Course, offer: Offer, template: str, order: Order) -> None:
    person = course.desk.staff(offer.by)
    if person:
        course.tell(person, template, {"by": order.by.name or order.by.email, "text": order.words})


OUTCOMES = (
    Command(
        name="compensate",
        usage="KEY=VALUE…",
        tells={"vi": "tính mức bồi thường theo chính sách", "en": "compute the compensation by the policy"},
        run=compensate,
        arguments=(1, MANY),
    ),
    Command(
        name="propose",
        usage="OUTCOME [TEXT]",
        tells={"vi": "đề xuất kết quả để quản lý phê duyệt", "en": "propose an outcome to a manager"},
        run=propose,
        arguments=(1, MANY),
    ),
    Command(
        name="approve",
        usage="[TEXT]",
        tells={"vi": "phê duyệt và gửi kết quả", "en": "approve the proposal, and send it"},
        run=approve,
        arguments=(0, MANY),
        states=frozenset(("awaiting_approval",)),
        for_managers=True,
    ),
    Command(
        name="reject",
        usage="[TEXT]",
        tells={"vi": "không phê duyệt đề xuất", "en": "reject the proposal"},
        run=reject,
        arguments=(0, MANY),
        needs_text=True,
        states=frozenset(("awaiting_approval",)),
        for_managers=True,
    ),
    Command(
        name="resolve",
        usage="[OUTCOME [TEXT]]",
        tells={"vi": "gửi kết quả cho khách hàng", "en": "send the outcome, or say that what was agreed is done"},
        run=resolve,
        arguments=(0, MANY),
        states=FREE,
    ),
    Command(
        name="second-answer",
        usage="OUTCOME [TEXT]",
        tells={"vi": "trả lời lần tiếp theo", "en": "answer again after the customer disagreed"},
        run=answer_again,
        arguments=(1, MANY),
        states=FREE | {"resolved"},
    ),
    Command(
        name="confirm",
        usage="[TEXT]",
        tells={"vi": "ghi nhận khách hàng đồng ý", "en": "record that the customer agreed"},
        run=confirm,
        arguments=(0, MANY),
    ),
    Command(
        name="disagree",
        usage="[TEXT]",
        tells={"vi": "ghi nhận khách hàng không đồng ý", "en": "record that the customer did not agree"},
        run=disagree,
        arguments=(0, MANY),
        states=RUNNING | {"resolved"},
    ),
    Command(
        name="authority",
        usage="[TEXT]",
        tells={
            "vi": "kết thúc, hướng dẫn khách hàng đến cơ quan có thẩm quyền",
            "en": "end here; the authority decides",
        },
        run=hand_to_authority,
        arguments=(0, MANY),
        states=ANY,
    ),
)
