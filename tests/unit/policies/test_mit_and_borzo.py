"""Subjects as customers of MiT and Borzo write them, and what the policies make of them."""

import pytest

from intake.settings.policies import read_policy
from parsers.subjects import parse_subject
from tests.complaints import HANOI, MORNING, facts, ticket
from tickets.checklist import find_evidence
from tickets.policy import Policy

MIT, BORZO = read_policy("mit"), read_policy("borzo")
SUBJECTS = {
    "MiT, all codes": (MIT, "KH10234 - HD250417 - Website không vào được", ("KH10234", "HD250417", "website-down")),
    "MiT, Đ": (MIT, "Khiếu nại hóa đơn, hợp đồng HĐ250417", (None, "HĐ250417", "billing")),
    "MiT, blank in the code": (MIT, "MiT KH 10234: email bị trả về", ("KH10234", None, "mail")),
    "MiT, a person": (MIT, "Phản ánh thái độ nhân viên hỗ trợ", (None, None, "staff-conduct")),
    "MiT, domain": (MIT, "Tên miền abc.vn hết hạn dù đã thanh toán", (None, None, "domain")),
    "MiT, hosting": (MIT, "Hosting DV3301 chậm", (None, "DV3301", "hosting")),
    "MiT, English": (MIT, "Website down since this morning", (None, None, "website-down")),
    "MiT, personal data": (MIT, "MiT làm lộ thông tin cá nhân của tôi", (None, None, "privacy")),
    "MiT, quality": (MIT, "Bàn giao trễ hợp đồng HD250417", (None, "HD250417", "service-quality")),
    "MiT, no complaint": (MIT, "Hỏi về bảng giá", (None, None, "other")),
    "Borzo, broken": (BORZO, "Đơn 48213377 - hàng bị vỡ", (None, "48213377", "damaged")),
    "Borzo, lost": (BORZO, "Mất hàng, đơn #48213377", (None, "48213377", "lost")),
    "Borzo, papers": (BORZO, "Mất giấy tờ đơn 48213377", (None, "48213377", "lost")),
    "Borzo, partly lost": (BORZO, "Giao thiếu 2 hộp - 48213377", (None, "48213377", "short")),
    "Borzo, conduct": (BORZO, "Tài xế thô lỗ, đơn hàng 48213377", (None, "48213377", "conduct")),
    "Borzo, late": (BORZO, "Tài xế giao trễ 3 tiếng", (None, None, "service")),
    "Borzo, fee": (BORZO, "Tính sai cước phí đơn 48213377", (None, "48213377", "payment")),
    "Borzo, business": (BORZO, "BZ10234 - 48213377 - bánh bị nát", ("BZ10234", "48213377", "damaged")),
    "Borzo, English": (BORZO, "Order 48213377 lost parcel", (None, "48213377", "lost")),
    "Borzo, no complaint": (BORZO, "Hỏi cách đặt đơn", (None, None, "other")),
}


@pytest.mark.parametrize(("policy", "subject", "expected"), SUBJECTS.values(), ids=SUBJECTS)
def test_subjects_name_codes_and_kinds(policy: Policy, subject: str, expected: tuple[str | None, str | None, str]):
    found = parse_subject(subject, policy.vocabulary())
    assert (found.customer_code, found.order_code, found.category) == expected


ACCOUNTS = {
    "abbreviated": ("STK 0071000123456, Vietcombank, Phạm Thúy Nga.", "STK 0071000123456, Vietcombank, Phạm Thúy Nga"),
    "in full": ("Số tài khoản: 0071 0001 23456", "tài khoản: 0071 0001 23456"),
    "bank first": ("Ngân hàng ACB, 123456789", "Ngân hàng ACB, 123456789"),
    "English": ("My bank account is 0071000123456.", "bank account is 0071000123456"),
    "a phone number only": ("SĐT: 0912 345 678", None),
    "an order only": ("Đơn hàng 48213377 bị mất", None),
    "no number": ("Tôi sẽ gửi số tài khoản sau", None),
}


@pytest.mark.parametrize(("text", "expected"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_account_for_the_compensation_is_found_in_the_words(text: str, expected: str | None):
    case = ticket(category="lost", evidence=())
    found = find_evidence(case, BORZO, facts(reply_text=text), issue=None, message_no=1)
    assert next((one.what for one in found if one.slot == "account"), None) == expected


def test_mit_is_back_after_the_weekend():
    saturday = MORNING.replace(day=28)
    assert f"{MIT.time.next_opening(saturday).astimezone(HANOI):%A %H:%M}" == "Monday 08:00"
