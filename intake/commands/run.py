"""`tiepnhan run`: the daemon, or one pass over everything with `--once`."""

import logging
from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta

from intake.assembly import PAUSES, Assembly, assemble
from intake.commands.problem import Problem, WrongUsage
from intake.commands.setting import open_config, open_policy
from intake.daemon import now_in, run_daemon
from intake.logs import configure_logging
from intake.once import run_once
from store.errors import StoreError

AT_ONCE: Sequence[timedelta] = (timedelta(), timedelta())

_log = logging.getLogger(__name__)


def run(given: Namespace) -> int:
    """The daemon runs until SIGTERM; with `--once`, exit code 1 where a server could not be used."""
    if given.now and not given.once:
        raise WrongUsage("--now goes with --once: the daemon lives in the present")
    configure_logging(given.log_format)
    try:
        parts = _assemble(given)
        try:
            if not given.once:
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


def _assemble(given: Namespace) -> Assembly:
    config = open_config(given)
    policy = open_policy(config)
    now = (lambda: given.now) if given.now else now_in(policy.zone)
    return assemble(config, now, AT_ONCE if given.once else PAUSES)


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
