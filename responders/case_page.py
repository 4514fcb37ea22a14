"""A case as staff read it on a terminal: everything that is known of it, in the language of the company.

A pure function of the case as `store.reading` shows it, like the papers.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from responders.case_summary import mail_heading, overview
from responders.documents import Case, Field, checklist
from responders.paper_events import tell_event
from responders.wording import Wording

_SHOWN_DELIVERIES = ("queued", "sent")  # others have an error to show


def tell_case(case: Case, say: Wording) -> Iterator[str]:
    """The lines of the page."""
    yield f"{case['number']}  {case['subject']}".rstrip()
    yield from _aligned([*overview(case, say), *_more(case, say)])
    yield from _block(say.label("deadlines"), _clocks(case, say))
    yield from _block(say.label("evidence"), _checklist(case, say))
    others = [one for one in case["parties"] if one["role"] != "customer"]
    yield from _block(
        say.label("parties"), (f"{say.role(one['role'])}: {say.person(one['email'], one['name'])}" for one in others)
    )
    yield from _block(say.label("related"), (_related(one, say) for one in case.get("related") or ()))
    yield from _block(say.label("automatic"), (_automatic(one, say) for one in case.get("automatic") or ()))
    yield from _block(say.label("mails"), (line for mail in case["mails"] for line in _mail(mail, say)))
    yield from _block(say.label("history"), (_event(event, say) for event in case["history"]))


def _aligned(fields: Iterable[Field]) -> Iterator[str]:
    shown = [(name, value) for name, value in fields if value]
    width = max(len(name) for name, _ in shown)
    return (f"  {name:{width}}  {value}" for name, value in shown)


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Nothing where there are no lines."""
    for number, line in enumerate(lines):
        if number == 0:
            yield from ("", title)
        yield f"  {line}".rstrip()


def _more(case: Case, say: Wording) -> Iterator[Field]:
    """What staff want to know besides what a summary says."""
    yield from ((say.label(name), ", ".join(map(say.slot, case.get(name) or ()))) for name in ("requested", "waived"))
    if case.get("is_suspended"):
        yield say.label("is_suspended"), case["customer_email"]


def _clocks(case: Case, say: Wording) -> Iterator[str]:
    for clock in case["clocks"]:
        due = f"{say.label('due_at').lower()} {say.short_moment(clock['due_at'])}"
        yield f"{say.clock(clock['name'])} ({clock['name']}): {say.clock_state(clock['state'])}, {due}"


def _checklist(case: Case, say: Wording) -> Iterator[str]:
    """With the keys by which commands name the slots."""
    for slot, one in zip(case["evidence"], checklist(case, say), strict=True):
        yield f"{one.mark} [{slot}] {one.text}"


def _related(one: Mapping[str, Any], say: Wording) -> str:
    return f"{one['number']} ({say.state(one['state'])}) {one['subject']}".rstrip()


def _automatic(one: Mapping[str, Any], say: Wording) -> str:
    return f"{say.short_moment(one['at'])}  {one['kind']}  {one['sender']}  {one['subject']}".rstrip()


def _mail(mail: Mapping[str, Any], say: Wording) -> Iterator[str]:
    yield mail_heading(mail, say)
    if mail["subject"]:
        yield f"    {say.label('mail_subject', subject=mail['subject'])}"
    found = (mail["facts"] or {}).get("from_body")
    if found:
        yield f"    {say.label('from_words', fields=', '.join(map(say.label_or, found)).lower())}"
    yield from (f"    {line}" for line in _delivery(mail.get("delivery"), say))
    if not _is_notice(mail):
        yield from (f"    | {line}".rstrip() for line in mail["text"].strip().splitlines())
    yield from (f"    + {_file(one, say)}" for one in mail["attachments"])
    yield ""


def _is_notice(mail: Mapping[str, Any]) -> bool:
    """Whether it told staff what this page says itself; by its template."""
    kind: str = mail["kind"]
    return mail["direction"] == "out" and kind.startswith("staff-") and kind != "staff-answer"


def _delivery(delivery: Mapping[str, Any] | None, say: Wording) -> Iterator[str]:
    if delivery is None:
        return
    if delivery["state"] in _SHOWN_DELIVERIES:
        yield say.label(f"delivery_{delivery['state']}")
    if delivery["error"]:
        yield say.label("undelivered", error=delivery["error"])


def _file(one: Mapping[str, Any], say: Wording) -> str:
    facts = f" – {say.value(one['evidence'])}" if one["evidence"] else ""
    return f"{one['name'] or say.label('no_name')} ({one['type']}, {say.size(one['size_bytes'])}, {one['kind']}){facts}"


def _event(event: Mapping[str, Any], say: Wording) -> str:
    at, who = say.short_moment(event["at"]), say.actor(event["actor"])
    return f"{at}  {who}: {tell_event(event['event'], event['data'], say)}"
