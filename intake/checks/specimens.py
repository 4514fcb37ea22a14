"""Every mail the program can write, with facts to try it: which templates there are, and what they may speak of.

The names are those that `tickets/` and `intake/notices.py` write mails by; a test compares them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from intake.notices import breaker_facts, quarantine_facts
from parsers.facts import Attachment
from responders.voice import Cause
from store.quarantine import QuarantinedMail
from tickets.effects import Audience, WriteMail
from tickets.policy import Policy
from tickets.ticket import Evidence, Party, RunningClock, Ticket

Form = Literal["customer", "staff", "letter"]  # to whom it goes; a letter goes to staff and belongs to no ticket

_CUSTOMER = Party(email="khach@example.com", role="customer", name="Nguyễn Thị Mai")
_STAFF = Party(email="nhan-vien@example.com", role="staff", name="Lan")


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """A template and the facts it is filled in with, besides those of the ticket."""

    template: str
    named_by: str  # who asks for it, for the admin
    form: Form
    facts: Mapping[str, Any] = field(default_factory=dict)


_UNDELIVERABLE = {"recipient": _CUSTOMER.email, "reason": "550 5.1.1 No such user", "permanent": True}
_WRITTEN: tuple[tuple[str, Form, Mapping[str, Any]], ...] = (
    ("acknowledgement", "customer", {}),
    ("evidence-complete", "customer", {}),
    ("evidence-received", "customer", {}),
    ("staff-opened", "staff", {}),
    ("staff-message", "staff", {"writer": "customer", "reopened": True}),
    ("staff-message", "staff", {"writer": "unknown", "reopened": False}),
    ("staff-complete", "staff", {"writer": "customer"}),
    ("staff-undeliverable", "staff", _UNDELIVERABLE),
    ("staff-undeliverable", "staff", _UNDELIVERABLE | {"recipient": _STAFF.email}),
    ("staff-breaker", "letter", breaker_facts(5000)),
)


def list_specimens(policy: Policy, now: datetime) -> list[Specimen]:
    """The mails of the program and of the policy."""
    written = [
        Specimen(template=template, named_by="tiepnhan", form=form, facts=facts) for template, form, facts in _WRITTEN
    ]
    return [*written, *_of_quarantine(now), *_of_clocks(policy)]


def _of_quarantine(now: datetime) -> Iterator[Specimen]:
    mail = QuarantinedMail(
        mail_id=1,
        stage="parse",
        error="the mail cannot be read",
        at=now,
        is_told=False,
        mailbox="support",
        uid=1,
        sha256="0" * 64,
        message_id="<thu@example.com>",
        sender=_CUSTOMER.email,
        size_bytes=2048,
        received_at=now,
    )
    for one in (mail, replace(mail, message_id=None, sender="")):
        yield Specimen(template="staff-quarantine", named_by="tiepnhan", form="letter", facts=quarantine_facts(one))


def _of_clocks(policy: Policy) -> Iterator[Specimen]:
    """See `tickets.clocks`: what the steps of deadlines write."""
    for rule in policy.clocks:
        facts, named_by = {"clock": rule.name}, f"the policy, deadline {rule.name}"
        for step in rule.steps:
            if step.do == "tell-staff":
                yield Specimen(template=step.template or "staff-clock", named_by=named_by, form="staff", facts=facts)
                continue
            if step.template:
                yield Specimen(template=step.template, named_by=named_by, form="customer")
            if step.do == "close":
                yield Specimen(template="staff-closed", named_by=named_by, form="staff", facts=facts)


def make_tickets(policy: Policy, language: str, now: datetime) -> list[Ticket]:
    """Cases of every sort: nothing known, nothing missing, something missing; closed, late, without a deadline."""
    slugs = [category.slug for category in policy.categories] or ["other"]
    longest = max(slugs, key=lambda slug: len(policy.slots_for(slug)))
    bare = _bare_ticket(policy, slugs[-1], language, now)
    full = replace(
        bare,
        category=longest,
        customer_code="Tuan668",
        order_code="12345678",
        customer_name=_CUSTOMER.name,
        is_late=True,
        evidence=tuple(
            Evidence(slot=slot.key, status="satisfied", message_no=1, sha256=None, what="tep.jpg")
            for slot in policy.slots_for(longest)
        ),
        clocks=(),
    )
    closed = replace(full, evidence=full.evidence[:1], state="closed", outcome="withdrawn", closed_at=now)
    return [bare, replace(bare, category=longest), full, closed]


def _bare_ticket(policy: Policy, slug: str, language: str, now: datetime) -> Ticket:
    deadline = RunningClock(
        name="evidence",
        state="running",
        started_at=now,
        due_at=now + timedelta(days=7),
        step=0,
        wakes_at=now + timedelta(days=1),
    )
    return Ticket(
        id=1,
        number=f"{policy.ticket_prefix}-{now:%y}-000001",
        version=1,
        state="awaiting_evidence",
        outcome=None,
        category=slug,
        customer_code=None,
        order_code=None,
        customer_email=_CUSTOMER.email,
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
        parties=(_CUSTOMER,),
        evidence=(),
        clocks=(deadline,),
    )


def make_causes() -> Sequence[Cause | None]:
    """What made us write: nothing (a clock), or a mail."""
    photo = Attachment(
        name="ảnh.jpg",
        declared_type="image/jpeg",
        type="image/jpeg",
        kind="photo",
        size_bytes=120_000,
        sha256="0" * 64,
        inline=False,
    )
    return (None, Cause(writer=_CUSTOMER.name, text="Hàng bị vỡ.\n> trích dẫn", attachments=(photo,)))


def as_effect(specimen: Specimen) -> WriteMail:
    """The mail of a specimen that belongs to a ticket."""
    audience: Audience = "customer" if specimen.form == "customer" else "staff"
    return WriteMail(
        template=specimen.template,
        to=_CUSTOMER if audience == "customer" else _STAFF,
        audience=audience,
        is_automatic=audience == "customer",
        facts=specimen.facts,
    )


def a_member_of_staff() -> Party:
    return _STAFF
