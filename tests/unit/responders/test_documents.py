"""The receipt and the minutes say what a customer must be able to hold in his hand."""

import pytest

from responders.documents import minutes, receipt
from responders.paper_words import Language
from tests.complaints import LAN, MORNING
from tests.pdf_words import read_pages
from tests.printed_cases import NUMBER, SAID, later, make_case, make_letterhead


def print_receipt(language: Language = "vi", said: str = SAID, **changes: object) -> str:
    head = make_letterhead(language)
    made = receipt(make_case(**changes), head=head, said=said, taken_by="Nguyễn Thị Lan", made_at=MORNING)
    return "\n".join(read_pages(made))


def print_minutes(language: Language = "vi", **changes: object) -> str:
    case = make_case(state="resolved", outcome="exchange", **changes)
    agreed = "Đổi đôi giày đúng màu trong 7 ngày."
    head = make_letterhead(language)
    made = minutes(case, head=head, said=SAID, agreed=agreed, taken_by="Nguyễn Thị Lan", made_at=MORNING)
    return "\n".join(read_pages(made))


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    return {"receipt": print_receipt(), "minutes": print_minutes()}


RECEIPT = {
    "its name": "PHIẾU TIẾP NHẬN KHIẾU NẠI",
    "the company": "Công ty TNHH Hakago",
    "how to reach it": "support@hakago.example",
    "the number": f"Hồ sơ {NUMBER} · Lập lúc 09:00 ngày 24/11/2026",
    "how it came": "Hình thức tiếp nhận\nTrực tiếp tại quầy",
    "the customer": "Khách hàng\nTrần Anh Tuấn",
    "his code": "Mã khách hàng\nTuan668",
    "his order": "Mã đơn hàng\n012345",
    "his telephone": "Điện thoại\n0912 345 678",
    "the kind": "Loại khiếu nại\nGiao sai hàng",
    "his words": "Tôi muốn đổi đúng màu.",
    "what was handed in": "✓\nẢnh sản phẩm: giày.jpg, mờ.jpg (không được chấp nhận)",
    "what is doubtful": "?\nVận đơn – cần xem lại",
    "what is missing": "✗\nVideo mở hàng – còn thiếu",
    "who took it in": "Người tiếp nhận\nNguyễn Thị Lan",
    "what happens next": "Khách hàng bổ sung thông tin: chậm nhất 09:00 ngày 01/12/2026.",
    "where the outcome goes": "qua tuan@khach.example.",
    "where to sign": "(Ký, ghi rõ họ tên)\n(Ký, ghi rõ họ tên)\nTrần Anh Tuấn\nNguyễn Thị Lan",
}


@pytest.mark.parametrize("words", RECEIPT.values(), ids=RECEIPT)
def test_a_receipt_says(words: str, printed: dict[str, str]):
    assert words in printed["receipt"]


def test_a_receipt_of_usual_length_is_one_page(printed: dict[str, str]):
    assert "Trang 1/\n1" in printed["receipt"]


def test_a_receipt_promises_nothing_that_is_done_or_stands_still():
    said = print_receipt()
    assert "Giải quyết khiếu nại: chậm nhất" not in said
    assert "Xác nhận đã tiếp nhận" not in said


def test_where_no_deadline_runs_staff_will_get_in_touch():
    assert "Nhân viên phụ trách sẽ liên hệ" in print_receipt(clocks=[])


def test_a_customer_without_mail_is_answered_by_telephone():
    said = print_receipt(customer_email="")
    assert "Email\nchưa có" in said
    assert "qua 0912 345 678." in said


def test_a_customer_who_cannot_be_reached_is_promised_no_answer():
    assert "Kết quả giải quyết được gửi" not in print_receipt(customer_email="", phone=None)


def test_a_customer_without_name_signs_on_a_line():
    assert "...." in print_receipt(customer_name="")


def test_a_clock_of_the_policy_is_called_by_its_name():
    said = print_receipt(clocks=[{"name": "pay", "due_at": later(days=30), "state": "running"}])
    assert "pay: chậm nhất 09:00 ngày 24/12/2026." in said


def test_a_receipt_needs_no_more_than_the_oldest_case_has():
    old = {name: make_case()[name] for name in ("number", "received_at", "category", "customer_email")}
    made = receipt(old, head=make_letterhead(), said="", taken_by=LAN, made_at=MORNING)
    assert "Hình thức tiếp nhận\nEmail" in "\n".join(read_pages(made))


def test_what_cannot_be_printed_is_said_at_the_end():
    assert "□ thay cho ký tự không in được" in print_receipt(said="广州")
    assert "□" not in print_receipt()


MINUTES = {
    "the motto": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "its name": "BIÊN BẢN GIẢI QUYẾT KHIẾU NẠI",
    "when and who": "Vào lúc 09:00 ngày 24/11/2026, Công ty TNHH Hakago và khách hàng",
    "the complaint": "Tôi muốn đổi đúng màu.",
    "the outcome": "Hình thức giải quyết\nĐổi hàng",
    "the words agreed on": "Đổi đôi giày đúng màu trong 7 ngày.",
    "the copies": "hai bản",
    "who signs": "Khách hàng\nĐại diện Công ty TNHH Hakago",
}


@pytest.mark.parametrize("words", MINUTES.values(), ids=MINUTES)
def test_minutes_say(words: str, printed: dict[str, str]):
    assert words in printed["minutes"]


def test_minutes_of_usual_length_are_one_page(printed: dict[str, str]):
    assert "Trang 1/\n1" in printed["minutes"]


def test_both_are_written_in_english_too():
    assert "RECEIPT OF A COMPLAINT" in print_receipt("en")
    assert "Received by\nIn person" in print_receipt("en")
    said = print_minutes("en")
    assert "Settled by\nExchange" in said
    assert "CỘNG HÒA" not in said
