"""Odd, broken and hostile mails become tickets like any other, in bounded time, with their words intact."""

import time
import unicodedata
from typing import Any

from tests.installation import LAN, Office, text_of
from tests.own_mails import SUPPORT, TUAN, File, write_mail

HEAD = f"From: Tuan <{TUAN}>\r\nTo: {SUPPORT}\r\nMessage-ID: <odd@khach.example>\r\nMIME-Version: 1.0\r\n".encode()
SECONDS = 10.0  # far more than any mail may cost


def take_in(office: Office, raw: bytes) -> dict[str, Any]:
    office.receive(raw)
    started = time.monotonic()
    assert office.work() == []
    assert time.monotonic() - started < SECONDS
    assert len(office.sent_to(TUAN)) == 1
    return office.ticket()


def test_windows_1258_body_without_any_encoding_is_read(office: Office):
    words = "Tôi nhận được hàng sai màu, mong shop đổi giúp, cảm ơn nhiều."
    # Windows-1258 has letters with their shape and tones as combining characters.
    split = "".join(unicodedata.normalize("NFD", c) if ord(c) > 0x1EA0 else c for c in words)
    body = _tones_apart(split).encode("cp1258")
    raw = HEAD + b"Subject: Tuan668 - 012345\r\nContent-Type: text/plain; charset=windows-1258\r\n"
    raw += b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body + b"\r\n"
    ticket = take_in(office, raw)
    assert ticket["mails"][0]["text"].strip() == words


def _tones_apart(text: str) -> str:
    """Each letter with its shape in one character, its tone in another, as Windows-1258 writes Vietnamese."""
    shaped = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = [one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323"]
        letter = unicodedata.normalize("NFC", "".join(one for one in parts if one not in tones))
        shaped.append(letter + "".join(tones))
    return "".join(shaped)


def test_subject_split_inside_a_character_over_two_encoded_words_is_read(office: Office):
    raw = (
        HEAD
        + b"Subject: =?utf-8?q?Tuan668_-_012345_-_H=C3=A0ng_sai_m=C3?= =?utf-8?q?=A0u_s=E1=BA=AFc?=\r\n\r\nSai.\r\n"
    )
    ticket = take_in(office, raw)
    assert ticket["subject"] == "Tuan668 - 012345 - Hàng sai màu sắc"
    assert ticket["category"] == "wrong-item"


def test_names_and_files_in_nfd_are_stored_in_nfc(office: Office):
    name, file = "Nguyễn Thị Thảo", "ảnh sản phẩm.jpg"
    photo = File(name=unicodedata.normalize("NFD", file), type="image/jpeg", content=b"\xff\xd8\xff\xe0" + b"1" * 90)
    raw = write_mail(name=unicodedata.normalize("NFD", name), files=[photo])
    ticket = take_in(office, raw)
    assert ticket["customer_name"] == name
    assert [one["name"] for one in ticket["mails"][0]["attachments"]] == [file]


def test_seventy_attachments_are_all_kept(office: Office):
    files = [File(name=f"ảnh {count}.jpg", type="image/jpeg", content=b"\xff\xd8\xff%d" % count) for count in range(70)]
    ticket = take_in(office, write_mail(files=files))
    assert len(ticket["mails"][0]["attachments"]) == 70
    assert ticket["evidence"]["product_photo"] == "satisfied"


def test_twenty_thousand_links_in_one_html_cost_little(office: Office):
    links = "".join(f'<p><a href="https://shop.example/{count}">xem {count}</a></p>' for count in range(20_000))
    raw = HEAD + b"Subject: Tuan668 - 012345 - Thieu hang\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    ticket = take_in(office, raw + f"<html><body>{links}</body></html>\r\n".encode())
    assert ticket["order_code"] == "012345"


def test_winmail_dat_that_cannot_be_read_is_kept_as_it_is(office: Office):
    broken = File(name="winmail.dat", type="application/ms-tnef", content=b"\x78\x9f\x3e\x22" + b"\x07" * 400)
    ticket = take_in(office, write_mail(files=[broken]))
    assert [one["name"] for one in ticket["mails"][0]["attachments"]] == ["winmail.dat"]


def test_mail_with_nothing_but_a_sender_becomes_a_ticket(office: Office):
    ticket = take_in(office, f"From: {TUAN}\r\n\r\n".encode())
    assert ticket["category"] == "other"


def test_header_that_would_add_a_header_to_our_answer_does_not(office: Office):
    raw = HEAD + b"Subject: =?utf-8?b?VHVhbjY2OA0KQmNjOiBhbGxAa2hhY2guZXhhbXBsZQ==?=\r\n\r\nHang sai mau.\r\n"
    take_in(office, raw)
    (mail,) = office.sent_to(TUAN)
    assert mail["Bcc"] is None
    assert {one for mail in office.sink.received for one in mail.recipients} == {TUAN}


def test_markup_in_a_customers_words_reaches_staff_as_words(office: Office):
    office.configure(staff=[LAN])
    take_in(office, write_mail(text="<script>alert(1)</script> Hàng bị vỡ {{ ticket }} hết rồi."))
    (notice,) = office.sent_to(LAN)
    html = notice.get_body(("html",))
    assert html is not None
    assert "&lt;script&gt;" in html.get_content()
    assert "{{ ticket }}" in text_of(notice)


def test_attachment_named_as_a_path_stays_within_the_blobs(office: Office):
    evil = File(name="../../../../tmp/evil.jpg", type="image/jpeg", content=b"\xff\xd8\xff\xe0evil")
    take_in(office, write_mail(files=[evil]))
    assert not list(office.folder.rglob("evil*"))


def test_mail_without_a_sender_is_quarantined_and_told_to_staff_once(office: Office):
    office.configure(staff=[LAN])
    office.receive(b"Subject: Tuan668 - 012345\r\nMessage-ID: <nobody@khach.example>\r\n\r\nHang sai.\r\n")
    office.work()
    office.work()
    assert len(office.quarantined()) == 1
    assert len(office.sent_to(LAN)) == 1


def test_poison_mail_first_in_the_box_does_not_stop_the_others(office: Office):
    poison = HEAD + b"Subject: " + b"=?utf-8?q?" * 5000 + b"\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
    poison += b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 3000
    office.receive(poison, write_mail(sender="sau@khach.example"))
    started = time.monotonic()
    office.work()
    assert time.monotonic() - started < SECONDS
    assert len(office.sent_to("sau@khach.example")) == 1
    assert len(office.tickets()) + len(office.quarantined()) == 2
