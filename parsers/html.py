"""HTML to text with inscriptis, so that a person, and the quote stripper, can read it.

Quoted answers keep their marks: `blockquote` becomes `> `. The address of a file on the net that stands behind words is
shown after them, as in "video <https://drive.google.com/…>". Never raises. Hostile pages cost bounded time: tables are
read as lines, for laying out columns multiplies their widths, and what lies beyond the limit of tags, or deeper than
the library goes, is read without layout and named "limit-html".
"""

import html
import re

from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from parsers.encoded_words import make_storable
from parsers.link_hosts import KEEPERS, file_host

_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])  # the other profile indents every div
_QUOTE_BEGINS, _QUOTE_ENDS = "\ue000", "\ue001"  # private use: no mail means anything by them
_MARKS = re.compile(f"[{_QUOTE_BEGINS}{_QUOTE_ENDS}]")
_NOT_FOR_XML = re.compile(f"[{_QUOTE_BEGINS}{_QUOTE_ENDS}\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 §2.2
_DEEPEST_QUOTE = 9
_TAG = re.compile(r"<[^<>]*>")
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^<>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(style|script|title)\b[^<>]*>(?:[^<]|<(?!/\1))*", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n(?:[ \t\xa0]*\n){2,}")
_INDENT = re.compile(r"border(?:-left)?:\s*(?:none|0|medium none)", re.IGNORECASE)
_LONGEST_ADDRESS = 2_000  # characters
_TOO_DEEP = "ERR_RESOURCE_LIMIT"


def html_to_text(page: str, *, most_tags: int) -> tuple[str, tuple[str, ...]]:
    """The text of `page`, and "limit-html" where some of it was read without layout."""
    laid_out, rest = _cut(_NOT_FOR_XML.sub("", page), most_tags)
    text = _lay_out(laid_out)
    if text is None:
        return _strip_tags(page), ("limit-html",)
    if rest:
        return f"{text}\n{_strip_tags(rest)}", ("limit-html",)
    return text, ()


def _cut(page: str, most_tags: int) -> tuple[str, str]:
    if page.count("<") <= most_tags:
        return page, ""
    cut = -1
    for _ in range(most_tags):
        cut = page.find("<", cut + 1)
    return page[:cut], page[cut:]


def _lay_out(page: str) -> str | None:
    """The page as inscriptis shows it; None where the library gave up on a part of it."""
    if not page.strip():
        return ""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):  # nothing that could be an element, as in an empty comment
        return ""
    if any(one.type_name == _TOO_DEEP for one in parser.error_log):
        return None
    try:
        _simplify(tree)
        text = Inscriptis(tree, _CONFIG).get_text()
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return _tidy(make_storable(text))  # entities may stand for combining characters


def _simplify(tree: HtmlElement) -> None:
    """Mark quotes, show addresses of files, and turn tables, which mails use for layout, into lines."""
    _show_addresses(tree)
    for element in list(tree.iter("blockquote", "table", "tbody", "thead", "tfoot", "tr", "td", "th")):
        if element.tag == "blockquote":
            _mark_quote(element)
        elif element.tag in ("td", "th"):
            element.tag = "span"
            element.tail = f"  {(element.tail or '').strip()}"
        else:
            element.tag = "div"
            element.attrib.clear()


def _show_addresses(tree: HtmlElement) -> None:
    """After the words; a link on a picture alone, as on that of a file in Google Drive, has another one beside it."""
    for element in list(tree.iter("a")):
        address = element.get("href", "").strip()
        if len(address) <= _LONGEST_ADDRESS and file_host(address) in KEEPERS:
            words = element.text_content()
            if words.strip() and address not in words:
                _add_at_end(element, f" <{address}>")


def _add_at_end(element: HtmlElement, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def _mark_quote(element: HtmlElement) -> None:
    """A blockquote quotes, unless mail programs made it for indenting: no frame, and not said to cite."""
    is_cite = element.get("type") == "cite" or "quote" in element.get("class", "")
    if not is_cite and _INDENT.search(element.get("style", "")):
        return
    element.text = _QUOTE_BEGINS + (element.text or "")
    _add_at_end(element, _QUOTE_ENDS)


def _tidy(text: str) -> str:
    """Quote prefixes for the marks, no blanks at the ends of lines, one empty line at most."""
    lines: list[str] = []
    depth = 0
    for line in _BLANK_LINES.sub("\n\n", text).split("\n"):
        begins, ends = line.count(_QUOTE_BEGINS), line.count(_QUOTE_ENDS)
        depth += begins
        words = _MARKS.sub("", line) if begins or ends else line
        if words.strip() or not (begins or ends):
            prefix = ">" * min(depth, _DEEPEST_QUOTE) + " " if depth > 0 else ""
            lines.append((prefix + (words.strip() if depth else words)).rstrip())
        depth = max(0, depth - ends)
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _strip_tags(page: str) -> str:
    text = html.unescape(_TAG.sub(" ", _LINE_TAG.sub("\n", _UNSEEN.sub(" ", page))))
    return make_storable("\n".join(" ".join(line.split()) for line in text.split("\n")))
