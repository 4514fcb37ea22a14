"""Days as customers name them: "hôm qua", "15/11", "thứ hai tuần trước", "cách đây 3 ngày", "Nov 15th", "2 days ago".

`KINDS` is a table of patterns, each with the function that reads its match. A day is a range, first and last, for "tuần
trước" means any of seven; None stands for words that name no certain day ("mấy hôm trước", "khoảng ngày 15", 11/15).
Dates are day before month; a missing year is the latest that lies in the past.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from parsers.hours import PART
from parsers.spelling import compile_words

Days = tuple[date, date] | None
_Match = re.Match[str]

_NUMBERS_TEXT: Final = (
    "một mot one a an|hai two|ba three|bốn bon tư four|năm nam five|sáu sau six|bảy bẩy bay seven|tám tam eight"
    "|chín chin nine|mười muoi ten"
)
_NUMBERS: Final = {
    word: number for number, words in enumerate(_NUMBERS_TEXT.split("|"), start=1) for word in words.split()
}
_WEEKDAYS_TEXT: Final = (
    "hai 2 monday|ba 3 tuesday|tư tu 4 wednesday|năm nam 5 thursday|sáu sau 6 friday|bảy bẩy bay 7 saturday"
)
_WEEKDAYS: Final = {
    word: number
    for number, words in enumerate([*_WEEKDAYS_TEXT.split("|"), "nhật nhat cn sunday"])
    for word in words.split()
}
_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
# Written on 18/11, "30/11" and "ngày 20" are days to come or slips, and not of last year or last month.
_OLDEST_DATE: Final = timedelta(days=300)
_OLDEST_DAY: Final = timedelta(days=20)


def _only(day: date) -> Days:
    return day, day


def _go_back(day: date, days: int) -> Days:
    ordinal = day.toordinal() - days
    return _only(date.fromordinal(ordinal)) if ordinal >= 1 else None


def _count_back(days: int) -> Callable[[_Match, date], Days]:
    return lambda _match, written_on: _go_back(written_on, days)


def _read_uncertain(_match: _Match, _written_on: date) -> Days:
    return None


def _read_number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.get(word, 0)


def _read_days_ago(match: _Match, written_on: date) -> Days:
    number, unit = [one for one in match.groups() if one][:2]
    days = _read_number(number) * (7 if unit in ("tuần", "tuan", "week") else 1)
    return _go_back(written_on, days) if days else None


def _read_hours_ago(match: _Match, written_on: date) -> Days:
    """A few hours ago was today; more may reach into the night before."""
    number = next((one for one in match.groups() if one), "1")
    is_short = match.group().endswith(("phút trước", "phut truoc", "minutes ago", "p trước"))
    return _only(written_on) if is_short or _read_number(number) <= 5 else None


def _read_last_week(match: _Match, written_on: date) -> Days:
    monday = _go_back(written_on, written_on.weekday() + 7)
    if monday is None:
        return None
    is_weekend = match.group().startswith(("cu", "weekend")) or match.group().endswith("end")
    return monday[0] + timedelta(days=5 if is_weekend else 0), monday[0] + timedelta(days=6)


def _read_last_month(_match: _Match | None, written_on: date) -> Days:
    last = _go_back(written_on, written_on.day)
    return (last[0].replace(day=1), last[0]) if last else None


def _read_weekday(match: _Match, written_on: date) -> Days:
    """The latest such day. "tuần trước" chooses the week; the name of today's own weekday alone is not certain."""
    weekday = _WEEKDAYS[match["number"] or match["name"].split()[-1]]
    back = (written_on.weekday() - weekday) % 7
    after = match["which"] or ""
    if after.startswith(("tuần trước", "tuan truoc", "tuần rồi", "tuan roi", "tuần vừa", "tuan vua", "last w")):
        return _go_back(written_on, written_on.weekday() + 7 - weekday)
    if after.startswith(("tuần này", "tuan nay")):
        return _go_back(written_on, back) if back <= written_on.weekday() else None
    return _go_back(written_on, back or 7) if back or after or match["past"] else None


