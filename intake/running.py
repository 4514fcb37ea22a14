"""Runs an installation: config and policy read, everything put together, the daemon or one pass over everything."""

import logging
from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.assembly import AT_ONCE, PAUSES, Assembly, assemble
from intake.checks.patterns import ADVICE, find_slow_pattern
from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_policy
from intake.once import run_once
from intake.parsing_process import ParsingProcess
from intake.settings.policies import find_policy
from store.errors import StoreError

_log = logging.getLogger(__name__)


def run_installation(given: Namespace, process: ParsingProcess | None) -> int:
    """As the command line says; exit code 1 where a server could not be used. Raises Problem."""
    try:
        parts = _assemble(given, process)
        try:
            if not given.once:
                _refuse_slow_patterns(parts)
                from intake.daemon import run_daemon  # noqa: PLC0415  # one pass needs no scheduler

                run_daemon(parts)
                return 0
            problems = run_once(parts)
        finally:
            parts.close()
    except* (StoreError, OSError) as group:
        error = _first(group)
        raise Problem(f"database: {error}" if isinstance(error, StoreError) else str(error)) from None
    for problem in problems:
        _log.error("%s", problem)
    return 1 if problems else 0


def _assemble(given: Namespace, process: ParsingProcess | None) -> Assembly:
    config = open_config(given)
    policy = open_policy(config)
    zone = ZoneInfo(policy.zone)
    now = (lambda: given.now) if given.now else (lambda: datetime.now(zone))
    return assemble(config, policy, now, AT_ONCE if given.once else PAUSES, process)


def _refuse_slow_patterns(parts: Assembly) -> None:
    """One mail could hold the daemon up for ever, and would again after each restart. Raises Problem."""
    slow = find_slow_pattern(parts.policy)
    if slow is not None:
        raise Problem(f"{find_policy(parts.config.service.policy)}: {slow.message}: {ADVICE}")


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
