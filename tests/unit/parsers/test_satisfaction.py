"""What customers answer when they are asked whether they were satisfied."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.accents import fold
from parsers.satisfaction import read_satisfaction

SATISFIED = [
    "hài lòng", "Rất hài lòng", "Tôi rất hài lòng với cách giải quyết của shop", "ok", "oke shop", "Ok ạ", "tốt",
    "Tốt lắm!",
    "được rồi cảm ơn", "Dạ em hài lòng ạ, cảm ơn shop nhiều", "tuyệt vời", "Hoàn toàn hài lòng.", "ổn rồi nhé",
    "cũng được", "tạm được", "Dạ có ạ", "có hài lòng", "vâng", "Hài lòng 100%", "không tệ", "cực kỳ hài lòng",
    "Chào shop,\nRất hài lòng\nNga", "Rất tốt, lần sau mình sẽ ủng hộ tiếp", "👍", "Shop xử lý tốt",
    "Tôi hài lòng với kết quả giải quyết khiếu nại", "hài lòng vì shop xử lý nhanh",
    "satisfied", "Very satisfied, thank you!", "I am happy with the result", "Yes, thank you very much",
    "great service",
    "not bad", "Good. Thanks", "perfect", "I'm really pleased",
]  # fmt: skip
DISSATISFIED = [
    "không hài lòng", "chưa hài lòng", "Tôi không hài lòng với kết quả này", "tệ", "Quá tệ!", "ko hài lòng", "kém",
    "chẳng hài lòng chút nào" , "Dịch vụ quá kém", "không", "Dạ chưa ạ", "không được tốt", "chưa ổn", "thất vọng",
    "Không hài lòng\nShop giải quyết chậm, tôi gọi ba lần không ai nghe máy.", "chưa thấy hài lòng lắm", "không ok",
    "Không hài lòng vì giao chậm", "not satisfied", "Not happy", "I am not satisfied with the solution",
    "I'm not happy at all", "no", "bad",
    "It wasn't good", "dissatisfied", "very disappointed", "terrible service", "👎", "not really", "không hề hài lòng",
]  # fmt: skip


@pytest.mark.parametrize("answer", SATISFIED)
def test_a_satisfied_customer_is_understood(answer):
    found = read_satisfaction(answer)
    assert found is not None
    assert (found.is_satisfied, found.score) == (True, None)


@pytest.mark.parametrize("answer", DISSATISFIED)
def test_a_customer_who_is_not_satisfied_is_understood(answer):
    found = read_satisfaction(answer)
    assert found is not None
    assert (found.is_satisfied, found.score) == (False, None)


@pytest.mark.parametrize("answer", [*SATISFIED, *DISSATISFIED])
def test_missing_accents_upper_case_and_nfd_change_nothing(answer):
    said = read_satisfaction(answer)
    assert said is not None
    for written in (fold(answer), answer.upper(), unicodedata.normalize("NFC", unicodedata.normalize("NFD", answer))):
        again = read_satisfaction(written)
        assert again is not None
        assert again.is_satisfied == said.is_satisfied


@pytest.mark.parametrize(
    ("answer", "score", "is_satisfied"),
    [
        ("4", 4, True),
        ("5", 5, True),
        ("1", 1, False),
        ("3", 3, True),
        ("2.", 2, False),
        ("0", 1, False),
        ("4/5", 4, True),
        ("4 / 5 ạ", 4, True),
        ("4 sao", 4, True),
        ("5 điểm", 5, True),
        ("5*", 5, True),
        ("9/10", 5, True),
        ("8", 4, True),
        ("10 điểm", 5, True),
        ("3/10", 2, False),
        ("4,5/5", 5, True),
        ("Mình cho 5 sao nhé", 5, True),
        ("chấm 9 điểm", 5, True),
        ("cho shop 2 sao vì giao chậm", 2, False),
        ("Điểm: 4", 4, True),
        ("5 stars", 5, True),
        ("4\nCảm ơn shop", 4, True),
        ("⭐⭐⭐⭐", 4, True),
        ("★★☆☆☆", 2, False),
    ],
)
def test_a_number_is_a_score_of_five(answer, score, is_satisfied):
    found = read_satisfaction(answer)
    assert found is not None
    assert (found.score, found.is_satisfied) == (score, is_satisfied)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "   \n",
        "Cảm ơn shop",
        "Tốt nhưng giao hơi chậm",
        "Tốt\nNhưng tôi chưa nhận được tiền hoàn",
        "Hài lòng\nBao giờ shop chuyển tiền?",
        "Sao lại hài lòng được?",
        "không tốt như quảng cáo",
        "Tôi đã nhận hàng đổi. Hàng dùng tốt. Phần mềm còn vài chỗ tôi muốn hỏi thêm.",
        "Tôi cần thêm thời gian để kiểm tra hàng rồi mới trả lời shop được",
        "4 ngày rồi chưa thấy tiền",
        "2 sản phẩm còn thiếu",
        "Đơn 012345",
        "11",
        "0912345678",
        "4 hay 5 sao",
        "hài lòng, không hài lòng",
        "bình thường",
        "hài lòng vì chưa có ai khác",
        "The service was good but the refund has not arrived",
        "hai nghìn đồng",
    ],
)
def test_what_is_no_plain_answer_is_left_to_people(answer):
    assert read_satisfaction(answer) is None


def test_words_are_those_of_the_answer_and_not_of_what_follows():
    found = read_satisfaction("Chào shop,\n\n  Không hài lòng.  \nVì shop trả lời quá chậm.")
    assert found is not None
    assert found.words == "Không hài lòng."


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read(text):
    found = read_satisfaction(text)
    assert found is None or found.words in text