def _read_date(match: _Match, written_on: date) -> Days:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTHS[month[:3]]
    day, year = int(match["day"]), match["year"]
    if year:
        return _make_day(int(year) + (0 if len(year) == 4 else 2000), number, day, written_on)
    found = _make_day(written_on.year, number, day, written_on) or _make_day(
        written_on.year - 1, number, day, written_on
    )
    return found if found and written_on - found[0] <= _OLDEST_DATE else None


def _read_day_of_month(match: _Match, written_on: date) -> Days:
    """ "ngày 15": the latest fifteenth; of the month before where that is said."""
    day = int(match["day"])
    this_month = _make_day(written_on.year, written_on.month, day, written_on)
    if match["same"] or (this_month and not match["before"]):
        return this_month
    last_month = _read_last_month(None, written_on)
    found = _make_day(last_month[0].year, last_month[0].month, day, written_on) if last_month else None
    return found if found and (match["before"] or written_on - found[0] <= _OLDEST_DAY) else None


def _make_day(year: int, month: int, day: int, written_on: date) -> Days:
    """The day of the calendar; None where there is none, or not yet."""
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    made = date(year, month, day)
    return _only(made) if made <= written_on else None


_NUMBER: Final = (
    r"(\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười|one|two|three|four|five|six|seven|eight|nine|ten|an?)"
)
_UNIT: Final = r"(ngày|hôm|bữa|tuần)"
_ANY_UNIT: Final = r"(?:ngày|hôm|bữa|tuần|tháng|days?|nights?|weeks?|months?)"
_AGO: Final = r"(?: (?:trước|về trước|nay|rồi|ago|later|sau))?"
_FUZZY: Final = r"(?:khoảng|tầm|chừng|độ|gần|hơn|trước|sau|around|about|before|after|by|over|almost|nearly|more than)"
_BEFORE: Final = rf"(?:(?:vào|lúc|hồi|từ|on|since) )?(?:{PART} )?(?:(?:ngày|hôm|bữa|the) ){{0,2}}"
_DAY: Final = r"(?P<day>\d{1,2})"
_MONTH: Final = r"(?P<month>\d{1,2})"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d|\d\d(?!\d))"
_FULL_YEAR: Final = r"(?:,? (?P<year>20\d\d))?"
_MONTH_NAME: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
# "1/2 sản phẩm" is a half, "2-3 ngày" are some days.
_NO_COUNT: Final = (
    r"(?! ?(?:sản phẩm|sp|món|cái|hàng|đơn|số|thùng|kiện|hộp|chiếc|bộ|con|ngày|hôm|tuần|tiếng|giờ|inch|kg|of the))"
)
_NO_LONGER: Final = r"(?![/.-]\d)"
_NO_EARLIER: Final = r"(?<![\d/.,-])(?<!\d[,-][ ])"

# What orders things and is no day: "lần thứ 2", "kiện thứ hai".
ORDINALS: Final = compile_words(
    r"(?:lần|cái|đơn|kiện|món|chiếc|hộp|thùng|túi|gói|đợt|người|bộ|đôi|sản phẩm|sp) thứ ?(?:hai|ba|tư|năm|\d)"
)

_DIGITS: Final = tuple("0123456789")

