"""Files that go out beside the words of a mail: what other programs read of them."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.enclosures import Enclosure, enclose

BODY = b"Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"


def read(*files: Enclosure) -> list[EmailMessage]:
    mail = message_from_bytes(b"MIME-Version: 1.0\r\n" + enclose(BODY, files, b"=_b"), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail.get_body(("plain",)) is not None
    return [one for one in mail.iter_attachments() if isinstance(one, EmailMessage)]


@pytest.mark.parametrize(
    "name", ["paper.pdf", "Tờ khai – bản gốc (2).pdf", 'a"b\r\nX-Evil: 1.pdf', "", "ảnh.jpg" * 40], ids=range(5)
)
def test_a_name_is_read_as_it_was_and_adds_no_header(name: str):
    (file,) = read(Enclosure(name=name, type="application/pdf", data=b"x"))
    assert file.get_filename() == (name or "file")[-120:]
    assert file["X-Evil"] is None


@pytest.mark.parametrize("letter", ["a", "ễ", "📷"])
def test_no_line_is_longer_than_mail_servers_take(letter: str):
    mail = enclose(BODY, [Enclosure(name=letter * 200 + ".jpg", type="image/jpeg", data=b"x")], b"=_b")
    assert max(map(len, mail.split(b"\r\n"))) <= 998
    (file,) = read(Enclosure(name=letter * 200 + ".jpg", type="image/jpeg", data=b"x"))
    assert (file.get_filename() or "").endswith(f"{letter}.jpg")


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/html; x=y\r\nX: 1", ""])
def test_a_type_that_would_be_read_as_structure_is_sent_as_plain_bytes(kind: str):
    (file,) = read(Enclosure(name="a", type=kind, data=b"--=_b\r\n"))
    assert file.get_content_type() == "application/octet-stream"


@given(st.lists(st.binary(max_size=300), max_size=3))
def test_contents_come_out_as_they_went_in(contents: list[bytes]):
    files = [Enclosure(name=f"{no}.bin", type="image/png", data=data) for no, data in enumerate(contents)]
    assert [file.get_payload(decode=True) for file in read(*files)] == contents
