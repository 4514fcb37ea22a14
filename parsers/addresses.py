"""Mailboxes in address fields (RFC 5322 §3.4, RFC 6532), read liberally.

Groups are flattened, comments left out, unquoted commas and semicolons in display names forgiven. Never raises. An
entry without address is left out; one that has only a name and brackets around something else keeps its name, with an
empty `email`: what stands in a display name is never taken for the address.
"""

import re
from functools import lru_cache

from parsers.encoded_words import decode_words, make_line
from parsers.facts import Address

_LONGEST_SIMPLE = 320
_MOST_ADDRESSES = 1_000  # of one field; nobody reads on
_LONGEST_NAME = 200  # of what is put together from several entries
# Nearly all fields are one of these two forms.
_SIMPLE = re.compile(r'\s*(?:"([^"\\]*)"|([^"<>(),:;@\\]*?))\s*<\s*([^\s<>"(),:;@]+@[^\s<>"(),:;@]+)\s*>\s*')
_BARE = re.compile(r'\s*([^\s<>"(),:;@]+@[^\s<>"(),:;@]+)\s*')
_TOKEN = re.compile(
    r"(?P<word>=\?[\w*.-]+\?[bBqQ]\?.{0,1000}?\?=)"  # before all others: broken writers leave commas and quotes in them
    r'|"(?P<quoted>(?:[^"\\]|\\.)*)"?'
    r"|(?P<angle><[^<>]*>?)"
    r"|(?P<mark>[,;:()])"
    r"|(?P<text>(?:[^\"<>,;:()=]|=(?!\?))+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_BETWEEN_WORDS = re.compile(r"""[\s<>"'(),:;]+""")
_QUOTED_LOCAL = re.compile(r'"[^"<>]{1,64}"@[^\s<>"(),:;@]+')
_COMMENT = re.compile(r"\([^()]*\)")
_BLANKS_IN_DOMAIN = re.compile(r"\s{1,20}\.\s{0,20}|\.\s{1,20}(?=\w)")
_ENDS_ENTRY = ",;"


@lru_cache(maxsize=2048)  # a support mailbox sees the same few fields in every mail
def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of one field in their order."""
    if len(value) > _LONGEST_SIMPLE:
        return _parse_list(value)
    if simple := _SIMPLE.fullmatch(value):
        return (_make_address(decode_words(simple[1] or simple[2] or ""), simple[3]),)
    if bare := _BARE.fullmatch(value):
        return (_make_address("", bare[1]),)
    return _parse_list(value)


def _parse_list(value: str) -> tuple[Address, ...]:
    found: list[Address] = []
    pending = ""  # text before a comma that no address came with: most likely a name with a comma
    for entry in _split_entries(value):
        address = _read_entry(entry, pending)
        if address:
            found.append(address)
            pending = ""
        else:
            pending = f"{pending}{_text_of(entry)}, "[-_LONGEST_NAME:] if entry else pending
        if len(found) >= _MOST_ADDRESSES:
            break
    return tuple(found)


class _Entry(list[tuple[str, str]]):
    """The tokens of one mailbox: kind and text."""


def _split_entries(value: str) -> list[_Entry]:
    """Cut at commas and semicolons; the name of a group and comments go."""
    entries = [_Entry()]
    comments = 0
    for token in _TOKEN.finditer(value):
        kind, text = token.lastgroup or "", token[0]
        if kind == "mark" and text in "()":
            comments = max(0, comments + (1 if text == "(" else -1))
            entries[-1].append((kind, text))
        elif comments:
            entries[-1].append(("comment", text))
        elif kind == "mark" and text in _ENDS_ENTRY:
            entries.append(_Entry())
        elif kind == "mark":  # RFC 5322 §3.4: what stands before a colon names a group
            entries[-1].clear()
        else:
            entries[-1].append((kind, token["quoted"] if kind == "quoted" else text))
    return entries


def _read_entry(entry: _Entry, before: str) -> Address | None:
    angle = next((text for kind, text in reversed(entry) if kind == "angle"), None)
    text = _text_of(entry)
    if angle is not None:
        email = _clean_email(angle.strip("<>"))
        return _make_address(before + text, email) if email or text.strip() else None
    email = _find_email(text)
    if not email:
        return None
    name = text.partition("<")[0] if "<" in text else _comment_of(entry)
    return _make_address(name, email)


def _find_email(text: str) -> str:
    """An address among words; blanks around `@` and the points of the domain are obsolete (RFC 5322 §4.4)."""
    local, at, domain = text.rpartition("@")
    if at and (local[-1:].isspace() or _BLANKS_IN_DOMAIN.search(domain)):
        text = f"{local.rstrip()}@{_BLANKS_IN_DOMAIN.sub('.', domain.lstrip())}"
    return _first_address(text)


def _first_address(text: str) -> str:
    """The first word of `text` that has something on both sides of its last `@`."""
    for word in _BETWEEN_WORDS.split(text) if "@" in text else ():
        local, _, domain = word.rpartition("@")
        if local.strip("@[]") and domain:
            return word if domain.startswith("[") else word.strip("[]")
    return ""


def _text_of(entry: _Entry) -> str:
    """Words and quoted strings as a reader sees them (RFC 2047 §5 forbids words in quotes; writers do it)."""
    text = "".join(f"{text} " if kind == "quoted" else text for kind, text in entry if kind in _SHOWN)
    return make_line(decode_words(text.replace('\\"', '"').replace("\\\\", "\\")))


_SHOWN = frozenset({"word", "quoted", "text", "other"})


def _comment_of(entry: _Entry) -> str:
    """RFC 5322 Appendix A.5 and RFC 822: the name in a comment after the address."""
    return make_line(decode_words("".join(text for kind, text in entry if kind == "comment")))


def _clean_email(text: str) -> str:
    """What stands in angle brackets without comments, route and blanks (RFC 5322 §4.4); empty where no address is."""
    decoded = decode_words(text).strip()
    if _QUOTED_LOCAL.fullmatch(decoded):
        return decoded
    plain = "".join(_COMMENT.sub("", decoded).split())
    return _first_address(plain if "[" in plain else plain.rpartition(":")[2])


def _make_address(name: str, email: str) -> Address:
    local, at, domain = email.rpartition("@")
    tidy = " ".join(name.split()).strip("'\" ,")
    return Address(name=tidy if tidy.isprintable() else make_line(tidy), email=f"{local}{at}{domain.lower()}".strip())
