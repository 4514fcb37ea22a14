"""Which evidence a complaint needs, which of it a mail brings, and what is still missing."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.accents import fold
from parsers.facts import Attachment, MailFacts
from parsers.link_hosts import KEEPERS, file_host
from parsers.own_words import SMALLEST_INLINE_PHOTO_BYTES
from tickets.policy import Policy, Slot
from tickets.ticket import Evidence, EvidenceStatus, Ticket

WORDS_READ = 4_000  # characters of a mail that are looked at
WORDS_SHOWN = 80  # characters of the words that fill a slot


SPARE = "spare:"  # what fills no slot of the policy is kept under this and its kind
_CODES = ("customer_code", "order_code")  # of a ticket; slots that they fill say so by the same words
_WORD = re.compile(r"[a-z0-9]+")
_KINDS = ("document", "video", "photo")  # of files, in the order they are given to slots


@dataclass(frozen=True, kw_only=True, slots=True)
class _File:
    """An attachment that can be evidence."""

    name: str
    kind: str
    sha256: str | None
    message_no: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One line of the checklist."""

    slot: Slot
    status: EvidenceStatus
    what: tuple[str, ...]  # names of the files or words that fill it


def slots_of(ticket: Ticket, policy: Policy) -> tuple[Slot, ...]:
    """What is asked for: by the kind of complaint, and by staff, without what they waived. In the policy's order."""
    by_kind = policy.slots_for(ticket.category)
    if not ticket.requested and not ticket.waived:
        return by_kind
    wanted = ({slot.key for slot in by_kind} | set(ticket.requested)) - set(ticket.waived)
    return tuple(slot for slot in policy.slots if slot.key in wanted)


def make_checklist(ticket: Ticket, policy: Policy) -> tuple[Item, ...]:
    """What is asked for, with what came of it."""
    return tuple(
        Item(
            slot=slot,
            status=ticket.status_of(slot.key),
            what=tuple(one.what for one in ticket.evidence if one.slot == slot.key and one.status != "refused"),
        )
        for slot in slots_of(ticket, policy)
    )


def is_complete(ticket: Ticket, policy: Policy) -> bool:
    """Whether nothing that blocks is missing.

    Doubtful evidence is for staff to judge, the customer has done his part.
    """
    blocking = (slot for slot in slots_of(ticket, policy) if is_waited_for(slot, ticket))
    return all(ticket.status_of(slot.key) != "missing" for slot in blocking)


def is_waited_for(slot: Slot, ticket: Ticket) -> bool:
    """Whether the complaint waits for the slot. What staff asked for blocks, whatever the policy says of it."""
    return slot.blocks or slot.key in ticket.requested


def find_evidence(
    ticket: Ticket, policy: Policy, facts: MailFacts, issue: str | None, message_no: int
) -> list[Evidence]:
    """What this mail adds to the slots that are not satisfied yet."""
    wanted = [slot for slot in slots_of(ticket, policy) if ticket.status_of(slot.key) != "satisfied"]
    found: list[Evidence] = []
    for slot in wanted:
        words = _words_for(slot, ticket, facts, issue)
        if words and not _is_refused_code(slot, words, ticket):
            found.append(_evidence(slot, message_no, None, words))
    found += _fill(wanted, _list_files(facts.attachments, message_no))
    filled = {one.slot for one in (*found, *ticket.evidence) if one.status != "refused"}
    linked = [slot for slot in wanted if slot.filled_by == "video" and slot.key not in filled]
    return [*found, *_link_evidence(linked, facts, message_no)]


def find_spare(facts: MailFacts, found: Iterable[Evidence], message_no: int) -> list[Evidence]:
    """Files that fill no slot now: a kind of complaint that is found out later may ask for them."""
    used = {one.sha256 for one in found}
    spare = (one for one in _list_files(facts.attachments, message_no) if one.sha256 not in used)
    return [
        Evidence(slot=f"{SPARE}{one.kind}", status="satisfied", message_no=message_no, sha256=one.sha256, what=one.name)
        for one in spare
    ]


def use_spare(ticket: Ticket, policy: Policy) -> list[Evidence]:
    """What files that came before fill of the slots that are asked for now."""
    used = {one.sha256 for one in ticket.evidence if not one.slot.startswith(SPARE)}
    files = [
        _File(name=one.what, kind=one.slot.removeprefix(SPARE), sha256=one.sha256, message_no=one.message_no)
        for one in ticket.evidence
        if one.slot.startswith(SPARE) and one.sha256 not in used
    ]
    wanted = [slot for slot in slots_of(ticket, policy) if ticket.status_of(slot.key) != "satisfied"]
    return list(_fill(wanted, files))


def find_known_codes(ticket: Ticket, policy: Policy) -> list[Evidence]:
    """Codes that are known fill their slots, whoever said them; one that was corrected takes the place of the old."""
    known = {name: getattr(ticket, name) for name in _CODES}
    codes = ((slot, known.get(slot.filled_by)) for slot in slots_of(ticket, policy))
    return [
        _evidence(slot, ticket.messages, None, code)
        for slot, code in codes
        if code
        and code not in (one.what for one in ticket.evidence if one.slot == slot.key and one.status != "refused")
    ]


