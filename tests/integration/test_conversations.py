"""To which ticket a mail goes, who may join it, and who hears of it (DESIGN.md §6)."""

from datetime import timedelta

import pytest

from tests.installation import LAN, MINH, Office, events, text_of
from tests.own_mails import ALL_FILES, SUBJECT, SUPPORT, TUAN, VIDEO_FILE, File, write_mail
from tests.unit.parsers.winmail import make_winmail

STRANGER = "nguoi.la@noi-khac.example"


@pytest.fixture
def opened(office: Office) -> Office:
    """A ticket waits for evidence; the customer has his acknowledgement, Lan her notice."""
    office.configure(staff=[LAN])
    office.receive(write_mail())
    office.work()
    return office


def number_of(office: Office) -> str:
    number: str = office.tickets()[0]["number"]
    return number


def test_complaint_is_acknowledged_with_what_arrived_and_what_is_missing(opened: Office):
    (mail,) = opened.sent_to(TUAN)
    text = text_of(mail)
    assert "✓ Mã khách hàng (Tuan668)" in text
    assert "✗ Video mở hàng" in text
    assert number_of(opened) in mail["Subject"]
    assert SUBJECT in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-replied"


def test_reply_with_all_evidence_completes_the_ticket(opened: Office):
    (acknowledgement,) = opened.sent_to(TUAN)
    opened.receive(write_mail(text="Tôi gửi thêm.", files=ALL_FILES, answers=acknowledgement["Message-ID"]))
    opened.work()
    ticket = opened.ticket()
    assert ticket["state"] == "open"
    assert set(ticket["evidence"].values()) == {"satisfied"}
    assert "đã đầy đủ" in opened.sent_to(TUAN)[-1]["Subject"]
    assert "Hồ sơ đã đủ" in opened.sent_to(LAN)[-1]["Subject"]


def test_evidence_comes_over_several_mails_and_each_answer_names_only_what_is_missing(opened: Office):
    for file in ALL_FILES:
        last = opened.sent_to(TUAN)[-1]
        opened.receive(write_mail(text="Tôi gửi thêm.", files=[file], answers=last["Message-ID"]))
        opened.work(after=timedelta(minutes=5))
    answers = [text_of(mail) for mail in opened.sent_to(TUAN)]
    assert [text.count("✗") for text in answers] == [4, 3, 2, 1, 0]
    assert opened.ticket()["state"] == "open"


def test_second_mail_of_the_same_sender_with_the_same_order_fills_the_missing_slot(opened: Office):
    opened.receive(write_mail(subject="Tuan668 - 012345 gửi video", files=[VIDEO_FILE]))
    opened.work()
    assert opened.ticket()["evidence"]["unboxing_video"] == "satisfied"


def test_second_mail_of_the_same_sender_about_another_order_is_a_ticket_of_its_own(opened: Office):
    opened.receive(write_mail(subject="Tuan668 - 543210 - Thiếu hàng"))
    opened.work()
    assert [one["order_code"] for one in opened.tickets()] == ["012345", "543210"]


def test_another_customer_with_the_same_order_is_a_ticket_of_his_own(opened: Office):
    opened.receive(write_mail(sender=STRANGER, files=[VIDEO_FILE]))
    opened.work()
    assert [one["customer_email"] for one in opened.tickets()] == [TUAN, STRANGER]


def test_customer_joins_by_the_number_in_the_subject(opened: Office):
    opened.receive(write_mail(subject=f"về hồ sơ {number_of(opened)}", files=[VIDEO_FILE]))
    opened.work()
    assert opened.ticket()["evidence"]["unboxing_video"] == "satisfied"


def test_stranger_with_the_number_in_the_subject_gets_a_ticket_of_his_own(opened: Office):
    opened.receive(write_mail(sender=STRANGER, subject=f"Re: [{number_of(opened)}] Hàng sai màu sắc"))
    opened.work()
    first, second = opened.tickets()
    assert (first["messages"], second["customer_email"]) == (3, STRANGER)
    (mail,) = opened.sent_to(STRANGER)
    assert second["number"] in mail["Subject"]
    assert first["number"] not in mail.as_string()


