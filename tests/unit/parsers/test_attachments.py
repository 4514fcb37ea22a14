import pytest

from parsers.attachments import find_kind, recognise_type


@pytest.mark.parametrize(
    ("head", "declared", "name", "content_type", "kind"),
    [
        pytest.param(b"\xff\xd8\xff\xe0", "application/octet-stream", "a.bin", "image/jpeg", "photo", id="jpeg"),
        pytest.param(b"\0\0\0\x18ftypheic", "image/jpeg", "a.jpg", "image/heic", "photo", id="heic that says jpeg"),
        pytest.param(b"\0\0\0\x18ftypavif", "", "", "image/avif", "photo", id="avif"),
        pytest.param(b"\0\0\0\x18ftypmp42", "", "", "video/mp4", "video", id="mp4"),
        pytest.param(b"\0\0\0\x14ftypqt  ", "", "", "video/quicktime", "video", id="quicktime"),
        pytest.param(b"\0\0\0\x08wide\0\0", "", "", "video/quicktime", "video", id="quicktime without ftyp"),
        pytest.param(b"\0\0\0\x18ftyp3gp5", "", "", "video/3gpp", "video", id="3gp"),
        pytest.param(b"\0\0\0\x18ftypM4A ", "", "", "audio/mp4", "audio", id="m4a"),
        pytest.param(b"RIFF....WEBPVP8 ", "", "", "image/webp", "photo", id="webp"),
        pytest.param(b"RIFF....AVI LIST", "", "", "video/x-msvideo", "video", id="avi"),
        pytest.param(b"\x1a\x45\xdf\xa3....webm", "", "", "video/webm", "video", id="webm"),
        pytest.param(b"%PDF-1.7", "", "", "application/pdf", "document", id="pdf"),
        pytest.param(b"PK\x03\x04....word/document.xml", "", "",
                     "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document", id="docx"),
        pytest.param(b"PK\x03\x04....a.jpg", "", "", "application/zip", "archive", id="zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "bang.xls",
                     "application/vnd.ms-excel", "document", id="xls"),
        pytest.param(b"MZ\x90", "image/jpeg", "anh.jpg", "application/vnd.microsoft.portable-executable", "other",
                     id="a program that says jpeg"),
        pytest.param(b"khong ro", "application/octet-stream", "anh.JPG", "image/jpeg", "photo", id="by its name"),
        pytest.param(b"khong ro", "image/png", "anh.jpg", "image/png", "photo", id="as declared"),
        pytest.param(b"From: a", "message/rfc822", "", "message/rfc822", "mail", id="nested mail"),
        pytest.param(b"BEGIN:VCALENDAR", "text/plain", "", "text/calendar", "calendar", id="calendar"),
        pytest.param(b"", "text/x-vcard", "", "text/x-vcard", "contact", id="contact"),
        pytest.param(b"", "application/pgp-signature", "", "application/pgp-signature", "signature", id="signature"),
        pytest.param(b"", "font/woff", "", "font/woff", "other", id="anything else"),
    ],
)  # fmt: skip
def test_type_and_kind(head, declared, name, content_type, kind):
    assert recognise_type(head, declared, name) == content_type
    assert find_kind(content_type) == kind
