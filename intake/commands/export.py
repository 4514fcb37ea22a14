"""`tiepnhan tickets export`: the whole file of a case as a ZIP archive."""

import json
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from intake.cases.archives import new_archive
from intake.cases.case_file import CaseFile
from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_database, open_policy
from store.errors import StoreError


def export_case(given: Namespace) -> int:
    """Write the archive; says what is not kept any more."""
    config = open_config(given)
    policy = open_policy(config)
    with told_errors(), closing(open_database(config)) as database:
        files = CaseFile(config, policy, database)
        case = files.find(given.number)
        if case is None:
            raise Problem(f"there is no ticket {given.number}")
        target = Path(given.output or f"{case['number']}.zip")
        now, with_notes = given.now or datetime.now(UTC), not given.for_authority
        with new_archive(target, may_replace=given.force) as archive:
            missing = files.write(archive, case, language=given.language, with_notes=with_notes, now=now)
    tell_archive(given, target, missing)
    return 0


@contextmanager
def told_errors() -> Iterator[None]:
    """Errors of disk and database in one line, with what to do about them. Raises Problem."""
    try:
        yield
    except FileExistsError as error:
        advice = "is there already: name another file with --output, or say --force"
        raise Problem(f"{error.filename} {advice}") from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise Problem(place + (error.strerror or str(error)).lower()) from error
    except StoreError as error:
        raise Problem(str(error)) from error


def tell_archive(given: Namespace, target: Path, missing: list[str]) -> None:
    """Where it is, and what is not in it."""
    if given.json:
        print(json.dumps({"file": str(target), "missing": missing}, ensure_ascii=False))
        return
    print(target)
    for path in missing:
        print(f"  not kept any more: {path}")
