import pytest

from parsers.blobs import discard
from parsers.limits import Limits
from parsers.splitter import split_mail
from parsers.texts import read_texts


def _read(mail):
    return read_texts(split_mail(iter([mail.encode()]), open_blob=discard, limits=Limits()).parts, Limits())


def _multipart(subtype, *parts, boundary="b"):
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{subtype}; boundary={boundary}\n\n{body}--{boundary}--\n"


_PLAIN = "Content-Type: text/plain; charset=utf-8\n\nchữ"
_BLANK = "Content-Type: text/plain\n\n \n"
_HTML = "Content-Type: text/html; charset=utf-8\n\n<p>trang</p>"
_FILE = "Content-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=a.txt\n\ntệp"
_IMAGE = "Content-Type: image/png\n\nx"


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        pytest.param(_PLAIN, "chữ", id="plain"),
        pytest.param(_HTML, "trang", id="HTML alone"),
        pytest.param(_multipart("alternative", _PLAIN, _HTML), "chữ", id="plain preferred"),
        pytest.param(_multipart("alternative", _HTML, _PLAIN), "chữ", id="plain preferred in any order"),
        pytest.param(_multipart("alternative", _BLANK, _HTML), "trang", id="a blank plain text says nothing"),
        pytest.param(_multipart("alternative", _PLAIN, _multipart("related", _HTML, _IMAGE, boundary="c")), "chữ",
                     id="HTML with its images"),
        pytest.param(_multipart("alternative", _PLAIN, _multipart("mixed", _HTML, _IMAGE, _HTML, boundary="c")), "chữ",
                     id="HTML around a file, as Apple Mail sends it"),
        pytest.param(_multipart("mixed", _PLAIN, _HTML), "chữ\ntrang", id="both where they are no alternatives"),
        pytest.param(_multipart("mixed", _multipart("alternative", _PLAIN, _HTML, boundary="c"),
                                _multipart("alternative", _BLANK, _HTML, boundary="d")), "chữ\ntrang",
                     id="two alternatives are chosen from one by one"),
        pytest.param(_multipart("mixed", _PLAIN, _FILE), "chữ", id="text files are left out"),
        pytest.param(_IMAGE, "", id="no text"),
    ],
)  # fmt: skip
def test_readable_text(mail, text):
    assert _read(mail).own == text


def test_texts_of_nested_mails_are_apart_and_follow():
    texts = _read(_multipart("mixed", _PLAIN, "Content-Type: message/rfc822\n\n" + _HTML))
    assert (texts.own, texts.forwarded, texts.text) == ("chữ", "trang", "chữ\ntrang")


def test_pages_that_are_not_shown_are_kept_for_their_links():
    assert _read(_multipart("alternative", _PLAIN, _HTML)).pages == ("<p>trang</p>",)
