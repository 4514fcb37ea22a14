"""The Date field (RFC 5322 §3.3 and its obsolete forms §4.3), and the other forms that occur. Never raises."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
# Offsets in minutes: RFC 5322 §4.3, and those that mail programs write nevertheless.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "bst": 60, "cet": 60, "met": 60, "cest": 120, "mest": 120, "eet": 120,
    "eest": 180, "msk": 180, "ict": 420, "hkt": 480, "sgt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
}  # fmt: skip
_DATE = re.compile(
    r"(?P<day>\d{1,2})[\s.\-]+(?P<month>[a-z]{3,9})[\s.,\-]+(?P<year>\d{2,4})"
    r"(?:[\s,T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2}))?(?:[.,]\d+)?\s*(?P<zone>.*))?",
    re.IGNORECASE | re.DOTALL,
)
# asctime: Mon Sep 28 10:00:00 2026
_ASCTIME = re.compile(
    r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s+(?P<zone>[a-z]{1,5}\s+|[+-]\d{4}\s+)?(?P<year>\d{4})(?P<after>\s+[+-]\d{4})?",
    re.IGNORECASE,
)
# Outlook of old: Wednesday, April 03, 2002 5:56 AM
_AMERICAN = re.compile(
    r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),\s+(?P<year>\d{4}),?(?:\s+at)?"
    r"\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?\s*(?P<zone>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ISO = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<zone>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OFFSET = re.compile(r"(?:GMT|UTC?)?\s*([+-])\s?(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_LONGEST = 200


def parse_date(value: str) -> datetime | None:
    """The instant a Date field means, aware; None where it cannot be read. No zone means UTC (RFC 5322 §4.3)."""
    text = value[:_LONGEST]
    for form in (_DATE, _ASCTIME, _AMERICAN, _ISO):
        found = form.search(text)
        if found:
            return _make_instant(found.groupdict(default=""))
    return None


def _make_instant(fields: dict[str, str]) -> datetime | None:
    month = _MONTHS.get(fields["month"][:3].lower()) or (int(fields["month"]) if fields["month"].isdigit() else 0)
    try:
        return datetime(
            _full_year(fields["year"]),
            month,
            int(fields["day"]),
            _full_hour(int(fields["hour"] or 0), fields.get("half", "").lower()),
            int(fields["minute"] or 0),
            min(int(fields["second"] or 0), 59),  # a leap second has no place in a datetime
            tzinfo=_zone(fields.get("after") or fields["zone"] or ""),
        )
    except ValueError:
        return None


def _full_hour(hour: int, half: str) -> int:
    """The hour of the day where "a" or "p" names its half: 12 AM is midnight."""
    return hour % 12 + (12 if half == "p" else 0) if half else hour


def _full_year(text: str) -> int:
    """RFC 5322 §4.3: two digits are 2000 up to 49, 1900 after that; three digits count from 1900."""
    year = int(text)
    if len(text) >= 4:
        return year
    return year + (2000 if year < 50 else 1900)


def _zone(text: str) -> timezone:
    """The offset at the start of `text`; one that nobody can mean counts as UTC (RFC 5322 §4.3)."""
    text = text.strip()
    offset = _OFFSET.match(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        minutes = -minutes if offset[1] == "-" else minutes
    else:
        word = re.match(r"\(?([a-z]+)", text, re.IGNORECASE)
        minutes = _ZONES.get(word[1].lower(), 0) if word else 0
    return timezone(timedelta(minutes=minutes)) if minutes and abs(minutes) < 24 * 60 else UTC
