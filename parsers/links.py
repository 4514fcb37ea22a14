"""Web addresses in a mail: those a reader sees in the text and those behind the words of the HTML."""

import html
import re
from collections.abc import Iterable

from parsers.encoded_words import make_storable

_IN_TEXT = re.compile(r"https?://[^\s<>\"\u201c\u201d\u00ab\u00bb`{}|\\^]{1,2000}", re.IGNORECASE)
_IN_HTML = re.compile(r"\bhref\s{0,9}=\s{0,9}[\"']?\s{0,9}(https?:[^\s\"'<>]{1,2000})", re.IGNORECASE)
_CLOSING = {")": "(", "]": "["}


def find_links(texts: Iterable[str], pages: Iterable[str], limit: int) -> tuple[tuple[str, ...], bool]:
    """The http(s) addresses of `texts` and of the HTML `pages`, each once, in order; whether `limit` cut them."""
    found: dict[str, None] = {}
    for text in texts:
        if "://" in text:
            for link in _IN_TEXT.finditer(text):
                found[_trim(link[0])] = None
                if len(found) > limit:
                    return tuple(found)[:limit], True
    for page in pages:
        for link in _IN_HTML.finditer(page):
            found[make_storable(html.unescape(link[1]))] = None
            if len(found) > limit:
                return tuple(found)[:limit], True
    return tuple(found), False


def _trim(link: str) -> str:
    """Points and brackets that belong to the sentence around the link go."""
    while link and (link[-1] in ".,;:!?'*_…’" or link.count(link[-1]) > link.count(_CLOSING.get(link[-1], link[-1]))):
        link = link[:-1]
    return link
