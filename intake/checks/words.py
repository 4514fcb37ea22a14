"""The templates: each one that code or policy names is there in every language, can be filled in, and has a subject.

Filled in for real, by the voice that writes the mails, for tickets of every sort. A subject names the ticket, so that
an answer finds it whatever the customer's program leaves out of its headers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.assembly import TEMPLATES, make_desk, make_voice
from intake.checks.findings import Finding, count, failure, fine, warning
from intake.checks.sample_tickets import STAFF
from intake.checks.specimens import Specimen, as_effect, list_specimens, make_causes, tickets_for
from intake.settings.config import Config
from intake.settings.wording import nearest
from responders.rendering import BrokenTemplate, Templates
from responders.tokens import Tokens
from responders.voice import Voice
from tickets.policy import Policy

_SUBJECT = "templates"


def check_templates(config: Config, policy: Policy, now: datetime) -> list[Finding]:
    """The findings about the words of the company."""
    own = config.service.templates
    if own and not own.is_dir():
        return [failure(_SUBJECT, f"{own}: there is no such folder", "make it, or take `templates` out of [service]")]
    ruled = [TEMPLATES / policy.templates] if policy.templates else []
    templates = Templates([*([own] if own else []), *ruled, TEMPLATES], ZoneInfo(policy.zone))
    specimens = list_specimens(policy, now)
    languages = sorted({*policy.languages, config.service.language})
    found: dict[str, Finding] = {}  # by message: many samples come upon the same mistake
    for language in languages:
        for finding in _check_language(config, policy, templates, specimens, language, now):
            found.setdefault(finding.message, finding)
    findings = list(found.values()) or [_all_fine(specimens, languages)]
    return [*findings, *_misspelt(own, templates)]


def _all_fine(specimens: list[Specimen], languages: Sequence[str]) -> Finding:
    number = len({one.template for one in specimens})
    return fine(_SUBJECT, f"{count(number, 'mail')} in {' and '.join(languages)}, all can be filled in")


def _check_language(
    config: Config, policy: Policy, templates: Templates, specimens: list[Specimen], language: str, now: datetime
) -> Iterator[Finding]:
    there = templates.names(language)
    tokens = Tokens(b"", config.service.address, config.service.subaddress)
    voice = make_voice(config, policy, replace(make_desk(config, policy), language=language), tokens)
    for specimen in specimens:
        if specimen.template not in there:
            yield _missing(specimen, language, there)
            continue
        try:
            subjects = list(_fill_in(voice, policy, specimen, language, now))
        except BrokenTemplate as error:
            yield failure(_SUBJECT, str(error), "correct the file, or remove it to use ours")
        else:
            yield from _check_subjects(subjects, _file(config, language, specimen.template))


def _missing(specimen: Specimen, language: str, there: list[str]) -> Finding:
    near = nearest(specimen.template, there)
    words = f"there is no {language}/{specimen.template}.txt, which {specimen.named_by} names"
    return failure(_SUBJECT, words, f"did you mean {near}?" if near else "write it into the folder `templates`")


def _file(config: Config, language: str, template: str) -> str:
    """Where the words of a mail are written, as the admin finds them."""
    own = config.service.templates
    path = own / language / f"{template}.txt" if own else None
    return str(path) if path and path.exists() else f"{language}/{template}.txt"


def _fill_in(
    voice: Voice, policy: Policy, specimen: Specimen, language: str, now: datetime
) -> Iterator[tuple[str, str]]:
    """The subjects that come out, each with the ticket number that belongs in it. Raises BrokenTemplate."""
    if specimen.audience is None:
        letter = voice.write_letter(specimen.template, STAFF, specimen.facts, "check", now)
        yield letter.subject, ""
        return
    for ticket in tickets_for(specimen, policy, language, now):
        for cause in make_causes():
            mail = voice.write(ticket, as_effect(specimen), message_no=2, thread=(), cause=cause, now=now)
            yield mail.subject, ticket.number


def _check_subjects(subjects: Sequence[tuple[str, str]], file: str) -> Iterator[Finding]:
    if any(not subject for subject, _ in subjects):
        yield failure(_SUBJECT, f"{file}:1: the subject is empty", 'write it behind "Subject:"')
    elif any(number not in subject for subject, number in subjects):
        words = f"{file}:1: the subject does not name the ticket"
        yield warning(_SUBJECT, words, "write {{ ticket.number }} into it, or some answers open a second ticket")


def _misspelt(own: Path | None, templates: Templates) -> Iterator[Finding]:
    """Files of the company's own that replace nothing because their name is slightly wrong."""
    ours = Templates([TEMPLATES], ZoneInfo("UTC"))
    for language in templates.languages() if own else ():
        known = ours.names(language)
        for name in sorted(set(templates.names(language)) - set(known)):
            near = nearest(name, known)
            if near:
                words = f"{own}/{language}/{name}.txt: no mail of ours has this name"
                yield warning(_SUBJECT, words, f"did you mean {near}.txt?")
