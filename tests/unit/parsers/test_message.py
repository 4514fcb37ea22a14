import hashlib
import io
from datetime import datetime, timedelta, timezone
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import mail_to_json
from parsers.limits import Limits
from parsers.message import Envelope, parse_message, peek_envelope

_MAIL = """\
Message-ID: <1@khach.example>
In-Reply-To: <a@shop.example>
References: <b@shop.example>
 <a@shop.example>
Date: Mon, 28 Sep 2026 10:00:00 +0700
From: =?utf-8?Q?Nguy=E1=BB=85n_Lan?= <Lan@Khach.example>
To: Nhóm: support@shop.example, Hùng <hung@shop.example>;
Cc: kho@shop.example
Subject: =?utf-8?Q?H=C3=A0ng_l?= =?utf-8?B?4buXaQ==?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Hàng của tôi bị vỡ khi nhận, xem https://drive.google.com/file/d/1.
--b
Content-Type: application/octet-stream; name="=?utf-8?Q?=E1=BA=A3nh?=.png"
Content-Transfer-Encoding: base64
Content-Disposition: inline

iVBORw0KGgo=
--b--
"""


def _parse(mail, **options):
    return parse_message(io.BytesIO(mail if isinstance(mail, bytes) else mail.encode()), **options)


def test_every_field_of_a_mail_is_read():
    facts = _parse(_MAIL)
    assert facts.message_id == "<1@khach.example>"
    assert facts.in_reply_to == "<a@shop.example>"
    assert facts.references == ("<b@shop.example>", "<a@shop.example>")
    assert facts.date == datetime(2026, 9, 28, 10, 0, tzinfo=timezone(timedelta(hours=7)))
    assert (facts.sender.name, facts.sender.email) == ("Nguyễn Lan", "Lan@khach.example")
    assert [one.email for one in facts.to] == ["support@shop.example", "hung@shop.example"]
    assert [one.email for one in facts.cc] == ["kho@shop.example"]
    assert facts.subject == "Hàng lỗi"
    assert facts.language == "vi"
    assert facts.text == "Hàng của tôi bị vỡ khi nhận, xem https://drive.google.com/file/d/1."
    assert facts.links == ("https://drive.google.com/file/d/1",)
    assert (facts.automatic, facts.bounce, facts.defects) == (None, None, ())


def test_attachment_is_described_by_its_content():
    (attachment,) = _parse(_MAIL).attachments
    assert (attachment.name, attachment.declared_type) == ("ảnh.png", "application/octet-stream")
    assert (attachment.type, attachment.kind, attachment.inline) == ("image/png", "photo", True)
    assert attachment.size_bytes == 8


def test_stream_needs_no_seek_and_is_read_in_chunks():
    class Pipe(io.RawIOBase):
        def __init__(self, data):
            self.data, self.largest = data, 0

        def read(self, size=-1):
            self.largest = max(self.largest, size)
            piece, self.data = self.data[:100], self.data[100:]
            return piece

    pipe = Pipe(_MAIL.encode())
    assert parse_message(cast("BinaryIO", pipe)).subject == "Hàng lỗi"
    assert 0 < pipe.largest <= 256 * 1024


