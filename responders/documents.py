"""What is handed to a customer as PDF: the receipt of his complaint, and the minutes where it was settled on the spot.

Each is a pure function of the case, as `store.reading` shows it, and of what the caller says besides. Fields that a
case does not have are left out; whatever people wrote is set as text and breaks nothing. The same arguments give the
same bytes. `case_summary.py` makes the third document, for those who were not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responders.lettering import QUIET, SMALL, Marked, Signature
from responders.papers import Paper
from responders.wording import Wording

Case = Mapping[str, Any]
Field = tuple[str, str]

_MARKS = {"satisfied": "✓", "doubtful": "?", "missing": "✗"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who speaks in a document, and in which words."""

    company: str
    lines: tuple[str, ...] = ()  # address, telephone, whatever stands below the name
    wording: Wording


def receipt(case: Case, *, head: Letterhead, said: str, taken_by: str, made_at: datetime) -> bytes:
    """What a customer who came or called is handed: that his complaint was taken in, and what happens next.

    `said` are his words as written down, `taken_by` the name of the member of staff.
    """
    say = head.wording
    paper = open_document("receipt", case, head, made_at)
    paper.fields(_customer(case, say, taken_by))
    _tell_complaint(paper, case, say, said)
    paper.heading(say.label("next"))
    paper.checklist(Marked(mark="•", text=sentence) for sentence in _promises(case, say))
    paper.space(1)
    paper.paragraph(say.label("receipt_note", number=case["number"], company=head.company), QUIET)
    _sign(paper, case, say, say.label("sign_staff"), taken_by)
    return close_document(paper, say)


def minutes(case: Case, *, head: Letterhead, said: str, agreed: str, taken_by: str, made_at: datetime) -> bytes:
    """What both sides sign when a complaint is settled on the spot; `agreed` are the words they agreed on."""
    say = head.wording
    paper = open_document("minutes", case, head, made_at)
    start = say.label("minutes_start", at=say.moment(made_at), company=head.company, number=case["number"])
    paper.paragraph(start)
    paper.fields(_customer(case, say, taken_by))
    _tell_complaint(paper, case, say, said)
    paper.heading(say.label("outcome"))
    if case.get("outcome"):
        paper.fields([(say.label("settled_by"), say.outcome(case["outcome"]))])
    paper.paragraph(f"{say.label('agreed')}:")
    paper.quote(agreed)
    paper.paragraph(say.label("minutes_end"))
    _sign(paper, case, say, say.label("sign_company", company=head.company), taken_by)
    return close_document(paper, say)


def open_document(kind: str, case: Case, head: Letterhead, made_at: datetime) -> Paper:
    say = head.wording
    number = str(case["number"])
    paper = Paper(
        title=f"{say.label(kind)} {number}",
        author=head.company,
        language=say.language,
        footer=f"{head.company} · {number}",
        page=say.label_or("page"),
        made_at=made_at,
    )
    paper.letterhead(head.company, head.lines, say.label("motto").splitlines() if kind == "minutes" else ())
    made = say.label("made", at=say.moment(made_at))
    paper.title(say.label(kind), f"{say.label('case', number=number)} · {made}")
    return paper


def close_document(paper: Paper, say: Wording) -> bytes:
    if paper.has_boxes:
        paper.space(4)
        paper.paragraph(say.label("boxes"), SMALL)
    return paper.finish()


def _sign(paper: Paper, case: Case, say: Wording, title: str, name: str) -> None:
    hint = say.label("sign_hint")
    customer = Signature(title=say.label("sign_customer"), hint=hint, name=str(case.get("customer_name") or ""))
    paper.signatures([customer, Signature(title=title, hint=hint, name=name)])


def _customer(case: Case, say: Wording, taken_by: str) -> Iterator[Field]:
    yield say.label("received_at"), say.moment(case["received_at"])
    yield say.label("channel"), say.channel(case.get("channel") or "mail")
    yield say.label("customer"), say.value(case.get("customer_name"))
    yield from known_fields(case, say, "customer_code", "order_code", "phone")
    yield say.label("email"), say.value(case.get("customer_email"))
    yield say.label("category"), say.category(case.get("category"))
    yield say.label("taken_by"), taken_by


def known_fields(case: Case, say: Wording, *names: str) -> Iterator[Field]:
    """The fields that the case has a value for."""
    return ((say.label(name), say.value(case[name])) for name in names if case.get(name) not in (None, ""))


def _tell_complaint(paper: Paper, case: Case, say: Wording, said: str) -> None:
    paper.heading(say.label("said"))
    paper.quote(said.strip() or say.label("none"))
    if case.get("evidence"):
        paper.heading(say.label("evidence"))
        paper.checklist(checklist(case, say))


def checklist(case: Case, say: Wording) -> Iterator[Marked]:
    """One line for each slot, with what fills it."""
    filled = case.get("evidence_files") or ()
    for slot, status in case["evidence"].items():
        told = ", ".join(_filling(one, say) for one in filled if one["slot"] == slot)
        is_there = status == "satisfied" and told
        state = "" if is_there else f" – {say.status(status)}"
        yield Marked(mark=_MARKS.get(status, "?"), text=f"{say.slot(slot)}{': ' if told else ''}{told}{state}")


def _filling(one: Mapping[str, Any], say: Wording) -> str:
    return f"{one['what']} ({say.status('refused')})" if one["status"] == "refused" else str(one["what"])


def _promises(case: Case, say: Wording) -> Iterator[str]:
    """What will be done until when, soonest first; the acknowledgement is this very paper."""
    running = [clock for clock in case.get("clocks") or () if clock["state"] == "running"]
    told = [clock for clock in running if clock["name"] != "acknowledge"]
    for clock in told:
        yield say.label("until", what=say.clock(clock["name"]), at=say.moment(clock["due_at"]))
    if not told:
        yield say.label("no_promise")
    where = case.get("customer_email") or case.get("phone")
    if where:
        yield say.label("follow", where=where)
