"""Mails within mails as files of their own: one form, whichever way they came."""

from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.nested_mails import NestedMailForm, open_form

LONG_FIELD = b"X-Mailer: Zalo Mail Gateway 5.2 (may chu so 3, trung tam du lieu Ha Noi) phien ban thu nghiem 2026"
MAIL = (
    b"From: Lan <lan@khach.example>\r\nSubject: =?utf-8?Q?H=C3=A0ng_v=E1=BB=A1?=\r\n" + LONG_FIELD + b"\r\n\r\n"
    b"Hang bi vo.\r\n\r\nLan\r\n"
)
MULTIPART = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nHang bi vo.\r\n--b--\r\n"
)


def keep(*pieces: bytes, header_bytes: int = 10_000) -> bytes:
    form = NestedMailForm(header_bytes)
    return b"".join([*map(form.decode, pieces), form.finish()])


@pytest.mark.parametrize("mail", [MAIL, MULTIPART, MAIL.replace(b"\r\n", b"\n")], ids=["plain", "multipart", "lf"])
def test_nested_mail_is_kept_as_the_email_package_writes_it(mail):
    assert keep(mail) == message_from_bytes(mail).as_bytes()


@given(st.integers(0, len(MAIL)), st.integers(0, len(MAIL)))
def test_form_does_not_depend_on_where_the_pieces_are_cut(first, second):
    first, second = sorted((first, second))
    assert keep(MAIL[:first], MAIL[first:second], MAIL[second:]) == keep(MAIL)


@pytest.mark.parametrize("line_end", [b"\n", b"\r"], ids=["line-feeds", "carriage-returns"])
def test_form_does_not_depend_on_the_line_ends(line_end):
    assert keep(MAIL.replace(b"\r\n", line_end)) == keep(MAIL)


def test_form_of_the_form_is_the_form():
    assert keep(keep(MAIL)) == keep(MAIL)


def test_long_header_lines_are_folded_and_the_body_stays():
    header, _, body = keep(MAIL).partition(b"\n\n")
    assert max(map(len, header.split(b"\n"))) <= 78
    assert body == b"Hang bi vo.\n\nLan\n"


def test_line_of_an_mbox_file_is_no_part_of_the_mail():
    assert keep(b"From lan@khach.example Mon Sep 28 10:00:00 2026\n" + MAIL) == keep(MAIL)


def test_last_line_end_of_a_multipart_is_given_back():
    assert keep(MULTIPART.removesuffix(b"\r\n")) == keep(MULTIPART)


def test_header_beyond_its_limit_is_not_folded():
    assert LONG_FIELD in keep(MAIL, header_bytes=20)


def test_header_that_cannot_be_written_anew_stays():
    mail = b"Subject: \x0cBcc:lan@khach.example\n\nHang bi vo.\n"  # the package takes the form feed for a line end
    assert keep(mail) == mail


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_mail_that_was_sent_encoded_is_kept_to_the_byte(encoding):
    form = open_form(encoding, 10_000)
    assert form.decode(MAIL) + form.finish() == MAIL


@given(st.lists(st.binary(max_size=60)))
def test_any_bytes_are_kept(pieces):
    kept = keep(*pieces)
    assert b"\r" not in kept
    assert keep(b"".join(pieces)) == kept


def test_header_that_cannot_be_written_without_its_body_stays_as_it_is():
    mail = b"Subject: x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.khach.example\n"
    assert keep(mail) == mail