def test_stranger_joins_by_message_id_and_is_never_told_anything(opened: Office):
    (acknowledgement,) = opened.sent_to(TUAN)
    opened.receive(write_mail(sender=STRANGER, files=ALL_FILES, answers=acknowledgement["Message-ID"]))
    opened.work()
    opened.work(after=timedelta(days=8))
    ticket = opened.ticket()
    assert {"email": STRANGER, "role": "unknown", "name": "Nguyễn Anh Tuấn"} in ticket["parties"]
    assert ticket["evidence"]["unboxing_video"] == "missing"  # a stranger fills no slot
    assert opened.sent_to(STRANGER) == []
    assert "không thuộc hồ sơ" in text_of(opened.sent_to(LAN)[1])


def test_staff_reply_to_a_notice_reaches_the_customer_without_the_quote_below_it(opened: Office):
    (acknowledgement,) = opened.sent_to(TUAN)
    (notice,) = opened.sent_to(LAN)
    quote = "\n".join(f"> {line}" for line in text_of(notice).splitlines())
    heading = f"Vào Th 3, 3 thg 6, 2025 vào lúc 09:00 Hakago <{SUPPORT}> đã viết:"
    words = f"Em đã báo kho kiểm tra, mai em gọi anh.\n\n{heading}\n{quote}\n"
    opened.receive(write_mail(sender=LAN, to=notice["Reply-To"], text=words, answers=notice["Message-ID"]))
    opened.work()
    _, answer = opened.sent_to(TUAN)
    assert "mai em gọi anh" in text_of(answer)
    assert ">" not in text_of(answer)
    assert answer["In-Reply-To"] == acknowledgement["Message-ID"]
    assert answer["Auto-Submitted"] is None  # RFC 3834 §5: a person wrote it
    assert LAN not in answer.as_string()
    assert "answered" in events(opened.ticket())


def test_what_staff_attach_to_their_reply_goes_to_the_customer_and_their_logo_does_not(opened: Office):
    (notice,) = opened.sent_to(LAN)
    papers = File(
        name="Tờ khai hải quan – bản gốc.pdf",
        type="application/pdf",
        content=b"%PDF-1.4 paper " + bytes(range(256)) * 300,
    )
    logo = File(name="logo.png", type="image/png", content=b"\x89PNG" + b"l" * 900, inline=True)
    opened.receive(
        write_mail(sender=LAN, to=notice["Reply-To"], text="Gửi anh chứng từ.", files=[papers, logo],
                   answers=notice["Message-ID"])
    )  # fmt: skip
    opened.work()
    answer = opened.sent_to(TUAN)[-1]
    (enclosed,) = list(answer.iter_attachments())
    assert (enclosed.get_filename(), enclosed.get_content_type()) == (papers.name, "application/pdf")
    assert enclosed.get_payload(decode=True) == papers.content
    assert "Gửi anh chứng từ." in text_of(answer)


def test_files_that_apple_mail_puts_into_the_text_go_to_the_customer_too(opened: Office):
    (notice,) = opened.sent_to(LAN)
    paper = File(name="to-khai.pdf", type="application/pdf", content=b"%PDF-1.4 " + b"x" * 500, inline=True)
    photo = File(name="ao.jpg", type="image/jpeg", content=b"\xff\xd8\xff" + b"x" * 40_000, inline=True)
    opened.receive(write_mail(sender=LAN, to=notice["Reply-To"], text="", files=[paper, photo]))
    opened.work()
    answer = opened.sent_to(TUAN)[-1]
    assert [one.get_filename() for one in answer.iter_attachments()] == ["to-khai.pdf", "ao.jpg"]


def test_what_the_programs_of_staff_add_to_a_mail_does_not_go_along(opened: Office):
    (notice,) = opened.sent_to(LAN)
    photo = b"\xff\xd8\xff" + b"x" * 500
    wrapping = File(name="winmail.dat", type="application/ms-tnef", content=make_winmail(b"anh.jpg", photo))
    signature = File(name="smime.p7s", type="application/pkcs7-signature", content=b"\x30\x82 lan@hakago.example")
    opened.receive(write_mail(sender=LAN, to=notice["Reply-To"], text="Gửi anh ảnh.", files=[wrapping, signature]))
    opened.work()
    answer = opened.sent_to(TUAN)[-1]
    assert [one.get_filename() for one in answer.iter_attachments()] == ["anh.jpg"]


