"""Hakago to the end of its complaints: wrong goods, counterfeit goods, a customer who falls silent."""

from pathlib import Path

import pytest

from tests.acceptance.companies import Company, Person
from tests.own_mails import ALL_FILES, VIDEO_FILE, write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

LAN = Person(email="lan@hakago.example", name="Lan", departments=("cskh",))
HOA = Person(email="hoa@hakago.example", name="Hoa", departments=("cskh",), role="manager")
DUC = Person(email="duc@hakago.example", name="Đức", departments=("sourcing",))
STORE = "sales@sunrise.example"
SUBJECT = "Mã khách hàng “Hakago Tuan668”  - 012345 – Hàng sai màu sắc"
LATE_WORDS = "Chào shop,\nTôi nhận hàng ngày 27/08, đặt áo màu xanh nhưng nhận được áo màu đỏ. Mong shop đổi giúp.\n"
_, PRODUCT, DIFFERENCE, LABEL = ALL_FILES


@pytest.fixture
def hakago(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Company:
    """On a Friday evening before the National Day of 2025, which falls on a Tuesday; the Monday is off as well."""
    return Company(tmp_path, dovecot, sink, policy="hakago", people=[LAN, HOA, DUC], now="2025-08-29 20:30")


def complain(company: Company, subject: str = SUBJECT, text: str = LATE_WORDS) -> str:
    """The number of the ticket of a complaint that lacks the video."""
    company.receive(write_mail(to=company.address, subject=subject, text=text, files=[PRODUCT, DIFFERENCE, LABEL]))
    return company.numbers()[-1]


def complete(company: Company) -> None:
    company.receive(company.answer(company.letter("acknowledgement"), "Tôi gửi thêm video.", files=[VIDEO_FILE]))


def test_a_late_complaint_is_taken_in_and_completed_over_the_holidays(hakago):
    number = complain(hakago)
    hakago.expect("29/08 20:30 acknowledgement → tuan", "29/08 20:30 staff-opened → hoa, lan")
    told = hakago.text_of("acknowledgement")
    assert "Khiếu nại của Quý khách đến sau thời hạn này" in told
    assert "✓ Ảnh sản phẩm (ảnh sản phẩm.jpg)" in told
    assert "✗ Video mở hàng" in told
    assert "gửi các thông tin trên trước 20:30 ngày 05/09/2025" in told
    assert "làm việc trở lại từ 08:00 ngày 30/08/2025" in told  # a Saturday morning is worked
    hakago.work("2025-08-31 09:00")
    hakago.expect("30/08 20:30 evidence-reminder → tuan")
    complete(hakago)
    hakago.expect("31/08 09:00 evidence-complete → tuan", "31/08 09:00 staff-complete → hoa, lan")
    told = hakago.text_of("evidence-complete")
    assert "làm việc trở lại từ 08:00 ngày 03/09/2025" in told  # Sunday, then the National Day and the day before it
    assert "Thời hạn giải quyết" not in told  # an aim of Hakago's own is no promise
    assert hakago.clock(number, "respond") == "running 2025-09-04 17:30"  # two working days after the holidays
    assert hakago.clock(number, "resolve") == "running 2025-09-13 12:00"  # ten of them, the last one a Saturday
    assert hakago.ticket(number)["late"]


def test_words_of_staff_reach_the_customer_and_their_silence_the_manager(hakago):
    number = complain(hakago)
    complete(hakago)
    hakago.work("2025-09-03 10:00")
    hakago.expect(
        "29/08 20:30 acknowledgement → tuan",
        "29/08 20:30 staff-opened → hoa, lan",
        "29/08 20:30 evidence-complete → tuan",
        "29/08 20:30 staff-complete → hoa, lan",
    )
    hakago.work("2025-09-04 09:00")
    hakago.expect("03/09 13:30 staff-clock → hoa, lan", "03/09 17:30 staff-clock → hoa")
    assert "Quá hạn" in hakago.letter("staff-clock", HOA.email).subject
    words = "Chào anh Tuấn,\nHakago đã nhận đủ thông tin và đang làm việc với người bán.\nLan"
    hakago.receive(hakago.answer(hakago.letter("staff-complete", LAN.email), words))
    hakago.expect("04/09 09:00 staff-answer → tuan")
    answer = hakago.letter("staff-answer")
    assert answer.text == f"{words}\n\nHakago – hồ sơ {number}\n"
    assert answer.mail["Auto-Submitted"] is None  # a person wrote it
    assert answer.mail["From"] == f"Hakago <{hakago.address}>"


def test_the_seller_is_asked_and_reminded_and_the_customer_gets_the_outcome(hakago):
    number = complain(hakago)
    complete(hakago)
    hakago.work("2025-09-03 10:05")
    hakago.expect_any()
    hakago.do(number, "seller", STORE, "Sunrise", "Store", by=LAN.email)
    hakago.do(number, "ask-seller", by=LAN.email, text="The shirt is red, a blue one was ordered. Can you exchange it?")
    assert hakago.clock(number, "resolve").startswith("paused")
    hakago.work("2025-09-09 09:00")
    hakago.expect("03/09 10:05 seller-question → sales", "05/09 17:30 seller-reminder → sales")
    question = hakago.text_of("seller-question")
    assert question.startswith("Dear Sunrise Store,")
    assert "by 09 September 2025, 17:30" in question
    assert "Tuan" not in question
    assert "Tuấn" not in question
    hakago.receive(hakago.answer(hakago.letter("seller-question"), "Yes, a blue one leaves tomorrow."))
    hakago.expect("09/09 09:00 staff-message → hoa, lan")
    assert "Khách hàng không nhận được thư này" in hakago.text_of("staff-message")
    assert hakago.clock(number, "resolve") == "running 2025-09-18 16:25"  # later by the 36 h 55 min worked meanwhile
    words = "Người bán gửi áo màu xanh trong 10 ngày làm việc. Chi phí gửi trả áo đỏ là 45.000 đồng."
    hakago.do(number, "flag", "special-goods", by=LAN.email)
    hakago.do(number, "resolve", "exchange", by=LAN.email, text=words)
    hakago.expect("09/09 09:00 outcome → tuan")
    told = hakago.text_of("outcome")
    assert words in told
    assert "Toàn bộ cước phí vận chuyển khi gửi đổi, trả hàng do Quý khách thanh toán." in told
    assert "Hakago chịu trách nhiệm về việc thanh toán và vận chuyển" in told
    assert "trả lời Quý khách một lần nữa" in told


def resolve(company: Company) -> str:
    """A complaint that was answered with an exchange."""
    number = complain(company)
    complete(company)
    company.do(number, "resolve", "exchange", by=LAN.email, text="Người bán gửi áo xanh trong 10 ngày làm việc.")
    company.expect_any()
    return number


def test_a_customer_who_does_not_agree_is_answered_again_then_satisfied(hakago):
    number = resolve(hakago)
    hakago.work("2025-09-02 09:00")
    hakago.expect("01/09 20:30 follow-up → tuan")  # three days later, although it is a holiday
    assert "hồ sơ sẽ được đóng vào 20:30 ngày 12/09/2025" in hakago.text_of("follow-up")
    hakago.receive(hakago.answer(hakago.letter("follow-up"), "Không hài lòng."))
    hakago.expect("02/09 09:00 staff-disagreed → hoa, lan")
    assert "còn 1 lần trả lời" in hakago.text_of("staff-disagreed")
    assert "mới trả lời 1 trên 2 lần" in hakago.refuses(number, "authority", by=LAN.email)
    hakago.work("2025-09-03 09:00")
    hakago.do(number, "second-answer", "refund", by=LAN.email, text="Hakago hoàn lại 350.000 đồng.")
    hakago.expect("03/09 09:00 outcome → tuan")
    assert "trả lời lần 2" in hakago.text_of("outcome")
    assert "đề nghị cơ quan có thẩm quyền giải quyết" in hakago.text_of("outcome")
    hakago.work("2025-09-06 12:00")
    hakago.expect("06/09 09:00 follow-up → tuan")
    hakago.receive(hakago.answer(hakago.letter("follow-up"), "5"))
    hakago.expect("06/09 12:00 follow-up-thanks → tuan", "06/09 12:00 staff-satisfied → hoa, lan")
    assert (hakago.ticket(number)["state"], hakago.ticket(number)["outcome"]) == ("closed", "refund")


def test_a_closed_case_opens_again_within_thirty_days_only(hakago):
    number = resolve(hakago)
    hakago.work("2025-09-20 09:00")
    hakago.expect("01/09 20:30 follow-up → tuan", "12/09 20:30 staff-closed → hoa, lan")
    hakago.receive(hakago.answer(hakago.letter("outcome"), "Tôi vẫn chưa nhận được áo mới, nhờ shop kiểm tra giúp."))
    hakago.expect("20/09 09:00 staff-message → hoa, lan")
    assert "hồ sơ mở lại" in hakago.letter("staff-message").subject
    assert hakago.ticket(number)["state"] == "open"
    hakago.do(number, "close", "exchange", by=LAN.email, text="Áo mới đã được giao sáng nay.")
    hakago.work("2025-10-21 09:00")
    hakago.expect("20/09 09:00 closed → tuan")
    assert "trong vòng 30 ngày" in hakago.text_of("closed")
    hakago.receive(hakago.answer(hakago.letter("closed"), "Cho tôi hỏi thêm về đơn này."))
    hakago.expect("21/10 09:00 staff-message → hoa, lan")
    assert "đã quá thời hạn mở lại (30 ngày)" in hakago.text_of("staff-message")
    assert hakago.ticket(number)["state"] == "closed"


COUNTERFEIT = "Mã khách hàng Tuan668 - 012345 - Nghi ngờ hàng giả"
COUNTERFEIT_WORDS = "Tôi nghi đôi giày này là hàng giả, đường may khác hẳn hàng chính hãng.\n"


def test_counterfeit_goods_are_answered_in_five_working_days_and_looked_into_by_sourcing(hakago):
    number = complain(hakago, COUNTERFEIT, COUNTERFEIT_WORDS)
    # Received after hours on Friday; Saturday counts, Monday and Tuesday are off.
    assert hakago.clock(number, "respond") == "running 2025-09-06 12:00"
    assert "chậm nhất lúc 12:00 ngày 06/09/2025" in hakago.text_of("acknowledgement")
    complete(hakago)
    hakago.work("2025-09-03 08:30")
    hakago.expect_any()
    hakago.do(number, "forward", "sourcing", by=LAN.email, text="Nhờ anh Đức tìm chứng từ.")
    hakago.expect("03/09 08:30 handed-over → tuan", "03/09 08:30 staff-handed-over → duc")
    assert "đến Bộ phận Nguồn hàng" in hakago.text_of("handed-over")
    hakago.do(number, "request", "counterfeit_signs", by=DUC.email, text="Xin Quý khách cho biết thêm.")
    hakago.expect("03/09 08:30 evidence-request → tuan")
    assert "✗ Dấu hiệu nghi vấn hàng giả" in hakago.text_of("evidence-request")
    hakago.receive(hakago.answer(hakago.letter("evidence-request"), "Tem bị mờ, mã vạch quét không ra."))
    hakago.expect("03/09 08:30 evidence-complete → tuan", "03/09 08:30 staff-complete → duc")
    hakago.do(number, "resolve", "genuine", by=DUC.email, text="Hóa đơn nhập hàng số 77 chứng minh nguồn gốc.")
    hakago.expect("03/09 08:30 outcome → tuan")
    assert "Kết quả: Sản phẩm chính hãng" in hakago.text_of("outcome")
    assert "đưa vụ việc đến cơ quan Nhà nước có thẩm quyền" in hakago.text_of("outcome")


def test_counterfeit_goods_go_back_once_a_manager_agrees_and_the_authority_comes_last(hakago):
    number = complain(hakago, COUNTERFEIT, COUNTERFEIT_WORDS)
    complete(hakago)
    hakago.expect_any()
    assert "propose counterfeit" in hakago.refuses(number, "resolve", "counterfeit", by=LAN.email)
    hakago.do(number, "propose", "counterfeit", by=LAN.email, text="Hoàn lại 900.000 đồng.")
    hakago.expect("29/08 20:30 staff-approval → hoa")
    assert "> Hoàn lại 900.000 đồng." in hakago.text_of("staff-approval")
    assert f"tiepnhan tickets do {number} approve --as {HOA.email}" in hakago.text_of("staff-approval")
    assert "chỉ dành cho quản lý" in hakago.refuses(number, "approve", by=LAN.email)
    hakago.do(number, "approve", by=HOA.email)
    hakago.expect("29/08 20:30 outcome → tuan", "29/08 20:30 staff-approved → lan")
    assert "sẽ được Hakago hoàn trả cho người bán" in hakago.text_of("outcome")
    hakago.receive(hakago.answer(hakago.letter("outcome"), "Tôi không đồng ý."))
    hakago.expect("29/08 20:30 staff-disagreed → hoa, lan")
    hakago.do(number, "second-answer", "genuine", by=HOA.email, text="Hóa đơn số 77.")
    hakago.expect("29/08 20:30 outcome → tuan")
    hakago.receive(hakago.answer(hakago.letter("outcome"), "Tôi không đồng ý."))
    hakago.expect("29/08 20:30 staff-disagreed → hoa, lan")
    assert "tối đa 2 lần" in hakago.refuses(number, "second-answer", "refund", by=LAN.email)
    hakago.do(number, "authority", by=LAN.email)
    hakago.expect("29/08 20:30 authority → tuan", "29/08 20:30 staff-authority → hoa")
    assert f"Mã hồ sơ: {number}" in hakago.text_of("authority")
    assert (hakago.ticket(number)["state"], hakago.ticket(number)["outcome"]) == ("closed", "authority")


def test_a_silent_customer_is_reminded_twice_never_at_night_and_the_case_closed(hakago):
    hakago.work("2025-08-29 23:30")
    number = complain(hakago)
    hakago.work("2025-09-30 09:00")
    hakago.expect(
        "29/08 23:30 acknowledgement → tuan",
        "29/08 23:30 staff-opened → hoa, lan",
        "31/08 07:00 evidence-reminder → tuan",
        "03/09 07:00 evidence-reminder → tuan",
        "06/09 07:00 closed-silent → tuan",
        "06/09 07:00 staff-closed → hoa, lan",
    )
    assert "trong vòng 30 ngày" in hakago.text_of("closed-silent")
    hakago.receive(hakago.answer(hakago.letter("closed-silent"), "Tôi gửi video đây.", files=[VIDEO_FILE]))
    hakago.expect("30/09 09:00 evidence-complete → tuan", "30/09 09:00 staff-complete → hoa, lan")
    assert hakago.ticket(number)["state"] == "open"
