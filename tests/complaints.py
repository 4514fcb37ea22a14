"""Complaints as records that tests make themselves: a small policy, a desk, mails as facts, tickets."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from parsers.facts import Address, Attachment, Automatic, AutomaticKind, Bounce, BouncedRecipient, MailFacts
from parsers.facts import SubjectFacts as Subject
from tickets.deadlines import wind_up
from tickets.desk import Department, Desk
from tickets.durations import Duration
from tickets.incoming import IncomingMail, ReplyToken
from tickets.policy import Category, ClockRule, Codes, Evidence, Policy, Slot, Step
from tickets.ticket import Evidence as Filling
from tickets.ticket import Party, RunningClock, Ticket

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=HANOI)
TUAN, STRANGER = "tuan@khach.example", "la@noikhac.example"
LAN, MINH = "lan@hakago.example", "minh@hakago.example"
NUMBER = "HKG-26-000001"
_numbers = count(1)


def _slot(key: str, name: str, **more: Any) -> Slot:
    words = {"vi": name, "en": key.replace("_", " ")}
    return Slot(key=key, name=words, how={"vi": f"gửi {name.lower()}", "en": f"send the {words['en']}"}, **more)


def _days(number: int) -> Duration:
    return Duration(number, "days")


POLICY = Policy(
    name="Hakago",
    ticket_prefix="HKG",
    codes=Codes(brands=("Hakago",), customer=r"[A-Z]\w+\d{3}", order=r"\d{4,12}"),
    evidence=Evidence(always=("customer_code", "description", "video")),
    slots=(
        _slot("customer_code", "Mã khách hàng", filled_by="customer_code"),
        _slot("order_code", "Mã đơn hàng", filled_by="order_code"),
        _slot("description", "Mô tả", filled_by="words", min_words=4),
        _slot("missing_parts", "Chi tiết thiếu", filled_by="words", pattern=r"\bthieu\s+\w+"),
        _slot("video", "Video mở hàng", filled_by="video"),
        _slot("product", "Ảnh sản phẩm", filled_by="photo", hints=("sản phẩm", "product")),
        _slot("fault", "Ảnh chỗ lỗi", filled_by="photo", hints=("lỗi", "fault")),
        _slot("label", "Ảnh vận đơn", filled_by="photo", hints=("vận đơn", "label")),
        _slot("invoice", "Hóa đơn", filled_by="document"),
    ),
    categories=(
        Category(
            slug="wrong-item",
            name={"vi": "Sai hàng", "en": "Wrong item"},
            slots=("product", "fault", "label"),
            words=("sai",),
        ),
        Category(
            slug="missing-parts",
            name={"vi": "Thiếu linh kiện", "en": "Missing parts"},
            slots=("missing_parts", "order_code", "invoice"),
            words=("thiếu",),
        ),
        Category(slug="late", name={"vi": "Giao trễ", "en": "Late"}, without=("video",), words=("giao trễ",)),
        Category(slug="other", name={"vi": "Khác", "en": "Other"}),
    ),
    clocks=(
        ClockRule(name="acknowledge", starts=("opened",), stops=("acknowledged",), due=Duration(1, "hours")),
        ClockRule(
            name="evidence",
            starts=("evidence-missing",),
            stops=("evidence-complete",),
            due=_days(7),
            steps=(
                Step(at=_days(1), do="remind", template="evidence-reminder"),
                Step(at=_days(4), do="remind", template="evidence-reminder"),
                Step(at=_days(7), do="close", template="closed-silent"),
            ),
        ),
        ClockRule(
            name="respond",
            starts=("evidence-complete",),
            stops=("answered",),
            due=_days(3),
            steps=(Step(at=_days(2), do="tell-staff"),),
        ),
        ClockRule(
            name="resolve",
            starts=("handed-over",),
            stops=("resolved",),
            pauses=("awaiting_customer", "awaiting_seller"),
            due=Duration(20, "working days"),
            longest=Duration(2, "months"),
            steps=(
                Step(before=Duration(2, "working days"), do="tell-staff"),
                Step(after=Duration(0, "minutes"), do="escalate"),
            ),
        ),
    ),
)

DESK = Desk(
    language="vi",
    departments=(
        Department(
            key="cskh", name="Bộ phận CSKH", categories=("*",), staff=(Party(email=LAN, role="staff", name="Lan"),)
        ),
        Department(
            key="kho",
            name="Kho",
            categories=("missing-parts",),
            staff=(Party(email=MINH, role="staff", name="Minh"), Party(email=LAN, role="staff", name="Lan")),
        ),
    ),
)
NOBODY_HERE = Desk(language="vi")


def photo(name: str = "IMG_1.jpg", **changes: Any) -> Attachment:
    return _file(name, "photo", "image/jpeg", **changes)


def video(name: str = "mở hộp.mp4", **changes: Any) -> Attachment:
    return _file(name, "video", "video/mp4", **changes)


def document(name: str = "hóa đơn.pdf", **changes: Any) -> Attachment:
    return _file(name, "document", "application/pdf", **changes)


def _file(name: str, kind: str, media_type: str, **changes: Any) -> Attachment:
    made = Attachment(
        name=name,
        declared_type=media_type,
        type=media_type,
        kind=kind,
        size_bytes=100_000,
        sha256=sha256(f"{kind} {name}".encode()).hexdigest(),
        inline=False,
    )
    return replace(made, **changes)


def facts(**changes: Any) -> MailFacts:
    """What parsing found in a customer's mail."""
    made = MailFacts(
        message_id=f"<{next(_numbers)}@khach.example>",
        in_reply_to=None,
        references=(),
        date=None,
        sender=Address(name="Tuấn", email=TUAN),
        to=(),
        cc=(),
        reply_to=(),
        subject="",
        language="vi",
        text="",
        reply_text="",
        automatic=None,
        bounce=None,
        attachments=(),
        links=(),
        defects=(),
    )
    return replace(made, **changes)


