"""Words that may be passed on in somebody's name: his own, nothing quoted, forwarded or attached."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.own_words import find_own_words
from tests.complaints import facts

NOTICE = "Hồ sơ: HKG-26-000001 (đang xử lý)\nGhi chú nội bộ: khách hay đòi hỏi"
BELOW = {
    "nothing": "",
    "Gmail's quote": "\n\nVào Th 3, 3 thg 6, 2025 vào lúc 09:00 Hakago <a@b.example> đã viết:\n> Hồ sơ\n",
    "Outlook's block": f"\n\nTừ: Hakago <support@hakago.example>\nĐã gửi: Thứ Ba, 3 tháng 6, 2025 9:00\n"
    f"Đến: Lan <lan@hakago.example>\nChủ đề: [HKG-26-000001] Khiếu nại mới\n\n{NOTICE}",
    "Gmail's forward": f"\n\n---------- Forwarded message ---------\nTừ: Hakago <support@hakago.example>\n"
    f"Date: Th 3, 3 thg 6, 2025 lúc 09:00\nSubject: [HKG-26-000001]\nTo: <lan@hakago.example>\n\n\n{NOTICE}",
    "Apple's forward": f"\n\nBegin forwarded message:\n\nFrom: Hakago <support@hakago.example>\n"
    f"Subject: [HKG-26-000001]\nDate: 3 June 2025\nTo: lan@hakago.example\n\n{NOTICE}",
}
SUBJECTS = ["Re: [HKG-26-000001] Khiếu nại mới", "Fwd: [HKG-26-000001] Khiếu nại mới", "[HKG-26-000001]"]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_what_stands_below_the_words_is_never_passed_on(below: str, subject: str):
    text = f"Chào anh, mai shop gửi áo mới.{below}"
    assert find_own_words(facts(text=text, subject=subject)) == "Chào anh, mai shop gửi áo mới."


def test_a_mail_that_is_attached_is_not_passed_on():
    text = "Gửi anh chứng từ.\nLời trong thư đính kèm"
    assert find_own_words(facts(text=text, nested_text="Lời trong thư đính kèm")) == "Gửi anh chứng từ."


def test_a_notice_that_was_only_forwarded_leaves_nothing():
    assert find_own_words(facts(text=BELOW["Gmail's forward"].strip())) == ""


@given(st.text(alphabet="a đ>\n:-", max_size=300))
@example(":\n>\n:")
def test_own_words_are_lines_of_the_text_and_blank_ones_for_what_was_between(text: str):
    lines = {"", *(line.strip() for line in text.splitlines())}
    assert all(line.strip() in lines for line in find_own_words(facts(text=text)).splitlines())
