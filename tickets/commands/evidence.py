"""Commands about evidence: staff ask for it, accept or refuse what came, or do without."""

from tickets.answers import ask_for_evidence, go_on_if_complete
from tickets.checklist import slots_of
from tickets.commands.orders import FREE, MANY, Command, Order
from tickets.commands.refusals import Refused
from tickets.course import Course
from tickets.effects import FillSlot, JudgeSlot, RequestSlot, WaiveSlot
from tickets.policy import Slot
from tickets.ticket import Evidence


def request(course: Course, order: Order) -> None:
    """Ask the customer for more; the case waits for it."""
    slots = [_slot(course, key) for key in order.arguments]
    for slot in slots:
        if course.ticket.status_of(slot.key) != "missing":
            raise Refused("is-set", what=slot.key)  # what came is asked for again by `refuse`
    course.add(*(RequestSlot(slot=slot.key) for slot in slots))
    _ask(course, order)


def accept(course: Course, order: Order) -> None:
    """What came is good. Where nothing came by mail, staff saw it themselves: their words say what."""
    for slot in [_slot(course, key) for key in order.arguments]:
        if any(one.slot == slot.key for one in course.ticket.evidence):
            course.add(JudgeSlot(slot=slot.key, status="satisfied"))
        elif order.text.strip():
            course.add(FillSlot(evidence=_seen(slot, course, order)))
        else:
            raise Refused("no-evidence", slot=slot.key)
    go_on_if_complete(course)


def refuse(course: Course, order: Order) -> None:
    """What came does not show what it should: the customer is told why, and asked again."""
    slots = [_slot(course, key) for key in order.arguments]
    for slot in slots:
        if course.ticket.status_of(slot.key) == "missing":
            raise Refused("no-evidence", slot=slot.key)
        course.add(JudgeSlot(slot=slot.key, status="refused"), RequestSlot(slot=slot.key))
    _ask(course, order, refused=tuple(slot.name for slot in slots))


def waive(course: Course, order: Order) -> None:
    """Go on without it."""
    asked = {slot.key for slot in slots_of(course.ticket, course.policy)}
    for key in order.arguments:
        if _slot(course, key).key not in asked:
            raise Refused("not-in-category", slot=key)
        course.add(WaiveSlot(slot=key))
    go_on_if_complete(course)


def _slot(course: Course, key: str) -> Slot:
    slot = course.policy.slot(key)
    if slot is None:
        known = ", ".join(one.key for one in course.policy.slots)
        raise Refused("unknown-value", what="slot", value=key, known=known)
    return slot


def _seen(slot: Slot, course: Course, order: Order) -> Evidence:
    return Evidence(
        slot=slot.key, status="satisfied", message_no=course.ticket.messages, sha256=None, what=order.text.strip()
    )


def _ask(course: Course, order: Order, **facts: object) -> None:
    if not course.ticket.customer_email:
        raise Refused("no-customer-address")
    ask_for_evidence(course, order.text.strip(), order.by.email, **facts)


EVIDENCE = (
    Command(
        name="request",
        usage="SLOT…",
        tells={"vi": "yêu cầu khách hàng bổ sung", "en": "ask the customer for more"},
        run=request,
        arguments=(1, MANY),
        states=FREE,
    ),
    Command(
        name="accept",
        usage="SLOT…",
        tells={"vi": "chấp nhận chứng cứ", "en": "accept what came"},
        run=accept,
        arguments=(1, MANY),
    ),
    Command(
        name="refuse",
        usage="SLOT…",
        tells={"vi": "từ chối chứng cứ và yêu cầu gửi lại", "en": "refuse what came, and ask again"},
        run=refuse,
        arguments=(1, MANY),
        states=FREE,
    ),
    Command(
        name="waive",
        usage="SLOT…",
        tells={"vi": "bỏ qua yêu cầu", "en": "do without"},
        run=waive,
        arguments=(1, MANY),
    ),
)