def _link_evidence(slots: Iterable[Slot], facts: MailFacts, message_no: int) -> Iterator[Evidence]:
    """A link to a file on the net may be the video. Nobody has looked, so it is doubtful; the customer has answered."""
    own = (link for link in facts.links if link in facts.reply_text)  # others stand in quotes and signatures
    host = next((host for link in own if (host := file_host(link)) in KEEPERS), None)
    for slot in slots:
        if host:
            yield Evidence(slot=slot.key, status="doubtful", message_no=message_no, sha256=None, what=host)


def _evidence(slot: Slot, message_no: int, sha256: str | None, what: str) -> Evidence:
    return Evidence(slot=slot.key, status="satisfied", message_no=message_no, sha256=sha256, what=what)


def wanted_codes(ticket: Ticket, policy: Policy) -> set[str]:
    """Which codes ("customer_code", "order_code") are not known, or were refused by staff and not corrected since."""
    known = {name: getattr(ticket, name) for name in _CODES}
    refused = {
        slot.filled_by
        for slot in slots_of(ticket, policy)
        if ticket.status_of(slot.key) == "missing" and _is_refused_code(slot, known.get(slot.filled_by) or "", ticket)
    }
    return refused | {name for name, code in known.items() if not code}


def _is_refused_code(slot: Slot, words: str, ticket: Ticket) -> bool:
    """A code that staff refused does not come back by being known."""
    refused = (one.what for one in ticket.evidence if one.slot == slot.key and one.status == "refused")
    return slot.filled_by in _CODES and words in refused


def _words_for(slot: Slot, ticket: Ticket, facts: MailFacts, issue: str | None) -> str:
    """The words of the mail that fill the slot; empty where there are none."""
    match slot.filled_by:
        case "customer_code":
            return ticket.customer_code or ""
        case "order_code":
            return ticket.order_code or ""
        case "missing_parts":
            return _shortened(", ".join(facts.statements.missing_parts))
        case "words":
            return _description(slot, facts.reply_text, issue)
        case _:
            return ""


def _description(slot: Slot, text: str, issue: str | None) -> str:
    said = " ".join([issue or "", *text[:WORDS_READ].split()]).strip()
    if slot.pattern:
        plain = fold(said)
        found = re.search(slot.pattern, plain)
        # `fold` keeps the number of characters, so the place is the same in both.
        return said[found.start() : found.end()][:WORDS_SHOWN] if found else ""
    return _shortened(said) if len(said.split()) >= slot.min_words else ""


def _shortened(said: str) -> str:
    """The first words, with an ellipsis where there are more."""
    if len(said) <= WORDS_SHOWN:
        return said
    return (said[:WORDS_SHOWN].rpartition(" ")[0] or said[:WORDS_SHOWN]) + "…"


def _list_files(attachments: Iterable[Attachment], message_no: int) -> list[_File]:
    return [
        _File(name=one.name or one.type, kind=one.kind, sha256=one.sha256, message_no=message_no)
        for one in attachments
        if one.kind in _KINDS and _can_be_evidence(one)
    ]


def _fill(wanted: Iterable[Slot], files: Sequence[_File]) -> Iterator[Evidence]:
    for slot, one in _assign(wanted, files):
        yield _evidence(slot, one.message_no, one.sha256, one.name)


def _assign(wanted: Iterable[Slot], files: Iterable[_File]) -> Iterator[tuple[Slot, _File]]:
    """Pair slots with files of their kind."""
    left = list(wanted)
    for kind in _KINDS:
        # A photo of an invoice does where a document is asked for; photos that were asked for as such come first.
        slots = [slot for slot in left if slot.filled_by == kind]
        slots += [slot for slot in left if slot.filled_by == "photo_or_document" and kind != "video"]
        fitting = [one for one in files if one.kind == kind]
        paired = list(_assign_kind(slots, fitting))
        yield from paired
        left = [slot for slot in left if slot not in [one for one, _ in paired]]


def _assign_kind(slots: Sequence[Slot], fitting: list[_File]) -> Iterator[tuple[Slot, _File]]:
    """First by hints in the names of files, then one for each slot in order; what is left goes to the first slot."""
    left = list(fitting)
    without: list[Slot] = []
    for slot in slots:
        hinted = [one for one in left if _is_hinted(slot, one)]
        yield from ((slot, one) for one in hinted)
        left = [one for one in left if one not in hinted]
        if not hinted:
            without.append(slot)
    for slot, one in zip(without, left, strict=False):
        yield slot, one
    if slots:
        for one in left[len(without) :]:
            yield slots[0], one


def _can_be_evidence(attachment: Attachment) -> bool:
    is_picture_in_text = attachment.inline and attachment.kind == "photo"
    return not is_picture_in_text or attachment.size_bytes >= SMALLEST_INLINE_PHOTO_BYTES


def _is_hinted(slot: Slot, file: _File) -> bool:
    return bool(slot.hints) and _compile_hints(slot.hints).search(_as_words(file.name)) is not None


@lru_cache(maxsize=256)
def _compile_hints(hints: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(_as_words, hints))})(?![a-z])")


def _as_words(name: str) -> str:
    """Without accents, the words parted by one blank: files are called "Ảnh_sản-phẩm (2).JPG"."""
    return " ".join(_WORD.findall(fold(name)))