# One of these texts, or none, has to be in the sentence, or the pattern need not be tried. The first kind that reads a
# stretch of text has it.
KINDS: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[_Match, date], Days]], ...]] = (
    (
        (),
        compile_words(
            rf"(?:cách đây |đã |được )?(?:vài|mấy|nhiều|some|a few|few|several|many|a couple of|couple of) {_ANY_UNIT}{_AGO}"
            rf"|(?:cách đây |đã |được )?(?:\d{{1,2}} ?[-,/] ?\d{{1,2}}|hai ba|ba bốn|dăm ba) {_ANY_UNIT}{_AGO}"
            rf"|(?:{_FUZZY} ){{1,2}}{_NUMBER} {_ANY_UNIT}{_AGO}"
            rf"|{_FUZZY} (?:ngày |hôm |the )?\d{{1,2}}(?: ?[/.-] ?\d{{1,2}}(?: ?[/.-] ?\d{{2,4}})?|st|nd|rd|th| tháng \d\d?)"
            rf"|{_FUZZY} (?:ngày|hôm) \d{{1,2}}|(?:mùng|mồng) \w{{1,6}} tết|\d{{1,2}}/\d{{1,2}} âm lịch"
            rf"|(?:ngày |hôm )?\d{{1,2}} ?(?:,|-|và|hoặc|hay) ?\d{{1,2}} ?[/.] ?\d{{1,2}}(?: ?[/.] ?\d{{2,4}})?"
        ),
        _read_uncertain,
    ),
    (
        ("thứ", "thu", "thư", "nhật", "nhat", "nhât", "cn", "day"),
        compile_words(
            rf"(?:(?:vào|từ|on) )?(?P<past>(?:last|past) )?(?:{PART} )?(?:hôm |ngày |bữa )?(?:thứ ?(?P<number>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])"
            r"|(?P<name>chủ nhật|cn|monday|tuesday|wednesday|thursday|friday|saturday|sunday))(?: (?P<which>"
            r"tuần (?:trước|rồi|vừa rồi|vừa qua|này)|last week|vừa rồi|vừa qua|rồi|trước))?"
        ),
        _read_weekday,
    ),
    (
        _DIGITS,
        re.compile(r"(?<![\w/.-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"),
        _read_date,
    ),  # ISO 8601
    (  # 15/11, 15/11/26, ngày 15 tháng 11 năm 2026
        _DIGITS,
        compile_words(
            rf"{_BEFORE}(?:mùng |mồng )?{_NO_EARLIER}{_DAY}(?: ?/ ?| tháng | ?thg ?){_MONTH}"
            rf"(?:(?: năm | ?[/-] ?|,? (?=20\d\d)){_YEAR})?{_NO_COUNT}{_NO_LONGER}(?: vừa (?:rồi|qua))?"
        ),
        _read_date,
    ),
    (  # 15-11-2026, 15.11.26
        _DIGITS,
        compile_words(rf"{_BEFORE}{_NO_EARLIER}{_DAY} ?[.-] ?{_MONTH} ?[.-] ?{_YEAR}{_NO_LONGER}"),
        _read_date,
    ),
    (  # ngày 15-11, hôm 15.11
        _DIGITS,
        compile_words(
            rf"(?:(?:vào|từ) )?(?:ngày|hôm|bữa|on) {_DAY}[.-]{_MONTH}(?P<year>(?!)\d)?{_NO_COUNT}{_NO_LONGER}"
        ),
        _read_date,
    ),
    (  # 15 Nov, the 15th of November 2026
        _DIGITS,
        compile_words(rf"{_BEFORE}{_DAY}(?:st|nd|rd|th)?,?(?: of)? {_MONTH_NAME}{_FULL_YEAR}"),
        _read_date,
    ),
    (_DIGITS, compile_words(rf"(?:on )?{_MONTH_NAME} (?:the )?{_DAY}(?:st|nd|rd|th)?{_FULL_YEAR}"), _read_date),
    (_DIGITS, re.compile(r"(?<![\d/.-])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])"), _read_uncertain),  # 11/15/2026
    (
        _DIGITS,
        compile_words(
            rf"(?:{_BEFORE})(?:(?:ngày|hôm|bữa) (?:mùng |mồng )?|on the |the ){_DAY}(?:st|nd|rd|th)?"
            r"(?: (?P<before>tháng (?:trước|rồi|vừa rồi)|of last month)| (?P<same>tháng này|of this month|this month)"
            r"| vừa rồi| vừa qua)?(?! ?(?:[/.,-] ?\d|tháng|h|g|giờ|và \d))"
        ),
        _read_day_of_month,
    ),
    (
        ("kia", "before yesterday"),
        compile_words(rf"{_BEFORE}(?:hôm |bữa )kia|(?:the )?day before yesterday"),
        _count_back(2),
    ),
    (("kìa",), compile_words(r"(?:hôm|ngày) (?:hôm )?k[ì]a"), _count_back(3)),
    (
        ("qua", "wa", "yesterday", "last night"),
        compile_words(
            rf"(?:{PART} |hồi )?(?:ngày )?(?:hôm|bữa) (?:qua|wa)|hqua|hwa|(?:hồi )?(?:sáng|trưa|chiều|đêm|khuya) qua"
            r"|(?:hồi )?t[ốô]i qua|(?:hồi )?toi qua(?! (?:shop|cửa|kho|bưu|tiệm|lấy|nhận|đó|chỗ|bên))"
            r"|(?:late )?yesterday(?: (?:morning|afternoon|evening|night))?|last night"
        ),
        _count_back(1),
    ),
    (
        ("nay", "nãy", "nây", "hồi", "hôi", "hoi", "lúc", "luc", "ban", "this", "today", "tonight", "just now"),
        compile_words(
            rf"(?:{PART} )?(?:ngày )?(?:hôm|bữa) nay|hnay|(?:mới |hồi |lúc )?(?:{PART}|sớm) nay"
            r"|(?:hồi|lúc|ban) (?:sáng|trưa|chiều)(?: này| nay)?|(?:hồi|lúc|ban|khi|vừa|mới) nãy"
            r"|(?:earlier )?today|this (?:morning|afternoon|evening)|tonight|just now"
            r"|(?<![^\W_][ ])nay(?= (?:mình|em|tôi|tui|e|mới|shipper|shop|hàng|nhận))"
        ),
        _count_back(0),
    ),
    (
        (
            "trước",
            "trươc",
            "truoc",
            "rồi",
            "rôi",
            "roi",
            "nay",
            "đây",
            "day",
            "được",
            "đươc",
            "duoc",
            "đc",
            "dc",
            "ago",
        ),
        compile_words(
            rf"(?:cách đây|cách nay) {_NUMBER} {_UNIT}(?: trước)?|{_NUMBER} {_UNIT} (?:trước|về trước|nay|rồi)"
            rf"|(?:đã |được |đc |dc ){{1,2}}{_NUMBER} {_UNIT}(?: (?:nay|rồi))?|{_NUMBER} (day|week)s? ago"
        ),
        _read_days_ago,
    ),
    (
        ("trước", "trươc", "truoc", "nay", "đây", "day", "ago"),
        compile_words(
            rf"(?:cách đây |mới ){{0,2}}{_NUMBER} ?(?:tiếng|giờ|h|phút|p)(?: đồng hồ)? (?:trước|nay)"
            rf"|cách đây {_NUMBER} (?:tiếng|giờ|phút)|(?:half )?{_NUMBER} (?:hours?|minutes|mins) ago"
        ),
        _read_hours_ago,
    ),
    (
        ("tuần", "tuân", "tuan", "week"),
        compile_words(r"(?:cuối )?tuần (?:trước|rồi|vừa rồi|vừa qua)|last week(?:end)?"),
        _read_last_week,
    ),
    (("tháng", "thang", "month"), compile_words(r"tháng (?:trước|rồi|vừa rồi)|last month"), _read_last_month),
    (
        (),
        compile_words(
            rf"{_NUMBER} (?:tháng|months?) (?:trước|nay|rồi|ago)|(?:hôm|bữa) (?:trước|nọ|rồi|hổm|bữa)|(?:hôm|hổm|bữa|mấy bữa) rày|dạo trước|vừa qua|gần đây|lâu rồi"
            r"|the other day|recently|a while ago|tuần qua|past week"
        ),
        _read_uncertain,
    ),
)
