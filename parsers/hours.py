"""The time of day as customers write it: "9h sáng", "lúc 9g30", "3 giờ rưỡi chiều", "21:15", "3.30pm", "lúc 8 tối"."""

import re
from datetime import time
from typing import Final

from parsers.spelling import compile_words

PART: Final = r"(?:sáng|trưa|chiều|xế|tối|đêm|khuya)"
TIME_OF_DAY: Final = compile_words(
    r"(?:(?:vào|lúc|khoảng|tầm|at|around|about) ){0,2}(?:"
    rf"(?P<hour>\d{{1,2}})(?:[.:](?P<past>[0-5]\d))? ?(?P<half>[ap])\.?m"
    rf"|(?P<hour24>\d{{1,2}}) ?(?:h|g|giờ|:) ?(?P<minute>[0-5]\d|rưỡi)?(?:p|ph|phút)?(?P<part> {PART})?"
    rf"|(?:lúc|vào|tầm|khoảng) (?P<bare>\d{{1,2}})(?: {PART}))"
)
_AFTERNOON: Final = compile_words(r"chiều|xế|tối|afternoon|evening|tonight|night")
_MORNING: Final = compile_words(r"sáng|trưa|morning|noon")
_NIGHT: Final = compile_words(r"đêm|khuya")


def read_time(match: re.Match[str]) -> time | None:
    """The time a match of `TIME_OF_DAY` says, hours as written where nothing tells the half of the day."""
    hour = int(match["hour"] or match["hour24"] or match["bare"])
    minute = match["past"] or match["minute"] or "0"
    if match["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    return time(hour, int(minute) if minute.isdigit() else 30) if hour <= 23 else None


def settle_hour(hour: time, words: str) -> time | None:
    """`hour` by the part of the day that `words` name: "chiều nay lúc 3h" is 15:00.

    None where it may be either half of the day, or midnight of either of two days.
    """
    if hour.hour > 12:
        return hour
    if _NIGHT.search(words):
        return None
    if _AFTERNOON.search(words):
        return hour.replace(hour=hour.hour % 12 + 12)
    is_certain = hour.hour >= 7 or f"{hour.hour:02}" in words or re.search(r"\d ?[ap]\.?m\b", words)
    return hour if is_certain or _MORNING.search(words) else None
