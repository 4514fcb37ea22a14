"""Telephone numbers and product codes."""

import pytest

from parsers.numbers_named import find_phones, find_product_codes
from parsers.spelling import view_text


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("SĐT: 0901234567", "+84901234567"),
        ("0901 234 567", "+84901234567"),
        ("090.123.4567", "+84901234567"),
        ("+84 901 234 567", "+84901234567"),
        ("(+84) 901-234-567", "+84901234567"),
        ("84901234567", "+84901234567"),
        ("024 3825 1234", "+842438251234"),
        ("(028) 3825 1234", "+842838251234"),
        ("đơn 012345", ""),
        ("mã vận đơn SPX0901234567890", ""),
        ("0901234567 / 0912345678", "+84901234567 +84912345678"),
        ("+84 (0)901234567", "+84901234567"),
        ("0084901234567", "+84901234567"),
        ("1900 1234", ""),
        ("15/11/2026 0", ""),
        ("Zalo 0379 123 456.", "+84379123456"),
        ("09012345678", ""),
    ],
    ids=lambda value: value,
)
def test_telephone_number_is_international(text, phones):
    assert find_phones(text) == tuple(phones.split())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mã sản phẩm: AB-123", "AB-123"),
        ("model X200", "X200"),
        ("SKU HKG-778-RED", "HKG-778-RED"),
        ("mã sp: 12345", "12345"),
        ("Model: WH-1000XM5.", "WH-1000XM5"),
        ("model no. X200", "X200"),
        ("Ma san pham la AB123", "AB123"),
        ("mã hàng “KB 12”", ""),
        ("mã đơn hàng 012345", ""),
        ("model mới", ""),
        ("model này lỗi", ""),
        ("product code (ZX/9)", "ZX/9"),
        ("mẫu mã đẹp", ""),
        ("SKU: ", ""),
        ("mã SP AB–12", "AB–12"),
        ("Item No: 55-AA", "55-AA"),
    ],
    ids=lambda value: value,
)
def test_product_code_stands_behind_its_label(text, codes):
    assert find_product_codes(text, view_text(text)) == tuple(codes.split())