@pytest.mark.parametrize(
    ("field", "message_id"),
    [
        pytest.param("Message-ID: <a@b>", "<a@b>", id="ordinary"),
        pytest.param("Message-ID: a@b", "<a@b>", id="brackets forgotten"),
        pytest.param("Message-ID: <a\n @b>", "<a@b>", id="folded within"),
        pytest.param("Message-ID: <a@b> (comment)", "<a@b>", id="comment"),
        pytest.param("Message-ID:", None, id="empty"),
        pytest.param("Message-ID: <>", None, id="empty brackets"),
        pytest.param("X: y", None, id="missing"),
    ],
)
def test_message_id_is_the_same_for_ledger_and_facts(field, message_id):
    mail = f"{field}\nFrom: a@b.example\n\nx"
    assert _parse(mail).message_id == message_id
    assert peek_envelope(mail.encode()).message_id == message_id


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        pytest.param(
            "From: Lan <Lan@Khach.example>\r\n\r\nFrom: x@y", "lan@khach.example", id="the header alone counts"
        ),
        pytest.param("From: a@b.example\nFrom: c@d.example\n", "a@b.example", id="the first one, header cut"),
        pytest.param("From: chỉ tên\n\n", "", id="no address"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_sender_is_seen_from_the_first_bytes(head, sender):
    assert peek_envelope(head.encode()).sender == sender


def test_too_many_links_are_named():
    page = "".join(f'<a href="https://a.example/{number}">x</a>' for number in range(20_000))
    facts = _parse(f"Content-Type: text/html\n\n{page}")
    assert len(facts.links) == Limits().links
    assert "limit-links" in facts.defects


def test_what_a_customer_forwards_stays_in_the_reply():
    nested = "Content-Type: message/rfc822\n\nSubject: x\n\nVỡ hai cái"
    facts = _parse(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nXem thư kèm\n--b\n{nested}\n--b--\n")
    assert facts.text == facts.reply_text == "Xem thư kèm\nVỡ hai cái"


def test_text_in_a_torn_header_is_read_and_none_of_it_is_cut_as_a_quote():
    mail = (
        "Received: by mx.example\nHàng bị vỡ\nFrom: Lan <lan@khach.example>\nTo: support@shop.example\nSubject: "
        "Khiếu nại\n"
        "Date: Mon, 16 Nov 2026 10:00:00 +0700\n\nMã KH: Tuan12\n\n> trích dẫn\n"
    )
    facts = _parse(mail)
    assert facts.text.startswith("Hàng bị vỡ\nFrom: Lan")
    assert facts.text.rstrip().endswith("> trích dẫn")
    assert facts.reply_text.startswith("Hàng bị vỡ\nFrom: Lan")
    assert facts.reply_text.rstrip().endswith("Mã KH: Tuan12")
    assert facts.sender.email == "lan@khach.example"
    assert facts.defects == ("header-malformed",)
    lines = facts.text.split("\n")
    assert [lines[cut.start] for cut in facts.cuts] == ["> trích dẫn"]


def test_a_torn_header_of_a_file_adds_no_text():
    mail = _MAIL.replace("Content-Disposition: inline\n", "Content-Disposition: attachment;\nfilename=anh.png\n")
    facts = _parse(mail)
    assert "filename" not in facts.text
    assert facts.defects == ("header-malformed",)
    assert [one.sha256 for one in facts.attachments] == [one.sha256 for one in _parse(_MAIL).attachments]


def test_a_text_that_others_can_show_is_listed_beside_the_attachments():
    mail = "From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-ID: <text@b.example>\n\nChào shop"
    facts = _parse(mail)
    assert (facts.attachments, facts.text) == ((), "Chào shop")
    (listed,) = mail_to_json(facts, "a.eml")["attachments"]
    assert (listed["kind"], listed["inline"]) == ("text", True)
    assert listed["sha256"] == hashlib.sha256("Chào shop".encode()).hexdigest()


@pytest.mark.parametrize(
    ("fields", "writer"),
    [
        ("From: Nga <nga@khach.example>", "nga@khach.example"),
        ('From: "nga@khach.example" <nga@khach.example>', "nga@khach.example"),
        ("From: nga@khach.example <Nga@khach.example>", "Nga@khach.example"),
        ('From: "boss@shop.example" <nga@khach.example>', "nga@khach.example"),
        ("From: nga@khach.example (boss@shop.example)", "nga@khach.example"),
        ("From: Nhóm: nga@khach.example;", "nga@khach.example"),
        ("From: nga@khach.example, lan@khach.example", None),
        ("From: Nhóm: nga@khach.example, lan@khach.example;", None),
        ("From: boss@shop.example <nga@khach.example>", None),
        ("From: nga@khach.example\nFrom: boss@shop.example", None),
        ("From: <boss@shop.example@khach.example>", None),
        ("From: Nga", None),
        ("To: shop@shop.example", None),
    ],
)
def test_only_one_clear_mailbox_names_the_writer(fields, writer):
    facts = _parse(f"{fields}\nSubject: x\n\nChào shop")
    assert (facts.writer.email if facts.writer else None) == writer
    assert ("sender-doubtful" in facts.defects) == (facts.sender is not None and facts.writer is None)


def test_a_bounce_is_automatic_by_the_rule_that_read_it():
    facts = _parse(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nnot delivered\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus: 5.1.1\n--b--\n"
    )
    assert facts.bounce is not None
    assert (facts.automatic.kind, facts.automatic.rule) == ("bounce", facts.bounce.rule)


_SEEDS = [
    _MAIL.encode(),
    _MAIL.encode("utf-16"),
    _MAIL.replace("\n", "\r\n").encode(),
    _MAIL.replace("\n", "\r").encode(),
]


@given(st.sampled_from(_SEEDS), st.integers(0, 1100), st.integers(0, 40), st.binary(max_size=12))
def test_damage_anywhere_gives_facts_that_can_be_stored(mail, at, length, patch):
    damaged = mail[:at] + patch + mail[at + length :]
    facts = _parse(damaged)
    _assert_storable(mail_to_json(facts, "a.eml"))
    head = peek_envelope(damaged)
    assert head == Envelope(message_id=facts.message_id, sender=facts.sender.email.lower() if facts.sender else "")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail(data):
    _assert_storable(mail_to_json(_parse(data), "a.eml"))


def _assert_storable(value):
    if isinstance(value, str):
        value.encode("utf-8")
        assert "\0" not in value
    elif isinstance(value, dict):
        for one in value.values():
            _assert_storable(one)
    elif isinstance(value, list):
        for one in value:
            _assert_storable(one)