def subject(**changes: Any) -> Subject:
    return replace(Subject(subject="Sai hàng", base="Sai hàng"), **changes)


def mail(
    *,
    sender: str = TUAN,
    token: ReplyToken | None = None,
    automatic_left: int = 20,
    automatic: AutomaticKind | None = None,
    says: Subject | None = None,
    **found: Any,
) -> IncomingMail:
    """A mail as the rules see it: `says` is its subject, `found` are further facts."""
    if automatic:
        found["automatic"] = Automatic(kind=automatic, rule="auto-submitted")
    return IncomingMail(
        facts=facts(**found),
        subject=says or subject(),
        sender=sender,
        sender_name="Tuấn",
        received_at=MORNING,
        token=token,
        automatic_left=automatic_left,
    )


def bounce(*, permanent: bool = True, email: str = TUAN) -> Bounce:
    return Bounce(
        recipients=(BouncedRecipient(email=email, status="5.1.1", permanent=permanent, reason="550 no such user"),),
        original_message_id="<1.ours@hakago.example>",
        rule="delivery-status",
    )


def clock(name: str = "evidence", **changes: Any) -> RunningClock:
    """As the policy winds it up at MORNING."""
    rule = POLICY.clock(name, "wrong-item")
    assert rule is not None
    return replace(wind_up(rule, POLICY, MORNING, "open"), **changes)


def filling(slot: str, **changes: Any) -> Filling:
    return replace(Filling(slot=slot, status="satisfied", message_no=1, sha256=None, what=slot), **changes)


def ticket(**changes: Any) -> Ticket:
    """A complaint of Tuấn's about a wrong item that waits for evidence."""
    made = Ticket(
        id=1,
        number=NUMBER,
        version=1,
        state="awaiting_evidence",
        outcome=None,
        category="wrong-item",
        customer_code="Tuan668",
        order_code="012345",
        customer_email=TUAN,
        customer_name="Tuấn",
        language="vi",
        subject="Sai hàng",
        received_at=MORNING,
        delivered_at=None,
        is_late=False,
        department="cskh",
        owner=None,
        acknowledged_at=MORNING,
        closed_at=None,
        messages=3,
        parties=(Party(email=TUAN, role="customer", name="Tuấn"),),
        evidence=(filling("customer_code"), filling("description")),
        clocks=(clock("evidence"),),
    )
    return replace(made, **changes)


def complete(**changes: Any) -> Ticket:
    """The same with nothing missing."""
    slots = [slot.key for slot in POLICY.slots_for("wrong-item")]
    arguments: dict[str, Any] = {
        "state": "open",
        "evidence": tuple(filling(slot) for slot in slots),
        "clocks": (clock("respond"),),
    }
    return ticket(**(arguments | changes))