def test_nothing_that_staff_forward_or_attach_as_a_mail_reaches_the_customer(opened: Office):
    (notice,) = opened.sent_to(LAN)
    secret = "Khách này hay đòi bồi thường."
    photo = File(name="trong.jpg", type="image/jpeg", content=b"\xff\xd8\xff" + b"x" * 500)
    attached = write_mail(sender="shop@ban-hang.example", text=secret, files=[photo])
    forward = f"Chào anh, mai bên em gửi áo mới.\n\n---------- Forwarded message ---------\nTừ: Shop\n\n{secret}\n"
    for subject, text, files in [
        ("Re: x", "Chào anh, mai bên em gửi áo mới.", [File(name="x.eml", type="message/rfc822", content=attached)]),
        ("Fwd: x", forward, []),
    ]:
        opened.receive(
            write_mail(sender=LAN, to=notice["Reply-To"], subject=subject, text=text, files=files,
                       answers=notice["Message-ID"])
        )  # fmt: skip
        opened.work()
        answer = opened.sent_to(TUAN)[-1]
        assert "mai bên em gửi áo mới" in text_of(answer)
        assert secret not in text_of(answer)
        assert list(answer.iter_attachments()) == []
    assert len(opened.sent_to(TUAN)) == 3


def test_a_reply_with_files_too_large_for_a_mail_goes_to_nobody_and_its_writer_is_told(opened: Office):
    (notice,) = opened.sent_to(LAN)
    huge = File(name="video.mp4", type="video/mp4", content=b"\0\0\0\x18ftypmp42" + b"v" * (16 * 1024 * 1024))
    opened.receive(write_mail(sender=LAN, to=notice["Reply-To"], text="Gửi anh.", files=[huge]))
    opened.work()
    assert len(opened.sent_to(TUAN)) == 1
    assert "CHƯA được gửi" in text_of(opened.sent_to(LAN)[-1])


def test_staff_reply_that_says_nothing_new_reaches_nobody(opened: Office):
    (notice,) = opened.sent_to(LAN)
    quote = "\n".join(f"> {line}" for line in text_of(notice).splitlines())
    opened.receive(write_mail(sender=LAN, to=notice["Reply-To"], text=quote, answers=notice["Message-ID"]))
    opened.work()
    assert len(opened.sent_to(TUAN)) == 1


def test_words_of_staff_without_a_token_stay_on_the_ticket_and_reach_nobody(opened: Office):
    opened.configure(staff=[LAN, MINH])
    opened.receive(write_mail(sender=LAN, subject=f"[{number_of(opened)}] Khách quen", text="Khách quen."))
    opened.work()
    assert [mail["text"].strip() for mail in opened.ticket()["mails"] if mail["kind"] == "staff"] == ["Khách quen."]
    assert len(opened.sent_to(TUAN)) == 1
    assert opened.sent_to(MINH) == []


def test_colleague_who_got_a_notice_forwarded_and_answers_joins_as_unknown(opened: Office):
    (notice,) = opened.sent_to(LAN)
    colleague = "dong.nghiep@doitac.example"
    opened.receive(write_mail(sender=colleague, to=notice["Reply-To"], text="Kho xác nhận hết màu xanh."))
    opened.work()
    ticket = opened.ticket()
    assert [one["role"] for one in ticket["parties"] if one["email"] == colleague] == ["unknown"]
    assert len(opened.sent_to(TUAN)) == 1
    assert opened.sent_to(colleague) == []
    assert len(opened.sent_to(LAN)) == 2


def test_staff_mail_with_a_forged_from_reaches_nobody_and_is_not_trusted(opened: Office):
    opened.receive(write_mail(sender=LAN, subject=f"[{number_of(opened)}] đóng hồ sơ", text="#close\nĐóng hồ sơ."))
    opened.work()
    ticket = opened.ticket()
    assert ticket["state"] == "awaiting_evidence"
    assert [one["data"]["trusted"] for one in ticket["history"] if one["event"] == "staff-wrote"] == [False]
    assert len(opened.sent_to(TUAN)) == 1


def test_staff_mail_that_belongs_to_no_ticket_is_quarantined_and_told_once(opened: Office):
    opened.receive(write_mail(sender=LAN, subject="họp chiều nay", text="Ba giờ nhé."))
    opened.work()
    opened.work(after=timedelta(minutes=5))
    assert len(opened.tickets()) == 1
    assert [one.sender for one in opened.quarantined()] == [LAN]
    assert [mail["Subject"].startswith("Thư bị giữ lại") for mail in opened.sent_to(LAN)] == [False, True]


