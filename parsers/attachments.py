"""What an attachment is, by its first bytes: a small table for the formats that evidence comes in.

It proves nothing, any file can begin like a photo: proof is decoding, which is inspection's work. Sources of the
signatures: ISO/IEC 14496-12 and its brand registry, RIFF, EBML (RFC 8794), and the formats' own specifications.
"""

from parsers.facts import Attachment
from parsers.structure import Part

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
)
_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_EXTENSIONS = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "heif": "image/heif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff",
    "mp4": "video/mp4", "mov": "video/quicktime", "3gp": "video/3gpp", "avi": "video/x-msvideo",
    "mkv": "video/x-matroska",
    "webm": "video/webm", "mpg": "video/mpeg", "mpeg": "video/mpeg", "wmv": "video/x-ms-wmv", "mp3": "audio/mpeg",
    "m4a": "audio/mp4", "wav": "audio/wav", "amr": "audio/amr", "aac": "audio/aac", "pdf": "application/pdf",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "txt": "text/plain", "csv": "text/csv", "htm": "text/html", "html": "text/html", "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook", "zip": "application/zip", "ics": "text/calendar", "vcf": "text/vcard",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_TYPES = {"doc", "xls", "ppt", "msg"}
_NOTHING_SAID = frozenset({
    "application/octet-stream", "application/octetstream", "application/x-unknown", "text/plain",
})  # fmt: skip

_KINDS = {
    "image": "photo", "video": "video", "audio": "audio", "text": "document", "message": "mail",
    "application/pdf": "document", "application/msword": "document", "application/rtf": "document",
    "application/vnd.ms-excel": "document", "application/vnd.ms-powerpoint": "document",
    "application/vnd.ms-outlook": "mail", "application/ms-tnef": "archive", "application/vnd.ms-tnef": "archive",
    "application/zip": "archive", "application/x-zip-compressed": "archive", "application/vnd.rar": "archive",
    "application/x-rar-compressed": "archive", "application/x-7z-compressed": "archive", "application/gzip": "archive",
    "text/calendar": "calendar", "application/ics": "calendar", "text/vcard": "contact", "text/x-vcard": "contact",
    "text/directory": "contact", "application/pgp-signature": "signature", "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
}  # fmt: skip


def describe_attachment(part: Part) -> Attachment:
    """What is known of a part before it is inspected."""
    content_type = recognise_type(part.head, part.content_type, part.name)
    is_shown = part.parent_type == "multipart/related" and "content-id" in part.headers
    return Attachment(
        name=part.name,
        declared_type=part.content_type,
        type=content_type,
        kind=find_kind(content_type),
        size_bytes=part.size_bytes,
        sha256=part.sha256,
        inline=part.disposition == "inline" or (is_shown and not part.disposition),
        nested=part.within_mail,
        shown=is_shown,
    )


def describe_text(part: Part) -> Attachment:
    """A text that is read, as a part that others can show (RFC 2392)."""
    return Attachment(
        name=part.name,
        declared_type=part.content_type,
        type=part.content_type,
        kind="text",
        size_bytes=part.size_bytes,
        sha256=part.sha256,
        inline=True,
    )


def recognise_type(head: bytes, declared: str, name: str) -> str:
    """What the first bytes say; the declared type, or for a meaningless one the name's, where they say nothing."""
    if declared.startswith("message/"):
        return declared
    extension = name.rpartition(".")[2].lower()
    found = _recognise_head(head, extension)
    if found:
        return found
    return _EXTENSIONS.get(extension, declared) if declared in _NOTHING_SAID else declared


def find_kind(content_type: str) -> str:
    """photo, video, audio, document, mail, archive, calendar, contact, signature, other."""
    if content_type.startswith(("application/vnd.openxmlformats", "application/vnd.oasis")):
        return "document"
    return _KINDS.get(content_type) or _KINDS.get(content_type.partition("/")[0], "other")


def _recognise_head(head: bytes, extension: str) -> str | None:
    for prefix, content_type in _PREFIXES:
        if head.startswith(prefix):
            return content_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head.startswith(b"PK\x03\x04"):
        return next((one for folder, one in _OFFICE.items() if folder in head), "application/zip")
    if head.startswith(_OLE):
        return _EXTENSIONS[extension] if extension in _OLE_TYPES else "application/x-ole-storage"
    return _recognise_media(head)


def _recognise_media(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _recognise_brand(head[8:12])
    if head[4:8] in _QUICKTIME_ATOMS:
        return "video/quicktime"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:  # MPEG transport stream, 188 bytes a packet
        return "video/mp2t"
    if head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"):
        return "audio/mpeg"
    return "audio/aac" if head[:2] in (b"\xff\xf1", b"\xff\xf9") else None


def _recognise_brand(brand: bytes) -> str:
    """ISO base media: the major brand."""
    if brand in _HEIF_BRANDS:
        return "image/heic"
    if brand in (b"avif", b"avis"):
        return "image/avif"
    if brand.startswith(b"qt"):
        return "video/quicktime"
    if brand.startswith(b"3g"):
        return "video/3gpp"
    return "audio/mp4" if brand.startswith((b"M4A", b"M4B")) else "video/mp4"
