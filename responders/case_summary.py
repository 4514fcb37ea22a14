"""The summary of a case as PDF, for somebody who knows nothing of it, such as an authority.

Parties, evidence with its hashes, deadlines, the course of events in sentences, the beginning of every mail, and the
list of the files that go with it. A pure function of the case as `store.reading` shows it; fields that a case does not
have are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responders.documents import Case, Field, Letterhead, checklist, close_document, known_fields, open_document
from responders.lettering import QUIET, SMALL, Marked
from responders.paper_events import tell_event
from responders.papers import Paper
from responders.wording import Wording

MAIL_LINES = 40  # of each mail
_MAIL_CHARACTERS = 6_000


@dataclass(frozen=True, kw_only=True, slots=True)
class EnclosedFile:
    """A file that goes with the summary."""

    path: str  # within the archive
    size_bytes: int
    sha256: str


def case_summary(
    case: Case, *, head: Letterhead, files: Sequence[EnclosedFile], missing: Sequence[str] = (), made_at: datetime
) -> bytes:
    """The whole case for somebody who knows nothing of it, such as an authority.

    `files` is what goes with it, `missing` the paths of what would, and is not kept any more.
    """
    say = head.wording
    paper = open_document("summary", case, head, made_at)
    paper.heading(say.label("overview"))
    paper.fields(overview(case, say))
    _tell_parties(paper, case, say)
    _tell_deadlines(paper, case, say)
    paper.heading(say.label("evidence"))
    paper.checklist(checklist(case, say))
    _tell_files(paper, case, say)
    _tell_history(paper, case, say)
    _tell_mails(paper, case, say)
    _tell_contents(paper, say, files)
    if missing:
        paper.heading(say.label("not_kept"))
        paper.checklist(Marked(mark="•", text=path) for path in missing)
    return close_document(paper, say)


def overview(case: Case, say: Wording) -> Iterator[Field]:
    """The fields of a case that anybody wants to know first."""
    yield say.label("number"), str(case["number"])
    yield from known_fields(case, say, "subject")
    yield say.label("category"), say.category(case.get("category"))
    yield say.label("state"), say.state(case.get("state"))
    if case.get("outcome"):
        yield say.label("outcome"), say.outcome(case["outcome"])
    yield say.label("customer"), say.person(str(case.get("customer_email") or ""), str(case.get("customer_name") or ""))
    yield from known_fields(case, say, "customer_code", "order_code", "phone")
    yield say.label("channel"), say.channel(case.get("channel") or "mail")
    yield say.label("received_at"), say.moment(case["received_at"])
    yield say.label("late"), say.label("late_yes" if case.get("late") else "late_no")
    yield from known_fields(case, say, "delivered_at", "acknowledged_at", "answered_at", "resolved_at", "closed_at")
    yield from _responsible(case, say)
    yield from known_fields(case, say, "rounds", "satisfaction")
    yield from _agreed(case, say)


def _responsible(case: Case, say: Wording) -> Iterator[Field]:
    if case.get("department"):
        yield say.label("department"), say.department(case["department"])
    if case.get("owner"):
        yield say.label("owner"), say.person(case["owner"])


def _agreed(case: Case, say: Wording) -> Iterator[Field]:
    if case.get("flags"):
        yield say.label("flags"), say.flags(case["flags"])
    if case.get("figures"):
        yield say.label("figures"), say.figures(case["figures"])
    if case.get("offer"):
        yield say.label("offer"), say.offer(case["offer"])


def _tell_parties(paper: Paper, case: Case, say: Wording) -> None:
    rows = [[say.role(one["role"]), one["name"], one["email"]] for one in case.get("parties") or ()]
    columns = [(say.label("role"), 35.0), (say.label("name"), 60.0), (say.label("email"), 75.0)]
    _tell_table(paper, say, "parties", columns, rows)


def _tell_deadlines(paper: Paper, case: Case, say: Wording) -> None:
    rows = [
        [say.clock(clock["name"]), say.short_moment(clock["due_at"]), say.clock_state(clock["state"])]
        for clock in case.get("clocks") or ()
    ]
    columns = [(say.label("clock"), 90.0), (say.label("due_at"), 40.0), (say.label("state"), 40.0)]
    _tell_table(paper, say, "deadlines", columns, rows)


def _tell_files(paper: Paper, case: Case, say: Wording) -> None:
    """Each file that came with a mail: what it is, which slots it fills, what was found in it."""
    paper.heading(say.label("files"))
    filled = case.get("evidence_files") or ()
    items = [
        _file(attachment, mail["no"], filled, say)
        for mail in case.get("mails") or ()
        for attachment in mail.get("attachments") or ()
    ]
    paper.checklist(items)
    if not items:
        paper.paragraph(say.label("none"), QUIET)


def _file(one: Mapping[str, Any], message_no: int, filled: Sequence[Mapping[str, Any]], say: Wording) -> Marked:
    slots = [say.slot(piece["slot"]) for piece in filled if piece["sha256"] == one["sha256"]]
    facts = say.value(one["evidence"]) if one.get("evidence") else ""
    details = [
        say.label("message", no=message_no, type=one["type"], size=say.size(one["size_bytes"])),
        f"SHA-256 {one['sha256']}",
        say.label("fills", slots=", ".join(dict.fromkeys(slots))) if slots else "",
        facts,
    ]
    return Marked(mark="•", text=one["name"] or say.label("no_name"), details=[one for one in details if one])


def _tell_history(paper: Paper, case: Case, say: Wording) -> None:
    rows = [
        [say.short_moment(one["at"]), say.actor(one["actor"]), tell_event(one["event"], one["data"], say)]
        for one in case.get("history") or ()
    ]
    columns = [(say.label("at"), 31.0), (say.label("actor"), 44.0), (say.label("event"), 95.0)]
    _tell_table(paper, say, "history", columns, rows)


def _tell_mails(paper: Paper, case: Case, say: Wording) -> None:
    paper.heading(say.label("mails"))
    mails = case.get("mails") or ()
    for mail in mails:
        _tell_mail(paper, mail, say)
    if not mails:
        paper.paragraph(say.label("none"), QUIET)


def _tell_mail(paper: Paper, mail: Mapping[str, Any], say: Wording) -> None:
    text = mail["text"].strip("\n")
    shown = _beginning(text)
    paper.subheading(mail_heading(mail, say))
    if mail["subject"]:
        paper.paragraph(say.label("mail_subject", subject=mail["subject"]), SMALL)
    error = (mail.get("delivery") or {}).get("error")
    if error:
        paper.paragraph(say.label("undelivered", error=error), SMALL)
    paper.quote(shown or say.label("none"))
    if len(shown) < len(text):
        paper.paragraph(say.label("mail_cut"), SMALL)


def mail_heading(mail: Mapping[str, Any], say: Wording) -> str:
    """Who wrote to whom and when; what came by phone or at the counter is no mail."""
    channel = (mail.get("facts") or {}).get("channel")
    label = "said_in" if channel else f"mail_{mail['direction']}"
    person = say.person(mail["email"], mail["name"])
    return say.label(label, no=mail["no"], person=person, at=say.moment(mail["at"]), channel=say.channel(channel))


def _beginning(text: str) -> str:
    return "\n".join(text.split("\n")[:MAIL_LINES])[:_MAIL_CHARACTERS]


def _tell_contents(paper: Paper, say: Wording, files: Sequence[EnclosedFile]) -> None:
    rows = [[one.path, say.size(one.size_bytes), one.sha256] for one in files]
    columns = [(say.label("path"), 80.0), (say.label("size"), 22.0), ("SHA-256", 68.0)]
    _tell_table(paper, say, "contents", columns, rows)


def _tell_table(
    paper: Paper, say: Wording, name: str, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]
) -> None:
    paper.heading(say.label(name))
    if rows:
        paper.table(columns, rows)
    else:
        paper.paragraph(say.label("none"), QUIET)
