"""The summary of a case tells all of it to somebody who knows nothing of it."""

from typing import Any

import pytest

from responders.case_summary import MAIL_LINES, EnclosedFile, case_summary
from responders.paper_words import Language
from tests.complaints import LAN, MORNING, TUAN
from tests.pdf_words import read_pages
from tests.printed_cases import digest, later, make_case, make_event, make_file, make_letterhead, make_mail

FILES = (EnclosedFile(path="mails/01-thu-den.eml", size_bytes=98_765, sha256=digest("1")),)
OFFER = {
    "key": "new-pair",
    "outcome": "exchange",
    "text": "Đổi trong 7 ngày.",
    "by": LAN,
    "at": later(days=1),
    "state": "sent",
    "amount": 120_000,
    "explanation": ["4 × cước phí = 120.000 đ"],
}


def summarise(language: Language = "vi", **changes: Any) -> str:
    head = make_letterhead(language)
    return "\n".join(read_pages(case_summary(make_case(**changes), head=head, files=FILES, made_at=MORNING)))


OVERVIEW = {
    "its name": ({}, "TÓM TẮT HỒ SƠ KHIẾU NẠI"),
    "the state": ({"state": "awaiting_seller"}, "Trạng thái\nChờ người bán"),
    "the outcome": ({"outcome": "authority"}, "Kết quả giải quyết\nChuyển cơ quan có thẩm quyền"),
    "the customer": ({}, f"Khách hàng\nTrần Anh Tuấn <{TUAN}>"),
    "that it was late": ({"late": True}, "Khiếu nại gửi sau thời hạn"),
    "that it was in time": ({"late": False}, "Thời hạn khiếu nại\nTrong thời hạn"),
    "when it was answered": ({"answered_at": later(hours=3)}, "Trả lời lần đầu lúc\n12:00 ngày 24/11/2026"),
    "when it was closed": ({"closed_at": later(days=5)}, "Đóng hồ sơ lúc\n09:00 ngày 29/11/2026"),
    "the department": ({}, "Bộ phận phụ trách\nBộ phận CSKH"),
    "who looks after it": ({}, f"Nhân viên phụ trách\nNguyễn Thị Lan <{LAN}>"),
    "satisfaction": ({"satisfaction": 4}, "Mức độ hài lòng (1–5)\n4"),
    "rounds": ({"rounds": 2}, "Số lần thông báo kết quả\n2"),
    "flags": ({"flags": ["used", "unknown-one"]}, "Hàng đã qua sử dụng, unknown-one"),
    "figures": ({"figures": {"fee": "30000"}}, "Cước phí: 30000"),
    "what was offered": ({"offer": OFFER}, "Đổi đôi khác; 120.000 đ; Đổi trong 7 ngày; 4 × cước phí ="),
    "how far the offer is": ({"offer": OFFER}, "(đã gửi khách hàng)"),
}


@pytest.mark.parametrize(("changes", "words"), OVERVIEW.values(), ids=OVERVIEW)
def test_the_overview_tells(changes: dict[str, Any], words: str):
    assert words in summarise(**changes)


def test_what_a_case_does_not_have_is_left_out():
    said = summarise(phone=None)
    assert all(label not in said for label in ("Điện thoại", "Đóng hồ sơ", "Mức độ hài lòng", "Phương án", "None"))


def test_parties_and_deadlines_stand_in_tables():
    said = summarise()
    assert "Người bán\nGiày Đẹp\nshop@ban-hang.example" in said
    assert "Khách hàng bổ sung thông tin\n01/12/2026 09:00\nđang tính" in said
    assert "Giải quyết khiếu nại\n14/12/2026 09:00\ntạm dừng" in said


def test_each_file_is_told_with_its_hash_its_use_and_what_was_found_in_it():
    said = summarise()
    assert "giày.jpg\nThư số 1, image/jpeg, 1,2 MB" in said
    assert f"SHA-256 {digest('giày.jpg')}" in said
    assert "Dùng cho: Ảnh sản phẩm" in said
    assert "width: 4.000; is_blurred: không" in said


def test_a_file_without_name_that_fills_nothing_is_told_too():
    said = summarise(mails=[make_mail(attachments=[make_file("", sha256=digest("x"))])])
    assert f"(không có tên)\nThư số 1, image/jpeg, 1,2 MB\nSHA-256 {digest('x')}" in said
    assert "Dùng cho" not in said


def test_the_course_of_events_is_told_in_sentences_with_who_and_when():
    said = summarise(history=[make_event("handed-over", actor=LAN, department="kho")])
    assert "24/11/2026 09:00\nNguyễn Thị Lan\nChuyển hồ sơ cho Kho." in said
    assert "24/11/2026 09:00\nHệ thống\nMở hồ sơ." in summarise()


MAILS = {
    "what came": (make_mail(), f"Thư số 1 – Trần Anh Tuấn <{TUAN}> gửi đến, 09:01 ngày 24/11/2026"),
    "what went out": (make_mail(no=2, direction="out"), f"Thư số 2 – gửi tới Trần Anh Tuấn <{TUAN}>, 09:02"),
    "what was said": (
        make_mail(facts={"channel": "phone"}),
        f"Lời trình bày số 1 – Trần Anh Tuấn <{TUAN}>, Điện thoại",
    ),
    "its subject": (make_mail(), "Tiêu đề: Hàng sai màu sắc"),
    "its words": (make_mail(text="\n\nKính gửi shop,\n  – hàng sai\n"), "Kính gửi shop,\n  – hàng sai"),
    "that it is empty": (make_mail(text=" \n"), "Không có."),
    "that it never arrived": (make_mail(delivery={"error": "550 no such user"}), "Không gửi được: 550 no such user"),
}


@pytest.mark.parametrize(("mail", "words"), MAILS.values(), ids=MAILS)
def test_a_mail_is_told_with(mail: dict[str, Any], words: str):
    assert words in summarise(mails=[mail]).replace("\nngày", " ngày")


def test_of_a_long_mail_the_beginning_is_shown():
    said = summarise(mails=[make_mail(text="\n".join(f"dòng {number} hết" for number in range(MAIL_LINES + 1)))])
    assert f"dòng {MAIL_LINES - 1} hết" in said
    assert f"dòng {MAIL_LINES} hết" not in said
    assert "Phần còn lại của thư nằm trong tệp" in said


def test_a_mail_of_one_endless_line_is_cut_too():
    said = summarise(mails=[make_mail(text="hàng sai " * 50_000)])
    assert said.count("hàng sai") < 1_000
    assert "Phần còn lại của thư nằm trong tệp" in said


def test_a_short_mail_is_not_said_to_be_cut():
    assert "Phần còn lại" not in summarise()


def test_the_files_that_go_with_it_are_listed():
    said = summarise()
    assert "mails/01-thu-den.eml\n96,5 KB" in said
    assert digest("1") in said.replace("\n", "")


def test_a_case_in_which_nothing_happened_yet_says_so():
    assert summarise(parties=[], clocks=[], history=[], mails=[]).count("Không có.") == 5


def test_the_same_case_gives_the_same_bytes():
    made = [case_summary(make_case(), head=make_letterhead(), files=FILES, made_at=MORNING) for _ in range(2)]
    assert made[0] == made[1]


def test_it_is_written_in_english_too():
    said = summarise("en", outcome="authority")
    assert "SUMMARY OF A COMPLAINT CASE" in said
    assert "Outcome\nPassed to the authority" in said
    assert "The case was opened." in said
