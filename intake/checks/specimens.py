"""Every mail the program can write, with facts to try it: which templates there are, and what they may speak of.

The names are those that `tickets/` and `intake/notices.py` write mails by; a test compares them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from intake.checks.sample_tickets import CUSTOMER, SELLER, STAFF, make_tickets, with_offer
from intake.notices import breaker_facts, quarantine_facts
from parsers.facts import Attachment
from responders.voice import Cause
from store.quarantine import RULES, QuarantinedMail
from tickets.effects import Audience, WriteMail
from tickets.policy import ClockRule, OutcomeRule, Policy, Step
from tickets.ticket import Ticket

Facts = dict[str, Any]

_READERS = {"customer": CUSTOMER, "seller": SELLER, "staff": STAFF, "manager": replace(STAFF, role="manager")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """A template and the facts it is filled in with, besides those of the ticket."""

    template: str
    named_by: str  # who asks for it, for the admin
    audience: Audience | None  # None: a letter to staff that belongs to no ticket
    facts: Facts = field(default_factory=dict)
    outcome: OutcomeRule | None = None  # it tells of an outcome by this rule, and needs one


_BY: Facts = {"by": "Lan", "text": "Nhờ bạn xem giúp."}
_NO_TEXT: Facts = {"by": "Lan", "text": ""}
_HEARD: Facts = {"writer": "customer", "reopened": False}
_FROM_SELLER, _FROM_STRANGER = _HEARD | {"writer": "seller"}, _HEARD | {"writer": "unknown"}
_REFUSED: Facts = {"text": "Xin gửi lại.", "refused": [{"vi": "Ảnh sản phẩm", "en": "Photo of the product"}]}
_UNDELIVERABLE: Facts = {"recipient": CUSTOMER.email, "reason": "550 5.1.1 No such user", "permanent": True}
_WRITTEN: tuple[tuple[str, Audience | None, tuple[Facts, ...]], ...] = (
    ("acknowledgement", "customer", ({},)),
    ("evidence-complete", "customer", ({},)),
    ("evidence-received", "customer", ({},)),
    ("evidence-request", "customer", ({"text": ""}, _REFUSED)),
    ("staff-answer", "customer", (_BY,)),
    ("handed-over", "customer", ({"department": "Kho hàng"},)),
    ("outcome-done", "customer", (_NO_TEXT, _BY)),
    ("authority", "customer", (_NO_TEXT, _BY)),
    ("confirmed", "customer", ({},)),
    ("follow-up-thanks", "customer", ({},)),
    ("closed", "customer", (_BY,)),
    ("reopened", "customer", (_BY,)),
    ("seller-question", "seller", (_BY,)),
    ("staff-opened", "staff", ({},)),
    ("staff-message", "staff", (_HEARD, _HEARD | {"reopened": True}, _FROM_SELLER, _FROM_STRANGER)),
    ("staff-complete", "staff", (_HEARD,)),
    ("staff-confirmed", "staff", (_HEARD | {"by_silence": False}, {"by_silence": True})),
    ("staff-disagreed", "staff", (_HEARD,)),
    ("staff-satisfied", "staff", (_HEARD | {"score": 5},)),
    ("staff-assigned", "staff", (_NO_TEXT, _BY)),
    ("staff-files-too-large", "staff", ({"size_bytes": 31_000_000, "most_bytes": 15_728_640},)),
    ("staff-kept-inside", "manager", ({"text": "Duyệt", "has_notice": False}, {"text": "Đã đổi", "has_notice": True})),
    ("staff-told", "staff", (_BY | {"department": "Kho hàng"},)),
    ("staff-handed-over", "staff", (_NO_TEXT | {"department": "Kho hàng"}, _BY | {"department": "Kho hàng"})),
    ("staff-approved", "staff", (_NO_TEXT, _BY)),
    ("staff-rejected", "staff", (_BY,)),
    ("staff-approval", "manager", (_BY,)),
    ("staff-authority", "manager", (_BY,)),
    ("staff-undeliverable", "staff", (_UNDELIVERABLE, _UNDELIVERABLE | {"recipient": STAFF.email})),
    ("staff-breaker", None, (breaker_facts(5000),)),
)  # fmt: skip


def list_specimens(policy: Policy, now: datetime) -> list[Specimen]:
    """The mails of the program and of the policy."""
    written = [
        Specimen(template=template, named_by="tiepnhan", audience=audience, facts=facts)
        for template, audience, several in _WRITTEN
        for facts in several
    ]
    return [*written, *_of_extensions(now), *_of_quarantine(now), *_of_outcomes(policy), *_of_clocks(policy, now)]


def _of_extensions(now: datetime) -> Iterator[Specimen]:
    ours = {"text": "Cần thêm thời gian.", "due_at": now, "clock": "resolve", "is_for_customer": False}
    for facts in (ours, {"text": "", "due_at": now, "clock": "evidence", "is_for_customer": True}):
        yield Specimen(template="extended", named_by="tiepnhan", audience="customer", facts=facts)


def _of_quarantine(now: datetime) -> Iterator[Specimen]:
    mail = QuarantinedMail(
        mail_id=1,
        reason="parse",
        error="the mail cannot be read",
        at=now,
        is_told=False,
        mailbox="support",
        uid=1,
        sha256="0" * 64,
        message_id="<thu@example.com>",
        sender=CUSTOMER.email,
        size_bytes=2048,
        received_at=now,
    )
    by_rule = [replace(mail, reason=reason, error="") for reason in sorted(RULES)]
    for one in (mail, replace(mail, reason="template"), replace(mail, message_id=None, sender=""), *by_rule):
        yield Specimen(template="staff-quarantine", named_by="tiepnhan", audience=None, facts=quarantine_facts(one))


def _of_outcomes(policy: Policy) -> Iterator[Specimen]:
    for rule in policy.outcomes:
        for text in ("", "Xin lỗi Quý khách vì sự bất tiện này."):
            yield Specimen(
                template=rule.template,
                named_by=f"the policy, outcome {rule.key}",
                audience="customer",
                facts={"text": text},
                outcome=rule,
            )


def _of_clocks(policy: Policy, now: datetime) -> Iterator[Specimen]:
    """See `tickets.clocks`: what the steps of deadlines write."""
    for rule in policy.clocks:
        for is_overdue in (False, True):
            facts = {"clock": rule.name, "due_at": now, "is_overdue": is_overdue}
            for step in rule.steps:
                yield from _of_step(step, rule, facts)


def _of_step(step: Step, rule: ClockRule, facts: Facts) -> Iterator[Specimen]:
    def specimen(template: str, audience: Audience) -> Specimen:
        return Specimen(template=template, named_by=f"the policy, deadline {rule.name}", audience=audience, facts=facts)

    match step.do:
        case "tell-staff":
            yield specimen(step.template or "staff-clock", "staff")
        case "escalate":
            yield specimen(step.template or "staff-clock", "manager")
        case "remind" if step.template:
            yield specimen(step.template, step.to)
        case _ if step.template:
            yield specimen(step.template, "customer")
    if step.do == "close":
        yield specimen("staff-closed", "staff")


def tickets_for(specimen: Specimen, policy: Policy, language: str, now: datetime) -> list[Ticket]:
    """The tickets to try it on."""
    tickets = make_tickets(policy, language, now)
    if specimen.outcome:
        rounds = range(1, policy.answers.rounds + 1)
        return [with_offer(ticket, specimen.outcome, number, now) for ticket in tickets for number in rounds]
    return [*tickets, *(with_offer(tickets[0], rule, 1, now) for rule in policy.outcomes)]


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
    return (None, Cause(writer=CUSTOMER.name, text="Hàng bị vỡ.\n> trích dẫn", attachments=(photo,)))


def as_effect(specimen: Specimen) -> WriteMail:
    """The mail of a specimen that belongs to a ticket."""
    audience = specimen.audience or "staff"
    return WriteMail(
        template=specimen.template,
        to=_READERS[audience],
        audience=audience,
        is_automatic=audience == "customer",
        facts=specimen.facts,
    )
