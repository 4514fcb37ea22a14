"""What customers answer to a solution that was proposed to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.accents import fold
from parsers.agreements import read_agreement

AGREEING = [
    "đồng ý", "Tôi đồng ý", "Em đồng ý ạ", "Chấp nhận", "xác nhận", "Tôi xác nhận",
    "Tôi xin xác nhận đồng ý với phương án trên",
    "confirm", "Confirmed", "I agree", "We agree with your proposal.", "I accept your offer", "Agreed, thank you",
    "ok", "Ok shop", "Vâng ạ", "được ạ", "yes", "Dạ em đồng ý, cảm ơn shop",
    "Tôi đồng ý.\nSố tài khoản: 0123456789, ngân hàng ABC, chủ tài khoản Nguyễn Thị Nga.",
    "Mình nhất trí với cách giải quyết này", "Chào shop, tôi chấp nhận phương án hoàn tiền.",
]  # fmt: skip
REFUSING = [
    "không đồng ý", "Tôi không đồng ý", "chưa đồng ý", "Tôi từ chối", "Em ko đồng ý với mức này", "không chấp nhận",
    "Tôi không thể chấp nhận phương án này", "disagree", "I disagree", "I do not agree", "I don't accept this",
    "I can't accept this offer", "không", "Tôi phản đối", "Không thể nào đồng ý được", "We refuse",
    "Tôi không đồng ý. Hàng hỏng hoàn toàn, mức đền bù quá thấp.",
]  # fmt: skip


@pytest.mark.parametrize("answer", AGREEING)
@pytest.mark.parametrize("write", [str, fold, str.upper], ids=["as written", "without accents", "upper case"])
def test_who_agrees_is_understood(answer, write):
    assert read_agreement(write(answer)) is True


@pytest.mark.parametrize("answer", REFUSING)
@pytest.mark.parametrize("write", [str, fold, str.upper], ids=["as written", "without accents", "upper case"])
def test_who_does_not_agree_is_understood(answer, write):
    assert read_agreement(write(answer)) is False


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Cảm ơn shop",
        "Tôi sẽ suy nghĩ thêm rồi trả lời",
        "Đồng ý nếu shop hoàn thêm phí vận chuyển",
        "Tôi đồng ý, nhưng phải chuyển tiền trong hôm nay",
        "Đồng ý hoàn tiền, không đồng ý đổi hàng",
        "Tôi có phải đồng ý không?",
        "Shop đã đồng ý đổi rồi mà chưa thấy gửi",
        "Nhờ shop xác nhận giúp em đơn này",
        "Em chưa nhận được mail xác nhận",
        "Shop từ chối bảo hành là sao",
        "Yêu cầu của tôi bị từ chối",
        "Please confirm my order",
        "I agree, but only if you pay the shipping",
        "Không phải tôi không đồng ý",
        "Tôi không biết có nên đồng ý",
        "Số tài khoản của tôi là 0123456789",
        "Ok để tôi hỏi lại chồng tôi",
        "không có gì",
        "không đồng ý cũng không phản đối",
        "tôi đồng ý rồi mà sao chưa thấy tiền?",
        "đồng ý " * 200,
    ],
)
def test_what_is_not_beyond_doubt_is_left_to_people(answer):
    assert read_agreement(answer) is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_read(text):
    assert read_agreement(text) in (True, False, None)
