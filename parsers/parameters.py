"""Values with parameters, such as Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183), with the
continuations and charsets of RFC 2231. Never raises; what is no parameter is left out.
"""

import re
from urllib.parse import unquote_to_bytes

from parsers.charsets import decode_text
from parsers.encoded_words import decode_words, make_line, make_storable

# A value is a quoted string, or all up to the next semicolon: writers forget the quotes around names with blanks.
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_MEDIA_TYPE = re.compile(r"[\w!#$&^+.-]+/[\w!#$&^+.-]+")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*?)")


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value proper in lower case, and its parameters decoded, names in lower case. The first of a name counts."""
    head, semicolon, rest = value.partition(";")
    word = head.strip().strip("\"'").lower()
    if not semicolon:
        return word, {}
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, quoted, bare in _PARAMETER.findall(";" + rest):
        text = _unquote(quoted) if quoted else bare.strip().strip("'")
        if "*" in name:
            _add_section(extended, name.lower(), text)
        else:
            plain.setdefault(name.lower(), text)
    decoded = {name: make_line(decode_words(text)) if _needs_decoding(text) else text for name, text in plain.items()}
    return word, decoded | {name: make_line(_join_sections(sections)) for name, sections in extended.items()}


def parse_content_type(value: str | None, default: str) -> tuple[str, dict[str, str]]:
    """Content-Type, with `default` where nothing usable is declared (RFC 2045 §5.2)."""
    if not value:
        return default, {}
    declared, parameters = parse_parameters(value)
    if _MEDIA_TYPE.fullmatch(declared):
        return declared, parameters
    return ("text/plain" if declared.partition("/")[0] in ("", "text") else default), parameters


def _needs_decoding(text: str) -> bool:
    return "=?" in text or not text.isascii() or not text.isprintable()


def _unquote(text: str) -> str:
    """RFC 5322 §3.2.4. A backslash of a DOS path is left: no name has a reason to quote a letter."""
    if "\\" not in text:
        return text
    return _QUOTED_PAIR.sub(lambda pair: pair[1] if pair[1] in '"\\' else pair[0], text)


def _add_section(extended: dict[str, dict[int, tuple[str, bool]]], name: str, text: str) -> None:
    """RFC 2231 §3 and §4.1: `name*`, `name*0`, `name*0*`."""
    section = _SECTION.fullmatch(name)
    if section:
        number = int(section[2]) if section[2] else 0
        extended.setdefault(section[1], {}).setdefault(number, (text, section[3] == "*"))


def _join_sections(sections: dict[int, tuple[str, bool]]) -> str:
    """The sections in the order of their numbers, percent codes decoded by the charset the first one names."""
    charset, raw = None, b""
    for number in sorted(sections):
        text, is_encoded = sections[number]
        if is_encoded and not raw and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    text = decode_text(raw, charset or "utf-8")[0]
    return decode_words(text) if "=?" in text else make_storable(text)
