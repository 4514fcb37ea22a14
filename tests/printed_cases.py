"""A case as `store.reading` shows it, made up, for the documents that are printed of it."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from responders.documents import Letterhead
from responders.paper_words import Language
from responders.wording import Names, Wording
from tests.complaints import HANOI, LAN, MORNING, TUAN

NUMBER = "HKG-26-000123"
SAID = "Tôi đặt đôi giày màu xanh nhưng nhận được đôi màu đỏ.\n\nTôi muốn đổi đúng màu."
SHOP = "shop@ban-hang.example"

NAMES = Names(
    categories={"wrong-item": "Giao sai hàng"},
    slots={"customer_code": "Mã khách hàng", "video": "Video mở hàng", "product": "Ảnh sản phẩm", "label": "Vận đơn"},
    departments={"cskh": "Bộ phận CSKH", "kho": "Kho"},
    outcomes={"new-pair": "Đổi đôi khác"},
    flags={"used": "Hàng đã qua sử dụng"},
    figures={"fee": "Cước phí"},
    people={LAN: "Nguyễn Thị Lan"},
)


def later(**time: float) -> str:
    return (MORNING + timedelta(**time)).isoformat()


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def make_wording(language: Language = "vi") -> Wording:
    return Wording(language=language, zone=HANOI, names=NAMES)


def make_letterhead(language: Language = "vi") -> Letterhead:
    lines = ("12 phố Láng Hạ, Hà Nội", "support@hakago.example")
    return Letterhead(company="Công ty TNHH Hakago", lines=lines, wording=make_wording(language))


def make_event(event: str, actor: str = "tiepnhan", at: datetime = MORNING, **data: Any) -> dict[str, Any]:
    return {"at": at.isoformat(), "actor": actor, "event": event, "data": data}


def make_mail(no: int = 1, text: str = SAID, **changes: Any) -> dict[str, Any]:
    mail = {
        "no": no,
        "direction": "in",
        "kind": "customer",
        "email": TUAN,
        "name": "Trần Anh Tuấn",
        "message_id": f"<{no}@khach.example>",
        "subject": "Hàng sai màu sắc",
        "at": later(minutes=no),
        "text": text,
        "facts": {},
        "attachments": [],
    }
    return mail | changes


def make_file(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "declared_type": "image/jpeg",
        "type": "image/jpeg",
        "kind": "photo",
        "size_bytes": 1_234_567,
        "sha256": digest(name),
        "is_inline": False,
        "evidence": {},
    } | changes


def make_case(**changes: Any) -> dict[str, Any]:
    """A complaint about the wrong colour, taken in at the counter."""
    return {
        "number": NUMBER,
        "state": "open",
        "outcome": None,
        "category": "wrong-item",
        "customer_code": "Tuan668",
        "order_code": "012345",
        "customer_email": TUAN,
        "customer_name": "Trần Anh Tuấn",
        "subject": "Hàng sai màu sắc",
        "received_at": MORNING.isoformat(),
        "late": False,
        "channel": "counter",
        "phone": "0912 345 678",
        "evidence": {"customer_code": "satisfied", "product": "satisfied", "label": "doubtful", "video": "missing"},
        "evidence_files": [
            {"slot": "customer_code", "status": "satisfied", "what": "Tuan668", "message": 1, "sha256": None},
            {"slot": "product", "status": "satisfied", "what": "giày.jpg", "message": 1, "sha256": digest("giày.jpg")},
            {"slot": "product", "status": "refused", "what": "mờ.jpg", "message": 1, "sha256": digest("mờ.jpg")},
        ],
        "clocks": [
            {"name": "acknowledge", "due_at": later(hours=1), "state": "running"},
            {"name": "evidence", "due_at": later(days=7), "state": "running"},
            {"name": "resolve", "due_at": later(days=20), "state": "paused"},
        ],
        "department": "cskh",
        "owner": LAN,
        "parties": [
            {"email": TUAN, "role": "customer", "name": "Trần Anh Tuấn"},
            {"email": SHOP, "role": "seller", "name": "Giày Đẹp"},
        ],
        "history": [make_event("opened", category="wrong-item", state="open")],
        "mails": [make_mail(attachments=[make_file("giày.jpg", evidence={"width": 4000, "is_blurred": False})])],
        "automatic": [],
    } | changes
