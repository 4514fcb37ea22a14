"""What the customer says after the outcome: a judgement, disagreement, thanks, or words that open it again. Pure."""

import re
from datetime import datetime

from parsers.agreements import read_agreement
from parsers.plain_answers import is_thanks
from parsers.satisfaction import Satisfaction, read_satisfaction
from tickets.course import Course
from tickets.effects import Note, RecordSatisfaction
from tickets.incoming import IncomingMail
from tickets.ticket import Evidence, Ticket
from tickets.turns import disagree, evidence_event, reopen, tell_words


def hear_afterwards(course: Course, mail: IncomingMail, before: Ticket, evidence: list[Evidence]) -> None:
    """After the outcome: a judgement, disagreement, or words that open the case again."""
    judged = _judgement(course, mail, evidence)
    is_too_late = before.closed_at is not None and not _may_reopen(course, before.closed_at)
    if judged is not None:
        _hear_judgement(course, judged, is_too_late=is_too_late)
    elif before.state == "resolved" and read_agreement(mail.facts.reply_text) is False:
        disagree(course, "the customer did not agree")
        tell_words(course, "staff-disagreed")
    elif not evidence and _takes_it(course, mail):
        tell_words(course)  # nothing is taken up again
    elif is_too_late:
        _stay_closed(course)
    else:
        _reopen(course, evidence, was_closed=before.is_closed)


def _takes_it(course: Course, mail: IncomingMail) -> bool:
    """Whether the customer takes the outcome, or thanks for it."""
    text = _without_our_names(course, mail)
    return bool(read_agreement(text)) or (course.ticket.rounds > 0 and is_thanks(text))


def _without_our_names(course: Course, mail: IncomingMail) -> str:
    """Without them "Hài lòng, cảm ơn Borzo" is as plain an answer as "Hài lòng, cảm ơn"."""
    names = "|".join(map(re.escape, (course.policy.name, *course.policy.codes.brands)))
    return re.sub(rf"\b(?:{names})\b", " ", mail.facts.reply_text, flags=re.IGNORECASE)


def _judgement(course: Course, mail: IncomingMail, evidence: list[Evidence]) -> Satisfaction | None:
    """What he says of the outcome, where the policy asks for it and there is one to judge.

    Before he was asked, "ok" and "vâng" say that he read it: they are no 5 of 5, and end nothing.
    """
    is_asked = course.policy.follow_up.asks_satisfaction and course.ticket.rounds > 0
    text = _without_our_names(course, mail)
    judged = read_satisfaction(text) if is_asked and not evidence else None
    is_mere_yes = judged is not None and judged.score is None and bool(read_agreement(text))
    return None if is_mere_yes and not _was_asked(course) else judged


def _was_asked(course: Course) -> bool:
    """Whether the follow-up came already: a step of a clock that began with the outcome."""
    rules = ((one, course.policy.clock(one.name, course.ticket.category)) for one in course.ticket.clocks)
    return any(one.stepped_to is not None and rule is not None and "resolved" in rule.starts for one, rule in rules)


def _hear_judgement(course: Course, judged: Satisfaction, *, is_too_late: bool) -> None:
    score = judged.score or (5 if judged.is_satisfied else 1)
    course.add(RecordSatisfaction(score=score, words=judged.words))
    if not judged.is_satisfied and is_too_late:
        _stay_closed(course)
    elif not judged.is_satisfied:
        disagree(course, "the customer is not satisfied")
        tell_words(course, "staff-disagreed")
    elif course.ticket.state == "resolved":
        course.close("the customer is satisfied")
        course.write_customer("follow-up-thanks")
        tell_words(course, "staff-satisfied", score=score)


def _may_reopen(course: Course, closed_at: datetime) -> bool:
    within = course.policy.follow_up.reopen_within
    return within is None or course.now <= course.policy.time.add(closed_at, within)


def _stay_closed(course: Course) -> None:
    course.add(Note(event="too-late-to-reopen"))
    tell_words(course)


def _reopen(course: Course, evidence: list[Evidence], *, was_closed: bool) -> None:
    """Evidence sets the clocks going again. Words alone ("cảm ơn shop") are for staff to read: nobody is reminded."""
    state = reopen(course, "the customer wrote again")
    if evidence or state == "open":
        course.happen(evidence_event(state))
    if evidence:
        course.write_customer("evidence-complete" if state == "open" else "evidence-received")
    is_news = state == "open" and bool(evidence)
    tell_words(course, "staff-complete" if is_news else "staff-message", reopened=was_closed)
