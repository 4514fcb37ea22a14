"""Plots are SVG that any page can hold: readable, the same every time, and no trouble to their neighbours."""

import re
import subprocess
import sys
from datetime import date, timedelta
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.plots import ACCENT, bar_plot, line_plot

DAYS = [date(2026, 11, 1) + timedelta(days=day) for day in range(30)]
KINDS = ["Giao sai hàng (màu sắc, kích cỡ, kiểu dáng)", "Hủy đơn, hoàn tiền", "Khác"]


def bars(**changes) -> str:
    given = {"title": "Khiếu nại theo loại", "labels": KINDS, "values": [1234, 7.5, 0], "unit": "hồ sơ"}
    return bar_plot(**{**given, **changes})


def lines(**changes) -> str:
    series = {"Tiếp nhận": range(30), "Giải quyết": range(30, 0, -1)}
    return line_plot(**{"title": "Mỗi ngày", "days": DAYS, "series": series, **changes})


def words_of(plot: str) -> list[str]:
    return [words for words in Tree.fromstring(plot).itertext() if words.strip()]


def names_of(plot: str) -> list[str]:
    return [element.attrib["id"] for element in Tree.fromstring(plot).iter() if "id" in element.attrib]


def strokes_of(plot: str) -> list[str]:
    """The lines that were drawn in colour."""
    drawn = Tree.fromstring(plot).iter("{http://www.w3.org/2000/svg}path")
    return [path.attrib["d"] for path in drawn if f"stroke: {ACCENT}" in path.attrib.get("style", "")]


BOTH = {"bars": bars, "lines": lines}


def test_every_bar_has_its_name_and_its_value_as_text():
    words = words_of(bars())
    assert "Khiếu nại theo loại" in words
    assert [one for one in words if not one[0].isdigit() and not one.startswith("Khiếu nại")] == [
        "Giao sai hàng (màu sắc,",
        "kích cỡ, kiểu dáng)",
        "Hủy đơn, hoàn tiền",
        "Khác",
    ]
    assert [one for one in words if one[0].isdigit()] == ["1.234 hồ sơ", "7,5 hồ sơ", "0 hồ sơ"]


def test_english_figures():
    assert {"1,234 hồ sơ", "7.5 hồ sơ"} <= set(words_of(bars(language="en")))


def test_what_is_not_known_is_no_bar_but_a_dash():
    assert words_of(bars(labels=["a", "b"], values=[None, float("nan")])).count("–") == 2


def test_bars_are_as_long_as_their_values():
    drawn = Tree.fromstring(bars(labels=["a", "b"], values=[100, 25])).iter("{http://www.w3.org/2000/svg}path")
    filled = [path.attrib["d"] for path in drawn if ACCENT in path.attrib.get("style", "")]
    long, short = ([float(number) for number in re.findall(r"[\d.]+", path)] for path in filled)
    assert (long[2] - long[0]) == pytest.approx(4 * (short[2] - short[0]))


def test_a_name_that_is_too_long_is_cut():
    words = words_of(bars(labels=["một cái tên " * 20], values=[1]))
    assert [one for one in words if one.endswith("…")]
    assert len(words) == 1 + 3 + 1


def test_several_lines_are_named_and_a_single_one_is_not():
    assert {"Tiếp nhận", "Giải quyết"} <= set(words_of(lines()))
    assert "Điểm" not in words_of(lines(series={"Điểm": range(30)}))


SPANS = {
    "a month": (DAYS, "vi", ["1/11", "30/11"]),
    "a month in English": (DAYS, "en", ["1 Nov", "30 Nov"]),
    "two years": ([date(2024, 1, 1), date(2025, 12, 31)], "vi", ["1/2024", "12/2025"]),
    "one day": (DAYS[:1], "vi", ["1/11"]),
}


@pytest.mark.parametrize(("days", "language", "ends"), SPANS.values(), ids=SPANS)
def test_days_are_told_from_the_first_to_the_last(days, language, ends):
    words = words_of(lines(days=days, series={"Điểm": range(len(days))}, language=language))
    assert set(ends) <= set(words)
    assert len(words) < 20


