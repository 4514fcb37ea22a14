"""The mail that a notice gives back, or what is left of it: which Message-ID it had and what its header says.

RFC 3462 §2 and RFC 6522 §3: as message/rfc822 or text/rfc822-headers; older servers put it into the text or into a
part without a proper type. Never raises; None where no Message-ID can be found.
"""

import re

from parsers.encoded_words import make_storable
from parsers.structure import Part, Structure

_MESSAGE_ID = re.compile(r"(?<![\w-])(?:original-)?message-?id\s?:\s{0,8}(<[^<>\s]{1,500}>)", re.IGNORECASE)
_ID = re.compile(r"<[^<>\s]{1,500}@[^<>\s]{1,500}>")
_RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "text/rfc822",
    "message/global",
    "message/global-headers",
    "message/partial",
)
_HEAD_BYTES = 65_536


def is_returned_mail(part: Part) -> bool:
    return part.content_type in _RETURNED_TYPES and not part.within_mail


def read_returned_mail(structure: Structure) -> str:
    """The beginning of the first returned mail as text; "" where there is none."""
    heads = (part.head[:_HEAD_BYTES] for part in structure.parts if is_returned_mail(part))
    return next(heads, b"").decode("utf-8", "replace")


def find_original_message_id(structure: Structure, text: str) -> str | None:
    """From the returned mail, a report's Original-Message-ID, any other part, the text, the thread of the notice."""
    own = structure.headers.first("message-id") or ""
    sources = [read_returned_mail(structure).replace("\r\n", "\n").partition("\n\n")[0]]
    sources += [part.head[:_HEAD_BYTES].decode("utf-8", "replace") for part in structure.parts]
    for source in [*sources, text[:_HEAD_BYTES]]:
        for match in _MESSAGE_ID.finditer(source):
            if match[1] != own.strip():
                return make_storable(match[1])
    return _find_in_thread(structure)


def _find_in_thread(structure: Structure) -> str | None:
    """Exchange and Gmail answer the mail that failed: In-Reply-To, else the last of References (RFC 5322 §3.6.4)."""
    answered = _ID.findall(structure.headers.first("in-reply-to") or "")
    thread = _ID.findall(structure.headers.first("references") or "")
    return next((make_storable(one) for one in answered[:1] + thread[-1:]), None)
