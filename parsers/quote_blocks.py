"""Blocks of fields above a quote, as Outlook and telephones write them: "Từ: / Đã gửi: / Đến: / Chủ đề:".

A block counts only where its fields together prove it: people write "Từ:", "Ngày:" and "Đến:" of parcels too. Never
raises; a block is looked at for a bounded number of lines.
"""

import re

from parsers.quote_lines import Lines
from parsers.quote_words import FIELD_LABELS

MAX_BLOCK = 40  # lines: long lists of recipients fold
MAX_FOLDS = 3  # lines a field may go on for, where another field follows
MAX_LABEL_WORDS = 3
MAX_COLONS = 12  # of one line

_ROLES = {label.casefold(): role for role, labels in FIELD_LABELS.items() for label in labels}
_STRENGTHENED = " *_\t"  # bold in plain text: "*Từ:* Hakago"
_TIME = re.compile(r"\d{4}.*\d{1,2}:\d{2}")
_ADDRESS = re.compile(r"\S@\w")

Fields = dict[str, str]


def find_block(lines: Lines, start: int, *, titled: bool = False) -> int | None:
    """The line after the last field of the block that begins on `start`; None where none does.

    `titled`: a title such as "-----Original Message-----" stands above, so the fields need not prove anything.
    """
    fields: Fields = {}
    end, role, folded = start, "", [""]
    for index in range(start, min(start + MAX_BLOCK, len(lines.shown))):
        found = read_fields(lines.shown[index])
        if lines.quoted[index] or len(folded) > MAX_FOLDS or found.keys() & fields.keys() or not (found or fields):
            break
        if not found:
            folded += [lines.shown[index]] if lines.shown[index] else ["", ""]
            continue
        if fields:
            fields[role] += " ".join(folded)
        fields.update(found)
        end, role, folded = index + 1, next(reversed(found)), [""]
    return end if fields and (titled or _is_proof(fields)) else None


def may_have_block(lines: Lines) -> bool:
    """A cheap look that nearly every text fails: any line begins with the label of a field."""
    return any(map(read_fields, lines.shown))


def read_fields(line: str) -> Fields:
    """The fields on one line by role; more than one where a program put the whole block on it."""
    if ":" not in line[:40]:
        return {}
    first, *pieces = line.split(":", MAX_COLONS)
    role = _ROLES.get(_fold(first))
    if role is None:
        return {}
    fields: Fields = {role: ""}
    for number, piece in enumerate(pieces, 1):
        value, following = _split_label(piece) if number < len(pieces) else (piece, None)
        fields[role] += value
        if following and following not in fields:
            role = following
            fields[role] = ""
        elif number < len(pieces):
            fields[role] += ":"
    return fields


def _split_label(piece: str) -> tuple[str, str | None]:
    """A field's value and the role of the label that ends `piece`."""
    words = piece.split(" ")
    for count in range(min(MAX_LABEL_WORDS, len(words) - 1), 0, -1):
        if role := _ROLES.get(_fold(" ".join(words[-count:]))):
            return " ".join(words[:-count]), role
    return piece, None


def _fold(label: str) -> str:
    return " ".join(label.strip(_STRENGTHENED).casefold().split()) if len(label) <= 40 else ""


def _is_proof(fields: Fields) -> bool:
    """When it was sent, and enough of who sent what to whom."""
    when = fields.get("sent") or fields.get("date") or ""
    if not any(char.isdigit() for char in when):
        return False
    has_address = any(_ADDRESS.search(fields.get(role, "")) for role in ("from", "sender", "to", "recipient", "cc"))
    if "from" in fields:
        return has_address or "subject" in fields or ("sent" in fields and ("to" in fields or bool(_TIME.search(when))))
    if "sender" in fields or "recipient" in fields:
        return has_address and "subject" in fields
    return has_address and "to" in fields
