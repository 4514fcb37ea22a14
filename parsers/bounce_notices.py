"""The recipients that a notice of a mail server names, read from its text.

Mail servers word their notices in hundreds of ways, but name a failed recipient in few: in a header field, in RFC
3464 fields, behind a label, at the head of a line, in the SMTP dialogue, within a sentence, in the returned mail.
Each way is one rule; `RULES` lists them from the surest to the least sure, and the first that finds an address wins.
Pure, linear in the text, never raises; a notice that names nobody gives no recipient.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parsers.bounce_words import ADDRESS_FAILED, MAIL_FAILED, RETURNED_HEADER, RETURNED_MAIL_FOLLOWS
from parsers.delivery_status import read_report_fields
from parsers.headers import Headers
from parsers.robots import ADDRESS, find_addresses, is_robot_address, tidy_address

_MAX_CHARACTERS = 65_536  # a notice says whom it is about long before
_MAX_LINE_CHARACTERS = 1_000

_NOT_THE_RECIPIENT = re.compile(
    r"(?:(?<!generated )\bfrom|\bcontact|\bsender|reply-to|return-path|\bby|\bat|message-id|references|in-reply-to"
    r"|envelope-id|\bhelp|\bwrite to|send (?:e?mail )?to|(?:e-?mail|mail|visit|ask|via|notify|forward\w*(?: it)? to)"
    r"|original address|liên hệ|gửi từ|\bvon|\bde|absender|от|发件人|寄件者)[\s:<\"'(]*$",
    re.IGNORECASE,
)
_SPEAKS_OF_DELIVERY = re.compile(
    r"@|\bnot\b|transcript of", re.IGNORECASE
)  # "… did NOT receive a copy of your message"
_ASKS_TO_CONTACT = re.compile(
    r"\b(?:contact|contactez|assistance|questions|kontaktieren|contacte)\b|liên hệ|hỗ trợ|обратитесь|联系",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?:。]) +")
_LABELLED = re.compile(
    rf"(?P<label>[^@]{{2,200}}?)\s?[:=：]\s*[\[<\"'(]*(?:smtp:\s*)?(?P<email>{ADDRESS})", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:recipients?|recipient address|addressee|address(?:ed)?(?: to)?|unknown user|userid|user|error-for"
    r"|rcpt|undeliverable(?: to)?|delivered to|destinataires?|empfänger|destinatari\w*|người nhận|địa chỉ|получател\w+"
    r"|адрес\w*|收件人|地址|宛先|受信者|smtp)\s*(?:\(s\)|\(es\))?$",
    re.IGNORECASE,
)
_LISTED = re.compile(rf"[\s>*•·–—\"'<(\[|-]{{0,40}}(?:mailto:|smtp:)?(?P<email>{ADDRESS})(?P<rest>.*)", re.IGNORECASE)
_ENTRY_REST = re.compile(r"[>\"'\]]*(?: ?<[^>]*>)?(?:\s*$| ?[:(\[-]| ?\.\.\.| on \w{3},| {2}|\t)")
_DIALOGUE = re.compile(rf"rcpt\s+to\s*:?\s*[<\"']*(?P<email>{ADDRESS})", re.IGNORECASE)
_TO_FIELD = re.compile(r"[\s>*]*(?:to|an|đến|à|para|a)\s*:(?P<value>.*)", re.IGNORECASE)
_LOCAL_USER = re.compile(r"\s*\"?(?P<user>[\w.+-]{2,64})\"?(?:\s{2,}\S.*|\s*|\s+\(.*\))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A mail that seems to be a mail server's notice, its text cut where the returned mail begins."""

    headers: Headers
    lines: tuple[str, ...]  # what the server says
    returned: str  # the returned mail or its header, as far as it is there; may be empty
    reporter: str  # the server's own address; "" where it has none
    others: frozenset[str]  # addresses that did not fail, in lower case: the reporter, whom the notice is for


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedRecipient:
    """An address and what the notice says of it, on one line."""

    email: str
    words: str


def cut_notice(text: str) -> tuple[tuple[str, ...], str]:
    """The lines of the server's own words, and the text of the returned mail below them."""
    lines = [line[:_MAX_LINE_CHARACTERS] for line in text[:_MAX_CHARACTERS].splitlines()]
    for number, line in enumerate(lines):
        if RETURNED_HEADER.match(line) or _announces_returned_mail(line, has_words_above=number > 0):
            return tuple(lines[:number]), "\n".join(lines[number:])
    return tuple(lines), ""


def _announces_returned_mail(line: str, *, has_words_above: bool) -> bool:
    if not has_words_above or len(line) > 120 or _SPEAKS_OF_DELIVERY.search(line):
        return False
    return RETURNED_MAIL_FOLLOWS.search(line) is not None


def name_in_header(notice: Notice) -> list[NamedRecipient]:
    """X-Failed-Recipients of Exim and Gmail."""
    found = find_addresses(", ".join(notice.headers.all("x-failed-recipients")))
    return [NamedRecipient(email=one, words=_words_about(one, notice)) for one in found]


def name_in_report_fields(notice: Notice) -> list[NamedRecipient]:
    """RFC 3464 fields in the text itself, or in a part that is not declared as what it is."""
    if not any(line.lower().startswith(("final-recipient", "original-recipient")) for line in notice.lines):
        return []
    reports = read_report_fields("\n".join(notice.lines))
    return [
        NamedRecipient(email=one.email, words=f"{one.status or ''} {one.diagnostic}".strip())
        for one in reports
        if not one.is_success
    ]


