"""Wakes the program: the one module that knows APScheduler. What is due stands in the database, never here.

An alarm that is lost with the process costs nothing: the database is asked again at the start, and once a minute.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Alarm:
    """Calls functions at moments, within the running asyncio loop."""

    def __init__(self) -> None:
        # An alarm that comes late, after the machine slept, rings once and at once.
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        self._scheduler.start()

    def ring_at(self, name: str, moment: datetime, ring: Callable[[], None]) -> None:
        """Ring once at `moment`, instead of any earlier wish of this name."""
        self._scheduler.add_job(ring, "date", run_date=moment, id=name, replace_existing=True)

    def ring_every(self, name: str, pause: timedelta, ring: Callable[[], None]) -> None:
        """Ring again and again."""
        seconds = pause.total_seconds()
        self._scheduler.add_job(ring, "interval", seconds=seconds, id=name, replace_existing=True)

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
