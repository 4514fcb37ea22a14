"""`tiepnhan retention run`: deletes what the policy keeps no longer, as the daemon does every night."""

import json
from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime

from intake.cases.retention import Retention
from intake.commands.export import told_errors
from intake.commands.setting import open_config, open_database, open_policy


def run(given: Namespace) -> int:
    """Delete, or with `--dry-run` tell what would be deleted."""
    config = open_config(given)
    policy = open_policy(config)
    now: datetime = given.now or datetime.now(UTC)
    with told_errors(), closing(open_database(config)) as database:
        retention = Retention(config, policy, database, lambda: now)
        if given.dry_run:
            _tell(given, *retention.find())
            return 0
        done = retention.erase_all("retention run")
    print(json.dumps(done) if given.json else tell_counts(done))
    return 0


def tell_counts(counts: dict[str, int]) -> str:
    """How much of each was deleted."""
    told = ", ".join(f"{what} {number}" for what, number in sorted(counts.items()))
    return f"deleted: {told}" if told else "nothing to delete"


def _tell(given: Namespace, cases: list[str], files: list[str], records: int) -> None:
    if given.json:
        print(json.dumps({"tickets": cases, "evidence": files, "automatic": records}))
        return
    for number in cases:
        print(f"{number}  the whole case")
    for number in sorted(set(files) - set(cases)):
        print(f"{number}  its files")
    print(f"{len(cases)} cases, files of {len(set(files) - set(cases))} more, {records} records; nothing was deleted")
