"""Commands about what is known of a case and who looks after it."""

from datetime import date, datetime, time

from tickets.answers import ask_for_evidence, go_on_if_complete
from tickets.checklist import find_known_codes, is_complete
from tickets.claims import is_late
from tickets.commands.orders import ANY, MANY, Command, Order
from tickets.commands.refusals import Refused
from tickets.course import Course
from tickets.desk import Department
from tickets.effects import Assign, FillSlot, HandOver, JudgeSlot, LearnDetails, Note, SetFlags
from tickets.policy import Policy

NOBODY = "nobody"
_EARLIEST = date(2000, 1, 1)  # that something can have been delivered: a year before is a slip of the finger


def note(course: Course, order: Order) -> None:
    """Keep words on the ticket, for staff only."""
    course.add(Note(event="noted", data={"text": order.words}))


def assign(course: Course, order: Order) -> None:
    """Who looks after the ticket; he is told, unless he took it himself."""
    wanted = order.arguments[0].lower()
    email = order.by.email if wanted == "me" else wanted
    if email == NOBODY:
        course.add(Assign(owner=None))
        return
    person = course.desk.staff(email)
    if person is None:
        known = ", ".join(one.email for one in course.desk.everybody())
        raise Refused("unknown-value", what="staff", value=wanted, known=known)
    course.add(Assign(owner=person.email))
    if person.email != order.by.email:
        course.tell(person, "staff-assigned", {"by": order.by.name or order.by.email, "text": order.text.strip()})


def forward(course: Course, order: Order) -> None:
    """Another department gets the case: it is told, and so is the customer, at once."""
    department = _department(course, order)
    if course.ticket.department == department.key:
        raise Refused("is-set", what=department.key)
    course.add(HandOver(department=department.key))
    course.happen("handed-over")
    course.write_customer("handed-over", {"department": department.name})
    facts = {"by": order.by.name or order.by.email, "text": order.text.strip(), "department": department.name}
    course.tell_staff("staff-handed-over", facts, but=order.by.email)


def tell(course: Course, order: Order) -> None:
    """Another department learns of the case, which stays where it is: what it has to mend, say."""
    department = _department(course, order)
    text = order.text.strip() or " ".join(order.arguments[1:])
    if not text:
        raise Refused("no-text", command=order.name)
    course.add(Note(event="department-told", data={"department": department.key, "text": text}))
    facts = {"by": order.by.name or order.by.email, "text": text, "department": department.name}
    for person in department.staff:
        course.tell(person, "staff-told", facts)


def _department(course: Course, order: Order) -> Department:
    key = order.arguments[0]
    department = course.desk.department(key)
    if department is None:
        known = ", ".join(one.key for one in course.desk.departments)
        raise Refused("unknown-value", what="department", value=key, known=known)
    if not department.staff:
        raise Refused("nobody-there", department=department.name)
    return department


def categorise(course: Course, order: Order) -> None:
    """Another kind of complaint: where it asks for more than there is, the customer is asked for it.

    Deadlines that run go on; what is promised to the new kind from its receipt on counts from there.
    """
    slug = order.arguments[0].lower()
    if course.policy.category(slug) is None:
        known = ", ".join(one.slug for one in course.policy.categories)
        raise Refused("unknown-value", what="category", value=slug, known=known)
    if slug == course.ticket.category:
        raise Refused("is-set", what=slug)
    course.learn(LearnDetails(category=slug))
    _fill_codes(course)
    go_on_if_complete(course)
    is_free = course.ticket.state == "open" and course.ticket.rounds == 0
    is_asked = course.ticket.state == "awaiting_evidence" or (is_free and not is_complete(course.ticket, course.policy))
    if is_asked and course.ticket.customer_email:
        ask_for_evidence(course, order.text.strip(), order.by.email)


def set_order(course: Course, order: Order) -> None:
    course.add(LearnDetails(order_code="".join(order.arguments)))
    _fill_codes(course)
    go_on_if_complete(course)


def set_customer(course: Course, order: Order) -> None:
    course.add(LearnDetails(customer_code="".join(order.arguments)))
    _fill_codes(course)
    go_on_if_complete(course)


def _fill_codes(course: Course) -> None:
    """What is known is not asked for; a code that was wrong does not stand beside the right one."""
    for evidence in find_known_codes(course.ticket, course.policy):
        if course.ticket.status_of(evidence.slot) != "missing":
            course.add(JudgeSlot(slot=evidence.slot, status="refused"))
        course.add(FillSlot(evidence=evidence))


def set_phone(course: Course, order: Order) -> None:
    course.add(LearnDetails(phone=" ".join(order.arguments)))


def set_language(course: Course, order: Order) -> None:
    language = order.arguments[0].lower()
    if language not in course.policy.languages:
        known = ", ".join(course.policy.languages)
        raise Refused("unknown-value", what="language", value=language, known=known)
    course.add(LearnDetails(language=language))


