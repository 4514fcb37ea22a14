"""Every event of a history is told in a sentence, whatever its data are like."""

from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.paper_events import tell_event
from responders.paper_sentences import SENTENCES
from tests.complaints import LAN, TUAN
from tests.printed_cases import later, make_wording
from tickets import history

EVENTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a case begins": ("opened", {"category": "wrong-item"}, "Mở hồ sơ. Loại khiếu nại: Giao sai hàng."),
    "a mail comes": (
        "message-received",
        {"email": TUAN, "name": "Tuấn", "role": "customer", "rule": "new"},
        f"Nhận thư của Tuấn <{TUAN}> (khách hàng).",
    ),
    "a call": (
        "message-entered",
        {"email": "", "name": "Tuấn", "role": "customer", "channel": "phone"},
        "Ghi lại lời trình bày của Tuấn (khách hàng), hình thức: điện thoại.",
    ),
    "a call of nobody known": (
        "message-entered",
        {"email": "", "name": "", "role": "unknown", "channel": "counter"},
        "Ghi lại lời trình bày của không rõ (người chưa xác định), hình thức: trực tiếp tại quầy.",
    ),
    "somebody joins": (
        "party-added",
        {"party": {"email": "a@b.example", "role": "seller", "name": "Giày Đẹp"}},
        "Thêm Giày Đẹp <a@b.example> vào hồ sơ (người bán).",
    ),
    "details": (
        "details-learned",
        {"customer_code": "Tuan668", "is_late": True, "category": "wrong-item"},
        "Ghi nhận: mã khách hàng Tuan668; gửi sau thời hạn có; loại khiếu nại Giao sai hàng.",
    ),
    "the day of delivery": (
        "details-learned",
        {"delivered_at": later(days=-1)},
        "Ghi nhận: khách hàng nhận hàng 09:00 ngày 23/11/2026.",
    ),
    "evidence": (
        "evidence-filled",
        {"evidence": {"slot": "product", "status": "doubtful", "message_no": 1, "what": "giày.jpg"}},
        "Ảnh sản phẩm: giày.jpg – cần xem lại.",
    ),
    "evidence refused": (
        "evidence-judged",
        {"slot": "product", "status": "refused"},
        "Đánh giá Ảnh sản phẩm: không được chấp nhận.",
    ),
    "somebody gets it": ("assigned", {"owner": LAN}, f"Giao hồ sơ cho Nguyễn Thị Lan <{LAN}>."),
    "nobody gets it": ("assigned", {"owner": None}, "Hồ sơ không còn giao cho riêng nhân viên nào."),
    "a department gets it": ("handed-over", {"department": "kho"}, "Chuyển hồ sơ cho Kho."),
    "a mark": ("flags-set", {"flags": ["used"]}, "Ghi nhận riêng: Hàng đã qua sử dụng."),
    "no mark": ("flags-set", {"flags": []}, "Ghi nhận riêng: không có."),
    "figures": (
        "figures-recorded",
        {"figures": {"fee": "30000", "damage": "70%"}},
        "Ghi số liệu tính bồi thường: Cước phí: 30000; damage: 70%.",
    ),
    "an award": (
        "compensation-computed",
        {"amount": 120_000, "currency": "VND", "steps": ["4 × cước phí = 120.000 đ"]},
        "Tính bồi thường: 4 × cước phí = 120.000 đ.",
    ),
    "an offer": (
        "offer-made",
        {"key": "new-pair", "outcome": "exchange", "text": "Đổi.", "amount": 1_500_000, "state": "proposed"},
        "Phương án giải quyết: Đổi đôi khác; 1.500.000 đ; Đổi (chờ phê duyệt).",
    ),
    "a refusal": (
        "rejected",
        {"outcome": "new-pair", "text": "Hết hàng."},
        "Quản lý không phê duyệt phương án: Đổi đôi khác. Hết hàng.",
    ),
    "a judgement": (
        "satisfaction",
        {"score": 4, "words": "hài lòng"},
        "Khách hàng đánh giá mức độ hài lòng: 4/5. “hài lòng”",
    ),
    "a clock starts": (
        "clock-started",
        {"name": "resolve", "due_at": "2026-12-14T02:00:00+00:00"},
        "Bắt đầu tính thời hạn “Giải quyết khiếu nại”, đến hạn 09:00 ngày 14/12/2026.",
    ),
    "a clock is put off": (
        "clock-extended",
        {"name": "resolve", "due_at": later(days=30), "why": "Chờ hãng trả lời."},
        "Gia hạn “Giải quyết khiếu nại” đến 09:00 ngày 24/12/2026. Chờ hãng trả lời.",
    ),
    "a step that was missed": (
        "step-skipped",
        {"clock": "evidence", "at": later()},
        "Bỏ qua một mốc đã lỡ của thời hạn “Khách hàng bổ sung thông tin”.",
    ),
    "the end": (
        "state-changed",
        {"state": "closed", "outcome": "authority", "why": "both sides could not agree", "at": later()},
        "Trạng thái mới: Đã đóng. Kết quả giải quyết: Chuyển cơ quan có thẩm quyền.",
    ),
    "a new state": ("state-changed", {"state": "open", "why": "reopened"}, "Trạng thái mới: Đang xử lý."),
    "our mail": (
        "mail-written",
        {"template": "acknowledgement", "to": TUAN},
        f"Gửi thư cho {TUAN} (mẫu “acknowledgement”).",
    ),
    "a bounce": (
        "bounced",
        {"recipient": TUAN, "reason": "550 no such user.", "permanent": True},
        f"Thư gửi {TUAN} bị trả lại: 550 no such user.",
    ),
    "a note": ("noted", {"text": "Đã gọi\nhai lần"}, "Ghi chú: Đã gọi hai lần"),
    "what nobody described": ("parcel-weighed", {"grams": 1200, "by": LAN}, f"parcel-weighed: grams: 1.200; by: {LAN}"),
    "what nobody described, without data": ("parcel-weighed", {}, "parcel-weighed"),
}


@pytest.mark.parametrize(("event", "data", "sentence"), EVENTS.values(), ids=EVENTS)
def test_the_sentence_for(event: str, data: dict[str, Any], sentence: str):
    assert tell_event(event, data, make_wording()) == sentence


def test_every_effect_has_its_sentence():
    assert set(history._EVENTS.values()) <= set(SENTENCES["vi"])


def test_both_languages_say_the_same_of_the_same_events():
    def fields(pattern: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(pattern) if name}

    vietnamese, english = SENTENCES["vi"], SENTENCES["en"]
    assert list(vietnamese) == list(english)
    assert {event: fields(vietnamese[event]) for event in vietnamese} == {
        event: fields(english[event]) for event in english
    }


def test_a_sentence_is_never_endless():
    assert len(tell_event("noted", {"text": "x" * 10_000}, make_wording())) == 600


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = ["name", "email", "role", "evidence", "party", "offer", "amount", "flags", "figures", "due_at", "owner", "to"]


@given(st.sampled_from(sorted(SENTENCES["vi"])), st.dictionaries(st.sampled_from(_FIELDS), JSON), st.booleans())
def test_no_data_break_a_sentence(event: str, data: dict[str, Any], is_english: bool):
    assert tell_event(event, data, make_wording("en" if is_english else "vi"))
