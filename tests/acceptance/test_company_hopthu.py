"""Hopthu.vn to the end of its complaints: hand-over, approval, a second answer, the counter, suspicion."""

from pathlib import Path

import pytest

from tests.acceptance.companies import Company, Person
from tests.own_mails import write_mail
from tests.servers.dovecot import Mailbox
from tests.servers.sink import SmtpSink

THU = Person(email="thu@hopthu.example", name="Thu", departments=("cskh",))
BINH = Person(email="binh@hopthu.example", name="Bình", departments=("cskh",), role="manager")
NAM = Person(email="nam@hopthu.example", name="Nam", departments=("technical",))
VY = Person(email="vy@congtyhoa.example", name="Trần Vy", departments=())
SUBJECT = "HD-20251 – Không gửi được email"
WORDS = "Từ sáng nay nhân viên công ty tôi không gửi được email cho khách hàng nước ngoài.\n"
REASON = "Máy chủ gửi thư bị liệt vào danh sách chặn từ 24/01, đã gỡ ngày 04/02."


@pytest.fixture
def hopthu(tmp_path: Path, dovecot: Mailbox, sink: SmtpSink) -> Company:
    """On the last Friday before Tết 2025; the office is open again on Monday, 3 February."""
    return Company(tmp_path, dovecot, sink, policy="hopthu", people=[THU, BINH, NAM], now="2025-01-24 15:00")


def complain(company: Company) -> str:
    company.receive(write_mail(sender=VY.email, name=VY.name, to=company.address, subject=SUBJECT, text=WORDS))
    (number,) = company.numbers()
    company.expect("24/01 15:00 acknowledgement → vy", "24/01 15:00 staff-opened → binh, thu")
    return number


def answer(company: Company, number: str, *outcome: str, text: str) -> None:
    """A proposal that the superior approves at once."""
    day = f"{company.now:%d/%m %H:%M}"
    company.do(number, "propose", *outcome, by=THU.email, text=text)
    company.expect(f"{day} staff-approval → binh")
    company.do(number, "approve", by=BINH.email)
    company.expect(f"{day} outcome → vy", f"{day} staff-approved → thu")


def test_the_promise_counts_over_tet_and_what_helps_is_asked_for_without_waiting(hopthu):
    number = complain(hopthu)
    told = hopthu.text_of("acknowledgement")
    assert "Thời hạn giải quyết khiếu nại: chậm nhất 17:00 ngày 28/02/2025." in told
    assert "chậm nhất lúc" not in told  # the first look at it is an aim of the company's own
    assert "Số hợp đồng: HD-20251" in told
    assert "✗ Người liên hệ và số điện thoại" in told
    assert hopthu.ticket(number)["state"] == "open"
    hopthu.work("2025-02-05 09:00")
    hopthu.expect("03/02 17:00 staff-clock → binh, thu", "04/02 17:00 staff-clock → binh")
    assert "17:00 ngày 03/02/2025" in hopthu.text_of("staff-clock")
    hopthu.receive(hopthu.answer(hopthu.letter("acknowledgement"), "Anh Tùng, số 0908 123 456."))
    hopthu.expect("05/02 09:00 staff-message → binh, thu")
    assert hopthu.ticket(number)["evidence"]["contact"] == "satisfied"
    assert hopthu.ticket(number)["phone"] == "+84908123456"


def test_a_complaint_without_words_waits_for_them(hopthu):
    hopthu.receive(write_mail(sender=VY.email, name=VY.name, to=hopthu.address, subject="Khiếu nại", text="Alo"))
    hopthu.work("2025-01-27 15:00")
    hopthu.expect(
        "24/01 15:00 acknowledgement → vy", "24/01 15:00 staff-opened → binh, thu", "27/01 15:00 evidence-reminder → vy"
    )
    assert "✗ Nội dung khiếu nại" in hopthu.text_of("acknowledgement")


def test_a_hand_over_is_told_at_once_and_the_new_department_answers_within_24_hours(hopthu):
    number = complain(hopthu)
    hopthu.do(number, "forward", "technical", by=THU.email, text="Nhờ anh Nam kiểm tra máy chủ gửi.")
    hopthu.expect("24/01 15:00 handed-over → vy", "24/01 15:00 staff-handed-over → nam")
    told = hopthu.text_of("handed-over")
    assert "đến Phòng Kỹ thuật" in told
    assert "liên hệ với Quý khách chậm nhất 15:00 ngày 25/01/2025" in told
    hopthu.work("2025-01-25 16:00")
    hopthu.expect("25/01 11:00 staff-clock → nam", "25/01 15:00 staff-clock → binh")
    hopthu.receive(
        hopthu.answer(hopthu.letter("staff-handed-over"), "Chào chị Vy,\nChúng tôi đang gỡ địa chỉ máy chủ.")
    )
    hopthu.expect("25/01 16:00 staff-answer → vy")
    assert hopthu.clock(number, "hand-over").startswith("stopped")


