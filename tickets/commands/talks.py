"""Commands that write to people: to the customer, to the seller."""

import re

from tickets.answers import answer_customer, note_answer
from tickets.commands.orders import ANY, FREE, MANY, Command, Order
from tickets.commands.refusals import Refused
from tickets.course import Course
from tickets.effects import AddParty, Note
from tickets.ticket import Party

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")


def reply(course: Course, order: Order) -> None:
    """The words go to the customer."""
    _need_customer(course)
    answer_customer(course, order.words, order.by.email, order.by.name)


def ask(course: Course, order: Order) -> None:
    """A question to the customer; the case waits for his answer."""
    _need_customer(course)
    answer_customer(course, order.words, order.by.email, order.by.name)
    course.move("awaiting_customer", "the customer was asked")
    course.happen("asked-customer")


def note_call(course: Course, order: Order) -> None:
    """Somebody talked to the customer: as good as a mail to him, and the only way where he has no address."""
    course.add(Note(event="called", data={"text": order.words}))
    note_answer(course, order.by.email)


def add_seller(course: Course, order: Order) -> None:
    """Who sold the goods; he reads nothing of the talk with the customer."""
    email = order.arguments[0].lower()
    if not _ADDRESS.fullmatch(email):
        raise Refused("wrong-value", what="address", value=email, example="seller@example.com")
    known = course.ticket.party(email)  # one who wrote already without being known can turn out to be the seller
    if (known is not None and known.role != "unknown") or course.desk.staff(email):
        raise Refused("is-set", what=email)
    course.add(AddParty(party=Party(email=email, role="seller", name=" ".join(order.arguments[1:]))))


def ask_seller(course: Course, order: Order) -> None:
    """A question to the seller; the case waits for his answer."""
    if not any(one.role == "seller" for one in course.ticket.parties):
        raise Refused("no-seller")
    course.write_seller("seller-question", {"text": order.words, "by": order.by.name}, by_hand=True)
    course.move("awaiting_seller", "the seller was asked")
    course.happen("asked-seller")


def _need_customer(course: Course) -> None:
    if not course.ticket.customer_email:
        raise Refused("no-customer-address")


TALKS = (
    Command(
        name="reply",
        usage="[TEXT]",
        tells={"vi": "trả lời khách hàng", "en": "write to the customer"},
        run=reply,
        arguments=(0, MANY),
        needs_text=True,
        states=ANY,
    ),
    Command(
        name="ask",
        usage="[TEXT]",
        tells={"vi": "hỏi khách hàng và chờ trả lời", "en": "ask the customer and wait for his answer"},
        run=ask,
        arguments=(0, MANY),
        needs_text=True,
        states=FREE,
    ),
    Command(
        name="called",
        usage="[TEXT]",
        tells={
            "vi": "ghi nhận đã trao đổi với khách hàng qua điện thoại",
            "en": "record a talk with the customer by phone",
        },
        run=note_call,
        arguments=(0, MANY),
        needs_text=True,
        states=ANY,
    ),
    Command(
        name="seller",
        usage="EMAIL [NAME]",
        tells={"vi": "thêm người bán", "en": "say who the seller is"},
        run=add_seller,
        arguments=(1, MANY),
        states=ANY,
    ),
    Command(
        name="ask-seller",
        usage="[TEXT]",
        tells={"vi": "hỏi người bán và chờ trả lời", "en": "ask the seller and wait for his answer"},
        run=ask_seller,
        arguments=(0, MANY),
        needs_text=True,
        states=FREE,
    ),
)
