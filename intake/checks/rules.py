"""The files that admins write: config and policy, and whether the two fit together."""

from collections.abc import Iterator
from pathlib import Path

from intake.assembly import make_desk
from intake.checks.findings import Finding, count, failure, fine, warning
from intake.settings.config import Config, read_config
from intake.settings.policies import find_policy, read_policy
from intake.settings.records import Mistakes
from intake.settings.wording import nearest
from tickets.policy import WILDCARD, Policy


def check_config(path: Path) -> tuple[Config | None, list[Finding]]:
    """The configuration, None where it has mistakes."""
    try:
        config = read_config(path)
    except Mistakes as mistakes:
        return None, [failure("config", str(one)) for one in mistakes.mistakes]
    has = ", ".join(
        [
            count(len(config.mailboxes), "mailbox", "mailboxes"),
            count(len(config.departments), "department"),
            count(len(config.staff), "member of staff", "members of staff"),
        ]
    )
    return config, [fine("config", f"{path}: {has}")]


def check_policy(config: Config) -> tuple[Policy | None, list[Finding]]:
    """The policy, None where it has mistakes."""
    try:
        policy = read_policy(config.service.policy)
    except Mistakes as mistakes:
        return None, [failure("policy", str(one)) for one in mistakes.mistakes]
    language = config.service.language
    if language not in policy.languages:
        path, instead = find_policy(config.service.policy), policy.languages[0]
        words = f"{path}: there are no words in {language!r}, so staff read those in {instead!r}"
        advice = "add it to `languages` of the policy, or set another language in [service]"
        return policy, [warning("policy", words, advice)]
    has = ", ".join(
        [
            count(len(policy.categories), "kind of complaint", "kinds of complaint"),
            count(len(policy.slots), "piece of evidence", "pieces of evidence"),
            count(len(policy.clocks), "deadline"),
        ]
    )
    return policy, [fine("policy", f"{config.service.policy}: {has}")]


def check_staff(config: Config, policy: Policy) -> list[Finding]:
    """Whether every complaint finds somebody who is told of it."""
    found = [
        *_unknown_categories(config, policy),
        *_without_people(config),
        *_uncovered(config, policy),
        *_without_managers(config, policy),
    ]
    return found or [fine("staff", "every kind of complaint has somebody who is told of it")]


def _unknown_categories(config: Config, policy: Policy) -> Iterator[Finding]:
    known = [category.slug for category in policy.categories]
    for department in config.departments:
        for slug in department.categories:
            if slug not in (*known, WILDCARD):
                near = nearest(slug, known)
                advice = f'did you mean "{near}"?' if near else f"the policy knows {', '.join(known)}"
                yield failure("staff", f'department {department.key}: the policy has no category "{slug}"', advice)


def _without_people(config: Config) -> Iterator[Finding]:
    for department in config.departments:
        if not any(department.key in person.departments for person in config.staff):
            words = f"nobody works in the department {department.key}, so nobody is told of its complaints"
            yield warning("staff", words, "write a [[staff]] with this department")


def _without_managers(config: Config, policy: Policy) -> Iterator[Finding]:
    needy = dict.fromkeys(one.key for one in policy.outcomes if one.needs_approval)
    if needy and not any(person.role == "manager" for person in config.staff):
        words = f"nobody can approve what the policy wants approved: {', '.join(needy)}"
        yield warning("staff", words, 'write role = "manager" in the [[staff]] of whoever does')


def _uncovered(config: Config, policy: Policy) -> Iterator[Finding]:
    if not config.departments:
        advice = "write a [[department]] and a [[staff]]"
        yield warning("staff", "there is no department, so nobody is told of complaints", advice)
        return
    desk = make_desk(config, policy)
    missing = [one.slug for one in policy.categories if desk.department_for(one.slug) is None]
    if missing:
        words = f"no department answers for {', '.join(missing)}"
        yield warning("staff", words, 'add them to `categories` of a [[department]], or "*" for all')