def test_a_day_without_figure_leaves_a_gap():
    whole = strokes_of(lines(series={"Điểm": [1, 2, 3, 4, 5]}, days=DAYS[:5]))
    parted = strokes_of(lines(series={"Điểm": [1, 2, None, 4, 5]}, days=DAYS[:5]))
    assert [path.count("M") for path in whole] == [1]
    assert [path.count("M") for path in parted] == [2]


def test_a_figure_without_neighbours_is_a_dot():
    assert "<use" in lines(series={"Điểm": [None, 4, None]}, days=DAYS[:3])
    assert "<use" not in lines(series={"Điểm": [3, 4, 5]}, days=DAYS[:3])


EMPTY = {
    "no bars": bar_plot("Trống", [], []),
    "no days": line_plot("Trống", [], {}),
    "no figures": line_plot("Trống", DAYS[:2], {"a": [None, None]}),
}


@pytest.mark.parametrize("plot", EMPTY.values(), ids=EMPTY)
def test_a_plot_without_figures_says_so(plot: str):
    assert words_of(plot) == ["Trống", "Chưa có số liệu."]


@pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)
def test_the_same_figures_are_the_same_markup(make):
    assert make() == make()


@pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)
def test_names_are_unique_within_a_plot_and_across_plots(make):
    first, second = names_of(make()), names_of(make(title="Một biểu đồ khác"))
    assert len(set(first)) == len(first)
    assert not set(first) & set(second)


@pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)
def test_everything_that_is_referred_to_is_there(make):
    plot = make(values=[1, 2, 3]) if make is bars else make(series={"Điểm": [None, *range(28), 3]})
    assert set(re.findall(r"#(p[0-9a-f]{10}-[^\")]+)", plot)) <= set(names_of(plot))


@pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)
def test_nothing_leaks_into_the_page(make):
    plot = make()
    assert plot.startswith("<svg ")
    assert not re.search(r"<style|<metadata|<\?xml|<!DOCTYPE|xlink|https?://(?!www\.w3\.org/2000/svg)", plot)
    assert 'width="' not in plot.partition(">")[0]


@pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)
def test_it_says_what_it_shows_to_those_who_listen(make):
    root = Tree.fromstring(make(title="Giờ & <phút>"))
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", "Giờ & <phút>")


NASTY = {"markup": "<script>&\"'", "mathematics": "$\\frac{1}{2}$ $", "Chinese": "广州", "an underscore": "_ẩn"}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_somebodys_words_stay_words(text: str):
    assert text in words_of(bars(labels=[text], values=[1]))
    assert text in words_of(lines(series={text: [1], "b": [2]}, days=DAYS[:1]))


_TEXT = st.text(max_size=40) | st.text(alphabet="\x00\ufffe\uffff\u202e\n\t $\\{}^_<&𠀀", max_size=10)
_VALUES = (
    st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12) | st.sampled_from([float("inf"), float("nan")])
)


@settings(max_examples=40, deadline=None)
@given(_TEXT, st.lists(st.tuples(_TEXT, _VALUES), max_size=4), _TEXT)
def test_no_words_and_no_figures_break_bars(title: str, rows: list[tuple[str, float | None]], unit: str):
    assert Tree.fromstring(bar_plot(title, [row[0] for row in rows], [row[1] for row in rows], unit)) is not None


@settings(max_examples=40, deadline=None)
@given(_TEXT, st.dictionaries(_TEXT, st.lists(_VALUES, min_size=3, max_size=3), max_size=5), _TEXT)
def test_no_words_and_no_figures_break_lines(title: str, series: dict[str, list[float | None]], unit: str):
    assert Tree.fromstring(line_plot(title, DAYS[:3], series, unit)) is not None


def test_the_library_is_not_loaded_before_the_first_plot():
    program = "import sys, responders.plots; print('matplotlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
