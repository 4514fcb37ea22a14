import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.limits import Limits
from parsers.splitter import split_mail
from tests.unit.parsers.winmail import make_winmail


class Blob:
    """Keeps what was written, and whether it was kept."""

    def __init__(self):
        self.data, self.sha256, self.is_discarded = b"", None, False

    def write(self, data):
        self.data += data

    def finish(self, sha256):
        self.sha256 = sha256

    def discard(self):
        self.is_discarded = True


def _split(mail, *, size=100_000, **limits):
    blobs = []

    def open_blob():
        blobs.append(Blob())
        return blobs[-1]

    chunks = iter([mail[at : at + size] for at in range(0, len(mail), size)])
    return split_mail(chunks, open_blob=open_blob, limits=Limits(**limits)), blobs


def _multipart(*parts, subtype="mixed", boundary="b", end="--b--\n"):
    return (
        f"Content-Type: multipart/{subtype}; boundary={boundary}\n\n"
        + "".join(f"--{boundary}\n{part}\n" for part in parts)
        + end
    ).encode()


_TEXT = "\nChào shop"
_PHOTO_BYTES = b"\xff\xd8\xff" + bytes(range(256)) * 20
_PHOTO = (
    "Content-Type: image/jpeg; name=anh.jpg\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n"
    + base64.encodebytes(_PHOTO_BYTES).decode()
)


def _shape(structure):
    return [(part.content_type, part.depth, part.is_body) for part in structure.parts]


@pytest.mark.parametrize("size", [1, 10, 1000, 100_000])
def test_an_attachment_is_decoded_hashed_and_written(size):
    structure, blobs = _split(_multipart(_TEXT, _PHOTO), size=size)
    text, photo = structure.parts
    assert text.head == "Chào shop".encode()
    assert blobs[0].data == _PHOTO_BYTES
    assert photo.sha256 == blobs[0].sha256 == hashlib.sha256(_PHOTO_BYTES).hexdigest()
    assert (photo.name, photo.size_bytes, photo.disposition) == ("anh.jpg", len(_PHOTO_BYTES), "attachment")
    assert structure.defects == ()


@pytest.mark.parametrize(
    ("mail", "shape", "defects"),
    [
        pytest.param(_TEXT.encode(), [("text/plain", 0, True)], (), id="no header field at all"),
        pytest.param(_multipart(_TEXT, _TEXT, end=""), [("text/plain", 1, True)] * 2, ("boundary-unclosed",),
                     id="not closed"),
        pytest.param(_multipart("Content-Type: text/plain\n" + _TEXT).replace(b"boundary=b", b"boundary=c"),
                     [("text/plain", 1, True)], ("boundary-guessed",), id="another boundary is used"),
        pytest.param(_multipart(_TEXT).replace(b"; boundary=b", b""), [("text/plain", 0, True)], ("boundary-missing",),
                     id="no boundary is declared"),
        pytest.param(_multipart(_TEXT) + b"--b\n" + _TEXT.encode() + b"\n--b--", [("text/plain", 1, True)] * 2, (),
                     id="parts after the end"),
        pytest.param(_multipart("Chào shop"), [("text/plain", 1, True)], ("header-missing",),
                     id="a part without header"),
        pytest.param(_multipart(""), [("text/plain", 1, True)], (), id="an empty part"),
        pytest.param(b"", [("text/plain", 0, True)], (), id="nothing"),
        pytest.param(b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nx",
                     [("application/pkcs7-mime", 0, False)],
                     ("smime-opaque",), id="signed or encrypted as a whole"),
        pytest.param(_multipart(_multipart(_TEXT, boundary="b2", end="--b2--\n").decode(), _TEXT),
                     [("text/plain", 2, True), ("text/plain", 1, True)], (),
                     id="a boundary that begins like the outer one"),
        pytest.param(_multipart(_multipart(_TEXT, boundary="c", end="").decode(), _TEXT),
                     [("text/plain", 2, True), ("text/plain", 1, True)], ("boundary-unclosed",),
                     id="inner one not closed"),
    ],
)  # fmt: skip
def test_odd_structure_gives_parts_and_named_defects(mail, shape, defects):
    structure, _ = _split(mail)
    assert (_shape(structure), structure.defects) == (shape, defects)


def test_a_nested_mail_is_an_attachment_and_its_parts_are_listed():
    nested = b"Subject: chuyen tiep\n" + _multipart(_TEXT, _PHOTO, boundary="c", end="--c--")
    structure, blobs = _split(_multipart(_TEXT, "Content-Type: message/rfc822\n\n" + nested.decode()))
    assert [(part.content_type, part.within_mail) for part in structure.parts] == [
        ("text/plain", False), ("message/rfc822", False), ("text/plain", True), ("image/jpeg", True),
    ]  # fmt: skip
    kept = nested + b"\n"  # its last line end, which the delimiter below took for its own
    assert [blob.data for blob in blobs] == [kept, _PHOTO_BYTES]
    assert structure.parts[1].sha256 == hashlib.sha256(kept).hexdigest()


