"""`tiepnhan check`: everything an installation needs, tried for real, one line each."""

import json
from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime

from intake.checks.findings import Finding, count
from intake.checks.rounds import run_checks

_MARKS = {"ok": "ok", "warn": "warn", "fail": "FAIL", "skipped": "-"}
_SUBJECT_WIDTH = 16  # of "mailbox support"; lines are printed as they come, so nothing is measured


def check(given: Namespace) -> int:
    """Exit code 1 where anything fails; warnings and what could not be checked alone do not."""
    seen: Counter[str] = Counter()
    for finding in run_checks(given.config, datetime.now(UTC)):
        seen[finding.status] += 1
        print(json.dumps(asdict(finding), ensure_ascii=False) if given.json else finding_line(finding), flush=True)
    if not given.json:
        print(f"\n{_summary(seen)}")
    return 1 if seen["fail"] else 0


def finding_line(finding: Finding) -> str:
    """Such as "FAIL  smtp   smtp.hakago.example:465 (tls): … → check host, port and security in [smtp]"."""
    advice = f" → {finding.advice}" if finding.advice else ""
    return f"{_MARKS[finding.status]:4}  {finding.subject:{_SUBJECT_WIDTH}} {finding.message}{advice}"


def _summary(seen: Counter[str]) -> str:
    if not seen["fail"] and not seen["warn"]:
        return "All is well."
    told = [count(seen["fail"], "failure")] if seen["fail"] else ["no failures"]
    told += [count(seen["warn"], "warning")] if seen["warn"] else []
    told += [f"{seen['skipped']} not checked"] if seen["skipped"] else []
    return ", ".join(told)
