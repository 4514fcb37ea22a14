"""The file of a case: everything about it in one archive, for whoever was not there, such as an authority.

A summary as PDF, the mails byte for byte as they came and went, what was attached to them, the papers that were handed
out, the history, and what the database knows, as JSON. What is made for people outside the company is without what
only staff may see: what they say among themselves, and their mails to and from the program, whose reply addresses speak
in their names. A file that is not kept any more is named in the summary, and stops nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.assembly import make_desk
from intake.cases.archives import Archive
from intake.cases.file_names import make_file_name
from intake.settings.config import Config
from responders.case_summary import EnclosedFile, case_summary
from responders.documents import Letterhead
from responders.paper_names import names_of
from responders.paper_words import Language
from responders.wording import Wording
from store.blobs import Blobs
from store.case_files import CaseFiles, KeptRecord
from store.database import Database
from store.reading import KeptFile, KeptMail, Reading
from store.spool import Spool
from tickets.policy import Policy

SUMMARIES: Mapping[Language, str] = {"vi": "tom-tat.pdf", "en": "summary.pdf"}
# What staff say among themselves: notes, proposals and why they were rejected, whom they told of what, and suspicions.
_INTERNAL_EVENTS = frozenset(
    ("noted", "lesson", "called", "department-told", "rejected", "offer-withdrawn", "kept-inside",
     "files-too-large", "address-suspended", "address-released")
)  # fmt: skip

_STAFF = frozenset({"staff", "manager"})
_NOT_OF_THE_CASE = ("history", "related", "is_suspended")


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """Something that goes into the archive."""

    path: str
    content: bytes | Path | None  # None: it is known that it is not there


class CaseFile:
    """Puts the files of cases together."""

    def __init__(self, config: Config, policy: Policy, database: Database) -> None:
        self._config = config
        self._policy = policy
        self._reading = Reading(database, policy)
        data = config.service.data
        self._files = CaseFiles(database, self._reading, Spool(data / "spool"), Blobs(data / "blobs"))

    def find(self, number: str) -> Mapping[str, Any] | None:
        """The case as it is shown; None where there is none of that number."""
        return self._reading.show_ticket(number)

    def write(
        self, archive: Archive, case: Mapping[str, Any], *, language: Language, with_notes: bool, now: datetime,
        folder: str = "",
    ) -> list[str]:  # fmt: skip
        """Put it into the archive, below `folder` ("" or "x/"); the files that are not there any more.

        Raises StoreError, OSError.
        """
        mails, records = self._files.mails(case["number"]), self._files.records(case["number"])
        if not with_notes:
            outside = self._files.outsiders(case["number"])
            mails = [one for one in mails if is_for_outsiders(one, outside)]
            records = [one for one in records if one.people <= outside]
        told = _tell(case, {one.no for one in mails}, with_notes=with_notes)
        papers = frozenset(one["data"]["sha256"] for one in told["history"] if one["event"] == "paper-kept")
        enclosures = (*self._of_mails(mails, papers), *self._of_records(records))
        files, missing = _enclose_all(archive, enclosures, folder)
        case_itself = {name: value for name, value in told.items() if name not in _NOT_OF_THE_CASE}
        for path, value in (("ticket.json", case_itself), ("history.json", told["history"])):
            files.append(_without_folder(archive.add_json(folder + path, value), folder))
        head = self._letterhead(language)
        summary = case_summary(told, head=head, files=files, missing=missing, made_at=now)
        archive.add(folder + SUMMARIES[language], summary)
        return missing

    def write_part(self, archive: Archive, case: Mapping[str, Any], email: str, *, folder: str) -> list[str]:
        """Only what somebody wrote in the case, and what was written to him; the files that are not there any more."""
        mails = [one for one in self._files.mails(case["number"]) if one.email == email]
        return _enclose_all(archive, self._of_mails(mails, frozenset()), folder)[1]

    def _letterhead(self, language: Language) -> Letterhead:
        names = names_of(self._policy, make_desk(self._config, self._policy), language)
        wording = Wording(language=language, zone=self._policy.time.zone, names=names)
        return Letterhead(company=self._policy.name, lines=(self._config.service.address,), wording=wording)

    def _of_mails(self, mails: list[KeptMail], papers: Collection[str]) -> Iterator[Enclosure]:
        """The mails, and each of their attachments once."""
        for mail in mails:
            yield from self._raw(mail)
        files: dict[str, tuple[int, KeptFile]] = {}
        for mail in mails:
            for file in mail.files:
                files.setdefault(file.sha256, (mail.no, file))
        for count, (no, file) in enumerate(files.values(), start=1):
            place = "papers" if file.sha256 in papers else "evidence"
            name = make_file_name(file.name, f"{no:03}-{count:02}")
            yield Enclosure(path=f"{place}/{name}", content=self._files.path(file))

    def _of_records(self, records: list[KeptRecord]) -> Iterator[Enclosure]:
        for number, record in enumerate(records, start=1):
            path = f"automatic/{number:03}-{self._day(record.at)}-{record.kind}.eml"
            yield Enclosure(path=path, content=record.path)

    def _raw(self, mail: KeptMail) -> Iterator[Enclosure]:
        """The mail as it came or went; nothing where somebody called or came."""
        kind = make_file_name(mail.kind, "mail")
        path = f"mails/{mail.no:03}-{mail.direction}-{self._day(mail.at)}-{kind}.eml"
        if mail.direction == "out":
            yield Enclosure(path=path, content=mail.raw or None)
        elif place := self._files.raw_path(mail):
            yield Enclosure(path=path, content=place)

    def _day(self, at: datetime) -> str:
        return f"{at.astimezone(self._policy.time.zone):%Y-%m-%d}"


def _tell(case: Mapping[str, Any], mails: Collection[int], *, with_notes: bool) -> dict[str, Any]:
    """The case with these of its mails."""
    offer = case["offer"]
    return dict(case) | {
        "offer": offer if with_notes or (offer and offer["state"] != "proposed") else None,
        "mails": [one for one in case["mails"] if one["no"] in mails],
        "history": [one for one in case["history"] if with_notes or not _is_internal(one)],
    }


def _is_internal(happened: Mapping[str, Any]) -> bool:
    """Whether an entry of the history is for staff only. A proposal is, until it was sent."""
    is_proposal = happened["event"] == "offer-made" and happened["data"].get("state") == "proposed"
    return happened["event"] in _INTERNAL_EVENTS or is_proposal


def is_for_outsiders(mail: KeptMail, outside: set[str]) -> bool:
    """Whether somebody outside the company wrote it or was written to."""
    return mail.kind not in _STAFF if mail.direction == "in" else mail.email in outside


def _enclose_all(archive: Archive, wanted: Iterable[Enclosure], folder: str) -> tuple[list[EnclosedFile], list[str]]:
    """What was put in, by its path below the folder, and the paths of what is not there."""
    files: list[EnclosedFile] = []
    missing: list[str] = []
    for one in wanted:
        added = _enclose(archive, one, folder)
        if added is None:
            missing.append(one.path)
        else:
            files.append(_without_folder(added, folder))
    return files, missing


def _enclose(archive: Archive, one: Enclosure, folder: str) -> EnclosedFile | None:
    if isinstance(one.content, bytes):
        return archive.add(folder + one.path, one.content)
    return archive.add_file(folder + one.path, one.content) if one.content else None


def _without_folder(file: EnclosedFile, folder: str) -> EnclosedFile:
    path = file.path.removeprefix(folder)
    return EnclosedFile(path=path, size_bytes=file.size_bytes, sha256=file.sha256)
