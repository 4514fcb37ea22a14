"""A report in words: tables for terminals and pages alike, and the plots of the page. Pure.

Nothing is left out where there are no figures: a table then says zero, so that the form is always the same. Only what a
company does not have, such as sellers, has no table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from responders.plots import bar_plot, line_plot
from responders.report_words import WORDS
from responders.tables import Part, Row
from responders.wording import Wording
from tickets.explanations import tell_money
from tickets.report import Report, Spread

DAYS_PLOTTED = 62  # of longer periods weeks are plotted
ROWS_SHOWN = 12  # of a table; what there is least of is left out
_INSTANT = timedelta(microseconds=1)


class ReportTelling:
    """Tells reports of one company in one language."""

    def __init__(self, company: str, wording: Wording) -> None:
        self._company = company
        self._say = wording
        self._words = WORDS[wording.language]

    def title(self) -> str:
        return self._words["title"].format(company=self._company)

    def period(self, report: Report) -> str:
        last = (report.until - _INSTANT).astimezone(self._say.zone)
        form = self._words["day"]
        return self._words["period"].format(
            since=report.since.astimezone(self._say.zone).strftime(form), until=last.strftime(form)
        )

    def made(self, report: Report) -> str:
        return self._words["made"].format(at=self._say.moment(report.made_at))

    def no_figures(self) -> str:
        return self._words["no_figures"]

    def parts(self, report: Report) -> Iterator[Part]:
        yield self._volume(report)
        yield self._times(report)
        yield self._promises(report)
        yield self._open(report)
        yield self._departments(report)
        yield self._counts("category", report.by_category, self._say.category, is_plotted=True)
        yield self._evidence(report)
        yield self._counts("outcomes", report.outcomes, self._say.outcome)
        yield self._satisfaction(report)
        yield from self._compensation(report)
        yield from self._sellers(report)
        yield self._counts("channel", report.by_channel, self._say.channel)
        yield self._counts("language", report.by_language, lambda key: self._words.get(str(key), str(key)))
        yield self._mails(report)

    def _volume(self, report: Report) -> Part:
        rows = [(self._words[key], self._number(value)) for key, value in (
            ("received", report.received), ("late", report.late), ("reopened", report.reopened))]  # fmt: skip
        return Part(title=self._words["volume"], head=(), rows=rows, plots=[lambda: self._plot_volume(report)])

    def _plot_volume(self, report: Report) -> str:
        days = _every(report.by_day, 1)
        per, key = (report.by_day, "received_per_day")
        if len(days) > DAYS_PLOTTED:
            days, per, key = _every(report.by_week, 7), report.by_week, "received_per_week"
        counts = [per.get(day, 0) for day in days]
        return line_plot(self._words[key], days, {self._words[key]: counts}, language=self._say.language)

    def _times(self, report: Report) -> Part:
        rows = [(self._words[key], *self._spread(one)) for key, one in (
            ("first_answer", report.first_answer), ("resolution", report.resolution))]  # fmt: skip
        return Part(title=self._words["times"], head=self._head("count", "median", "p90"), rows=rows)

    def _spread(self, one: Spread) -> Row:
        return self._number(one.count), self._hours(one.median_hours), self._hours(one.p90_hours)

    def _promises(self, report: Report) -> Part:
        shares = [(self._say.clock(one.clock), _share(one.kept, one.kept + one.broken)) for one in report.promises]
        rows = [
            (name, self._number(one.kept), self._number(one.broken), self._number(one.running), self._percent(share))
            for one, (name, share) in zip(report.promises, shares, strict=True)
        ]
        head = self._head("kept", "broken", "running", "kept_share")
        return Part(
            title=self._words["promises"], head=head, rows=rows, plots=[lambda: self._plot_shares("kept_share", shares)]
        )

    def _plot_shares(self, key: str, shares: Sequence[tuple[str, float | None]]) -> str:
        names = [name for name, _ in shares]
        values = [None if share is None else round(100 * share) for _, share in shares]
        return bar_plot(self._words[key], names, values, "%", language=self._say.language)

    def _open(self, report: Report) -> Part:
        counts = [(self._words[key], value) for key, value in report.open_by_age.items()]
        rows = [(name, self._number(value)) for name, value in counts]
        return Part(
            title=self._words["open_by_age"], head=(), rows=rows, plots=[lambda: self._plot_counts("open", counts)]
        )

    def _departments(self, report: Report) -> Part:
        rows = [
            (
                self._say.department(one.department) if one.department else self._words["no_department"],
                self._number(one.received),
                self._number(one.open),
                self._hours(one.first_answer.median_hours),
            )
            for one in report.departments
        ]
        return Part(title=self._words["departments"], head=self._head("count", "open", "median_answer"), rows=rows)

    def _counts(
        self, key: str, counted: Mapping[str, int], name: Callable[[object], str], *, is_plotted: bool = False
    ) -> Part:
        """Of how many tickets something is so; with the share of all."""
        total = sum(counted.values())
        counts = [(name(slug), count) for slug, count in counted.items()][:ROWS_SHOWN]
        rows = [(one, self._number(count), self._percent(_share(count, total))) for one, count in counts]
        plots = [lambda: self._plot_counts(key, counts)] if is_plotted else []
        return Part(title=self._words[key], head=self._head("count", "share"), rows=rows, plots=plots)

    def _plot_counts(self, key: str, counts: Sequence[tuple[str, int]]) -> str:
        names, values = [name for name, _ in counts], [count for _, count in counts]
        return bar_plot(self._words[key], names, values, language=self._say.language)

    def _evidence(self, report: Report) -> Part:
        shown = report.evidence[:ROWS_SHOWN]
        rows = [
            (
                self._say.slot(one.slot),
                self._number(one.asked),
                self._percent(_share(one.missing_at_first, one.asked)),
                self._percent(_share(one.never_came, one.asked)),
            )
            for one in shown
        ]
        shares = [(self._say.slot(one.slot), _share(one.missing_at_first, one.asked)) for one in shown]
        head = self._head("asked", "missing_at_first", "never_came")
        plots = [lambda: self._plot_shares("missing_at_first", shares)]
        return Part(title=self._words["evidence"], head=head, rows=rows, plots=plots)

    def _satisfaction(self, report: Report) -> Part:
        found = report.satisfaction
        share = self._percent(_share(found.answered, found.told))
        counts = [(self._words["score"].format(score=score), count) for score, count in found.scores.items()]
        rows = [
            (self._words["told"], self._number(found.told)),
            (self._words["answered"], f"{self._number(found.answered)} ({share})"),
            (self._words["mean"], self._say.value(found.mean) if found.mean is not None else "–"),
            *((name, self._number(count)) for name, count in counts),
        ]
        plots = [lambda: self._plot_counts("satisfaction", counts)] if found.answered else []
        return Part(title=self._words["satisfaction"], head=(), rows=rows, plots=plots)

    def _compensation(self, report: Report) -> Iterator[Part]:
        paid = report.compensation
        if paid.count:
            total = tell_money(paid.total, paid.currency, self._say.language)
            rows = [(self._words["paid_count"], self._number(paid.count)), (self._words["paid_total"], total)]
            yield Part(title=self._words["compensation"], head=(), rows=rows)

    def _sellers(self, report: Report) -> Iterator[Part]:
        if report.sellers:
            rows = [(one.name or one.email, self._number(one.count)) for one in report.sellers]
            yield Part(title=self._words["sellers"], head=self._head("count"), rows=rows)

    def _mails(self, report: Report) -> Part:
        mails = report.mails
        counts = {
            "mails_received": mails.received,
            "mails_automatic": mails.automatic,
            "mails_other": mails.other,
            "mails_failed": mails.failed,
            **mails.from_machines,
        }
        rows = [(self._words.get(key, key), self._number(count)) for key, count in counts.items()]
        return Part(title=self._words["mails"], head=(), rows=rows)

    def _head(self, *keys: str) -> Row:
        return tuple(self._words[key] for key in keys)

    def _number(self, value: int) -> str:
        return self._say.value(value)

    def _hours(self, value: float | None) -> str:
        return "–" if value is None else self._say.value(float(f"{value:.1f}"))

    def _percent(self, share: float | None) -> str:
        return "–" if share is None else f"{100 * share:.0f} %"


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


def _every(counted: Mapping[date, int], step: int) -> list[date]:
    """All days from the first to the last one, those without anything too."""
    if not counted:
        return []
    first, last = min(counted), max(counted)
    return [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]
