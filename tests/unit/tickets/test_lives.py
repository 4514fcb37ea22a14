"""Whatever customers, sellers, staff and clocks do to a case, and in whatever order: what must hold all the time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from intake.settings.policies import read_policy
from tests.complaints import LAN, MINH, MORNING, NUMBER, TUAN, document, mail, photo, video
from tickets.checklist import is_complete
from tickets.clocks import decide_clock
from tickets.commands import Order, Refused, carry_out
from tickets.complaints import open_ticket
from tickets.course import Course
from tickets.decisions import decide_mail, decide_undeliverable
from tickets.desk import Department, Desk
from tickets.effects import AddParty, Effect, MakeOffer, WriteMail
from tickets.folding import fold
from tickets.incoming import Candidates, IncomingMail, ReplyToken
from tickets.policy import Policy
from tickets.ticket import Party, Ticket

POLICIES = [read_policy(name) for name in ("hakago", "general", "hopthu", "mit", "borzo")]
AGENT, MANAGER = Party(email=LAN, role="staff", name="Lan"), Party(email=MINH, role="manager", name="Minh")
SHOP = Party(email="shop@nguoiban.example", role="seller", name="Shop")
DESK = Desk(
    language="vi",
    departments=(Department(key="cskh", name="CSKH", categories=("*",), staff=(AGENT, MANAGER)),),
)
WORDS = ("Tôi đồng ý", "Tôi không đồng ý", "Cảm ơn", "5", "1", "Áo lại bị rách, xem giúp tôi", "STK 0123456789 ABC")
FILES = ((), (video(),), (photo("san pham.jpg"), photo("loi.jpg"), photo("nhan.jpg")), (document(),))
ALONE = (
    "resolve", "approve", "reject", "confirm", "disagree", "authority", "reopen", "close", "ask", "ask-seller", "reply",
)  # fmt: skip
HOUR = timedelta(hours=1)

Act = tuple[Any, ...]  # what is done, and what it takes


def orders(policy: Policy) -> st.SearchStrategy[Act]:
    """Commands as staff give them; many are refused."""
    slots, outcomes = [one.key for one in policy.slots], [one.key for one in policy.outcomes]
    return st.one_of(
        st.tuples(st.sampled_from(("request", "accept", "refuse", "waive")), st.sampled_from(slots)),
        st.tuples(st.sampled_from(("propose", "resolve", "second-answer")), st.sampled_from(outcomes)),
        st.tuples(st.sampled_from(ALONE)),
        st.tuples(st.just("category"), st.sampled_from([one.slug for one in policy.categories])),
        st.tuples(st.just("extend"), st.sampled_from([one.name for one in policy.clocks]), st.just("3 days")),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[Policy, str, list[Act]]:
    policy = draw(st.sampled_from(POLICIES))
    staff = st.tuples(st.just("order"), orders(policy), st.sampled_from((AGENT, MANAGER)))
    customer = st.tuples(st.just("customer"), st.sampled_from(WORDS), st.sampled_from(FILES))
    others = st.tuples(st.sampled_from(("seller", "staff", "bounce")))
    wait = st.tuples(st.just("wait"), st.integers(1, 10))
    acts = draw(st.lists(st.one_of(staff, staff, customer, others, wait), max_size=20))
    return policy, draw(st.sampled_from([one.slug for one in policy.categories])), acts


def opened(policy: Policy, category: str) -> Ticket:
    course = Course(policy=policy, desk=DESK, now=MORNING)
    first = mail(reply_text="Tôi nhận sai màu áo rồi ạ")
    open_ticket(course, replace(first, subject=replace(first.subject, category=category, order_code="012345")))
    course.add(AddParty(party=SHOP))
    return course.ticket


def heard(one: Ticket, act: Act, policy: Policy, now: datetime) -> Sequence[Effect]:
    """What one act leads to; nothing where it is refused."""
    match act:
        case ("customer", words, files):
            return _hear(one, mail(reply_text=words, attachments=files), policy, now)
        case ("seller",):
            return _hear(one, mail(sender=SHOP.email, reply_text="Blue"), policy, now)
        case ("staff",):
            token = ReplyToken(number=NUMBER, email=LAN)
            return _hear(replace(one, number=NUMBER), mail(sender=LAN, token=token, reply_text="Chào"), policy, now)
        case ("bounce",):
            return decide_undeliverable(one, TUAN, "550", policy, DESK, now)
        case ("order", (name, *arguments), by):
            course = Course(policy=policy, desk=DESK, now=now, before=one)
            try:
                carry_out(course, [Order(name=name, arguments=tuple(arguments), text="vì sao", by=by)])
            except Refused as refused:
                refused.words("vi"), refused.words("en")  # it can be told
                return ()
            return course.effects
    return ()


def _hear(one: Ticket, sent: IncomingMail, policy: Policy, now: datetime) -> Sequence[Effect]:
    return decide_mail(sent, Candidates(by_token=one), policy, DESK, now).effects


def woken(one: Ticket, policy: Policy, now: datetime) -> Iterator[Sequence[Effect]]:
    for name in [clock.name for clock in one.clocks]:
        effects = decide_clock(one, name, policy, DESK, now)
        one = fold(one, effects, now) if effects else one
        yield effects


def check_mails(effects: Sequence[Effect]) -> None:
    """Nobody is told the same twice, and the customer gets one mail about one thing."""
    written = Counter((one.template, one.to.email) for one in effects if isinstance(one, WriteMail))
    assert all(count == 1 for count in written.values())
    assert sum(1 for _, email in written if email == TUAN) <= 1


def check_case(one: Ticket, policy: Policy) -> None:
    evidence = one.clock("evidence")
    is_awaited = evidence is not None and evidence.is_going
    assert not (is_complete(one, policy) and (is_awaited or one.state == "awaiting_evidence")), "waits for nothing"
    assert not (is_awaited and one.state in {"open", "awaiting_approval"}), "would be closed while we work on it"
    assert (one.state == "awaiting_approval") == (one.offer is not None and one.offer.state == "proposed")
    assert not (one.is_closed and any(clock.is_going for clock in one.clocks)), "over, and still counting"
    assert (one.resolved_at is not None) == (one.state in {"resolved", "closed"})
    for clock in one.clocks:
        rule = policy.clock(clock.name, one.category)
        pauses = rule.pauses if rule else ()
        assert clock.state != "running" or one.state not in pauses
        assert clock.state != "paused" or rule is None or one.state in pauses


@settings(deadline=None)
@given(lives())
def test_whatever_happens_a_case_makes_sense(life: tuple[Policy, str, list[Act]]):
    policy, category, acts = life
    one, now, sent = opened(policy, category), MORNING, 0
    for act in acts:
        days = act[1] if act[0] == "wait" else 0
        decided: list[Sequence[Effect]] = []
        for _ in range(days * 6):  # every four hours
            now += 4 * HOUR
            for effects in woken(one, policy, now):
                one = fold(one, effects, now) if effects else one
                decided.append(effects)
        now += HOUR
        decided.append(heard(one, act, policy, now))
        one = fold(one, decided[-1], now) if decided[-1] else one
        note(f"{act} → {one.state}")
        for effects in decided:
            check_mails(effects)
            offers = [effect.offer for effect in effects if isinstance(effect, MakeOffer)]
            sent += sum(offer is not None and offer.state == "sent" for offer in offers)
        check_case(one, policy)
        assert one.rounds == sent
