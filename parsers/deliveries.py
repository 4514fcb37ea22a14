"""The day the customer says the parcel came: "hôm qua mình nhận được hàng", "arrived on 15 Nov".

A day belongs to one verb: the one before it in its clause, else the one behind it. Only a day that belongs to an
arrival counts, and only if the clause does not deny it, wish for it, ask after it or quote somebody else. Late claims
depend on the answer, so everything ambiguous gives none: two arrivals on different days, an arrival without a certain
day, goods said elsewhere not to have come. Pure, never raises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, pairwise
from typing import Final

from parsers.accents import has_any
from parsers.delivery_words import (
    ANY_LENGTH,
    BREAKS,
    DECIDES,
    DECIDES_TOO,
    DENIED,
    EMPTY_WORDS,
    ENGLISH_QUESTION,
    FAILED,
    HEARSAY,
    JUST_NOW,
    MAY_ARRIVE,
    NOT_YET,
    ONLY_NOW,
    QUESTION,
    REPORTED,
    VERBS,
)
from parsers.facts import Delivered
from parsers.moments import Moment, find_common_days, find_moments

# Each alternative begins with one letter, which lets the search skip what begins none.
_SENTENCE_END: Final = re.compile(r"\n|![!;…]*|;[!;…]*|…[!;…]*|\?\?*|\.\.*(?=\s|$)")
_WORD: Final = re.compile(r"[^\W_]+")
_COMMAS: Final = re.compile(r",(?!\d)|[()]|\s-+\s")
_NEAR: Final = 80  # characters between a verb and its day
_LONGEST_SENTENCE: Final = 600  # characters; the rest of a longer one is a sentence of its own
_MOST_VERBS: Final = 20  # a sentence with more states nothing
_SUBJECT: Final = 16  # characters before "mới" that may be its subject


@dataclass(frozen=True, kw_only=True, slots=True)
class _Arrival:
    """One statement that the parcel came, or that it did not."""

    start: int
    end: int
    moment: Moment | None
    denied: bool = False

    @property
    def is_just_now(self) -> bool:
        """ "vừa nhận hàng", with an hour at most."""
        return not self.denied and not (self.moment and self.moment.says_day)


@dataclass(kw_only=True, slots=True, eq=False)
class _Verb:
    match: re.Match[str]
    moment: Moment | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clause:
    start: int
    end: int
    verbs: list[_Verb]
    moments: list[Moment]
    is_only_when: bool  # it says nothing but when


def find_delivered(text: str, view: str, written_on: date) -> Delivered | None:
    """What `text` says of the arrival; `view` is its `view_text`."""
    words = [word for word in MAY_ARRIVE if word in view]
    if not words:
        return None
    arrivals = [
        arrival
        for start, end in _split_sentences(view)
        if _may_count(view[start:end], words)
        for arrival in _read_sentence(view, start, end, written_on)
    ]
    if not arrivals or any(one.denied for one in arrivals):
        return None
    dated = [one for one in arrivals if not one.is_just_now]
    return _agree(text, dated, written_on) if dated else _take_just_now(text, arrivals[0], written_on)


def _may_count(sentence: str, words: list[str]) -> bool:
    """A cheap look that nearly every sentence fails: one of `words`, and something that decides."""
    if not has_any(sentence, words):
        return False
    return not DECIDES.isdisjoint(_WORD.findall(sentence)) or DECIDES_TOO.search(sentence) is not None


def _agree(text: str, arrivals: list[_Arrival], written_on: date) -> Delivered | None:
    """The one day on which all arrivals can have been."""
    days = arrivals[0].moment.days if arrivals[0].moment else None
    for one in arrivals[1:]:
        days = find_common_days(days, one.moment.days if one.moment else None)
    if days is None or days[1] > written_on:
        return None
    hours = {one.moment.hour for one in arrivals if one.moment and one.moment.hour}
    best = next((one for one in arrivals if one.moment and one.moment.hour), arrivals[0])
    return Delivered(on=days[1], at=hours.pop() if len(hours) == 1 else None, words=text[best.start : best.end])


def _take_just_now(text: str, arrival: _Arrival, written_on: date) -> Delivered:
    hour = arrival.moment.hour if arrival.moment else None
    return Delivered(on=written_on, at=hour, words=text[arrival.start : arrival.end])


def _split_sentences(view: str) -> Iterator[tuple[int, int]]:
    ends = [stop.end() for stop in _SENTENCE_END.finditer(view)]
    for start, end in pairwise((0, *ends, len(view))):
        for begin in range(start, end, _LONGEST_SENTENCE):
            yield begin, min(begin + _LONGEST_SENTENCE, end)


def _read_sentence(view: str, start: int, end: int, written_on: date) -> Iterator[_Arrival]:
    verbs = [_Verb(match=match) for match in VERBS.finditer(view, start, end) if match.lastgroup]
    if len(verbs) > _MOST_VERBS or all(verb.match["other"] for verb in verbs) or HEARSAY.search(view, start, end):
        return
    clauses = _split_clauses(view, start, end, verbs, find_moments(view, start, end, written_on))
    _give_moments(clauses)
    for clause in clauses:
        for verb in clause.verbs:
            arrival = _read_arrival(view, clause, verb)
            if arrival and not (arrival.is_just_now and ANY_LENGTH.search(view, start, end)):
                yield arrival


def _split_clauses(view: str, start: int, end: int, verbs: list[_Verb], moments: list[Moment]) -> list[_Clause]:
    taken = [verb.match.span() for verb in verbs] + [(one.start, one.end) for one in moments]
    breaks = chain(_COMMAS.finditer(view, start, end), BREAKS.finditer(view, start, end))
    cuts = [
        found.end() for found in breaks if all(found.end() <= first or last <= found.start() for first, last in taken)
    ]
    clauses: list[_Clause] = []
    for first, last in pairwise([start, *sorted(cuts), end]):
        clause = _Clause(
            start=first,
            end=last,
            verbs=[verb for verb in verbs if first <= verb.match.start() < last],
            moments=[one for one in moments if first <= one.start < last],
            is_only_when=False,
        )
        if not _is_empty(view, clause):
            clauses.append(clause)
        elif clauses and clauses[-1].is_only_when:
            clauses[-1].moments.extend(clause.moments)
        elif clause.moments:
            clauses.append(replace(clause, is_only_when=True))
    return clauses


def _give_moments(clauses: list[_Clause]) -> None:
    """Each moment to its verb."""
    for clause in clauses:
        if clause.verbs:
            for moment in clause.moments:
                _give_within(clause, moment)
    for at, clause in enumerate(clauses):
        if clause.is_only_when and len(clause.moments) == 1:
            before = clauses[at - 1].verbs[-1:] if at else []
            after = clauses[at + 1].verbs[:1] if at + 1 < len(clauses) else []
            undated = [verb for verb in (*before, *after) if verb.moment is None]
            if len(undated) == 1:
                undated[0].moment = clause.moments[0]


def _give_within(clause: _Clause, moment: Moment) -> None:
    before = [verb for verb in clause.verbs if verb.match.start() < moment.start]
    after = [verb for verb in clause.verbs if verb.match.start() >= moment.start]
    if before and before[-1].moment is None and moment.start - before[-1].match.end() <= _NEAR:
        before[-1].moment = moment
    elif after and after[0].moment is None and after[0].match.start() - moment.end <= _NEAR:
        after[0].moment = moment
    elif before and before[-1].moment and before[-1].moment.says_day and moment.says_day:
        days = find_common_days(before[-1].moment.days, moment.days)  # "hôm nay hay hôm qua"
        before[-1].moment = replace(before[-1].moment, days=days)


def _is_empty(view: str, clause: _Clause) -> bool:
    """Whether the clause says nothing, or nothing but when."""
    if clause.verbs:
        return False
    rest = view[clause.start : clause.end]
    for one in clause.moments:
        rest = rest.replace(view[one.start : one.end], " ")
    return not re.search(r"[^\W_]", EMPTY_WORDS.sub("", BREAKS.sub("", rest)))


def _read_arrival(view: str, clause: _Clause, verb: _Verb) -> _Arrival | None:
    start, end = verb.match.span()
    if not (verb.match["arrived"] or verb.match["arriving"]):
        return None
    denied = DENIED.search(view, clause.start, end) or FAILED.match(view, end + 1)
    if denied and not NOT_YET.search(view, clause.start, start):
        return _Arrival(start=start, end=end, moment=None, denied=True)
    if denied or verb.match["arriving"] or not _happened(view, clause, verb):
        return None
    if verb.moment and verb.moment.says_day:
        return _Arrival(start=min(start, verb.moment.start), end=max(end, verb.moment.end), moment=verb.moment)
    return _read_just_now(view, clause, verb)


def _happened(view: str, clause: _Clause, verb: _Verb) -> bool:
    """Whether the customer states the arrival himself."""
    before, end = view[clause.start : verb.match.start()], clause.end
    if NOT_YET.search(before) or REPORTED.search(view[clause.start : verb.match.start()]):
        return False
    is_question = view[verb.match.end() : end].rstrip().endswith("?")
    if is_question and ENGLISH_QUESTION.match(before):
        return False
    return not QUESTION.search(view[verb.match.end() : end])


def _read_just_now(view: str, clause: _Clause, verb: _Verb) -> _Arrival | None:
    """ "vừa nhận hàng", "em mới nhận hàng lúc 9h sáng"."""
    start, end = verb.match.span()
    before = view[max(clause.start, start - _SUBJECT) : start].rstrip()
    found = _find_at_end(JUST_NOW, before) or _find_at_end(ONLY_NOW, before)
    if not found or len(JUST_NOW.findall(view, clause.start, clause.end)) > 1 or clause.moments[1:]:
        return None
    if any(other.match["other"] for other in clause.verbs):
        return None
    begin = max(clause.start, start - _SUBJECT) + found.start()
    return _Arrival(start=begin, end=max(end, verb.moment.end) if verb.moment else end, moment=verb.moment)


def _find_at_end(pattern: re.Pattern[str], before: str) -> re.Match[str] | None:
    return next((one for one in pattern.finditer(before) if one.end() == len(before)), None)
