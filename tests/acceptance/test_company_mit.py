"""MiT, web services: three to seven working days, an extension that is told, mediation by a third party, the law.

National Day 2025: the office closes on Friday, 29 August, and opens again on Wednesday, 3 September.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.companies import Company, Person
from tests.own_mails import PHOTO, File, write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

HOA = "hoa@khach.example"
LAN, HUNG, AN = "lan@mit.example", "hung@mit.example", "an@mit.example"
NOC = "noc@datacenter.example"
PEOPLE = (
    Person(email=LAN, name="Lan", departments=("cskh",)),
    Person(email=HUNG, name="Hùng", departments=("cskh",), role="manager"),
    Person(email=AN, name="An", departments=("ky-thuat",)),
)
DOWN = (
    "Chào MiT,\nTừ chiều nay website của công ty chúng tôi báo lỗi 503, khách hàng không vào được.\n"
    "Mong MiT xử lý gấp.\nTrân trọng,\nHoa\n"
)
SCREENSHOT = File(name="màn hình lỗi.jpg", type="image/jpeg", content=PHOTO)

Founded = Callable[[str], Company]


@pytest.fixture
def mit(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Founded:
    """The company from a moment on."""
    return lambda now: Company(tmp_path, dovecot, sink, policy="mit", people=PEOPLE, now=now)


def complain(company: Company, subject: str = "KH10234 - HD250417 - Website không vào được", text: str = DOWN) -> str:
    """Hoa writes; the number of her case."""
    company.receive(write_mail(sender=HOA, name="Lê Thị Hoa", to=company.address, subject=subject, text=text))
    company.run(company.now)
    return company.numbers()[-1]


def test_complaint_is_put_off_disputed_mediated_and_judged(mit: Founded):
    company = mit("2025-08-29 19:20")  # a Friday evening
    number = complain(company)
    company.expect("29/08 19:20 acknowledgement → hoa", "29/08 19:20 staff-opened → hung, lan")
    told = company.text_of("acknowledgement")
    assert "Mã hợp đồng, dịch vụ: HD250417" in told
    assert "Hồ sơ đã đầy đủ." in told
    assert "Thời hạn giải quyết khiếu nại: chậm nhất 17:00 ngày 11/09/2025." in told
    assert "Nhân viên của chúng tôi làm việc trở lại từ 08:00 ngày 03/09/2025." in told
    assert "chậm nhất 17:00 ngày 04/09/2025" not in told, "an aim of our own is no promise"
    assert company.clock(number, "respond") == "running 2025-09-04 17:00"

    # More is asked for; the customer is reminded, on a Saturday, and sends it.
    company.work("2025-09-03 09:00")
    company.do(number, "request", "screenshot", by=LAN, text="Xin Quý khách gửi ảnh chụp thông báo lỗi.")
    company.expect("03/09 09:00 evidence-request → hoa")
    assert "Xin Quý khách gửi ảnh chụp thông báo lỗi." in company.text_of("evidence-request")
    assert "✗ Ảnh chụp màn hình lỗi: ảnh chụp màn hình có thông báo lỗi" in company.text_of("evidence-request")
    assert company.clock(number, "respond") == "stopped 2025-09-04 17:00"
    company.work("2025-09-06 10:30")
    company.expect("05/09 17:00 staff-clock → hung, lan", "06/09 09:00 evidence-reminder → hoa")
    assert "“Giải quyết khiếu nại”: 17:00 ngày 11/09/2025" in company.text_of("staff-clock"), (
        "three working days passed"
    )
    company.receive(company.answer(company.letter("evidence-reminder"), "Tôi gửi ảnh lỗi.", files=[SCREENSHOT]))
    company.work("2025-09-06 10:30")
    company.expect("06/09 10:30 evidence-complete → hoa", "06/09 10:30 staff-complete → hung, lan")
    assert "làm việc trở lại từ 08:00 ngày 08/09/2025" in company.text_of("evidence-complete")

    # Another department; a complex case: the customer reads the new date and why.
    company.work("2025-09-08 09:00")
    company.do(number, "forward", "ky-thuat", by=LAN, text="Nhờ anh An kiểm tra máy chủ.")
    company.expect("08/09 09:00 handed-over → hoa", "08/09 09:00 staff-handed-over → an")
    assert "đến Bộ phận Kỹ thuật" in company.text_of("handed-over")
    assert "> Nhờ anh An kiểm tra máy chủ." in company.text_of("staff-handed-over")
    company.do(number, "extend", "resolve", "2025-09-24", by=AN, text="MiT đang chờ trung tâm dữ liệu kiểm tra.")
    company.expect("08/09 09:00 extended → hoa")
    assert "Lý do: MiT đang chờ trung tâm dữ liệu kiểm tra." in company.text_of("extended")
    assert "23:59 ngày 24/09/2025" in company.text_of("extended")

    # The data centre is asked, reminded, and answers staff only.
    company.do(number, "seller", NOC, "Trung tâm dữ liệu Sao Mai", by=AN)
    company.do(number, "ask-seller", by=AN, text="Xin cho biết vì sao máy chủ ngừng hoạt động từ 16:00 ngày 29/08.")
    company.expect("08/09 09:00 seller-question → noc")
    asked = company.text_of("seller-question")
    assert "Kính gửi Quý đối tác Trung tâm dữ liệu Sao Mai" in asked
    assert "trước 17:00 ngày 15/09/2025" in asked
    assert "Hoa" not in asked
    company.work("2025-09-12 09:00")
    company.expect("11/09 17:00 seller-reminder → noc")
    company.receive(company.answer(company.letter("seller-reminder"), "Ổ cứng hỏng, chúng tôi đã thay ngày 11/09."))
    company.work("2025-09-12 09:00")
    company.expect("12/09 09:00 staff-message → an")
    assert "> Ổ cứng hỏng, chúng tôi đã thay ngày 11/09." in company.text_of("staff-message")

    # The first answer; the customer does not agree.
    company.do(number, "resolve", "fixed", by=AN, text="Website hoạt động lại từ 14:00 ngày 11/09/2025.")
    company.expect("12/09 09:00 outcome → hoa")
    assert "Kết quả: Đã khắc phục sự cố" in company.text_of("outcome")
    assert "Website hoạt động lại từ 14:00 ngày 11/09/2025." in company.text_of("outcome")
    company.work("2025-09-12 20:00")
    company.receive(company.answer(company.letter("outcome"), "Tôi không đồng ý, công ty tôi mất nhiều đơn hàng."))
    company.work("2025-09-12 20:00")
    company.expect("12/09 20:00 staff-disagreed → an")
    assert f"tickets do {number} second-answer" in company.text_of("staff-disagreed")
    assert company.clock(number, "resolve") == "running 2025-09-23 17:00"

    # Mediation: offered, asked again, agreed to, carried out.
    company.work("2025-09-15 10:00")
    company.do(number, "second-answer", "mediation", by=AN, text="MiT đề nghị nhờ một trung tâm hòa giải thương mại.")
    company.expect("15/09 10:00 outcome → hoa")
    offered = company.text_of("outcome")
    assert "Phương án: Nhờ tổ chức trung gian hòa giải" in offered
    assert "trước 10:00 ngày 25/09/2025" in offered
    assert "tranh chấp được giải quyết theo quy định của pháp luật" in offered
    company.work("2025-09-21 08:00")
    company.expect("20/09 10:00 answer-reminder → hoa")
    company.receive(company.answer(company.letter("answer-reminder"), "Tôi đồng ý hòa giải."))
    company.work("2025-09-21 08:00")
    company.expect("21/09 08:00 confirmed → hoa", "21/09 08:00 staff-confirmed → an")
    assert "chậm nhất" not in company.text_of("confirmed"), "nobody can promise the end of a mediation"
    company.work("2025-10-14 10:00")
    company.expect("14/10 08:00 staff-clock → an")
    company.do(number, "resolve", by=AN, text="Theo biên bản hòa giải, MiT miễn phí hosting 06 tháng cho Quý khách.")
    company.expect("14/10 10:00 outcome-done → hoa")
    assert "Theo biên bản hòa giải, MiT miễn phí hosting 06 tháng" in company.text_of("outcome-done")

    # Three working days later the customer is asked what he thinks.
    company.work("2025-10-18 10:00")
    company.expect("17/10 17:00 follow-up → hoa")
    company.receive(company.answer(company.letter("follow-up"), "4"))
    company.work("2025-10-18 10:00")
    company.expect("18/10 10:00 follow-up-thanks → hoa", "18/10 10:00 staff-satisfied → an")
    case = company.ticket(number)
    assert (case["state"], case["rounds"], case["satisfaction"]) == ("closed", 2, 4)
    company.work("2025-12-31 10:00")
    company.expect()


def test_dispute_that_mediation_does_not_settle_goes_to_the_law(mit: Founded):
    company = mit("2025-06-03 09:00")
    number = complain(company, "Yêu cầu hoàn tiền HD250417", "MiT tính phí gia hạn hai lần, đề nghị hoàn tiền.")
    company.expect("03/06 09:00 acknowledgement → hoa", "03/06 09:00 staff-opened → hung, lan")
    assert "ngoài giờ làm việc" not in company.text_of("acknowledgement")
    assert company.ticket(number)["category"] == "billing"

    # Nobody answers within two working days: staff are told before, the manager after.
    company.work("2025-06-06 09:00")
    company.expect(
        "05/06 13:00 staff-clock → hung, lan",
        "05/06 17:00 staff-clock → hung",
    )
    assert "Hồ sơ đã quá hạn “Phản hồi cho khách hàng”" in company.text_of("staff-clock", HUNG)
    company.receive(
        company.answer(company.letter("staff-opened", LAN), "Chào chị Hoa, tôi đang đối chiếu với kế toán.")
    )
    company.work("2025-06-06 09:00")
    company.expect("06/06 09:00 staff-answer → hoa")
    answered = company.letter("staff-answer")
    assert answered.text.startswith("Chào chị Hoa, tôi đang đối chiếu với kế toán.\n")
    assert "Khiếu nại mới" not in answered.text, "no quotes"
    assert answered.mail["Auto-Submitted"] is None

    company.do(number, "resolve", "rejected", by=LAN, text="Hai khoản phí thuộc hai dịch vụ khác nhau.")
    company.work("2025-06-07 09:00")
    company.receive(company.answer(company.letter("outcome"), "Không đồng ý."))
    company.work("2025-06-07 09:00")
    company.do(number, "second-answer", "mediation", by=LAN, text="MiT đề nghị hòa giải.")
    company.expect(
        "06/06 09:00 outcome → hoa",
        "07/06 09:00 staff-disagreed → hung, lan",
        "07/06 09:00 outcome → hoa",
    )
    company.work("2025-06-08 09:00")
    company.receive(company.answer(company.letter("outcome"), "Tôi không chấp nhận hòa giải."))
    company.work("2025-06-08 09:00")
    company.expect("08/06 09:00 staff-disagreed → hung, lan")
    assert "tối đa 2 lần" in company.refuses(number, "second-answer", "refund", by=LAN, text="Lần ba.")
    company.do(number, "authority", by=HUNG)
    company.expect("08/06 09:00 authority → hoa", "08/06 09:00 staff-authority → hung")
    assert "Tòa án giải quyết theo quy định của pháp luật" in company.text_of("authority")
    assert "Mã hợp đồng, dịch vụ: HD250417" in company.text_of("authority")
    assert company.ticket(number)["outcome"] == "authority"
    company.work("2025-08-31 09:00")
    company.expect()


def test_nothing_has_to_be_sent_before_staff_begin(mit: Founded):
    company = mit("2025-06-04 08:00")
    number = complain(company, "Mail lỗi", "Mail lỗi.")
    assert company.ticket(number)["state"] == "open"
    company.expect("04/06 08:00 acknowledgement → hoa", "04/06 08:00 staff-opened → hung, lan")
    told = company.text_of("acknowledgement")
    assert "Để việc giải quyết được nhanh hơn, xin Quý khách trả lời thư này và cho biết thêm:" in told
    assert "✗ Mã hợp đồng hoặc mã dịch vụ (nếu có): ghi mã hợp đồng" in told
    assert "trước" not in told.partition("cho biết thêm:")[2], "no deadline for what is not needed"


def test_complaint_by_phone_is_settled_by_phone(mit: Founded):
    company = mit("2025-06-04 14:00")
    said = company.enter(
        "--channel", "phone", "--name", "Ngô Văn Bảy", "--phone", "0903 111 222", "--category", "hosting",
        by=LAN, text="Khách báo hosting hết dung lượng, không tải được tệp lên.",
    )  # fmt: skip
    (number,) = company.numbers()
    assert number in said
    company.expect("04/06 14:00 staff-opened → hung")
    assert "tiếp nhận qua điện thoại" in company.text_of("staff-opened")
    assert "Khách hàng không có email" in company.text_of("staff-opened")
    company.work("2025-06-05 09:00")
    company.do(number, "note", by=LAN, text="Đã gọi 0903 111 222: tăng thêm 5 GB, khách đồng ý.")
    company.do(number, "resolve", "fixed", by=LAN, text="Đã tăng thêm 5 GB.")
    company.expect()
    company.work("2025-06-20 09:00")
    company.expect("19/06 09:00 staff-closed → hung, lan")
    assert company.ticket(number)["outcome"] == "repair"