def set_delivered(course: Course, order: Order) -> None:
    """When the customer got the parcel: by this the complaint is in time, or late."""
    at = _read_moment(order.arguments, course.policy)
    if at > course.now:
        raise Refused("wrong-value", what="past moment", value=" ".join(order.arguments), example="2026-11-21 15:30")
    late = is_late(at, course.ticket.received_at, course.policy)
    course.add(LearnDetails(delivered_at=at, is_late=late))


def _read_moment(arguments: tuple[str, ...], policy: Policy) -> datetime:
    """A day, with or without a time; without, the day's end counts, as the customer has the benefit of the doubt."""
    given = " ".join(arguments)
    day_given, _, time_given = given.strip().partition(" ")  # a shell gives both as one where they stand in quotes
    try:
        day = date.fromisoformat(day_given)
        at = time.fromisoformat(time_given) if time_given else time(23, 59, 59)
    except ValueError:
        raise Refused("wrong-value", what="moment", value=given, example="2026-11-21 15:30") from None
    if day < _EARLIEST:
        raise Refused("wrong-value", what="moment", value=given, example="2026-11-21 15:30")
    return datetime.combine(day, at.replace(tzinfo=None), policy.time.zone)


def flag(course: Course, order: Order) -> None:
    """Set a mark of the policy; outcome mails then say its sentence."""
    key = _flag_key(course, order)
    if key in course.ticket.flags:
        raise Refused("is-set", what=key)
    course.add(SetFlags(flags=(*course.ticket.flags, key)))


def unflag(course: Course, order: Order) -> None:
    key = _flag_key(course, order)
    if key not in course.ticket.flags:
        raise Refused("is-not-set", what=key)
    course.add(SetFlags(flags=tuple(one for one in course.ticket.flags if one != key)))


def _flag_key(course: Course, order: Order) -> str:
    key = order.arguments[0]
    if course.policy.flag(key) is None:
        known = ", ".join(one.key for one in course.policy.flags) or "–"
        raise Refused("unknown-value", what="flag", value=key, known=known)
    return key


DETAILS = (
    Command(
        name="note",
        usage="[TEXT]",
        tells={"vi": "ghi chú nội bộ", "en": "keep words for staff only"},
        run=note,
        arguments=(0, MANY),
        needs_text=True,
        states=ANY,
    ),
    Command(
        name="lesson",
        usage="[TEXT]",
        tells={"vi": "ghi lại bài học kinh nghiệm", "en": "keep what the company learns from the case"},
        run=lambda course, order: course.add(Note(event="lesson", data={"text": order.words})),
        arguments=(0, MANY),
        needs_text=True,
        states=ANY,
    ),
    Command(
        name="assign",
        usage="EMAIL|me|nobody",
        tells={"vi": "giao cho nhân viên phụ trách", "en": "say who looks after the ticket"},
        run=assign,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="forward",
        usage="DEPARTMENT",
        tells={
            "vi": "chuyển bộ phận khác và báo cho khách hàng",
            "en": "hand over to a department, and tell the customer",
        },
        run=forward,
        arguments=(1, 1),
    ),
    Command(
        name="tell",
        usage="DEPARTMENT [TEXT]",
        tells={
            "vi": "báo cho một bộ phận việc cần khắc phục",
            "en": "tell a department what it has to mend",
        },
        run=tell,
        arguments=(1, MANY),
        states=ANY,
    ),
    Command(
        name="category",
        usage="SLUG",
        tells={"vi": "đổi loại khiếu nại", "en": "set the kind of complaint"},
        run=categorise,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="order",
        usage="CODE",
        tells={"vi": "ghi mã đơn hàng", "en": "set the order code"},
        run=set_order,
        arguments=(1, 3),
        states=ANY,
    ),
    Command(
        name="customer",
        usage="CODE",
        tells={"vi": "ghi mã khách hàng", "en": "set the customer code"},
        run=set_customer,
        arguments=(1, 3),
        states=ANY,
    ),
    Command(
        name="phone",
        usage="NUMBER",
        tells={"vi": "ghi số điện thoại khách hàng", "en": "set the customer's phone number"},
        run=set_phone,
        arguments=(1, 5),
        states=ANY,
    ),
    Command(
        name="language",
        usage="vi|en",
        tells={"vi": "ngôn ngữ thư gửi khách hàng", "en": "set the language of mails to the customer"},
        run=set_language,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="delivered",
        usage="YYYY-MM-DD [HH:MM]",
        tells={"vi": "ghi lúc khách hàng nhận hàng", "en": "set when the customer got the parcel"},
        run=set_delivered,
        arguments=(1, 2),
        states=ANY,
    ),
    Command(
        name="flag",
        usage="KEY",
        tells={"vi": "đánh dấu hồ sơ", "en": "set a mark of the policy"},
        run=flag,
        arguments=(1, 1),
        states=ANY,
    ),
    Command(
        name="unflag",
        usage="KEY",
        tells={"vi": "bỏ đánh dấu", "en": "take a mark off"},
        run=unflag,
        arguments=(1, 1),
        states=ANY,
    ),
)
