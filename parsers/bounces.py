"""Bounces: notices that a mail was not delivered, or not yet.

First RFC 3464 reports, then the texts of real servers (`parsers.bounce_notices`). A mail is only read as a notice if
its header says that a machine wrote it: a person who quotes or forwards a notice is a person. Pure, linear in the
size of the mail, never raises; where it is not sure that a delivery failed, and for whom, the answer is None.
Notices of success (RFC 3464 "delivered", "relayed", "expanded"), read receipts and complaint feedback are no bounces.
"""

import re

from parsers.bounce_notices import RULES, NamedRecipient, Notice, cut_notice
from parsers.bounce_signs import NOTICE_SUBJECT, report_type
from parsers.bounce_words import (
    ADDRESS_FAILED,
    MAIL_DELAYED,
    MAIL_DELIVERED,
    MAIL_FAILED,
    MESSAGE_FAILED,
)
from parsers.delivery_status import RecipientReport, find_status, read_delivery_status
from parsers.encoded_words import make_line, make_storable
from parsers.facts import Bounce, BouncedRecipient
from parsers.returned_mail import find_original_message_id, is_returned_mail, read_returned_mail
from parsers.robots import auto_submitted, find_addresses, has_null_return_path, is_mail_server, sender_address
from parsers.structure import Structure

_MAX_REASON_CHARACTERS = 500
_ANSWER_PREFIX = re.compile(
    r"\s*(?:re|aw|sv|vs|fwd?|fw|wg|tr|tl|ct|trả lời|chuyển tiếp|về việc|rv|enc)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE
)
_REPLY_CODE = re.compile(r"(?<![\d.#])(421|43[0-2]|45[0-5]|47[0-2]|50[0-4]|521|53[0-5]|55[0-7]|571)(?=[\s:;,-]|$)")
_TROUBLE = re.compile(r"fail|\bnot\b|n['’]t\b|unable|reject|unknown|error|delay|\b[45]\d\d |không|chưa", re.IGNORECASE)
_HAS_WORDS = re.compile(r"[^\W\d_]{2}")
_ORNAMENT = re.compile(r"[=~*#_-]{3,}")
_REJECTED_BY_RECEIPT = re.compile(r"automatically rejected", re.IGNORECASE)  # Sieve "reject" (RFC 5429 §2.2)


def read_bounce(structure: Structure, subject: str, text: str) -> Bounce | None:
    """The bounce that this mail, which may be one, is, or None.

    `subject` is decoded, `text` is the readable text of the mail. See `parsers.bounce_signs` for which may be one.
    """
    lines, quoted = cut_notice(text)
    words = " ".join(" ".join(lines).split())
    if not _is_notice(structure, subject, words):
        return None
    reports = read_delivery_status(structure)
    if reports:
        recipients = tuple(_from_report(one, words) for one in reports if not one.is_success)
        rule = "delivery-status"
    else:
        notice = _open_notice(structure, lines, quoted)
        is_delayed = MAIL_DELAYED.search(subject) is not None or MAIL_DELAYED.search(words) is not None
        rule, named = _name_recipients(notice)
        recipients = tuple(_from_words(one, words, is_delayed=is_delayed) for one in named)
    if not recipients:
        return None
    message_id = find_original_message_id(structure, text)
    return Bounce(recipients=recipients, original_message_id=message_id, rule=rule)


def _is_notice(structure: Structure, subject: str, words: str) -> bool:
    """Whether the header says that a mail server wrote this, and the text that a delivery failed."""
    report = report_type(structure)
    if report == "delivery-status":
        return True
    if report == "feedback-report":  # RFC 5965
        return False
    if report == "disposition-notification":  # RFC 8098: somebody has read it, except where a filter refused it
        return _REJECTED_BY_RECEIPT.search(words) is not None
    if MAIL_DELIVERED.search(words) and not _TROUBLE.search(words):
        return False
    says_so = MAIL_FAILED.search(words) is not None
    if is_mail_server(structure.headers) or "x-failed-recipients" in structure.headers:
        says_so = says_so or ADDRESS_FAILED.search(words) is not None or NOTICE_SUBJECT.search(subject) is not None
        return says_so or (has_null_return_path(structure.headers) and _has_returned_mail(structure))
    if NOTICE_SUBJECT.search(subject) is None:
        return False
    if has_null_return_path(structure.headers) or auto_submitted(structure.headers) != "no":
        return says_so or _has_delivery_status(structure)
    return _ANSWER_PREFIX.match(subject) is None and (
        _has_delivery_status(structure) or _returns_mail(structure, words)
    )


def _returns_mail(structure: Structure, words: str) -> bool:
    """Without any sign in the header: the text says that a mail failed, or the failed mail itself is there."""
    if MESSAGE_FAILED.search(words):
        return True
    return MAIL_FAILED.search(words) is not None and _has_returned_mail(structure)


def _has_returned_mail(structure: Structure) -> bool:
    return any(is_returned_mail(part) for part in structure.parts)


def _has_delivery_status(structure: Structure) -> bool:
    return any(part.content_type.endswith("delivery-status") and not part.within_mail for part in structure.parts)


def _open_notice(structure: Structure, lines: tuple[str, ...], quoted: str) -> Notice:
    headers = structure.headers
    reporter = sender_address(headers) or ""
    others = {reporter.lower()} | {one.lower() for one in find_addresses(headers.first("to") or "")}
    returned = read_returned_mail(structure) or quoted
    return Notice(headers=headers, lines=lines, returned=returned, reporter=reporter, others=frozenset(others))


def _name_recipients(notice: Notice) -> tuple[str, list[NamedRecipient]]:
    """The first rule that finds somebody, and whom it finds."""
    for rule, name_recipients in RULES:
        named = name_recipients(notice)
        if named:
            return rule, named
    return "", []


def _from_report(report: RecipientReport, words: str) -> BouncedRecipient:
    is_delayed = report.action.startswith("delay")
    return BouncedRecipient(
        email=make_storable(report.email),
        status=report.status,
        permanent=not is_delayed and _is_permanent(report.status, report.diagnostic),
        reason=_one_line(report.diagnostic if _HAS_WORDS.search(report.diagnostic) else words),
    )


def _from_words(named: NamedRecipient, words: str, *, is_delayed: bool) -> BouncedRecipient:
    status = next((one for one in (find_status(named.words), find_status(words)) if one and one[0] in "45"), None)
    is_lasting = status is not None and status.startswith("5")
    return BouncedRecipient(
        email=make_storable(named.email),
        status=status,
        permanent=_is_permanent(status, named.words) and (is_lasting or not is_delayed),
        reason=_one_line(named.words if _HAS_WORDS.search(named.words) else words),
    )


def _is_permanent(status: str | None, words: str) -> bool:
    """The class of the status code (RFC 3463 §3.1), else of the reply code (RFC 5321 §4.2.1), else for good."""
    if status and status[0] in "45":
        return status.startswith("5")
    code = _REPLY_CODE.search(words)
    return code is None or code[1].startswith("5")


def _one_line(words: str) -> str:
    folded = " ".join(make_line(_ORNAMENT.sub(" ", words)).split())
    return make_storable(folded)[:_MAX_REASON_CHARACTERS].strip()
