"""How long a promise lasts, as policies write it: "24 hours", "5 working days", "2 months".

What a duration leads to is `tickets/working_time.py`'s business; here it is read, told and put in order.
"""

import re
from dataclasses import dataclass
from typing import Literal, Self, get_args

Unit = Literal["minutes", "hours", "working hours", "days", "working days", "months"]
_SECONDS: dict[Unit, int] = {
    "minutes": 60,
    "hours": 3600,
    "working hours": 86400 * 7 // 5 // 8,  # of a week with five working days of eight hours
    "days": 86400,
    "working days": 86400 * 7 // 5,
    "months": 86400 * 30,
}
_RIGHT = '"90 minutes", "24 hours", "48 working hours", "3 days", "20 working days" or "2 months"'


@dataclass(frozen=True)
class Duration:
    """A number of units of time, never negative."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"a duration of {self.count} {self.unit} is negative")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "24 hours" or "1 working day". Raises ValueError that says what would be right."""
        match = re.fullmatch(r"([0-9]{1,4}) ([a-z ]+?)s?", " ".join(text.split()))
        unit = next((one for one in get_args(Unit) if match and one == f"{match[2]}s"), None)
        if match is None or unit is None:
            raise ValueError(f"{text!r} is no duration; right would be {_RIGHT}")
        return cls(int(match[1]), unit)

    @property
    def is_working(self) -> bool:
        """Whether it counts working time only."""
        return self.unit in {"working hours", "working days"}

    def rough_seconds(self) -> int:
        """For putting durations in order: how long they last in an ordinary week without holidays."""
        return self.count * _SECONDS[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"