def test_token_of_one_person_gives_another_no_trust(opened: Office):
    opened.configure(staff=[LAN, MINH])
    (notice,) = opened.sent_to(LAN)
    opened.receive(write_mail(sender=MINH, to=notice["Reply-To"], text="Tôi xem rồi."))
    opened.work()
    assert [one["data"]["trusted"] for one in opened.ticket()["history"] if one["event"] == "staff-wrote"] == [False]


def test_forged_token_joins_nothing(opened: Office):
    forged = f"support+{number_of(opened).lower()}.abcdef.aaaaaaaaaaaaaaaa@hakago.example"
    opened.receive(write_mail(sender=STRANGER, to=forged, subject="Tuan9 - 111222 - Thiếu hàng"))
    opened.work()
    assert len(opened.tickets()) == 2


def test_reply_to_that_differs_from_from_neither_joins_nor_is_answered(opened: Office):
    """Who answers From cannot be made to mail a third person (RFC 3834 §4 names the same danger)."""
    mail = write_mail(
        sender=STRANGER, subject=f"Re: [{number_of(opened)}] 777888 thiếu hàng", headers=[("Reply-To", TUAN)]
    )
    opened.receive(mail)
    opened.work()
    assert [one["customer_email"] for one in opened.tickets()] == [TUAN, STRANGER]
    assert len(opened.sent_to(TUAN)) == 1
    assert len(opened.sent_to(STRANGER)) == 1


def test_customer_who_writes_to_a_closed_ticket_opens_it_again(opened: Office):
    (acknowledgement,) = opened.sent_to(TUAN)
    opened.work(after=timedelta(days=8))
    assert opened.ticket()["state"] == "closed"
    opened.receive(write_mail(text="Tôi gửi đây.", files=ALL_FILES, answers=acknowledgement["Message-ID"]))
    opened.work()
    assert opened.ticket()["state"] == "open"
    assert "state-changed" in events(opened.ticket())


def test_late_complaint_is_taken_in_marked_and_the_customer_told(office: Office):
    office.configure(staff=[LAN])
    words = "Chào shop, tôi nhận được hàng ngày 30/5 nhưng áo bị sai màu, mong shop đổi giúp.\n"
    office.receive(write_mail(text=words))
    office.work()
    assert office.ticket()["late"] is True
    (acknowledgement,) = office.sent_to(TUAN)
    assert "24 giờ" in text_of(acknowledgement)
    assert "trễ hạn" in text_of(office.sent_to(LAN)[0])


def test_complaint_on_the_day_after_delivery_is_not_late(office: Office):
    words = "Chào shop, tôi nhận được hàng hôm qua nhưng áo bị sai màu, mong shop đổi giúp.\n"
    office.receive(write_mail(text=words))
    office.work()
    assert office.ticket()["late"] is False
    assert "24 giờ" not in text_of(office.sent_to(TUAN)[0])


def test_link_to_a_video_is_doubtful_evidence_and_not_asked_for_again(office: Office):
    office.configure(staff=[LAN])
    words = "Chào shop, áo bị sai màu. Video mở hàng: https://drive.google.com/file/d/abc123/view\n"
    office.receive(write_mail(text=words, files=ALL_FILES[1:]))
    office.work()
    ticket = office.ticket()
    assert ticket["evidence"]["unboxing_video"] == "doubtful"
    assert ticket["state"] == "open"
    assert "drive.google.com" not in text_of(office.sent_to(TUAN)[0])


def test_link_to_a_profile_is_no_video(office: Office):
    words = "Chào shop, áo bị sai màu. Facebook của tôi: https://www.facebook.com/tuan668\n"
    office.receive(write_mail(text=words))
    office.work()
    assert office.ticket()["evidence"]["unboxing_video"] == "missing"


def test_codes_and_kind_that_the_subject_lacks_are_read_from_the_words(office: Office):
    words = "Chào shop, mã khách hàng: Tuan668, đơn hàng 012345. Áo tôi nhận bị sai màu sắc.\n"
    office.receive(write_mail(subject="Khiếu nại", text=words))
    office.work()
    ticket = office.ticket()
    assert (ticket["customer_code"], ticket["order_code"], ticket["category"]) == ("Tuan668", "012345", "wrong-item")
    assert ticket["mails"][0]["facts"]["from_body"] == ["customer_code", "order_code", "category"]


