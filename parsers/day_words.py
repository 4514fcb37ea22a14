"""The words that name days: data for `moments`, each pattern with the function of `days` that reads its match."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from parsers.days import (
    Days,
    count_back,
    read_date,
    read_day_of_month,
    read_days_ago,
    read_hours_ago,
    read_last_month,
    read_last_week,
    read_uncertain,
    read_weekday,
)
from parsers.hours import PART
from parsers.spelling import compile_words, list_spellings, loosen

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
MAY_ORDER: Final = list_spellings("thứ")

_DIGITS: Final = tuple("0123456789")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# One of these texts has to be in the sentence, or the pattern need not be tried. The first kind that reads a stretch of
# text has it.
KINDS: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str], date], Days]], ...]] = (
    (
        (*_DIGITS, *list_spellings("ngày", "hôm", "bữa", "tuần", "tháng", "tết"), "day", "night", "week", "month"),
        compile_words(
            rf"(?:cách đây |đã |được )?(?:vài|mấy|nhiều|some|a few|few|several|many|a couple of"
            rf"|couple of) {_ANY_UNIT}{_AGO}"
            rf"|(?:cách đây |đã |được )?(?:\d{{1,2}} ?[-,/] ?\d{{1,2}}|hai ba|ba bốn|dăm ba) {_ANY_UNIT}{_AGO}"
            rf"|(?:{_FUZZY} ){{1,2}}{_NUMBER} {_ANY_UNIT}{_AGO}"
            rf"|{_FUZZY} (?:ngày |hôm |the )?\d{{1,2}}(?: ?[/.-] ?\d{{1,2}}(?: ?[/.-] ?\d{{2,4}})?|st|nd|rd|th"
            rf"| tháng \d\d?)"
            rf"|{_FUZZY} (?:ngày|hôm) \d{{1,2}}|(?:mùng|mồng) \w{{1,6}} tết|\d{{1,2}}/\d{{1,2}} âm lịch"
            rf"|(?:ngày |hôm )?\d{{1,2}} ?(?:,|-|và|hoặc|hay) ?\d{{1,2}} ?[/.] ?\d{{1,2}}(?: ?[/.] ?\d{{2,4}})?"
        ),
        read_uncertain,
    ),
    (
        ("thứ", "thu", "thư", "nhật", "nhat", "nhât", "cn", "day"),
        compile_words(
            rf"(?:(?:vào|từ|on) )?(?P<past>(?:last|past) )?(?:{PART} )?(?:hôm |ngày "
            rf"|bữa )?(?:thứ ?(?P<number>hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])"
            r"|(?P<name>chủ nhật|cn|monday|tuesday|wednesday|thursday|friday|saturday|sunday))(?: (?P<which>"
            r"tuần (?:trước|rồi|vừa rồi|vừa qua|này)|last week|vừa rồi|vừa qua|rồi|trước))?"
        ),
        read_weekday,
    ),
    (  # 2026-11-15
        ("20",),
        re.compile(r"(?<![\w/.-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"),
        read_date,
    ),
    (  # 15/11, 15/11/26, ngày 15 tháng 11 năm 2026
        ("/", "thg", *list_spellings("tháng")),
        compile_words(
            rf"{_BEFORE}(?:mùng |mồng )?{_NO_EARLIER}{_DAY}(?: ?/ ?| tháng | ?thg ?){_MONTH}"
            rf"(?:(?: năm | ?[/-] ?|,? (?=20\d\d)){_YEAR})?{_NO_COUNT}{_NO_LONGER}(?: vừa (?:rồi|qua))?"
        ),
        read_date,
    ),
    (  # 15-11-2026, 15.11.26
        _DIGITS,
        compile_words(rf"{_BEFORE}{_NO_EARLIER}{_DAY} ?[.-] ?{_MONTH} ?[.-] ?{_YEAR}{_NO_LONGER}"),
        read_date,
    ),
    (  # ngày 15-11, hôm 15.11
        ("-", "."),
        compile_words(
            rf"(?:(?:vào|từ) )?(?:ngày|hôm|bữa|on) {_DAY}[.-]{_MONTH}(?P<year>(?!)\d)?{_NO_COUNT}{_NO_LONGER}"
        ),
        read_date,
    ),
    (  # 15 Nov, the 15th of November 2026
        _MONTHS,
        compile_words(rf"{_BEFORE}{_DAY}(?:st|nd|rd|th)?,?(?: of)? {_MONTH_NAME}{_FULL_YEAR}"),
        read_date,
    ),
    (_MONTHS, compile_words(rf"(?:on )?{_MONTH_NAME} (?:the )?{_DAY}(?:st|nd|rd|th)?{_FULL_YEAR}"), read_date),
    (  # 11/15/2026
        ("/",),
        re.compile(rf"(?<![\d/.-])\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/]){loosen(_NO_COUNT)}"),
        read_uncertain,
    ),
    (
        _DIGITS,
        compile_words(
            rf"(?:{_BEFORE})(?:(?:ngày|hôm|bữa) (?:mùng |mồng )?|on the |the ){_DAY}(?:st|nd|rd|th)?"
            r"(?: (?P<before>tháng (?:trước|rồi|vừa rồi)|of last month)| (?P<same>tháng này|of this month|this month)"
            r"| vừa rồi| vừa qua)?(?! ?(?:[/.,-] ?\d|tháng|h|g|giờ|và \d))"
        ),
        read_day_of_month,
    ),
    (
        ("kia", "before yesterday"),
        compile_words(rf"{_BEFORE}(?:hôm |bữa )kia|(?:the )?day before yesterday"),
        count_back(2),
    ),
    (("kìa",), compile_words(r"(?:hôm|ngày) (?:hôm )?k[ì]a"), count_back(3)),
    (
        ("qua", "wa", "yesterday", "last night"),
        compile_words(
            rf"(?:{PART} |hồi )?(?:ngày )?(?:hôm|bữa) (?:qua|wa)|hqua|hwa|(?:hồi )?(?:sáng|trưa|chiều|đêm|khuya) qua"
            r"|(?:hồi )?t[ốô]i qua|(?:hồi )?toi qua(?! (?:shop|cửa|kho|bưu|tiệm|lấy|nhận|đó|chỗ|bên))"
            r"|(?:late )?yesterday(?: (?:morning|afternoon|evening|night))?|last night"
        ),
        count_back(1),
    ),
    (
        ("nay", "nãy", "nây", "hồi", "hôi", "hoi", "lúc", "luc", "ban", "this", "today", "tonight", "just now"),
        compile_words(
            rf"(?:{PART} )?(?:ngày )?(?:hôm|bữa) nay|hnay|(?:mới |hồi |lúc )?(?:{PART}|sớm) nay"
            r"|(?:hồi|lúc|ban) (?:sáng|trưa|chiều)(?: này| nay)?|(?:hồi|lúc|ban|khi|vừa|mới) nãy"
            r"|(?:earlier )?today|this (?:morning|afternoon|evening)|tonight|just now"
            r"|(?<![^\W_][ ])nay(?= (?:mình|em|tôi|tui|e|mới|shipper|shop|hàng|nhận))"
        ),
        count_back(0),
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
        read_days_ago,
    ),
    (
        ("trước", "trươc", "truoc", "nay", "đây", "day", "ago"),
        compile_words(
            rf"(?:cách đây |mới ){{0,2}}{_NUMBER} ?(?:tiếng|giờ|h|phút|p)(?: đồng hồ)? (?:trước|nay)"
            rf"|cách đây {_NUMBER} (?:tiếng|giờ|phút)|(?:half )?{_NUMBER} (?:hours?|minutes|mins) ago"
        ),
        read_hours_ago,
    ),
    (
        ("tuần", "tuân", "tuan", "week"),
        compile_words(r"(?:cuối )?tuần (?:trước|rồi|vừa rồi|vừa qua)|last week(?:end)?"),
        read_last_week,
    ),
    (("tháng", "thang", "month"), compile_words(r"tháng (?:trước|rồi|vừa rồi)|last month"), read_last_month),
    (
        (
            *list_spellings("tháng", "hôm", "bữa", "rày", "dạo", "qua", "gần", "lâu"),
            *("month", "day", "recently", "while", "week"),
        ),
        compile_words(
            rf"{_NUMBER} (?:tháng|months?) (?:trước|nay|rồi|ago)|(?:hôm|bữa) (?:trước|nọ|rồi|hổm|bữa)|(?:hôm"
            rf"|hổm|bữa|mấy bữa) rày|dạo trước|vừa qua|gần đây|lâu rồi"
            r"|the other day|recently|a while ago|tuần qua|past week"
        ),
        read_uncertain,
    ),
)
