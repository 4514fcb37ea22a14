"""What was understood of one mail, as a page for a terminal: what it says, and by which rule.

Whatever a stranger wrote is stripped of control characters first, so that no mail can steer the terminal it is shown
on. Long texts are shortened; `--json` has all of it. Never raises.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator

from parsers.defects import DEFECTS
from parsers.facts import Address, Attachment, Bounce, CutLines, MailFacts, Statements, SubjectFacts
from parsers.link_hosts import file_host

_LABEL = 17  # characters
_NARROWEST = 40
_TEXT_LINES = 15
_CUT_LINES = 3
_MOST = 20  # links, references
_LANGUAGES = {"vi": "Vietnamese", "en": "English"}
# C0 and C1 controls, and what turns the direction of writing (UAX #9), but for tabs and line ends.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def write_page(mail: MailFacts, subject: SubjectFacts, file: str, width: int) -> Iterator[str]:
    """The lines of the page; `width` is that of the terminal, in characters."""
    page = _Page(max(width, _NARROWEST))
    yield from page.block(file, [*_head(mail), *_subject(subject), *_kind(mail)])
    yield from _text(page, mail)
    yield from page.block("cut off, no words of the writer's", _cuts(mail)) if mail.cuts else ()
    yield from page.block("bounce", _bounce(mail.bounce)) if mail.bounce else ()
    yield from page.block("attachments", _attachments(mail.attachments))
    yield from page.block("links", _links(mail.links))
    yield from page.block("statements", _statements(mail.statements))
    yield from page.block("defects", [(name, DEFECTS[name]) for name in mail.defects])
    yield ""


_Field = tuple[str, str]  # what it is called, what it says


class _Page:
    def __init__(self, width: int) -> None:
        self._width = width

    def block(self, title: str, fields: Iterable[_Field]) -> Iterator[str]:
        """A title and what stands below it; nothing at all without fields."""
        lines = [line for label, value in fields for line in self._field(_plain(label), _plain(value))]
        if lines:
            yield from (_plain(title), *lines)

    def _field(self, label: str, value: str) -> Iterator[str]:
        room = self._width - _LABEL - 3
        first, *others = textwrap.wrap(value, room, break_on_hyphens=False) or [""]
        if len(label) > _LABEL:
            yield f"  {label}"
            label = ""
        yield f"  {label:{_LABEL}} {first}".rstrip()
        yield from (f"  {'':{_LABEL}} {line}" for line in others)

    def quote(self, lines: list[str], most: int) -> Iterator[str]:
        """The first of `lines`, and how many more there are."""
        for line in lines[:most]:
            yield f"  │ {_shorten(_plain(line), self._width - 4)}".rstrip()
        if len(lines) > most:
            yield f"  │ … and {_count(len(lines) - most, 'line')} more"


def _plain(text: str) -> str:
    return _STEERING.sub("\ufffd", text).expandtabs(4)


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _head(mail: MailFacts) -> Iterator[_Field]:
    yield "from", _address(mail.sender) if mail.sender else "nobody: there is no From with an address"
    for label, addresses in (("to", mail.to), ("cc", mail.cc), ("reply to", mail.reply_to)):
        if addresses:
            yield label, ", ".join(map(_address, addresses))
    yield "date", mail.date.isoformat(" ") if mail.date else "none that can be read"
    yield "message-id", mail.message_id or "none"
    answered = tuple(dict.fromkeys(filter(None, (mail.in_reply_to, *reversed(mail.references)))))
    if answered:
        yield "answers", ", ".join(answered[:_MOST])


def _address(one: Address) -> str:
    return f"{one.name} <{one.email}>" if one.name else one.email


def _subject(subject: SubjectFacts) -> Iterator[_Field]:
    yield "subject", subject.subject or "none"
    prefixes = " and ".join(
        name for name, is_there in (("reply", subject.reply), ("forward", subject.forward)) if is_there
    )
    yield from ((f"  {name}", value) for name, value in (("prefix", prefixes), ("ticket", subject.ticket)) if value)
    for name, field, value in (
        ("customer", "customer_code", subject.customer_code),
        ("order", "order_code", subject.order_code),
    ):
        place = "body, after a word that names it" if field in subject.from_body else "subject"
        yield f"  {name}", f"{value}, from the {place}" if value else "none found"
    words = "words of the body" if "category" in subject.from_body else f"the words “{subject.issue}”"
    is_told = subject.category != "other"
    yield "  kind", f"{subject.category}, by {words}" if is_told else "other: no words of a kind that the policy lists"


def _kind(mail: MailFacts) -> Iterator[_Field]:
    language = _LANGUAGES.get(mail.language, "neither Vietnamese nor English, or too little to tell")
    yield "language", f"{mail.language}: {language}" if mail.language not in _LANGUAGES else language
    if mail.automatic:
        yield "automatic", f"{mail.automatic.kind}, by the rule “{mail.automatic.rule}”: it is not answered"
    else:
        yield "automatic", "no: it is no bounce, and no rule says that a machine wrote it"


def _text(page: _Page, mail: MailFacts) -> Iterator[str]:
    lines = mail.reply_text.strip("\n").split("\n") if mail.reply_text.strip() else []
    size = f"{_count(len(lines), 'line')}, {_count(len(mail.reply_text), 'character')}" if lines else "none"
    yield f"text ({size})"
    yield from page.quote(lines, _TEXT_LINES)


def _cuts(mail: MailFacts) -> Iterator[_Field]:
    lines = mail.text.split("\n")
    for cut in mail.cuts:
        yield cut.rule, _describe_cut(cut, lines)


def _describe_cut(cut: CutLines, lines: list[str]) -> str:
    filled = [line.strip() for line in lines[cut.start : cut.end] if line.strip()]
    shown = " / ".join(_shorten(line, 60) for line in filled[:_CUT_LINES])
    more = f" / … {_count(len(filled) - _CUT_LINES, 'line')} more" if len(filled) > _CUT_LINES else ""
    where = f"lines {cut.start + 1}–{cut.end}" if cut.end - cut.start > 1 else f"line {cut.end}"
    return f"{where}: {shown}{more}"


def _bounce(bounce: Bounce) -> Iterator[_Field]:
    yield "rule", bounce.rule
    yield "of the mail", bounce.original_message_id or "not said"
    for one in bounce.recipients:
        status = f", status {one.status}" if one.status else ""
        yield "not reached", f"{one.email}, {'for good' if one.permanent else 'for now'}{status}: {one.reason}"


def _attachments(attachments: tuple[Attachment, ...]) -> Iterator[_Field]:
    for one in attachments:
        declared = "as declared" if one.type == one.declared_type else f"declared as {one.declared_type}"
        inline = ", within the text" if one.inline else ""
        yield one.kind, f"{one.name or '(no name)'}: {one.type}, {declared}, {_count(one.size_bytes, 'byte')}{inline}"
        yield "", f"sha256 {one.sha256}"
        yield from (("", f"{name}: {value}") for name, value in one.evidence.items())


def _links(links: tuple[str, ...]) -> Iterator[_Field]:
    for link in links[:_MOST]:
        yield file_host(link) or "web", _shorten(link, 200)
    if len(links) > _MOST:
        yield "", f"… and {len(links) - _MOST} more"


def _statements(said: Statements) -> Iterator[_Field]:
    if said.delivered:
        at = f" at {said.delivered.at:%H:%M}" if said.delivered.at else ""
        yield "delivered", f"{said.delivered.on}{at}, by “{said.delivered.words}”"
    if said.missing_parts:
        yield "missing parts", ", ".join(f"“{one}”" for one in said.missing_parts)
    for request, words in zip(said.requests, said.request_words, strict=False):
        yield "asks for", f"{request}, by “{words}”"
    if said.phones:
        yield "telephone", ", ".join(said.phones)
    if said.product_codes:
        yield "product codes", ", ".join(said.product_codes)