def test_a_nested_mail_in_base64_is_read_too():
    nested = base64.encodebytes(b"Subject: x\n" + _multipart(_TEXT, _PHOTO)).decode()
    structure, _ = _split(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + nested.encode())
    assert [part.content_type for part in structure.parts] == ["message/rfc822", "text/plain", "image/jpeg"]


def test_parts_of_a_digest_are_mails():
    structure, _ = _split(_multipart("\nSubject: x\n\nbody", subtype="digest"))
    assert [part.content_type for part in structure.parts] == ["message/rfc822", "text/plain"]


def test_a_file_within_a_text_is_an_attachment():
    structure, blobs = _split(b"\nGui anh\nbegin 644 anh.gif\n#0V%T\n`\nend\ncam on\n")
    assert [(part.name, part.head) for part in structure.parts] == [("", b"Gui anh\ncam on\n"), ("anh.gif", b"Cat")]
    assert blobs[0].data == b"Cat"


def test_texts_with_names_are_files_unless_the_mail_begins_with_them():
    named = "Content-Type: text/plain; name=ghi-chu.txt\n\nnội dung"
    structure, _ = _split(_multipart(named, named))
    assert [part.is_body for part in structure.parts] == [True, False]


def test_winmail_dat_is_unpacked():
    packed = base64.encodebytes(make_winmail(b"anh.jpg", _PHOTO_BYTES)).decode()
    structure, blobs = _split(
        _multipart(f"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n{packed}")
    )
    assert [part.name for part in structure.parts] == ["", "anh.jpg"]
    assert blobs[1].data == _PHOTO_BYTES


@pytest.mark.parametrize(
    ("mail", "limits", "defect"),
    [
        pytest.param(_multipart(*[_TEXT] * 50), {"parts": 10}, "limit-parts", id="parts"),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 30, {"depth": 5}, "limit-depth", id="depth"),
        pytest.param(b"X: " + b"y" * 5000 + b"\n\nbody", {"header_bytes": 1000}, "limit-header", id="header"),
        pytest.param(_multipart(_PHOTO), {"decoded_bytes": 100}, "limit-decoded", id="decoded bytes"),
        pytest.param(b"\n" + b"x" * 5000, {"text_bytes": 1000}, "limit-text", id="text"),
        pytest.param(
            b"Content-Type: application/ms-tnef\n\n" + b"x" * 500, {"tnef_bytes": 100}, "limit-tnef", id="tnef"
        ),
    ],
)
def test_limits_cut_and_are_named(mail, limits, defect):
    assert defect in _split(mail, **limits)[0].defects


def test_ten_thousand_parts_are_cut_not_refused():
    structure, _ = _split(_multipart(*[_TEXT] * 10_000))
    assert (len(structure.parts), structure.defects) == (Limits().parts, ("limit-parts",))


def test_errors_of_the_writer_reach_the_caller_and_the_blob_is_discarded():
    class Full(Blob):
        def write(self, data):
            raise OSError(28, "No space left on device")

    blob = Full()
    with pytest.raises(OSError, match="No space"):
        split_mail(iter([_multipart(_PHOTO)]), open_blob=lambda: blob, limits=Limits())
    assert blob.is_discarded


_LINES = st.lists(
    st.sampled_from([
        b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/alternative; boundary=c\r\n",
        b"Content-Type: message/rfc822\n", b"Content-Type: text/html\n", b"Content-Type: image/png\n",
        b"Content-Transfer-Encoding: base64\n", b"\n", b"\r\n", b"--b\n", b"--b--\n", b"--c\n", b"--c--", b"SGE=\n",
        b"begin 644 a\n#0V%T\nend\n", b"\xff\0\n", b"x",
    ]),
    max_size=25,
)  # fmt: skip


@given(_LINES, st.integers(1, 40))
def test_any_mail_gives_the_same_parts_however_it_is_cut(lines, size):
    mail = b"".join(lines)
    whole, blobs = _split(mail)
    cut, cut_blobs = _split(mail, size=size)
    assert cut.parts == whole.parts or _facts(cut) == _facts(whole)
    assert [blob.data for blob in cut_blobs] == [blob.data for blob in blobs]
    assert all(blob.sha256 == hashlib.sha256(blob.data).hexdigest() for blob in blobs)


def _facts(structure):
    return [(part.content_type, part.sha256, part.head, part.depth) for part in structure.parts]
