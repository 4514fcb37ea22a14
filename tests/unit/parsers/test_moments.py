"""Days and hours in a sentence."""

from datetime import date

import pytest

from parsers.moments import find_moments
from parsers.spelling import view_text

WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("tối hôm qua lúc 8h", "2026-11-17", "20:00"),
        ("sáng nay lúc 9h30", "2026-11-18", "09:30"),
        ("ngày 15/11", "2026-11-15", None),
        ("15-11-2026", "2026-11-15", None),
        ("ngày 15 tháng 11", "2026-11-15", None),
        ("ngày 15 tháng 11 năm 2026", "2026-11-15", None),
        ("thứ hai vừa rồi", "2026-11-16", None),
        ("thứ 2 tuần trước", "2026-11-09", None),
        ("thu tu tuan nay", "2026-11-18", None),
        ("Thứ Tư", None, None),
        ("thứ ba", "2026-11-17", None),
        ("thứ tư tuần trước", "2026-11-11", None),
        ("cách đây 3 ngày", "2026-11-15", None),
        ("3 hôm trước", "2026-11-15", None),
        ("được 3 ngày rồi", "2026-11-15", None),
        ("hôm 15", "2026-11-15", None),
        ("ngày 20", None, None),
        ("Nov 15th, 2026", "2026-11-15", None),
        ("the 15th", "2026-11-15", None),
        ("a day ago", "2026-11-17", None),
        ("2 weeks ago", "2026-11-04", None),
        ("last Monday", "2026-11-16", None),
        ("on Friday", "2026-11-13", None),
        ("11/15", None, None),
        ("khoảng ngày 15/11", None, None),
        ("2-3 ngày trước", None, None),
        ("mấy hôm trước", None, None),
        ("hôm qua (17/11) lúc 9h sáng", "2026-11-17", "09:00"),
        ("hôm qua 15/11", None, None),
        ("lần thứ 2 hôm qua", "2026-11-17", None),
        ("chủ nhật", "2026-11-15", None),
        ("chủ nhât", "2026-11-15", None),
        ("thứ bây", "2026-11-14", None),
        ("thu bảy tuan trước", "2026-11-14", None),
        ("2 tuân trước", "2026-11-04", None),
        ("30 phút trước", "2026-11-18", None),
        ("9 tiếng trước", None, None),
        ("cuôi tuần trước", "2026-11-15", None),
        ("CN vừa rồi", "2026-11-15", None),
        ("2 tiếng trước", "2026-11-18", None),
        ("3pm yesterday", "2026-11-17", "15:00"),
        ("lúc 3h", None, None),
        ("hôm qua lúc 3h", "2026-11-17", None),
        ("chiều qua khoảng 3h", "2026-11-17", "15:00"),
        ("ngày 15 tháng trước", "2026-10-15", None),
        ("mùng 3/11", "2026-11-03", None),
        ("ngày 15,16/11", None, None),
        ("9g sáng hôm nay", "2026-11-18", "09:00"),
        ("9 giờ rưỡi tối qua", "2026-11-17", "21:30"),
        ("9 giờ rưỡi sáng 15/11/2026", "2026-11-15", "09:30"),
        ("thứ sáu tuần rồi", "2026-11-13", None),
        ("sáng thứ hai 16/11", "2026-11-16", None),
        ("vào lúc 14:30 ngày 16/11/26", "2026-11-16", "14:30"),
        ("15.11.2026", "2026-11-15", None),
        ("15 / 11", "2026-11-15", None),
        ("2026-11-15", "2026-11-15", None),
        ("hôm kìa", "2026-11-15", None),
        ("yesterday at 3", "2026-11-17", None),
        ("the day before yesterday", "2026-11-16", None),
        ("15 thg 11, 2026", "2026-11-15", None),
        ("12h đêm hôm qua", "2026-11-17", None),
        ("12h trưa nay", "2026-11-18", "12:00"),
        ("30/11", None, None),
    ],
    ids=lambda value: value,
)
def test_moment_is_read(text, day, hour):
    moment = find_one(text)
    assert (str(moment.days[1]) if moment.days else None) == day
    assert (f"{moment.hour:%H:%M}" if moment.hour else None) == hour


def find_one(text):
    (moment,) = find_moments(view_text(text), 0, len(text), WEDNESDAY)
    return moment


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tuần trước", "2026-11-09", "2026-11-15"),
        ("cuối tuần trước", "2026-11-14", "2026-11-15"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("tháng trước", "2026-10-01", "2026-10-31"),
    ],
)
def test_words_for_several_days_name_all_of_them(text, first, last):
    assert tuple(map(str, find_one(text).days)) == (first, last)


def test_neighbours_that_contradict_each_other_name_no_day():
    assert find_one("hôm qua 15/11").days is None


def test_days_apart_by_a_comma_that_differ_are_two():
    assert len(find_moments("ngày 14/11, hôm nay", 0, 19, WEDNESDAY)) == 2


@pytest.mark.parametrize("text", ["lần thứ 2", "kiện thứ hai", "2/3 sản phẩm", "1/2 số hàng"])
def test_what_counts_things_is_no_day(text):
    assert find_moments(text, 0, len(text), WEDNESDAY) == []