def name_behind_label(notice: Notice) -> list[NamedRecipient]:
    """ "Unknown user: a@b.example" of SMTP32, "Recipient: [SMTP:…]" of MailEnable, "User's mailbox is full: <…>"."""
    return _collect(notice, _labelled_addresses(notice.lines))


def _labelled_addresses(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        match = _LABELLED.match(line)
        if match is None or _NOT_THE_RECIPIENT.search(match["label"]) or _DIALOGUE.search(line):
            continue
        label = match["label"].strip()
        if _LABEL.search(label) or MAIL_FAILED.search(label) or ADDRESS_FAILED.search(label):
            yield match["email"]


def name_at_head_of_line(notice: Notice) -> list[NamedRecipient]:
    """ "<a@b.example>:" of qmail and Postfix, "  a@b.example" of Exim, "* a@b.example", "> a@b.example" …"""
    return _collect(notice, _listed_addresses(notice.lines))


def _listed_addresses(lines: tuple[str, ...]) -> Iterator[str]:
    above = ""
    for line in lines:
        match = _LISTED.match(line)
        if match and not _NOT_THE_RECIPIENT.search(above[-80:]) and _is_entry(line, match["rest"], above):
            yield match["email"]
        above = line.strip()


def _is_entry(line: str, rest: str, above: str) -> bool:
    """Whether an address heads its line as an entry does, rather than where a sentence happens to be folded."""
    is_set_off = not above or above.endswith(":") or line.lstrip()[:1] in "<>*•["
    return is_set_off or _ENTRY_REST.match(rest) is not None


def name_in_dialogue(notice: Notice) -> list[NamedRecipient]:
    """RCPT TO in a transcript (old sendmail, InterScan, m-FILTER)."""
    return _collect(notice, (match["email"] for line in notice.lines for match in _DIALOGUE.finditer(line)))


def name_in_sentence(notice: Notice) -> list[NamedRecipient]:
    """ "Your message wasn't delivered to a@b.example because …"."""
    return _collect(notice, _addresses_in_sentences(notice.lines))


def _addresses_in_sentences(lines: tuple[str, ...]) -> Iterator[str]:
    above = ""
    for sentence in (one for paragraph in _paragraphs(lines) for one in _SENTENCE_END.split(paragraph)):
        context, above = f"{above} {sentence}", sentence
        if _ASKS_TO_CONTACT.search(sentence) or not (MAIL_FAILED.search(context) or ADDRESS_FAILED.search(context)):
            continue
        for match in re.finditer(ADDRESS, sentence):
            before = sentence[max(0, match.start() - 40) : match.start()]
            if not _NOT_THE_RECIPIENT.search(before):
                yield match[0]


def name_in_returned_mail(notice: Notice) -> list[NamedRecipient]:
    """Where the notice names nobody: whom the returned mail was for, as the notice or the returned mail shows it."""
    for lines in (notice.lines, notice.returned.splitlines()):
        fields = (_TO_FIELD.match(line) for line in lines)
        found = [one for match in fields if match for one in find_addresses(match["value"])]
        named = _collect(notice, iter(found))
        if named:
            return named
    return []


def name_local_user(notice: Notice) -> list[NamedRecipient]:
    """A user's name alone below "… the following recipients …:" belongs to the reporting server's domain (AOL)."""
    domain = notice.reporter.rpartition("@")[2]
    above = ""
    for line in notice.lines:
        match = _LOCAL_USER.fullmatch(line)
        if domain and match and above.endswith(":") and ":" not in line:
            return [NamedRecipient(email=f"{match['user']}@{domain}", words="")]
        above = line.strip() or above
    return []


RULES: tuple[tuple[str, Callable[[Notice], list[NamedRecipient]]], ...] = (
    ("failed-recipients-header", name_in_header),
    ("report-fields-in-text", name_in_report_fields),
    ("labelled-recipient", name_behind_label),
    ("listed-recipient", name_at_head_of_line),
    ("smtp-dialogue", name_in_dialogue),
    ("recipient-in-sentence", name_in_sentence),
    ("returned-mail", name_in_returned_mail),
    ("local-user", name_local_user),
)


def _collect(notice: Notice, addresses: Iterator[str]) -> list[NamedRecipient]:
    """Each address once, without the server's own and the one the notice was sent to."""
    found: dict[str, str] = {}
    for address in addresses:
        email = tidy_address(address)
        if email.lower() not in notice.others and not is_robot_address(email):
            found.setdefault(email.lower(), email)
    return [NamedRecipient(email=email, words=_words_about(email, notice)) for email in found.values()]


def _paragraphs(lines: tuple[str, ...]) -> list[str]:
    """Blocks between blank lines, each folded to one line."""
    text = "\n".join(line.strip() for line in lines)
    return [" ".join(block.split()) for block in re.split(r"\n{2,}", text) if block.strip()]


def _words_about(email: str, notice: Notice) -> str:
    """What stands behind the address in its paragraph, else the paragraph below it; else the one above it."""
    paragraphs = _paragraphs(notice.lines)
    needle = email.lower()
    for number, paragraph in enumerate(paragraphs):
        position = paragraph.lower().find(needle)
        if position >= 0:
            behind = paragraph[position + len(email) :].strip(" <>:;,.()[]\"'*-")
            below = _explanation(paragraphs[number + 1 :])
            return behind or below or paragraph[:position].strip(" <")
    return ""


def _explanation(paragraphs: list[str]) -> str:
    """The paragraph below an address, with the next one where it is a heading; none where the next address follows."""
    if not paragraphs or _LISTED.match(paragraphs[0]):
        return ""
    return " ".join(paragraphs[: 2 if paragraphs[0].rstrip(" =-").endswith(":") else 1])
