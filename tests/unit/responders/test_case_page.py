"""A case on the terminal says everything that staff want to know, in the language of the company."""

from typing import Any

import pytest

from responders.case_page import tell_case
from responders.paper_words import Language
from tests.complaints import LAN, TUAN
from tests.printed_cases import NUMBER, later, make_case, make_event, make_file, make_mail, make_wording


def page(language: Language = "vi", **changes: Any) -> str:
    return "\n".join(tell_case(make_case(**changes), make_wording(language)))


SHOWN: dict[str, tuple[dict[str, Any], str]] = {
    "the kind": ({}, "Giao sai hàng"),
    "the state": ({"state": "awaiting_seller"}, "Chờ người bán"),
    "the outcome": ({"outcome": "exchange"}, "Đổi hàng"),
    "the customer": ({}, f"Trần Anh Tuấn <{TUAN}>"),
    "a late claim": ({"late": True}, "Khiếu nại gửi sau thời hạn của chính sách"),
    "who looks after it": ({}, f"Nguyễn Thị Lan <{LAN}>"),
    "flags": ({"flags": ["used"]}, "Hàng đã qua sử dụng"),
    "what staff asked for": ({"requested": ["label"]}, "Yêu cầu thêm"),
    "what staff did without": ({"waived": ["video"]}, "Không yêu cầu nữa"),
    "suspicion": ({"is_suspended": True}, f"Tạm ngưng tiếp nhận thư từ  {TUAN}"),
    "a deadline": ({}, "Giải quyết khiếu nại (resolve): tạm dừng, đến hạn 14/12/2026 09:00"),
    "evidence with its key": ({}, "✗ [video] Video mở hàng – còn thiếu"),
    "other parties": ({}, "Người bán: Giày Đẹp <shop@ban-hang.example>"),
    "other cases": (
        {"related": [{"number": "HKG-26-000007", "state": "closed", "subject": "Vỡ"}]},
        "HKG-26-000007 (Đã đóng) Vỡ",
    ),
    "automatic mail": (
        {"automatic": [{"at": later(), "kind": "auto-reply", "sender": TUAN, "subject": "Vắng mặt"}]},
        f"24/11/2026 09:00  auto-reply  {TUAN}  Vắng mặt",
    ),
    "the words of a mail": ({}, "| Tôi muốn đổi đúng màu."),
    "what was found in a file": (
        {"mails": [make_mail(attachments=[make_file("giày.jpg", evidence={"width": 4000})])]},
        "+ giày.jpg (image/jpeg, 1,2 MB, photo) – width: 4.000",
    ),
    "codes that were found in the words": (
        {"mails": [make_mail(facts={"from_body": ["order_code"]})]},
        "Tìm thấy trong lời thư, không có trong tiêu đề: mã đơn hàng",
    ),
    "a mail that waits": (
        {"mails": [make_mail(direction="out", delivery={"state": "queued", "error": ""})]},
        "chờ gửi",
    ),
    "a mail that failed": (
        {"mails": [make_mail(direction="out", delivery={"state": "failed", "error": "550 no such user"})]},
        "Không gửi được: 550 no such user",
    ),
    "a call": ({"mails": [make_mail(facts={"channel": "phone"})]}, "Lời trình bày số 1"),
    "the history in sentences": (
        {"history": [make_event("noted", LAN, text="Đã gọi khách")]},
        "24/11/2026 09:00  Nguyễn Thị Lan: Ghi chú: Đã gọi khách",
    ),
    "words of staff that prove nothing": (
        {"history": [make_event("staff-wrote", LAN, by=LAN, trusted=False)]},
        "viết vào hồ sơ (thư không có mã trả lời, không chuyển cho khách hàng).",
    ),
}


@pytest.mark.parametrize(("changes", "words"), SHOWN.values(), ids=SHOWN)
def test_the_page_shows(changes, words):
    assert words in page(**changes)


@pytest.mark.parametrize(
    ("kind", "is_shown"),
    [("staff-opened", False), ("staff-answer", True), ("acknowledgement", True)],
)
def test_notices_to_staff_are_named_and_not_repeated(kind: str, is_shown: bool):
    told = page(mails=[make_mail(direction="out", kind=kind, text="Loại: Giao sai hàng")])
    assert "Thư số" in told
    assert ("| Loại: Giao sai hàng" in told) is is_shown


def test_the_first_line_names_the_case():
    assert page().startswith(f"{NUMBER}  Hàng sai màu sắc\n")


def test_what_there_is_none_of_has_no_heading():
    told = page(parties=[], mails=[], history=[])
    assert "Các bên liên quan" not in told
    assert "Thư từ trao đổi" not in told


def test_the_page_is_told_in_english_too():
    assert "Settlement of the complaint (resolve): paused" in page("en")


def test_no_line_ends_with_blanks():
    assert all(line == line.rstrip() for line in page().splitlines())
