"""Delivery status notifications: what a mail server reports of each recipient in a form made for machines.

RFC 3464 (the fields), RFC 6522 (multipart/report), RFC 6533 (addresses in UTF-8), RFC 3461 §4 (xtext). Read
liberally: blank lines in odd places, comments behind codes, address types of other worlds. What cannot be read is
left out; nothing raises. A report that names no usable address gives no record, and the notice's text decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.robots import find_addresses
from parsers.structure import Structure

_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\.?\d)")
_FIELD = re.compile(r"([A-Za-z][\w-]{1,60})[ \t]*:[ \t]*(.*)")
_HEX_OF_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_HEX_OF_UTF8 = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_SUCCESS = ("delivered", "relayed", "expanded")
_OF_RECIPIENT = ("final-recipient", "original-recipient", "action", "status", "diagnostic-code")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientReport:
    """The fields of one recipient (RFC 3464 §2.3)."""

    email: str
    action: str  # the first word of Action, lower case: failed, delayed, delivered, relayed, expanded; may be empty
    status: str | None  # "5.1.1"
    diagnostic: str  # the remote server's words, without the type

    @property
    def is_success(self) -> bool:
        return self.action in _SUCCESS or (not self.action and (self.status or "").startswith("2."))


def read_delivery_status(structure: Structure) -> tuple[RecipientReport, ...]:
    """The reports of all delivery-status parts of the mail itself; those of a mail within it are not about this one."""
    reports: list[RecipientReport] = []
    for part in structure.parts:
        if part.content_type.endswith("delivery-status") and not part.within_mail:
            reports += read_report_fields(part.head.decode("utf-8", "replace"))
    return tuple(reports)


def read_report_fields(text: str) -> list[RecipientReport]:
    """The reports in a text made of RFC 3464 fields; one for each address, the first one counts."""
    found: dict[str, RecipientReport] = {}
    for fields in _recipients(text):
        email = _recipient_address(fields)
        if email:
            action = re.match(r"[a-z]*", fields.get("action", "").lower())
            report = RecipientReport(
                email=email,
                action=action[0] if action else "",
                status=find_status(fields.get("status", "")) or find_status(fields.get("diagnostic-code", "")),
                diagnostic=_diagnostic(fields),
            )
            found.setdefault(email.lower(), report)
    return list(found.values())


def find_status(text: str) -> str | None:
    """The first enhanced status code in a text (RFC 3463 §2)."""
    match = _STATUS.search(text)
    return match[1] if match else None


def _recipients(text: str) -> Iterator[dict[str, str]]:
    """The fields of each recipient. Blank lines part them, but are also found within one recipient's fields."""
    fields: dict[str, str] = {}
    for name, value in _fields(text):
        is_complete = not name and "action" in fields and "status" in fields and "final-recipient" in fields
        if is_complete or name in fields:
            yield fields
            fields = {}
        if name in _OF_RECIPIENT:
            fields[name] = value
    yield fields


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Unfolded fields, names in lower case; a blank line is a field without a name."""
    name, value = "", ""
    for line in text.splitlines():
        match = _FIELD.match(line)
        if match is None and line[:1] in (" ", "\t") and line.strip():
            value = f"{value} {line.strip()}"
            continue
        if name:
            yield name, value
        name, value = (match[1].lower(), match[2].strip()) if match else ("", "")
        if not line.strip():
            yield "", ""
    if name:
        yield name, value


def _recipient_address(fields: dict[str, str]) -> str | None:
    """RFC 3464 §2.3.2: the final recipient; the original one where the final one is no internet address."""
    candidates = [_address(fields.get(name, "")) for name in ("final-recipient", "original-recipient")]
    complete = [one for one in candidates if one and ("." in one.rpartition("@")[2] or one.endswith("]"))]
    return next(iter(complete + [one for one in candidates if one]), None)


def _address(value: str) -> str | None:
    """The address of "type; address"; X.400 and other worlds give None."""
    kind, separator, generic = value.partition(";")
    if not separator:
        kind, generic = "", value
    if kind.strip().lower() in ("x400", "x500", "fax"):
        return None
    generic = _HEX_OF_UTF8.sub(_character, generic)  # RFC 6533 §3
    if "@" not in generic:
        generic = _HEX_OF_XTEXT.sub(_character, generic)  # RFC 3461 §4
    found = find_addresses(generic)
    return found[-1] if found else None


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _diagnostic(fields: dict[str, str]) -> str:
    """Diagnostic-Code without its type, else what stands behind the code in Status (RFC 3464 §2.3.6)."""
    value = fields.get("diagnostic-code") or fields.get("status", "")
    kind, separator, words = value.partition(";")
    return " ".join((words if separator and re.fullmatch(r"[\w.\- ]{1,40}", kind) else value).split())
