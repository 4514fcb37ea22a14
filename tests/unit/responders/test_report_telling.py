"""A report in words: the same tables in both languages, aligned in a terminal, with plots where they tell more."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as Tree

import pytest

from responders.paper_names import names_of
from responders.paper_words import Language
from responders.report_telling import ReportTelling
from responders.report_words import WORDS
from responders.tables import Part, tell_part
from responders.wording import Wording
from tests.complaints import DESK, HANOI, MORNING, POLICY
from tickets.report import DepartmentFigures, Mails, Paid, Promise, Report, Satisfaction, Seller, SlotMissing, Spread

DAY = timedelta(days=1)
NOTHING = Spread(count=0, median_hours=None, p90_hours=None)
EMPTY = Report(
    since=MORNING.replace(day=1, hour=0),
    until=MORNING.replace(day=30, hour=0),
    made_at=MORNING,
    received=0,
    by_day={},
    by_week={},
    by_category={},
    by_channel={},
    by_language={},
    departments=(),
    first_answer=NOTHING,
    resolution=NOTHING,
    promises=(),
    evidence=(),
    late=0,
    reopened=0,
    satisfaction=Satisfaction(told=0, answered=0, mean=None, scores=dict.fromkeys((5, 4, 3, 2, 1), 0)),
    outcomes={},
    compensation=Paid(count=0, total=0, currency="VND"),
    sellers=(),
    mails=Mails(received=0, automatic=0, other=0, failed=0, from_machines={}),
    open_by_age={"1d": 0, "3d": 0, "7d": 0, "30d": 0, "older": 0},
)
FULL = replace(
    EMPTY,
    received=3_000,
    by_day={date(2026, 11, 2): 1_000, date(2026, 11, 4): 2_000},
    by_week={date(2026, 11, 2): 3_000},
    by_category={"wrong-item": 2_000, "other": 1_000},
    by_channel={"mail": 2_999, "phone": 1},
    by_language={"vi": 2_000, "en": 999, "zh": 1},
    departments=(DepartmentFigures(department=None, received=3_000, open=1, first_answer=NOTHING),),
    first_answer=Spread(count=10, median_hours=1.25, p90_hours=16.0),
    promises=(Promise(clock="respond", kept=3, broken=1, running=2), Promise(clock="vip", kept=0, broken=0, running=1)),
    evidence=(SlotMissing(slot="video", asked=3, missing_at_first=2, never_came=1),),
    satisfaction=Satisfaction(told=4, answered=2, mean=4.5, scores={5: 1, 4: 1, 3: 0, 2: 0, 1: 0}),
    compensation=Paid(count=1, total=250_000, currency="VND"),
    sellers=(Seller(email="a@seller.example", name="义乌市小商品有限公司", count=2),
             Seller(email="b@seller.example", name="", count=1)),
    mails=Mails(received=1, automatic=2, other=3, failed=4, from_machines={"bounce": 5}),
)  # fmt: skip


def telling(language: Language = "vi") -> ReportTelling:
    names = names_of(POLICY, DESK, language)
    return ReportTelling("Hakago", Wording(language=language, zone=HANOI, names=names))


def table(title: str, report: Report = FULL, language: Language = "vi") -> Part:
    (found,) = [part for part in telling(language).parts(report) if part.title == title]
    return found


def test_both_languages_have_the_same_words():
    assert WORDS["vi"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("report", [EMPTY, FULL], ids=["nothing", "something"])
def test_every_part_can_be_told_and_drawn(language: Language, report: Report):
    for part in telling(language).parts(report):
        assert list(tell_part(part))
        for draw in part.plots:
            Tree.fromstring(draw())


def test_period_ends_with_its_last_day():
    assert telling("en").period(FULL) == "Cases received from 01 Nov 2026 to 29 Nov 2026"


@pytest.mark.parametrize(
    ("title", "row"),
    [
        ("Tiếp nhận", ("Hồ sơ tiếp nhận", "3.000")),
        ("Thời gian xử lý (giờ làm việc)", ("Từ tiếp nhận đến trả lời đầu tiên", "10", "1,2", "16")),
        ("Thời hạn cam kết", ("Phản hồi cho khách hàng", "3", "1", "2", "75 %")),
        ("Thời hạn cam kết", ("vip", "0", "0", "1", "–")),
        ("Bộ phận", ("Chưa phân công", "3.000", "1", "–")),
        ("Loại khiếu nại", ("Sai hàng", "2.000", "67 %")),
        ("Thông tin, chứng từ khách hàng thiếu", ("Video mở hàng", "3", "67 %", "33 %")),
        ("Mức độ hài lòng", ("Khách hàng đã đánh giá", "2 (50 %)")),
        ("Mức độ hài lòng", ("Điểm trung bình (1–5)", "4,5")),
        ("Bồi thường", ("Tổng số tiền", "250.000 đ")),
        ("Người bán có nhiều khiếu nại nhất", ("b@seller.example", "1")),
        ("Ngôn ngữ", ("zh", "1", "0 %")),
        ("Thư từ", ("Thư báo không gửi được nhận được", "5")),
    ],
)
def test_figures_stand_beside_what_they_are_of(title: str, row: tuple[str, ...]):
    assert row in table(title).rows


def test_company_without_sellers_or_compensation_has_no_table_of_them():
    titles = {part.title for part in telling().parts(EMPTY)}
    assert not titles & {"Bồi thường", "Người bán có nhiều khiếu nại nhất"}


@pytest.mark.parametrize(
    ("days", "title"), [(10, "Hồ sơ tiếp nhận mỗi ngày"), (100, "Hồ sơ tiếp nhận mỗi tuần")], ids=["days", "weeks"]
)
def test_long_periods_are_plotted_by_the_week(days: int, title: str):
    first = date(2026, 1, 5)
    many = replace(
        EMPTY,
        by_day={first + number * DAY: 1 for number in range(days)},
        by_week={first + number * DAY: 7 for number in range(0, days, 7)},
    )
    (draw,) = table("Tiếp nhận", many).plots
    assert title in draw()


def columns(lines: list[str]) -> set[int]:
    return {sum(2 if "\u3400" <= letter <= "\u9fff" else 1 for letter in line) for line in lines}


@pytest.mark.parametrize("title", ["Người bán có nhiều khiếu nại nhất", "Thời hạn cam kết", "Mức độ hài lòng"])
def test_columns_end_below_each_other_also_behind_chinese_names(title: str):
    _, _, *lines = tell_part(table(title))
    assert len(columns(lines)) == 1


@pytest.mark.parametrize("name", ["x" * 100, "义" * 100], ids=["latin", "chinese"])
def test_long_names_are_cut(name: str):
    rows: list[Any] = [(name, "1"), ("short", "1")]
    _, _, *lines = tell_part(Part(title="", head=(), rows=rows))
    assert "…" in lines[0]
    assert len(columns([line.replace("…", ".") for line in lines])) == 1
