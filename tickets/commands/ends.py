"""Commands about the end of a case and its time: close, reopen, put off; and about who may write at all."""

from datetime import date, datetime, time

from tickets.commands.orders import ANY, RUNNING, Command, Order
from tickets.commands.outcomes import OUTCOMES_OF_TICKETS
from tickets.commands.refusals import Refused
from tickets.course import Course
from tickets.deadlines import catch_up, longest
from tickets.deadlines import extend as extend_clock
from tickets.durations import Duration
from tickets.effects import ChangeClock, RecordSatisfaction, ReleaseAddress, SuspendAddress
from tickets.ticket import Outcome, RunningClock
from tickets.turns import reopen as reopen_case

_FURTHEST = Duration(120, "months")  # that a deadline can be put off to: a year beyond is a slip of the finger


def close(course: Course, order: Order) -> None:
    """End the case. The customer is told only where there are words for him."""
    course.close(f"closed by {order.by.email}", _outcome(course, order))
    if order.text.strip():
        course.write_customer("closed", {"text": order.text.strip()}, by_hand=True)


def _outcome(course: Course, order: Order) -> Outcome:
    if not order.arguments:
        return course.ticket.outcome or "other"
    named = order.arguments[0].lower()
    found = next((one for one in OUTCOMES_OF_TICKETS if one == named), None)
    if found is None:
        raise Refused("unknown-value", what="outcome", value=named, known=", ".join(OUTCOMES_OF_TICKETS))
    return found


def reopen(course: Course, order: Order) -> None:
    """Take the case up again; the customer is told only where there are words for him."""
    reopen_case(course, f"reopened by {order.by.email}")
    if order.text.strip():
        course.write_customer("reopened", {"text": order.text.strip()}, by_hand=True)


def extend(course: Course, order: Order) -> None:
    """Put a deadline off; the customer reads the new date and the reason, of an aim of our own only with words.

    A promise is put off for a reason; to give the customer more time needs none.
    """
    name = order.arguments[0].lower()
    clock, rule = course.ticket.clock(name), course.policy.clock(name, course.ticket.category)
    if clock is None or rule is None or clock.state == "stopped":
        raise Refused("no-clock", clock=name)
    text, is_for_customer = order.text.strip(), rule.waits_for_customer
    if rule.promised and not is_for_customer and not text:
        raise Refused("no-reason", command=order.name)
    clock = catch_up(clock, rule, course.policy, course.now)
    due_at = _read_deadline(course, clock, order.arguments[1:])
    if due_at > course.policy.time.add(course.now, _FURTHEST):
        raise Refused("wrong-value", what="deadline", value=_told(course, due_at), example="2026-12-31, 5 working days")
    last = longest(clock, rule, course.policy)
    if due_at <= max(clock.due_at, course.now):
        raise Refused("not-later", new=_told(course, due_at), old=_told(course, clock.due_at))
    if last is not None and due_at > last:
        raise Refused("too-late", longest=_told(course, last))
    extended = extend_clock(clock, rule, course.policy, due_at, course.ticket.state, course.now)
    course.add(ChangeClock(clock=extended, what="extended", why=text))
    if rule.promised or text:
        facts = {"text": text, "due_at": due_at, "clock": name, "is_for_customer": is_for_customer}
        course.write_customer("extended", facts, by_hand=True)


def _read_deadline(course: Course, clock: RunningClock, words: tuple[str, ...]) -> datetime:
    """A day, or a time by which the present deadline is put off."""
    given = " ".join(words)
    try:
        return datetime.combine(date.fromisoformat(given), time(23, 59, 59), course.policy.time.zone)
    except ValueError:
        pass  # then it is a duration
    try:
        return course.policy.time.add(clock.due_at, Duration.parse(given))
    except ValueError:
        raise Refused("wrong-value", what="deadline", value=given, example="2026-12-31, 5 working days") from None


def _told(course: Course, moment: datetime) -> str:
    return moment.astimezone(course.policy.time.zone).strftime("%d/%m/%Y %H:%M")


def record_satisfaction(course: Course, order: Order) -> None:
    """How content the customer is, as he said on the phone."""
    given = order.arguments[0]
    if given not in {"1", "2", "3", "4", "5"}:
        raise Refused("wrong-value", what="score", value=given, example="1, 2, 3, 4, 5")
    course.add(RecordSatisfaction(score=int(given), words=order.text.strip()))


def suspend(course: Course, order: Order) -> None:
    """Set mail from an address aside while it is under suspicion. Whose answers are set aside is not silent."""
    email = order.arguments[0].lower()
    if course.desk.staff(email):
        raise Refused("wrong-value", what="address", value=email, example=course.ticket.customer_email)
    if not order.text.strip():
        raise Refused("no-reason", command=order.name)  # a manager judges it by that
    course.add(SuspendAddress(email=email, reason=order.text.strip()))
    if email == course.ticket.customer_email:
        course.stop_waiting_for_customer("suspended")


def release(course: Course, order: Order) -> None:
    """Take mail from an address in again, also what was set aside."""
    email = order.arguments[0].lower()
    course.add(ReleaseAddress(email=email))


ENDS = (
    Command(
        name="extend",
        usage="CLOCK YYYY-MM-DD|DURATION",
        tells={"vi": "gia hạn và báo cho khách hàng (ghi lý do)", "en": "put a deadline off, with the reason as text"},
        run=extend,
        arguments=(2, 5),
        states=RUNNING,
    ),
    Command(
        name="close",
        usage="[OUTCOME]",
        tells={"vi": "đóng hồ sơ", "en": "close the case"},
        run=close,
        arguments=(0, 1),
        states=RUNNING | {"resolved"},
    ),
    Command(
        name="reopen",
        usage="",
        tells={"vi": "mở lại hồ sơ", "en": "take the case up again"},
        run=reopen,
        states=frozenset(("resolved", "closed")),
    ),
    Command(
        name="satisfaction",
        usage="1-5",
        tells={"vi": "ghi mức độ hài lòng của khách hàng", "en": "record the customer's judgement"},
        run=record_satisfaction,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="suspend",
        usage="EMAIL",
        tells={
            "vi": "tạm dừng tiếp nhận từ một địa chỉ (ghi lý do)",
            "en": "set mail of an address aside, with the reason",
        },
        run=suspend,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="release",
        usage="EMAIL",
        tells={"vi": "tiếp nhận lại một địa chỉ", "en": "take mail of an address in again"},
        run=release,
        arguments=(1, 1),
        states=ANY,
        for_managers=True,
    ),
)
