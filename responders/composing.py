"""Mails as bytes: headers and bodies of RFC 5322 and RFC 2045–2047, ready for SMTP.

The same arguments give the same bytes, the boundary being derived from the Message-ID: a mail repeated after a crash
is the mail that was sent before. Lines end in CRLF and the output is ASCII, with one exception: the local part of an
address that is not ASCII has no other form than UTF-8 (RFC 6532) and asks for SMTPUTF8 on the way.

No value can add a header: line breaks and control characters become blanks (RFC 5322 §2.2). Words are encoded here
rather than by `EmailMessage`, which loses blanks between encoded-words on Python 3.11 (cpython #92081).
"""

import binascii
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from parsers.base64_letters import encode_lines
from parsers.facts import Address
from responders.enclosures import Enclosure, enclose

_LINE = 76  # RFC 2045 §6.7, §6.8 and RFC 2047 §2; below the 78 of RFC 5322 §2.1.1
_WORD_FRAME = len("=?utf-8?b??=")
_REFERENCES = 900  # bytes; some servers cut or refuse header lines above 998
_LONGEST_ID = 400  # so that the first and the last reference always fit
_ONE_LINE = re.compile("\r\n|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FIELD_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322 §2.2
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")
_NOT_IN_ADDRESS = re.compile(r"[<>\s]")
_QUOTED_LOCAL_PART = re.compile(r'"(?:[^"\\]|\\.)*"@')
# Lines that no relay changes: short, no blank at the end, no "From " (mbox), nothing like a boundary of ours.
_SAFE_TEXT = re.compile(rb"(?:(?!From |--=_)[\t -~]{0,76}(?<![\t ])\r\n)*")
_OUR_FIELDS = frozenset(
    ("from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted")
)


def compose_mail(
    *,
    sender: Address,
    recipient: Address,
    subject: str,
    text: str,
    html: str | None,
    message_id: str,  # with angle brackets
    date: datetime,  # aware
    in_reply_to: str | None,
    references: Sequence[str],
    reply_to: str | None,
    automatic: Literal["auto-replied", "auto-generated"] | None,
    extra: Mapping[str, str],
    files: Sequence[Enclosure] = (),
) -> bytes:
    """One mail. Raises ValueError for a naive date, a malformed Message-ID and an impossible header in `extra`."""
    lines = [
        _fold("From", _mailbox(sender.name, sender.email)),
        _fold("To", _mailbox(recipient.name, recipient.email)),
        _unstructured("Subject", subject),
        f"Date: {_format_date(date)}",
        f"Message-ID: {_checked_id(message_id)}",
    ]
    if reply_to:
        lines.append(_fold("Reply-To", _mailbox("", reply_to)))
    lines += _threading_lines(in_reply_to, references)
    if automatic:
        # RFC 3834 §5; Exchange heeds only the second.
        lines += [f"Auto-Submitted: {automatic}", "X-Auto-Response-Suppress: All"]
    lines += [_extra_line(name, value) for name, value in extra.items()]
    lines.append("MIME-Version: 1.0")
    body = _body(text, html, message_id)
    if files:
        body = enclose(body, files, _boundary(f"files of {message_id}"))
    return "\r\n".join(lines).encode() + b"\r\n" + body


def with_ascii_domain(email: str) -> str:
    """`email` with its domain in A-labels (RFC 5890), so that only the local part can need SMTPUTF8."""
    if email.isascii():
        return email
    local_part, at, domain = email.rpartition("@")
    try:
        return local_part + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return email


# Headers.


def _unstructured(name: str, value: str) -> str:
    """Free text: as it is where it fits on one line, else as encoded-words."""
    value = _one_line(value)
    if _is_plain(value) and len(name) + 2 + len(value) <= _LINE:
        return f"{name}: {value}"
    return _fold(name, _encoded_words(value, len(name) + 2))


def _extra_line(name: str, value: str) -> str:
    """A structured value such as a List-Id must not be encoded; it is folded at its blanks."""
    if not _FIELD_NAME.fullmatch(name) or name.lower() in _OUR_FIELDS or name.lower().startswith(("content-", "mime-")):
        raise ValueError(f"not a header that can be added: {name!r}")
    value = _one_line(value).strip()
    words = value.split()
    if _is_plain(value) and all(len(word) < _REFERENCES for word in words):
        return _fold(name, words)
    return _unstructured(name, value)


@lru_cache(maxsize=4096)
def _mailbox(name: str, email: str) -> tuple[str, ...]:
    """The words of one mailbox (RFC 5322 §3.4): display name and address."""
    address = _address(email)
    name = _one_line(name).strip()
    if not name:
        return (address,)
    if _is_plain(name) and len(name) <= _LINE - 20:
        return (_quoted(name), address)
    return (*_encoded_words(name, len("Reply-To: ")), address)


def _address(email: str) -> str:
    email = _one_line(email).strip()
    quoted = _QUOTED_LOCAL_PART.match(email)
    start = quoted.end() if quoted else 0
    return "<" + with_ascii_domain(email[:start] + _NOT_IN_ADDRESS.sub("", email[start:])) + ">"


def _quoted(phrase: str) -> str:
    if re.fullmatch(r"[\w ]+", phrase, re.ASCII) and "  " not in phrase:
        return phrase
    return '"' + re.sub(r'(["\\])', r"\\\1", phrase) + '"'


def _threading_lines(in_reply_to: str | None, references: Sequence[str]) -> Iterator[str]:
    """RFC 5322 §3.6.4; what is no Message-ID is left out."""
    if in_reply_to and _is_message_id(in_reply_to):
        yield f"In-Reply-To: {in_reply_to}"
    known = [one for one in dict.fromkeys(references) if _is_message_id(one)]
    if known:
        yield _fold("References", _trimmed(known))


def _trimmed(references: Sequence[str]) -> list[str]:
    """The first one, which names the thread, and as many of the last ones as fit."""
    first, *others = references
    room = _REFERENCES - len("References:") - len(first) - 3
    kept: list[str] = []
    for one in reversed(others):
        room -= len(one) + 3  # with the blank and the line break before it
        if room < 0:
            break
        kept.append(one)
    return [first, *reversed(kept)]


def _is_message_id(text: str) -> bool:
    return len(text) <= _LONGEST_ID and _MESSAGE_ID.fullmatch(text) is not None


def _checked_id(message_id: str) -> str:
    if not _is_message_id(message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    return message_id


def _format_date(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError(f"a Date needs its zone: {date}")
    return format_datetime(date)


# Words and lines.


def _one_line(value: str) -> str:
    return value if value.isprintable() else _ONE_LINE.sub(" ", value)


def _is_plain(value: str) -> bool:
    """Whether `value` reads as itself where it stands unencoded (RFC 2047 §6.1)."""
    return value.isascii() and value.strip() == value and "=?" not in value


def _encoded_words(value: str, indent: int) -> Iterator[str]:
    """RFC 2047 §2, §5: whole characters in each word, lines of at most 76 characters, the first after `indent`.

    Blanks stand inside the words: none can get lost.
    """
    data = value.encode("utf-8", "replace")
    start, room = 0, max(_LINE - indent, _LINE // 2)
    while start < len(data):
        end = _end_of_character(data, start + (room - _WORD_FRAME) // 4 * 3)
        yield f"=?utf-8?b?{binascii.b2a_base64(data[start:end], newline=False).decode('ascii')}?="
        start, room = end, _LINE - 1


def _end_of_character(data: bytes, position: int) -> int:
    """The last place up to `position` where UTF-8 may be cut."""
    if position >= len(data):
        return len(data)
    while data[position] & 0xC0 == 0x80:  # a continuation byte belongs to the character before it
        position -= 1
    return position


def _fold(name: str, words: Iterable[str]) -> str:
    """RFC 5322 §2.2.3: a line break before each word that does not fit, but never before the first."""
    lines, line = [], f"{name}:"
    for number, word in enumerate(words):
        if number and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = ""
        line += " " + word
    return "\r\n".join((*lines, line))


# Bodies.


def _body(text: str, html: str | None, message_id: str) -> bytes:
    """The Content headers that go with the body, an empty line, the body."""
    if html is None:
        return _text_part("plain", text)
    boundary = _boundary(message_id)
    head = b'Content-Type: multipart/alternative;\r\n boundary="' + boundary + b'"\r\n\r\n'
    line = b"--" + boundary
    parts = (line, _text_part("plain", text), line, _text_part("html", html), line + b"--\r\n")
    return head + b"\r\n".join(parts)


def _boundary(of: str) -> bytes:
    """ "=_" stands in no quoted-printable and no base64 text (RFC 2045 §6.7); plain text that has it is encoded."""
    return b"=_" + sha256(of.encode()).hexdigest()[:32].encode()


def _text_part(subtype: str, text: str) -> bytes:
    encoding, body = _encode(_canonical(text))
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    )


def _canonical(text: str) -> bytes:
    """RFC 2046 §4.1.1: every line, the last one too, ends in CRLF."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines.endswith("\n"):
        lines += "\n"
    return lines.replace("\n", "\r\n").encode("utf-8", "replace")


def _encode(data: bytes) -> tuple[str, bytes]:
    """The transfer encoding that is right for `data`, and `data` in it."""
    if _SAFE_TEXT.fullmatch(data):
        return "7bit", data
    encoded_bytes = len(data) - len(data.decode("ascii", "ignore")) + data.count(b"=")
    # Quoted-printable makes three bytes of one, base64 four of three.
    if 6 * encoded_bytes < len(data):
        return "quoted-printable", binascii.b2a_qp(data, istext=True)
    return "base64", encode_lines(data)
