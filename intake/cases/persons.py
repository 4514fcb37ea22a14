"""What is held on a person, by address: given to him as an archive, or deleted.

His own cases are given whole; of cases of others only what he wrote and what was written to him. Deletion is one
transaction and changes nothing where it is refused; afterwards the database file is written anew, so that no deleted
page holds a name, and the record of it says how much was deleted, not whose.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from intake.cases.archives import Archive
from intake.cases.case_file import CaseFile
from intake.cases.retention import disused_files
from intake.settings.config import Config
from parsers.facts import mail_to_json
from parsers.message import parse_message
from responders.paper_words import Language
from store.database import Database
from store.person_erasing import ErasedPerson, PersonErasing
from store.persons import Held, find_held
from store.scrubbing import find_address
from store.spool import Spool
from tickets.policy import Policy

_CHUNK_BYTES = 1024 * 1024


class NotErased(Exception):
    """Something stands against it; `reasons` are lines for the admin, what can be done about it included."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What became of a deletion."""

    person: ErasedPerson
    is_compact: bool  # nothing of it is left in free pages and logs of the database


class Persons:
    """Works on the persons of one installation."""

    def __init__(self, config: Config, policy: Policy, database: Database, now: Callable[[], datetime]) -> None:
        self._config = config
        self._policy = policy
        self._database = database
        self._now = now
        self._spool = Spool(config.service.data / "spool")
        self._cases = CaseFile(config, policy, database)

    def find(self, address: str) -> Held:
        """What is held on an address."""
        return find_held(self._database, address.lower())

    # To give.

    def write(self, archive: Archive, held: Held, *, language: Language, with_notes: bool) -> list[str]:
        """Put everything into the archive; the files that are not there any more. Raises StoreError, OSError."""
        missing: list[str] = []
        messages: list[dict[str, Any]] = []
        for one in held.cases:
            case = self._cases.find(one.number)
            assert case is not None, "it was found a moment ago"
            folder = f"tickets/{one.number}/"
            if one.part == "customer":
                options: dict[str, Any] = {"language": language, "with_notes": with_notes}
                lost = self._cases.write(archive, case, now=self._now(), folder=folder, **options)
            else:
                lost = self._cases.write_part(archive, case, held.address, folder=folder)
                messages += [{"ticket": one.number, **mail} for mail in case["mails"] if mail["email"] == held.address]
            missing += [folder + path for path in lost]
        missing += self._write_records(archive, held)
        archive.add_json("person.json", self._tell(held, messages, with_notes=with_notes))
        return missing

    def _write_records(self, archive: Archive, held: Held) -> list[str]:
        """Raw mails that belong to no case of his."""
        paths = {f"{one.what}/{one.mail_id}.eml": self._spool.place(one.sha256) for one in held.records}
        return [path for path, place in paths.items() if archive.add_file(path, place) is None]

    def _tell(self, held: Held, messages: list[dict[str, Any]], *, with_notes: bool) -> dict[str, Any]:
        suspension = {"at": self._in_zone(held.suspended_at), "reason": held.suspended_why if with_notes else None}
        return {
            "address": held.address,
            "made_at": self._in_zone(self._now()),
            "tickets": [{"number": one.number, "part": one.part} for one in held.cases],
            "messages": messages,
            "records": [
                {"what": one.what, "why": one.why, "at": self._in_zone(one.at), "subject": one.subject,
                 "file": f"{one.what}/{one.mail_id}.eml"}
                for one in held.records
            ],
            "suspension": suspension if held.suspended_at else None,
        }  # fmt: skip

    def _in_zone(self, at: datetime | None) -> str | None:
        return at.astimezone(self._policy.time.zone).isoformat(timespec="seconds") if at else None

    # To delete.

    def why_not(self, held: Held) -> list[str]:
        """What stands against deleting it: one line each."""
        return list(self._why_not(held))

    def _why_not(self, held: Held) -> Iterator[str]:
        for one in held.cases:
            if one.state != "closed" and one.outcome not in self._policy.retention.keep_outcomes:
                yield f"{one.number} is not closed ({one.state}): close it first, or say --force"
        if any(one.what == "waiting" for one in held.records):
            yield "a mail of his waits to be taken in: try again when it is, or say --force"
        if held.suspended_at:
            yield "the address is suspended: release it first, or say --force, which releases it too"

    def kept(self, held: Held) -> list[str]:
        """Cases that the policy keeps whatever happens."""
        return [one.number for one in held.cases if one.outcome in self._policy.retention.keep_outcomes]

    def erase(self, address: str, *, by: str, is_forced: bool) -> Erased:
        """Delete it; `by` is a command. Raises NotErased, StoreError, OSError."""
        if self._config.staff_member(address):
            raise NotErased([f"{address} is staff in the config: take it out there first"])

        def check(held: Held) -> None:
            reasons = self.why_not(held)
            if reasons and not is_forced:
                raise NotErased(reasons)

        files = disused_files(self._config, self._database)
        erasing = PersonErasing(self._database, self._spool, files, is_named=is_named, attached=find_attached)
        person = erasing.erase(
            address.lower(),
            keep_outcomes=self._policy.retention.keep_outcomes,
            check=check,
            by=by,
            now=self._now(),
            wall=time.time,
        )
        return Erased(person=person, is_compact=self._database.compact())


def find_attached(raw: BinaryIO) -> set[str]:
    """SHA-256 of everything that is attached to a raw mail."""
    return {one.sha256 for one in parse_message(raw).attachments}


def is_named(address: str, raw: BinaryIO) -> bool:
    """Whether a raw mail names the address: in its bytes, or in what they decode to."""
    if _stands_in_bytes(address, raw):
        return True
    raw.seek(0)
    pattern = find_address(address)
    return any(pattern.search(text) for text in _texts(mail_to_json(parse_message(raw), "")))


def _stands_in_bytes(address: str, raw: BinaryIO) -> bool:
    pattern = re.compile(find_address(address).pattern.encode(), re.IGNORECASE)
    tail = b""
    while chunk := raw.read(_CHUNK_BYTES):
        if pattern.search(tail + chunk):
            return True
        tail = chunk[-len(address.encode()) - 1 :]
    return False


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for one in value.values() for text in _texts(one))
        case list():
            yield from (text for one in value for text in _texts(one))
