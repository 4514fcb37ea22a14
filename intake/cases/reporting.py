"""Makes a report out of the memory, and puts it into the three forms that there are.

The page needs nothing else: its plots and its looks stand within it.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from responders.rendering import Templates
from responders.report_telling import ReportTelling
from responders.tables import tell_part
from store.database import Database
from store.statistics import open_statistics
from tickets.policy import Policy
from tickets.report import Report
from tickets.tally import Tally


def make_report(database: Database, policy: Policy, since: datetime, until: datetime, now: datetime) -> Report:
    """The figures of the tickets received from `since` until before `until`. Raises StoreError."""
    tally = Tally(policy)
    with open_statistics(database, since, until) as statistics:
        for one in statistics.tickets():
            tally.add(one)
        return Report(
            since=since,
            until=until,
            made_at=now,
            received=tally.received,
            by_day=dict(sorted(tally.by_day.items())),
            by_week=tally.by_week(),
            by_category=dict(tally.by_category.most_common()),
            by_channel=dict(tally.by_channel.most_common()),
            by_language=dict(tally.by_language.most_common()),
            departments=tally.departments(),
            first_answer=tally.first_answer(),
            resolution=tally.resolution(),
            promises=statistics.promises(now),
            evidence=tally.missing(statistics.slots()),
            late=tally.late,
            reopened=statistics.reopened(),
            satisfaction=tally.satisfaction(),
            outcomes=dict(tally.outcomes.most_common()),
            compensation=tally.paid(),
            sellers=statistics.sellers(),
            mails=statistics.mails(),
            open_by_age=statistics.open_by_age(now),
        )


def report_to_json(report: Report) -> dict[str, Any]:
    """What JSON can hold: times and days in ISO 8601, also where they are keys."""
    return {name: _plain(value) for name, value in asdict(report).items()}


def report_to_text(report: Report, telling: ReportTelling) -> Iterator[str]:
    """Lines for a terminal."""
    yield telling.title()
    yield telling.period(report)
    for part in telling.parts(report):
        yield from tell_part(part)


def report_to_page(report: Report, telling: ReportTelling, templates: Templates, language: str) -> str:
    """One HTML page. Raises BrokenTemplate."""
    parts = [
        {"title": part.title, "head": part.head, "rows": part.rows, "plots": [draw() for draw in part.plots]}
        for part in telling.parts(report)
    ]
    facts = {
        "language": language,
        "title": telling.title(),
        "period": telling.period(report),
        "made": telling.made(report),
        "no_figures": telling.no_figures(),
        "parts": parts,
    }
    return templates.page("report", language, facts)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.isoformat() if isinstance(key, date) else str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