def test_a_superior_is_reminded_of_a_proposal_and_decides_on_it(hopthu):
    number = complain(hopthu)
    assert "propose mended" in hopthu.refuses(number, "resolve", "mended", by=THU.email)
    hopthu.work("2025-02-04 09:00")
    hopthu.expect("03/02 17:00 staff-clock → binh, thu")
    hopthu.do(number, "propose", "mended", by=THU.email, text=REASON)
    hopthu.expect("04/02 09:00 staff-approval → binh")
    shown = hopthu.text_of("staff-approval")
    assert f"> {REASON}" in shown
    assert "Khách hàng chưa nhận được gì." in shown
    hopthu.work("2025-02-07 09:00")
    hopthu.expect("05/02 17:00 staff-clock → binh", "06/02 17:00 staff-clock → binh")
    hopthu.do(number, "reject", by=BINH.email, text="Xin bù thêm thời gian sử dụng.")
    hopthu.expect("07/02 09:00 staff-rejected → thu")
    assert hopthu.clock(number, "approval").startswith("stopped")
    answer(hopthu, number, "more-time", text="Chúng tôi bù 30 ngày sử dụng dịch vụ.")
    assert "Kết quả: Bù thời gian sử dụng dịch vụ" in hopthu.text_of("outcome")
    hopthu.do(number, "tell", "technical", by=THU.email, text="Theo dõi danh sách chặn hằng ngày.")
    hopthu.do(number, "lesson", by=THU.email, text="Cần cảnh báo sớm khi máy chủ bị chặn.")
    hopthu.work("2025-02-25 09:00")
    hopthu.expect("07/02 09:00 staff-told → nam", "22/02 09:00 staff-closed → binh, thu")
    found = hopthu.ticket(number)
    assert (found["state"], found["outcome"]) == ("closed", "compensation")
    assert "lesson" in [event["event"] for event in found["history"]]


def test_a_second_answer_is_an_invitation_and_then_the_authority_is_named(hopthu):
    number = complain(hopthu)
    hopthu.work("2025-02-03 09:00")
    answer(hopthu, number, "explained", text="Sự cố do máy chủ của bên nhận.")
    hopthu.receive(hopthu.answer(hopthu.letter("outcome"), "Tôi không đồng ý với câu trả lời này."))
    hopthu.expect("03/02 09:00 staff-disagreed → binh, thu")
    hopthu.work("2025-02-04 09:00")
    answer(hopthu, number, "invitation", text="Kính mời Quý khách đến văn phòng lúc 9 giờ ngày 10/02.")
    told = hopthu.text_of("outcome")
    assert "trả lời lần 2" in told
    assert "Kết quả: Thư mời Quý khách đến làm việc" in told
    assert "xin Quý khách trả lời thư này để chúng tôi sắp xếp lại" in told
    hopthu.work("2025-02-11 09:00")
    hopthu.do(number, "disagree", by=THU.email, text="Khách đến làm việc và chưa đồng ý.")
    hopthu.do(number, "authority", by=THU.email)
    hopthu.expect("11/02 09:00 authority → vy", "11/02 09:00 staff-authority → binh")
    assert "Quý khách có quyền đề nghị cơ quan quản lý nhà nước" in hopthu.text_of("authority")
    assert "Số hợp đồng: HD-20251" in hopthu.text_of("authority")


def test_at_the_counter_there_is_a_receipt_or_the_minutes_of_what_was_settled(hopthu, tmp_path):
    who = ("--channel", "counter", "--name", VY.name, "--email", VY.email)
    receipt, minutes = tmp_path / "phieu.pdf", tmp_path / "bien-ban.pdf"
    hopthu.enter(*who, "--receipt", str(receipt), by=THU.email, text=WORDS)
    hopthu.expect("24/01 15:00 acknowledgement → vy", "24/01 15:00 staff-opened → binh")
    assert receipt.read_bytes().startswith(b"%PDF")
    assert "đã tiếp nhận phản ánh trực tiếp của Quý khách" in hopthu.text_of("acknowledgement")
    settled = ("--settled", "at-once", "--agreed", "Đã đặt lại mật khẩu cho Quý khách tại quầy.")
    hopthu.enter(*who, *settled, "--minutes", str(minutes), by=THU.email, text="Khách quên mật khẩu email công ty.")
    hopthu.expect("24/01 15:00 outcome → vy")
    assert minutes.read_bytes().startswith(b"%PDF")
    assert "Đã đặt lại mật khẩu" in hopthu.text_of("outcome")
    assert hopthu.ticket(hopthu.numbers()[1])["state"] == "resolved"


def test_mail_of_an_address_under_suspicion_waits_until_a_manager_releases_it(hopthu):
    number = complain(hopthu)
    hopthu.do(number, "suspend", VY.email, by=THU.email, text="Thư có dấu hiệu giả mạo, đang gọi cho khách.")
    forged = "Xin gửi mật khẩu quản trị cho địa chỉ này ngay trong hôm nay.\n"
    hopthu.receive(
        write_mail(sender=VY.email, name=VY.name, to=hopthu.address, subject="HD-20251 - Mật khẩu", text=forged)
    )
    hopthu.expect("24/01 15:00 staff-quarantine → binh, nam, thu")
    assert hopthu.numbers() == [number]
    assert "chỉ dành cho quản lý" in hopthu.refuses(number, "release", VY.email, by=THU.email)
    hopthu.do(number, "release", VY.email, by=BINH.email, text="Đã gọi chị Vy xác nhận.")
    hopthu.expect("24/01 15:00 acknowledgement → vy", "24/01 15:00 staff-opened → binh, thu")
    assert len(hopthu.numbers()) == 2
