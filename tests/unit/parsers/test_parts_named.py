"""Parts that customers miss."""

import pytest

from parsers.parts_named import find_missing_parts
from parsers.spelling import view_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("thiếu 2 ốc vít và sách hướng dẫn", ["2 ốc vít", "sách hướng dẫn"]),
        ("Hộp bị thiếu 2 ốc vít và sách hướng dẫn ạ.", ["2 ốc vít", "sách hướng dẫn"]),
        ("không có sạc, cáp", ["sạc", "cáp"]),
        ("thiếu: – dây nguồn – remote", ["dây nguồn", "remote"]),
        ("Thiếu các món sau:\n- dây nguồn\n- remote\nMong shop gửi bù", ["dây nguồn", "remote"]),
        ("missing the charger and two screws", ["charger", "two screws"]),
        ("thiếu hàng", []),
        ("giao thiếu sản phẩm", []),
        ("thiếu trách nhiệm", []),
        ("thiếu 1 đôi tất", ["1 đôi tất"]),
        ("giao thiếu 1 món", []),
        ("thieu day sac va 3 con oc", ["day sac", "3 con oc"]),
        ("Shop giao thiếu dây sạc, mong shop gửi bù", ["dây sạc"]),
        ("thiếu ốc và hộp bị móp", ["ốc"]),
        ("không có ai trả lời", []),
        ("không có phản hồi", []),
        ("không thiếu gì", []),
        ("mở ra không thấy củ sạc đâu", ["củ sạc đâu"]),
        ("The charger is missing", ["charger"]),
        ("the box is missing 2 screws, a lid and the manual.", ["2 screws", "lid", "manual"]),
        ("I got the box without the remote", ["remote"]),
        ("missing items: remote, battery", ["remote", "battery"]),
        ("no charger in the box", ["charger"]),
        ("máy không có nguồn", ["nguồn"]),
        ("Đơn thiếu: 1. nắp nồi 2. quai nồi", ["nắp nồi", "quai nồi"]),
        ("thiếu chuyên nghiệp, không có trách nhiệm", []),
        ("mình thấy thiếu nắp hộp với cái muỗng trong bộ nha", ["nắp hộp", "cái muỗng"]),
        ("thái độ thiếu tôn trọng khách hàng", []),
        ("thiếu mất 1 chiếc giày bên trái rồi shop", ["1 chiếc giày bên trái"]),
        ("I have no idea", []),
        ("there is no reply", []),
        ("thiếu phụ kiện", []),
        ("thiếu phụ kiện: cáp, sạc, tai nghe", ["cáp", "sạc", "tai nghe"]),
        ("Hàng giao thiếu 2 cái", []),
        ("không có hóa đơn và phiếu bảo hành", ["hóa đơn", "phiếu bảo hành"]),
        ("không có vấn đề gì", []),
        ("thiếu 1 áo thun đen size L, 1 quần jean", ["1 áo thun đen size L", "1 quần jean"]),
        ("thiếu 2 sản phẩm", []),
        ("giao thiếu hàng cho tôi", []),
        ("thiếu hàng, thiếu nắp", ["nắp"]),
        ("bên trong thiếu sách HDSD tiếng Việt", ["sách HDSD tiếng Việt"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parts_are_named_as_written(text, parts):
    assert find_missing_parts(text, view_text(text)) == tuple(parts)


def test_part_named_twice_is_one():
    text = "Thiếu sạc. Shop giao thiếu Sạc!"
    assert find_missing_parts(text, view_text(text)) == ("sạc",)
