"""The readable text of a mail: plain preferred over HTML where a mail offers both (RFC 2046 §5.1.4).

Never raises; unreadable charsets and cut pages become defects.
"""

from dataclasses import dataclass

from parsers.charsets import decode_text
from parsers.limits import Limits
from parsers.structure import Part

_NEVER_SHOWN = frozenset({"text/x-amp-html", "text/watch-html"})  # always beside an ordinary version


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """What was read."""

    own: str  # of the mail itself
    forwarded: str  # of the mails nested in it, which are attached to be read
    plains: tuple[str, ...]  # the plain texts one by one, to look for links
    pages: tuple[str, ...]  # the HTML pages as they came, those too that a plain text stands in for
    defects: tuple[str, ...]

    @property
    def text(self) -> str:
        return join_texts(self.own, self.forwarded)


def join_texts(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def read_texts(parts: tuple[Part, ...], limits: Limits) -> Texts:
    """The texts of all parts that are to be read."""
    decoded: list[tuple[Part, str]] = []
    defects: list[str] = []
    for part in parts:
        if part.is_body and part.content_type not in _NEVER_SHOWN:
            text, found = decode_text(part.head, part.parameters.get("charset"))
            decoded.append((part, text))
            defects += found
    own: list[str] = []
    forwarded: list[str] = []
    for part, text in _choose_alternatives(decoded):
        readable = text
        if part.content_type == "text/html":
            readable, found = _read_page(text, limits)
            defects += found
        (forwarded if part.within_mail else own).append(readable)
    return Texts(
        own=join_texts(*own),
        forwarded=join_texts(*forwarded),
        plains=tuple(text for part, text in decoded if part.content_type != "text/html"),
        pages=tuple(text for part, text in decoded if part.content_type == "text/html"),
        defects=tuple(dict.fromkeys(defects)),
    )


def _read_page(page: str, limits: Limits) -> tuple[str, tuple[str, ...]]:
    from parsers.html import html_to_text  # noqa: PLC0415  # its libraries take long to load

    return html_to_text(page, most_tags=limits.html_tags)


def _choose_alternatives(decoded: list[tuple[Part, str]]) -> list[tuple[Part, str]]:
    """One version of each multipart/alternative: plain where it says anything, else HTML, else what there is."""
    best: dict[int, str] = {}
    for part, text in decoded:
        if part.alternative and text.strip():
            best[part.alternative] = min(best.get(part.alternative, part.content_type), part.content_type, key=_rank)
    return [
        (part, text) for part, text in decoded if best.get(part.alternative, part.content_type) == part.content_type
    ]


def _rank(content_type: str) -> int:
    return {"text/plain": 0, "text/html": 1}.get(content_type, 2)
