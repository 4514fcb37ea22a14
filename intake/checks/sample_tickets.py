"""Cases of every sort that a company can have, made up: what templates are tried with."""

from dataclasses import replace
from datetime import datetime, timedelta

from tickets.policy import WILDCARD, OutcomeRule, Policy
from tickets.ticket import Evidence, Offer, Party, RunningClock, Ticket

CUSTOMER = Party(email="khach@example.com", role="customer", name="Nguyễn Thị Mai")
STAFF = Party(email="nhan-vien@example.com", role="staff", name="Lan")
SELLER = Party(email="seller@example.com", role="seller", name="Sunrise Store")


def make_tickets(policy: Policy, language: str, now: datetime) -> list[Ticket]:
    """Nothing known, nothing missing, something missing; closed, late, without a deadline; by phone."""
    slugs = [category.slug for category in policy.categories] or ["other"]
    longest = max(slugs, key=lambda slug: len(policy.slots_for(slug)))
    bare = _bare_ticket(policy, slugs[-1], language, now)
    full = replace(
        bare,
        category=longest,
        customer_code="Tuan668",
        order_code="12345678",
        customer_name=CUSTOMER.name,
        is_late=True,
        delivered_at=now,
        evidence=tuple(
            Evidence(slot=slot.key, status="satisfied", message_no=1, sha256=None, what="tep.jpg")
            for slot in policy.slots_for(longest)
        ),
        clocks=(),
        rounds=1,
    )
    closed = replace(full, evidence=full.evidence[:1], state="closed", outcome="withdrawn", closed_at=now)
    called = replace(bare, channel="phone", phone="0900 000 000", customer_email="", clocks=_clocks(policy, now))
    return [bare, replace(bare, category=longest), full, closed, called]


def with_offer(ticket: Ticket, rule: OutcomeRule, rounds: int, now: datetime) -> Ticket:
    """The ticket with an outcome sent to the customer, computed where the policy computes it."""
    offer = Offer(
        key=rule.key,
        outcome=rule.outcome,
        text="Chúng tôi xin lỗi Quý khách.",
        by=STAFF.email,
        at=now,
        state="sent",
        amount=120_000 if rule.computed else None,
        explanation=("Số tiền bồi thường: 120.000 đ",) if rule.computed else (),
    )
    category = ticket.category if WILDCARD in rule.categories else rule.categories[0]
    return replace(ticket, offer=offer, rounds=rounds, category=category)


def _clocks(policy: Policy, now: datetime) -> tuple[RunningClock, ...]:
    """One of each name."""
    return tuple(_clock(name, now) for name in {rule.name: rule for rule in policy.clocks})


def _clock(name: str, now: datetime) -> RunningClock:
    return RunningClock(name=name, state="running", started_at=now, due_at=now + timedelta(days=7), wakes_at=None)


def _bare_ticket(policy: Policy, slug: str, language: str, now: datetime) -> Ticket:
    return Ticket(
        id=1,
        number=f"{policy.ticket_prefix}-{now:%y}-000001",
        version=1,
        state="awaiting_evidence",
        outcome=None,
        category=slug,
        customer_code=None,
        order_code=None,
        customer_email=CUSTOMER.email,
        customer_name="",
        language=language,
        subject="Hàng bị vỡ",
        received_at=now,
        delivered_at=None,
        is_late=False,
        department=None,
        owner=None,
        acknowledged_at=None,
        closed_at=None,
        messages=1,
        parties=(CUSTOMER,),
        evidence=(),
        clocks=(_clock("evidence", now),),
    )
