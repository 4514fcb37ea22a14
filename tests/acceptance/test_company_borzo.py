"""Borzo, deliveries by drivers: the claim window, the driver heard, compensation computed, approved, offered and paid.

30 April, 1 May and 2 May 2025 are days off, so seven working days from 28 April end on 12 May.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.acceptance.companies import Company, Person
from tests.own_mails import PHOTO, File, write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

NGA, DUNG = "nga@khach.example", "dung@taixe.example"
MAI, SON, VAN, QUAN = "mai@borzo.example", "son@borzo.example", "van@borzo.example", "quan@borzo.example"
PEOPLE = (
    Person(email=MAI, name="Mai", departments=("cskh",)),
    Person(email=SON, name="Sơn", departments=("cskh",), role="manager"),
    Person(email=VAN, name="Vân", departments=("van-hanh",)),
    Person(email=QUAN, name="Quân", departments=("van-hanh",), role="manager"),
)
BROKEN = (
    "Chào Borzo,\nTôi nhận hàng lúc 11:30 hôm nay, mở ra thì bình gốm bị vỡ một mảng lớn.\nSĐT: 0912 345 678\nNga\n"
)
LOST = (
    "Chào Borzo,\nTài xế báo đã giao nhưng người nhận chưa nhận được gì, tôi bị mất hàng.\n"
    "Đơn được cập nhật ngày 31/05/2025.\nSTK 0071000123456, Vietcombank, Phạm Thúy Nga.\n"
)
ACCOUNT = "Tôi gửi ảnh.\nSTK 0071000123456, Vietcombank, Phạm Thúy Nga.\nTôi chưa tìm thấy hóa đơn."
DAMAGE = ("fee=35.000", "goods=items", "loss=damaged", "advance_used=không", "invoice=có", "worth=1.500.000")


def picture(name: str) -> File:
    return File(name=name, type="image/jpeg", content=PHOTO + name.encode())


BROKEN_VASE, SCREEN, INVOICE = picture("bình vỡ.jpg"), picture("màn hình đơn hàng.jpg"), picture("hóa đơn.jpg")

Founded = Callable[[str], Company]


@pytest.fixture
def borzo(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Founded:
    """The company from a moment on."""
    return lambda now: Company(tmp_path, dovecot, sink, policy="borzo", people=PEOPLE, now=now)


def complain(company: Company, subject: str, text: str, files: Sequence[File] = ()) -> str:
    """Nga writes; the number of her case."""
    mail = write_mail(sender=NGA, name="Phạm Thúy Nga", to=company.address, subject=subject, text=text, files=files)
    company.receive(mail)
    company.run(company.now)
    return company.numbers()[-1]


def test_damaged_goods_are_paid_for_by_what_a_silent_customer_declared(borzo: Founded):
    company = borzo("2025-04-28 15:00")
    number = complain(company, "Đơn hàng 48213377 - bình gốm bị vỡ", BROKEN)
    company.expect("28/04 15:00 acknowledgement → nga", "28/04 15:00 staff-opened → quan, van")
    told = company.text_of("acknowledgement")
    assert "Loại khiếu nại: Hàng hóa hư hỏng\nMã đơn hàng: 48213377\n" in told
    assert "✗ Bằng chứng sử dụng dịch vụ: ảnh chụp màn hình đơn hàng" in told
    assert "✗ Hóa đơn hợp pháp của hàng hóa (nếu có): " in told
    assert "✗ Tài khoản nhận bồi thường: ghi họ tên chủ tài khoản" in told
    assert "Thời hạn giải quyết khiếu nại: chậm nhất 17:30 ngày 12/05/2025." in told
    assert "sau thời hạn này" not in told, "within 24 hours"

    # A day later a reminder; then everything but the invoice, which nobody waits for.
    company.work("2025-04-29 18:00")
    company.expect("29/04 15:00 evidence-reminder → nga")
    company.receive(company.answer(company.letter("evidence-reminder"), ACCOUNT, files=[BROKEN_VASE, SCREEN]))
    company.work("2025-04-29 18:00")
    company.expect("29/04 18:00 evidence-complete → nga", "29/04 18:00 staff-complete → quan, van")
    told = company.text_of("evidence-complete")
    assert "✗ Hóa đơn hợp pháp của hàng hóa (nếu có)" in told
    assert "làm việc trở lại từ 08:00 ngày 05/05/2025" in told
    assert "✓ Tài khoản nhận bồi thường: STK 0071000123456, Vietcombank, Phạm Thúy Nga" in company.text_of(
        "staff-complete"
    )

    # The driver is heard; he learns nothing of the customer, and the customer nothing of what he says.
    company.do(number, "seller", DUNG, "Trần Văn Dũng", by=VAN)
    company.do(number, "ask-seller", by=VAN, text="Anh cho biết khi giao hàng bình đã vỡ chưa?")
    company.expect("29/04 18:00 seller-question → dung")
    asked = company.letter("seller-question")
    assert asked.text.startswith("Kính gửi Anh/Chị tài xế Trần Văn Dũng,")
    assert "đơn hàng 48213377" in asked.text
    assert "trước 17:30 ngày 06/05/2025" in asked.text
    assert not any(word in asked.text + asked.subject for word in ("Nga", "nga@", "0912", "gốm"))
    company.work("2025-05-06 09:00")
    company.expect("05/05 17:30 seller-reminder → dung")
    company.receive(company.answer(company.letter("seller-reminder"), "Tôi va quệt nhẹ trên đường, bình vỡ khi giao."))
    company.work("2025-05-06 09:00")
    company.expect("06/05 09:00 staff-message → quan, van")
    company.work("2025-05-06 09:30")
    company.receive(company.answer(company.letter("evidence-complete"), "Tôi gửi hóa đơn.", files=[INVOICE]))
    company.work("2025-05-06 09:30")
    company.expect("06/05 09:30 staff-message → quan, van")
    assert company.ticket(number)["evidence"]["invoice"] == "satisfied"

    # Computed, proposed, approved by a manager, offered.
    assert "Cước phí dịch vụ" in company.refuses(number, "propose", "compensation", by=VAN)
    said = company.do(number, "compensate", *DAMAGE, "damage=60%", by=VAN)
    assert "Số tiền bồi thường: 900.000 đ" in said
    assert "propose compensation" in company.refuses(number, "resolve", "compensation", by=VAN)
    assert "900.000 đ" in company.refuses(number, "propose", "exempt", by=VAN), "there is no exemption"
    company.do(number, "propose", "compensation", by=VAN, text="Borzo rất tiếc vì sự cố này.")
    company.expect("06/05 09:30 staff-approval → quan")
    assert "(1.500.000 đ) × tỷ lệ hư hỏng, thất thoát (60%) = 900.000 đ" in company.text_of("staff-approval")
    assert "quản lý" in company.refuses(number, "approve", by=VAN)
    company.do(number, "approve", by=QUAN, text="Đồng ý mức này.")
    company.expect("06/05 09:30 offer → nga", "06/05 09:30 staff-approved → van")
    offered = company.text_of("offer")
    assert "Số tiền bồi thường: 900.000 đồng" in offered
    assert "Hàng hóa hư hỏng từ 50% trở lên thuộc quyền sở hữu của Borzo" in offered
    assert "• Họ tên: Phạm Thúy Nga\n• Điện thoại: +84912345678\n" in offered
    assert "• Tài khoản: STK 0071000123456, Vietcombank, Phạm Thúy Nga" in offered
    assert "ghi “Đồng ý” trước 09:30 ngày 09/05/2025" in offered
    assert "trong vòng 30 ngày kể từ khi Quý khách xác nhận" in offered
    assert company.clock(number, "resolve") == "stopped 2025-05-12 17:30"

    # Silent for three days: what he declared counts, and is paid within thirty days.
    company.work("2025-05-09 09:30")
    company.expect(
        "08/05 09:30 offer-reminder → nga", "09/05 09:30 confirmed → nga", "09/05 09:30 staff-confirmed → quan, van"
    )
    assert "theo thông tin Quý khách đã khai báo: STK 0071000123456" in company.text_of("offer-reminder")
    assert "Chúng tôi chưa nhận được phản hồi" in company.text_of("confirmed")
    assert "chậm nhất 09:30 ngày 08/06/2025" in company.text_of("confirmed")
    assert "Khách hàng không phản hồi trong thời hạn" in company.text_of("staff-confirmed")
    assert company.clock(number, "pay") == "running 2025-06-08 09:30"
    company.work("2025-06-07 16:00")
    company.expect("01/06 09:30 staff-clock → quan, van", "07/06 09:30 staff-clock → quan")
    assert "“Chi trả bồi thường”: 09:30 ngày 08/06/2025" in company.text_of("staff-clock")
    company.do(number, "resolve", by=VAN, text="Borzo đã chuyển 900.000 đồng ngày 07/06/2025.")
    company.expect("07/06 16:00 outcome-done → nga")
    assert "Borzo đã chuyển 900.000 đồng ngày 07/06/2025." in company.text_of("outcome-done")
    company.work("2025-06-30 09:00")
    company.expect("21/06 16:00 staff-closed → quan, van")
    assert (company.ticket(number)["state"], company.ticket(number)["outcome"]) == ("closed", "compensation")


def test_second_proposal_is_agreed_to_by_mail(borzo: Founded):
    company = borzo("2025-06-03 15:00")
    files = [BROKEN_VASE, SCREEN]
    number = complain(company, "Đơn hàng 48213377 - bình gốm bị vỡ", BROKEN + ACCOUNT, files)
    company.expect("03/06 15:00 acknowledgement → nga", "03/06 15:00 staff-opened → quan, van")

    # A complex case: put off, but not beyond two months from the receipt.
    assert "03/08/2025 15:00" in company.refuses(
        number, "extend", "resolve", "2025-08-04", by=VAN, text="Cần giám định."
    )
    company.do(number, "extend", "resolve", "2025-07-31", by=VAN, text="Borzo cần giám định giá trị chiếc bình.")
    company.expect("03/06 15:00 extended → nga")
    assert "23:59 ngày 31/07/2025" in company.text_of("extended")

    company.do(number, "compensate", "fee=35.000", "goods=items", "loss=damaged", "damage=60%", "advance_used=không",
               "invoice=không", by=VAN)  # fmt: skip
    company.do(number, "propose", "compensation", by=VAN)
    company.do(number, "approve", by=QUAN)
    company.work("2025-06-04 10:00")
    company.expect("03/06 15:00 staff-approval → quan", "03/06 15:00 offer → nga", "03/06 15:00 staff-approved → van")
    assert "Hàng hóa không có hóa đơn hợp pháp: 4 × cước phí dịch vụ (35.000 đ) = 140.000 đ" in company.text_of("offer")

    # The customer does not agree; another amount is agreed on, and she corrects her account.
    company.receive(company.answer(company.letter("offer"), "Tôi không đồng ý, bình trị giá 1,5 triệu."))
    company.work("2025-06-04 10:00")
    company.expect("04/06 10:00 staff-disagreed → quan, van")
    company.do(number, "compensate", "agreed_otherwise=có", "agreed=800.000", by=VAN)
    company.do(number, "propose", "compensation", by=VAN)
    company.do(number, "approve", by=QUAN)
    company.expect("04/06 10:00 staff-approval → quan", "04/06 10:00 offer → nga", "04/06 10:00 staff-approved → van")
    offered = company.text_of("offer")
    assert "Borzo xin gửi phương án bồi thường lần 2." in offered
    assert "Mức bồi thường theo thỏa thuận với Quý khách: 800.000 đ" in offered
    assert "quyền đề nghị cơ quan có thẩm quyền" in offered
    company.work("2025-06-05 09:00")
    company.receive(company.answer(company.letter("offer"), "Đồng ý. STK đúng là 0071000999888 nhé."))
    company.work("2025-06-05 09:00")
    company.expect("05/06 09:00 confirmed → nga", "05/06 09:00 staff-confirmed → quan, van")
    assert "Bồi thường, 800.000 đồng" in company.text_of("confirmed")
    assert "> Đồng ý. STK đúng là 0071000999888 nhé." in company.text_of("staff-confirmed")
    company.do(number, "resolve", by=VAN, text="Borzo đã chuyển tiền vào tài khoản 0071000999888.")
    company.work("2025-06-06 09:00")
    company.receive(company.answer(company.letter("outcome-done"), "Rất hài lòng, cảm ơn anh chị."))
    company.work("2025-06-06 09:00")
    company.expect(
        "05/06 09:00 outcome-done → nga",
        "06/06 09:00 follow-up-thanks → nga",
        "06/06 09:00 staff-satisfied → quan, van",
    )
    assert company.ticket(number)["state"] == "closed"


def test_late_claim_of_an_exempt_order_ends_with_the_authority(borzo: Founded):
    company = borzo("2025-06-03 09:00")
    number = complain(company, "Mất hàng - đơn hàng 48213377", LOST, [SCREEN])
    company.expect("03/06 09:00 acknowledgement → nga", "03/06 09:00 staff-opened → quan, van")
    assert company.ticket(number)["category"] == "lost"
    company.do(number, "delivered", "2025-05-31", "18:00", by=VAN)
    assert company.ticket(number)["late"] is True

    # Staff take it on all the same; then it turns out that the parcel was handed over at a bus station.
    figures = ("fee=35.000", "goods=items", "loss=lost", "advance_used=không", "invoice=không", "bus_station=có")
    assert "bến xe" in company.do(number, "compensate", *figures, by=VAN)
    assert "bến xe" in company.refuses(number, "propose", "compensation", by=VAN)
    company.do(number, "propose", "exempt", by=VAN, text="Đơn hàng được giao tại Bến xe Miền Đông theo yêu cầu.")
    company.do(number, "reject", by=QUAN, text="Ghi rõ giờ giao nhận.")
    company.do(number, "propose", "exempt", by=VAN, text="Đơn hàng được giao tại Bến xe Miền Đông lúc 17:40.")
    company.do(number, "approve", by=QUAN)
    company.expect(
        "03/06 09:00 staff-approval → quan, quan",
        "03/06 09:00 staff-rejected → van",
        "03/06 09:00 outcome → nga",
        "03/06 09:00 staff-approved → van",
    )
    assert "> Ghi rõ giờ giao nhận." in company.text_of("staff-rejected")
    told = company.text_of("outcome")
    assert "Kết quả: Không thuộc trường hợp được bồi thường" in told
    assert "Trường hợp miễn trách nhiệm bồi thường: Đơn hàng giao hoặc nhận tại bến xe, chành xe" in told
    assert "Cách tính" not in told

    company.work("2025-06-05 09:00")
    company.receive(company.answer(company.letter("outcome"), "Tôi không đồng ý."))
    company.work("2025-06-05 09:00")
    company.expect("05/06 09:00 staff-disagreed → quan, van")
    assert "mới trả lời 1 trên 2 lần" in company.refuses(number, "authority", by=VAN)
    company.do(number, "second-answer", "too-late", by=VAN, text="Borzo giữ nguyên kết quả.")
    assert "thời hiệu khiếu nại là 24 giờ" in company.text_of("outcome")
    company.work("2025-06-06 09:00")
    company.receive(company.answer(company.letter("outcome"), "Tôi vẫn không đồng ý."))
    company.work("2025-06-06 09:00")
    company.do(number, "authority", by=VAN)
    company.expect(
        "05/06 09:00 outcome → nga",
        "06/06 09:00 staff-disagreed → quan, van",
        "06/06 09:00 authority → nga",
        "06/06 09:00 staff-authority → quan",
    )
    company.work("2025-08-31 09:00")
    company.expect()


def test_late_claim_is_told_so(borzo: Founded):
    company = borzo("2025-06-05 09:00")
    number = complain(company, "Đơn hàng 48213377 - bánh bị nát", "Tôi nhận hàng hôm 03/06/2025, bánh bị nát hết.")
    assert company.ticket(number)["late"] is True
    told = company.text_of("acknowledgement")
    assert "trong vòng 24 giờ kể từ khi tình trạng đơn hàng được cập nhật trên ứng dụng." in told


def test_driver_is_spoken_to(borzo: Founded):
    company = borzo("2025-06-07 20:00")  # a Saturday
    said = "Tài xế chửi khách và đòi thêm tiền khi giao đơn hàng này cho tôi."
    number = complain(company, "Đơn hàng 48213377: thái độ của tài xế", said)
    company.expect("07/06 20:00 acknowledgement → nga", "07/06 20:00 staff-opened → mai, son")
    told = company.text_of("acknowledgement")
    assert "Loại khiếu nại: Thái độ của tài xế" in told
    assert "Hồ sơ đã đầy đủ." in told
    assert "làm việc trở lại từ 08:00 ngày 09/06/2025" in told

    # Nobody does anything.
    company.work("2025-06-12 09:00")
    company.expect("10/06 13:30 staff-clock → mai, son", "10/06 17:30 staff-clock → son")
    company.work("2025-06-18 09:00")
    company.expect("13/06 08:00 staff-clock → mai, son", "17/06 17:30 staff-clock → son")
    assert "Hồ sơ đã quá hạn “Giải quyết khiếu nại” (17:30 ngày 17/06/2025)" in company.text_of("staff-clock", SON)
    assert "driver-corrected" in company.refuses(number, "resolve", "compensation", by=MAI), "no goods were lost"
    company.do(number, "resolve", "driver-corrected", by=MAI, text="Borzo xin lỗi vì trải nghiệm này.")
    company.expect("18/06 09:00 outcome → nga")
    told = company.text_of("outcome")
    assert "Kết quả: Đã làm việc với tài xế" in told
    assert "trừ điểm của tài xế trong hệ thống đánh giá" in told
    company.work("2025-07-31 09:00")
    company.expect("02/07 09:00 staff-closed → mai, son")
