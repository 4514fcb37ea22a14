"""A company with a five-step procedure, to the end of its complaints: agreement, the authority, a call by phone."""

from pathlib import Path

import pytest

from tests.acceptance.companies import Company, Person
from tests.own_mails import PHOTO, File, write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

MAI = Person(email="mai@congty.example", name="Mai", departments=("cskh",))
SON = Person(email="son@congty.example", name="Sơn", departments=("cskh",), role="manager")
KHOA = Person(email="khoa@congty.example", name="Khoa", departments=("technical",))
HOANG = "hoang@khach.example"
CARRIER = "giao-nhan@vanchuyen.example"
SUBJECT = "KH12345 – DH-88120 – Sản phẩm bị lỗi"
WORDS = "Máy xay tôi mua tuần trước chạy được hai ngày thì hỏng. Tôi muốn được hoàn tiền.\n"
INVOICE = File(name="hóa đơn.jpg", type="image/jpeg", content=PHOTO + b"7")
CHAT = File(name="tin nhắn zalo.jpg", type="image/jpeg", content=PHOTO + b"8")


@pytest.fixture
def company(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Company:
    """On Friday, 25 April 2025. The Saturday after it is worked for Friday, 2 May; 30 April to 4 May are free."""
    return Company(tmp_path, dovecot, sink, policy="general", people=[MAI, SON, KHOA], now="2025-04-25 16:00")


def complain(company: Company) -> str:
    mail = write_mail(sender=HOANG, name="Lê Hoàng", to=company.address, subject=SUBJECT, text=WORDS)
    company.receive(mail)
    (number,) = company.numbers()
    company.expect("25/04 16:00 acknowledgement → hoang", "25/04 16:00 staff-opened → mai, son")
    return number


def offer_refund(company: Company) -> str:
    """A refund that a manager has approved, at the customer's hands."""
    number = complain(company)
    company.work("2025-04-28 09:00")
    company.do(number, "propose", "refund", by=MAI.email, text="Công ty hoàn lại 1.250.000 đồng.")
    company.do(number, "approve", by=SON.email)
    company.expect(
        "28/04 09:00 staff-approval → son", "28/04 09:00 outcome → hoang", "28/04 09:00 staff-approved → mai"
    )
    return number


def test_the_acknowledgement_promises_48_working_hours_and_20_working_days(company):
    number = complain(company)
    told = company.text_of("acknowledgement")
    # One hour on Friday, eight on the worked Saturday, then 28 and 29 April, 5, 6 and 7 May.
    assert "Chúng tôi sẽ liên hệ với Quý khách chậm nhất lúc 16:00 ngày 07/05/2025." in told
    assert "Thời hạn giải quyết khiếu nại: chậm nhất 17:00 ngày 27/05/2025." in told
    assert "Hồ sơ đã đầy đủ." in told
    assert "Mã đơn hàng, hóa đơn: DH-88120" in told
    company.work("2025-05-28 09:00")
    company.expect(
        "06/05 16:00 staff-clock → mai, son",
        "07/05 16:00 staff-clock → son",
        "20/05 08:00 staff-clock → mai, son",
        "26/05 08:00 staff-clock → son",
        "27/05 17:00 staff-clock → son",
    )
    assert company.clock(number, "resolve") == "expired 2025-05-27 17:00"


def test_papers_are_asked_for_and_a_third_party_in_vietnamese(company):
    number = complain(company)
    company.work("2025-04-28 09:00")
    words = "Để hoàn tiền, chúng tôi cần hóa đơn và tin nhắn Quý khách đã trao đổi với cửa hàng."
    company.do(number, "request", "invoice", "correspondence", by=MAI.email, text=words)
    company.work("2025-05-02 10:00")
    company.expect("28/04 09:00 evidence-request → hoang", "01/05 09:00 evidence-reminder → hoang")
    told = company.text_of("evidence-reminder")
    assert "✗ Hóa đơn mua hàng" in told
    assert "✗ Trao đổi trước đó với công ty" in told
    company.receive(company.answer(company.letter("evidence-reminder"), "Tôi gửi hóa đơn.", files=[INVOICE]))
    company.expect("02/05 10:00 evidence-received → hoang", "02/05 10:00 staff-message → mai, son")
    assert "✗ Hóa đơn mua hàng" not in company.text_of("evidence-received")
    company.receive(company.answer(company.letter("evidence-received"), "Còn đây là tin nhắn.", files=[CHAT]))
    company.expect("02/05 10:00 evidence-complete → hoang", "02/05 10:00 staff-complete → mai, son")
    assert "làm việc trở lại từ 08:00 ngày 05/05/2025" in company.text_of("evidence-complete")
    company.do(number, "seller", CARRIER, "Giao", "Nhận", "Nhanh", by=MAI.email)
    company.do(number, "ask-seller", by=MAI.email, text="Xin cho biết tình trạng kiện hàng lúc giao.")
    company.work("2025-05-09 08:00")
    company.expect("02/05 10:00 seller-question → giao-nhan", "07/05 17:00 seller-reminder → giao-nhan")
    question = company.text_of("seller-question")
    assert "Kính gửi Quý đối tác Giao Nhận Nhanh" in question
    assert "trước 17:00 ngày 09/05/2025" in question
    assert "Hoàng" not in question
    company.receive(company.answer(company.letter("seller-reminder"), "Kiện hàng còn nguyên vẹn.", name="Giao Nhận"))
    company.expect("09/05 08:00 staff-message → mai, son")


def test_a_refund_is_approved_agreed_upon_carried_out_and_judged(company):
    number = offer_refund(company)
    told = company.letter("outcome")
    assert "Phương án giải quyết" in told.subject
    assert "ghi “Đồng ý” trước 09:00 ngày 05/05/2025" in told.text
    company.work("2025-05-02 09:00")
    company.expect("01/05 09:00 answer-reminder → hoang")
    assert "ghi “Đồng ý” nếu chấp nhận phương án" in company.text_of("answer-reminder")
    company.receive(company.answer(company.letter("outcome"), "Tôi đồng ý."))
    company.expect("02/05 09:00 confirmed → hoang", "02/05 09:00 staff-confirmed → mai, son")
    company.work("2025-05-06 14:00")
    company.do(number, "resolve", by=MAI.email, text="Chúng tôi đã chuyển khoản lúc 13:30.")
    company.work("2025-05-12 08:00")
    company.expect("06/05 14:00 outcome-done → hoang", "11/05 14:00 follow-up → hoang")
    assert "hồ sơ sẽ được đóng vào 14:00 ngày 20/05/2025" in company.text_of("follow-up")
    company.receive(company.answer(company.letter("follow-up"), "4/5"))
    company.expect("12/05 08:00 follow-up-thanks → hoang", "12/05 08:00 staff-satisfied → mai, son")
    assert "đánh giá kết quả 4/5" in company.text_of("staff-satisfied")
    found = company.ticket(number)
    assert (found["state"], found["outcome"]) == ("closed", "refund")


def test_a_proposal_that_is_not_approved_never_reaches_the_customer(company):
    number = complain(company)
    company.do(number, "propose", "refund", by=MAI.email, text="Hoàn lại toàn bộ.")
    company.expect("25/04 16:00 staff-approval → son")
    company.do(number, "reject", by=SON.email, text="Xin đề xuất đổi máy mới trước.")
    company.expect("25/04 16:00 staff-rejected → mai")
    assert "> Xin đề xuất đổi máy mới trước." in company.text_of("staff-rejected")
    assert company.ticket(number)["state"] == "open"


def test_the_company_passes_the_case_on_where_no_agreement_is_reached(company):
    number = offer_refund(company)
    company.work("2025-04-29 09:00")
    company.receive(company.answer(company.letter("outcome"), "Tôi không đồng ý, tôi muốn được bồi thường."))
    company.expect("29/04 09:00 staff-disagreed → mai, son")
    company.do(number, "second-answer", "service", by=MAI.email, text="Hoàn tiền và bảo dưỡng miễn phí một năm.")
    company.work("2025-05-07 09:00")
    company.expect(
        "29/04 09:00 outcome → hoang", "02/05 09:00 answer-reminder → hoang", "06/05 09:00 staff-clock → mai, son"
    )
    company.do(number, "disagree", by=MAI.email, text="Khách báo qua điện thoại là không chấp nhận.")
    company.do(number, "authority", by=MAI.email, text="Chúng tôi rất tiếc vì chưa tìm được tiếng nói chung.")
    company.expect("07/05 09:00 authority → hoang", "07/05 09:00 staff-authority → son")
    told = company.text_of("authority")
    assert "Công ty sẽ chuyển vụ việc đến cơ quan nhà nước có thẩm quyền" in told
    assert "toàn bộ hồ sơ" in told
    assert f"Mã hồ sơ: {number}" in told
    assert f"tickets export {number}" in company.text_of("staff-authority")
    company.work("2026-05-07 09:00")
    company.receive(company.answer(company.letter("authority"), "Cơ quan yêu cầu tôi bổ sung, nhờ công ty gửi hồ sơ."))
    company.expect("07/05 09:00 staff-message → mai, son")  # a year later: coming back has no limit
    assert company.ticket(number)["state"] == "open"


def test_a_complaint_by_phone_runs_through_the_same_clocks(company):
    words = "Chị Hạnh báo hóa đơn HD-20251 tính sai tiền hai lần, đề nghị kiểm tra lại."
    company.enter("--phone", "0912345678", "--name", "Nguyễn Thị Hạnh", by=MAI.email, text=words)
    (number,) = company.numbers()
    company.expect("25/04 16:00 staff-opened → son")
    assert "0912345678" in company.text_of("staff-opened")
    assert "Khách hàng không có email" in company.text_of("staff-opened")
    assert company.clock(number, "respond") == "running 2025-05-07 16:00"
    company.work("2025-05-06 16:30")
    company.expect("06/05 16:00 staff-clock → mai, son")
    company.do(number, "called", by=MAI.email, text="Đã gọi chị Hạnh, hẹn trả lời ngày 09/05.")
    assert company.clock(number, "respond").startswith("stopped")
    company.do(number, "tell", "technical", by=MAI.email, text="Máy in hóa đơn in trùng, nhờ kiểm tra.")
    company.expect("06/05 16:30 staff-told → khoa")
    company.do(number, "lesson", by=MAI.email, text="Kiểm tra hóa đơn trước khi gửi.")
    company.do(number, "resolve", "explained", by=MAI.email, text="Đã giải thích qua điện thoại.")
    company.expect()
    assert company.ticket(number)["state"] == "resolved"
