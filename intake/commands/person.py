"""`tiepnhan person`: what is held on an address, to give and to delete."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from intake.cases.archives import new_archive
from intake.cases.file_names import make_file_name
from intake.cases.persons import Erased, NotErased, Persons
from intake.commands.export import tell_archive, told_errors
from intake.commands.problem import Problem
from intake.commands.retention import tell_counts
from intake.commands.setting import open_config, open_database, open_policy
from store.persons import Held


def export(given: Namespace) -> int:
    """Write the archive."""
    with _opened(given) as persons:
        held = persons.find(given.address)
        if _is_nothing(held):
            raise Problem(f"nothing is held on {held.address}")
        target = Path(given.output or f"{make_file_name(held.address, 'person')}.zip")
        with new_archive(target, may_replace=given.force) as archive:
            missing = persons.write(archive, held, language=given.language, with_notes=given.with_notes)
    tell_archive(given, target, missing)
    return 0


def erase(given: Namespace) -> int:
    """Delete it. Exit code 1 where something is left that names him."""
    with _opened(given) as persons:
        held = persons.find(given.address)
        if not given.yes and not _agrees(held, persons):
            raise Problem("nothing was deleted: say --yes to do it without being asked")
        try:
            erased = persons.erase(given.address, by="person erase", is_forced=given.force)
        except NotErased as error:
            raise Problem(f"nothing was deleted:\n{error}") from error
    counts, left = dict(erased.person.counts), list(_left(erased))
    print(json.dumps({"deleted": counts, "left": left}, ensure_ascii=False) if given.json else tell_counts(counts))
    if left:
        raise Problem("\n".join(left))
    return 0


@contextmanager
def _opened(given: Namespace) -> Iterator[Persons]:
    config = open_config(given)
    policy = open_policy(config)
    now: datetime = given.now or datetime.now(UTC)
    with told_errors(), closing(open_database(config)) as database:
        yield Persons(config, policy, database, lambda: now)


def _is_nothing(held: Held) -> bool:
    return not (held.cases or held.records or held.suspended_at)


def _agrees(held: Held, persons: Persons) -> bool:
    """Tells what would go, and asks."""
    own = [one.number for one in held.cases if one.part == "customer"]
    others = [one.number for one in held.cases if one.part != "customer"]
    lines = [f"cases of {held.address}, to be deleted: {', '.join(own) or 'none'}"]
    lines += [f"cases of others, to lose what he wrote and got: {', '.join(others)}"] if others else []
    lines += [f"of these the policy keeps: {', '.join(persons.kept(held))}"] if persons.kept(held) else []
    lines += [f"mails that belong to no case: {len(held.records)}"]
    print("\n".join(lines), file=sys.stderr)
    print("delete all this for good? [yes/no] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _left(erased: Erased) -> Iterator[str]:
    """What of him is still there, and why."""
    for number in erased.person.kept:
        yield f"{number} is kept: the policy never deletes a case that ended so"
    if erased.person.files_left:
        yield f"{erased.person.files_left} files go in the coming night: mails are in hand just now"
    if not erased.is_compact:
        yield "the log of the database still holds deleted pages: stop the daemon and run the command again"
