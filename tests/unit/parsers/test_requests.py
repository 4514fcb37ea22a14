"""What customers ask for, and what they only mention."""

import pytest

from parsers.requests import find_requests
from parsers.spelling import view_text


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("Em muốn đổi hàng mới", "exchange"),
        ("Mong shop hoàn tiền cho em", "refund"),
        ("trả lại tiền cho tôi", "refund"),
        ("trả tiền lại cho em", "refund"),
        ("Đổi cho em cái khác hoặc hoàn tiền", "exchange refund"),
        ("em không cần hoàn tiền, chỉ muốn đổi cái mới", "exchange"),
        ("em không muốn đổi, hoàn tiền giúp em", "refund"),
        ("bảo hành giúp em", "repair"),
        ("sửa giúp em cái máy", "repair"),
        ("thay đổi địa chỉ", ""),
        ("em muốn đổi địa chỉ nhận", ""),
        ("trao đổi với shop", ""),
        ("phiếu bảo hành đâu", ""),
        ("sản phẩm bảo hành 12 tháng", ""),
        ("I want a refund", "refund"),
        ("please send me a new one", "exchange"),
        ("I don't want a refund, I want a replacement", "exchange"),
        ("can you repair it", "repair"),
        ("thay vì hoàn tiền, đổi giúp em", "exchange"),
        ("1 đổi 1 nhé shop", "exchange"),
        ("shop oi doi cho em size khac", "exchange"),
        ("hoan tien cho toi", "refund"),
        ("yêu cầu hoàn lại toàn bộ số tiền", "refund"),
        ("hoàn lại tiền", "refund"),
        ("đổi trả giúp mình", "exchange"),
        ("hàng lỗi, đổi em cái mới", "exchange"),
        ("em muốn trả hàng", "refund"),
        ("please exchange it or give me my money back", "exchange refund"),
        ("no refund needed, please fix it", "repair"),
        ("đổi size L giúp em", "exchange"),
        ("em đã thanh toán tiền hàng", ""),
        ("trả tiền hàng rồi", ""),
        ("gửi lại cho em cái mới", "exchange"),
        ("khỏi đổi, trả tiền lại", "refund"),
        ("chính sách bảo hành ra sao", ""),
    ],
    ids=lambda value: value,
)
def test_request_is_what_is_asked_for(text, requests):
    assert find_requests(view_text(text)) == tuple(requests.split())
