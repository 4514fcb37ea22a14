"""How long a promise lasts, as policies write it: "24 hours", "5 working days", "2 months"."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo

Unit = Literal["minutes", "hours", "days"]
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}


@dataclass(frozen=True)
class Duration:
    """A number of units of time. Hours are elapsed time; days are counted on the calendar of a zone."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "24 hours" or "3 days". Raises ValueError that says what would be right."""
        match = re.fullmatch(r"\s*(\d{1,4})\s+(\w+?)s?\s*", text)
        unit = next((one for one in get_args(Unit) if match and one == f"{match[2]}s"), None)
        if match is None or unit is None:
            raise ValueError(f'{text!r} is no duration; right would be "90 minutes", "24 hours" or "3 days"')
        return cls(int(match[1]), unit)

    def after(self, start: datetime, zone: ZoneInfo) -> datetime:
        """The moment that lies this long after `start` (aware); days end at the same time of day in `zone`."""
        if self.unit == "days":
            return start.astimezone(zone) + timedelta(days=self.count)
        return start + timedelta(seconds=self.rough_seconds())

    def rough_seconds(self) -> int:
        """For putting durations in order."""
        return self.count * _SECONDS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"