def test_newsletter_that_a_stranger_answered_first_does_not_swallow_a_complaint(office: Office):
    newsletter = "<newsletter-11@shop.example>"
    office.receive(write_mail(sender=STRANGER, subject="Hỏi", message_id=newsletter))
    office.work()
    office.receive(write_mail(answers=newsletter))
    office.work(timedelta(minutes=1))
    assert len(office.tickets()) == 2
    assert office.sent_to(TUAN)


def test_complaint_with_a_returned_mail_attached_is_a_complaint(office: Office):
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nfailed\r\n--r\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        b"Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n"
    )
    words = "Chào shop, thư tôi gửi bị trả lại, xem tệp đính kèm. Áo bị sai màu sắc.\n"
    office.receive(write_mail(text=words, files=[File(name="tra-lai.eml", type="message/rfc822", content=report)]))
    office.work()
    assert office.ticket()["category"] == "wrong-item"
    assert office.sent_to(TUAN)


def test_acknowledgement_repeats_no_links_to_whoever_the_mail_says_it_is_from(office: Office):
    name = "Ngân hàng https://evil.example/khoa"
    subject = "Tuan668 - 012345 - Hàng sai màu, xem https://evil.example/pin"
    file = File(name="xem www.evil.example ngay.mp4", type="video/mp4", content=VIDEO_FILE.content)
    office.receive(write_mail(name=name, subject=subject, files=[file]))
    office.work()
    (raw,) = (one.raw for one in office.sink.received)
    (mail,) = office.sent_to(TUAN)
    assert "evil" not in text_of(mail) + str(mail["Subject"]) + str(mail["To"])
    assert b"evil" not in raw


def test_forged_complaints_do_not_bury_anybody_in_reminders(office: Office):
    office.configure(more="\n[limits]\nautomatic_per_address_per_day = 3\n")
    office.receive(*(write_mail(subject=f"Tuan668 - {number:06} - Hàng sai màu") for number in range(10)))
    for _ in range(9):
        office.work(timedelta(days=1))
    assert len(office.tickets()) == 10
    assert len(office.sent_to(TUAN)) <= 3 * 4  # acknowledged, reminded twice, closed: three cases


def test_mail_written_while_the_clock_was_ahead_goes_out_when_it_is_right_again(office: Office):
    office.receive(write_mail())
    office.sink.go_down()
    present = office.now
    office.work(timedelta(days=3650))
    office.sink.come_up()
    office.now = present
    office.work(timedelta(minutes=1))
    assert len(office.sent_to(TUAN)) == 1


def test_what_staff_sent_to_the_customer_themselves_is_not_sent_again(opened: Office):
    (notice,) = opened.sent_to(LAN)
    words = "Chào anh Tuấn, bên em đang kiểm tra.\n"
    to = f"{TUAN}, {notice['Reply-To'].strip('<>')}"
    opened.receive(write_mail(sender=LAN, name="Lan", to=to, text=words, answers=notice["Message-ID"]))
    opened.work()
    assert len(opened.sent_to(TUAN)) == 1
    assert "answered" in events(opened.ticket())


def test_a_person_who_wrote_gives_the_customer_his_time_anew(opened: Office):
    (notice,) = opened.sent_to(LAN)
    opened.work(timedelta(hours=20))
    opened.receive(
        write_mail(sender=LAN, to=notice["Reply-To"], text="Anh gửi video giúp em nhé.", answers=notice["Message-ID"])
    )
    opened.work()
    opened.work(timedelta(hours=10))
    assert [
        mail["kind"] for mail in opened.ticket()["mails"] if mail["email"] == TUAN and mail["direction"] == "out"
    ] == [
        "acknowledgement",
        "staff-answer",
    ]
    opened.work(timedelta(hours=18))  # no reminder at night
    assert opened.ticket()["mails"][-1]["kind"] == "evidence-reminder"


def test_mail_of_a_web_form_is_answered_to_whom_it_names(office: Office):
    form = [("Reply-To", TUAN)]
    office.receive(write_mail(sender="noreply@hakago.example", name="Web form", headers=form))
    office.work()
    assert office.ticket()["customer_email"] == TUAN
    assert office.sent_to(TUAN)
    assert not office.sent_to("noreply@hakago.example")


def test_reply_to_of_an_ordinary_mail_does_not_change_who_wrote_it(office: Office):
    office.receive(write_mail(headers=[("Reply-To", STRANGER)]))
    office.work()
    assert office.ticket()["customer_email"] == TUAN
    assert not office.sent_to(STRANGER)
