"""`tiepnhan tickets export`: the whole file of a case as a ZIP archive."""

import json
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from intake.archives import new_archive
from intake.case_file import CaseFile
from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_database, open_policy
from store.errors import StoreError


def export_case(given: Namespace) -> int:
    """Write the archive; says what is not kept any more."""
    config = open_config(given)
    policy = open_policy(config)
    files = CaseFile(config, policy, open_database(config))
    now = given.now or datetime.now(UTC)
    try:
        case = files.find(given.number)
        if case is None:
            raise Problem(f"there is no ticket {given.number}")
        target = Path(given.output or f"{case['number']}.zip")
        with new_archive(target, may_replace=given.force) as archive:
            missing = files.write(archive, case, language=given.language, with_notes=given.with_notes, now=now)
    except (StoreError, OSError) as error:
        raise Problem(tell_error(error)) from error
    tell_archive(given, target, missing)
    return 0


def tell_error(error: StoreError | OSError) -> str:
    """One line with what to do about it."""
    if isinstance(error, FileExistsError):
        return f"{error.filename} is there already: name another file with --output, or say --force"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {(error.strerror or str(error)).lower()}"
    return str(error)


def tell_archive(given: Namespace, target: Path, missing: list[str]) -> None:
    """Where it is, and what is not in it."""
    if given.json:
        print(json.dumps({"file": str(target), "missing": missing}, ensure_ascii=False))
        return
    print(target)
    for path in missing:
        print(f"  not kept any more: {path}")
