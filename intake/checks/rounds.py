"""All checks in their order, each told as soon as it is done. What needs something broken says so and is left out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

from intake.checks.findings import Finding, skipped
from intake.checks.machine import check_clock, check_data_files, check_disk, check_secret_files
from intake.checks.mailboxes import SeenUids, check_mailbox
from intake.checks.memory import check_database, check_queues, seen_uids
from intake.checks.patterns import check_patterns
from intake.checks.rules import check_config, check_policy, check_staff
from intake.checks.sending import check_smtp
from intake.checks.words import check_templates
from intake.settings.config import Config
from tickets.policy import Policy

_NEED_POLICY = ("staff", "templates")


def run_checks(path: Path, now: datetime) -> Iterator[Finding]:
    """Everything about the installation whose config file this is."""
    config, findings = check_config(path)
    yield from findings
    if config is None:
        yield check_clock(now, None)
        yield skipped("everything else", "the config has mistakes")
        return
    policy, findings = check_policy(config)
    yield from findings
    if policy:
        yield from check_patterns(policy)
    yield from _check_rules(config, policy, now)
    yield check_clock(now, policy)
    yield from check_secret_files(config)
    yield from check_data_files(config)
    yield check_disk(config)
    yield from _check_memory_and_servers(config, policy, now)


def _check_rules(config: Config, policy: Policy | None, now: datetime) -> Iterator[Finding]:
    if policy is None:
        yield from (skipped(subject, "the policy has mistakes") for subject in _NEED_POLICY)
        return
    yield from check_staff(config, policy)
    yield from check_templates(config, policy, now)


def _check_memory_and_servers(config: Config, policy: Policy | None, now: datetime) -> Iterator[Finding]:
    is_usable, finding = check_database(config)
    yield finding
    if is_usable:
        yield from check_queues(config, now.astimezone(policy.time.zone) if policy else now)  # told in this zone
    else:
        why = (
            "the database cannot be used"
            if finding.status == "fail"
            else "the database has no tables of this release yet"
        )
        yield from (skipped(subject, why) for subject in ("quarantine", "queues"))
    known = partial(seen_uids, config, now) if is_usable else _nothing_known
    yield from check_servers(config, policy, now, known)


def _nothing_known(mailbox: str, uidvalidity: int) -> set[int]:  # noqa: ARG001
    return set()


def check_servers(
    config: Config, policy: Policy | None, now: datetime, known: SeenUids = _nothing_known
) -> Iterator[Finding]:
    """All servers at once, told in the order of the file: the slowest one decides how long it takes."""
    with ThreadPoolExecutor(len(config.mailboxes) + 1) as pool:
        asked = [pool.submit(check_mailbox, mailbox, known, now) for mailbox in config.mailboxes]
        asked.append(pool.submit(check_smtp, config, policy.ticket_prefix if policy else None))
        for one in asked:
            yield from one.result()
