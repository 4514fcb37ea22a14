"""A TOML file becomes records, or a list of everything that is wrong with it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.settings.records import Mistakes, checked_by, parse_duration, read_record


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Span:
    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        count, _, unit = text.partition(" ")
        if not unit:
            raise ValueError("a span has a unit")
        return cls(int(count), unit)


@dataclass(frozen=True)
class Opening:
    at: time

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(time.fromisoformat(text))


def check_even(number: int) -> int:
    if number % 2:
        raise ValueError("must be even")
    return number


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    at: Span
    do: Literal["remind", "close"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    name: str = field(metadata={"min_length": 1})
    steps: tuple[Step, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    title: str
    rules: tuple[Rule, ...] = field(default=(), metadata={"alias": "rule"})
    by_name: dict[str, Rule] = field(default_factory=dict)
    wait: timedelta = timedelta(seconds=5)
    day: date | None = None
    opens: time | None = None
    since: datetime | None = None
    colour: Colour = Colour.RED
    even: Annotated[int, checked_by(check_even)] = 0
    ratio: float = 0.5
    share: float = field(default=0, metadata={"le": 1})
    is_on: bool = False
    file: Path = Path("here")
    first: Rule | None = None
    doors: tuple[Opening, ...] = ()


@pytest.fixture
def read(tmp_path):
    def read_text(text, rules=()):
        path = tmp_path / "sheet.toml"
        path.write_text(text, encoding="utf-8")
        return read_record(path, Sheet, rules)

    return read_text


@pytest.fixture
def mistakes(read, tmp_path):
    """The mistakes of a text, one line each, without the folder."""

    def find(text, rules=()):
        with pytest.raises(Mistakes) as caught:
            read(text, rules)
        return str(caught.value).replace(f"{tmp_path}/", "").split("\n")

    return find


def test_nested_records_mappings_and_tables_are_read(read):
    sheet = read("""
title = "Một"
[[rule]]
name = "a"
steps = [{ at = "24 hours", do = "remind" }, { at = "3 days", do = "close" }]
words = { vi = "ảnh", en = "photo" }
[[rule]]
name = "b"
[by_name.c]
name = "c"
""")
    assert [rule.name for rule in sheet.rules] == ["a", "b"]
    assert sheet.rules[0].steps == (Step(at=Span(24, "hours"), do="remind"), Step(at=Span(3, "days"), do="close"))
    assert sheet.rules[0].words == {"vi": "ảnh", "en": "photo"}
    assert sheet.by_name == {"c": Rule(name="c")}


def test_values_are_read_as_the_types_of_the_fields(read, tmp_path):
    sheet = read("""
title = "x"
wait = "5m"
day = "2026-11-01"
opens = "08:30"
since = "2026-11-01T08:30:00Z"
colour = "blue"
even = 4
ratio = 1
is_on = true
file = "there/x"
""")
    assert sheet.wait == timedelta(minutes=5)
    assert sheet.day == date(2026, 11, 1)
    assert sheet.opens == time(8, 30)
    assert sheet.since == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert (sheet.colour, sheet.even, sheet.ratio, sheet.is_on) == (Colour.BLUE, 4, 1.0, True)
    assert sheet.file == tmp_path / "there/x"


def test_dates_and_times_of_toml_itself_are_read(read):
    sheet = read('title = "x"\nday = 2026-11-01\nopens = 08:30:00\nsince = 2026-11-01T08:30:00Z')
    assert (sheet.day, sheet.opens) == (date(2026, 11, 1), time(8, 30))
    assert sheet.since == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_a_record_written_as_one_text_may_hold_a_time(read):
    assert read('title = "x"\ndoors = ["08:30", "13:00"]').doors == (Opening(time(8, 30)), Opening(time(13)))


def test_relative_paths_count_from_the_folder_of_the_file_even_where_they_are_defaults(read, tmp_path):
    assert read('title = "x"').file == tmp_path / "here"
    assert read('title = "x"\nfile = "/etc/x"').file == Path("/etc/x")


def test_text_is_composed(read):
    assert read('title = "Ca\u0302\u0301p"').title == "Cấp"


def test_byte_order_mark_of_windows_editors_is_no_mistake(tmp_path):
    path = tmp_path / "bom.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "x"\r\n')
    assert read_record(path, Sheet).title == "x"


WRONG = {
    "unknown key": ('title = "x"\ntitel = "y"', '2: unknown key "titel": did you mean "title"?'),
    "unknown key in a table": (
        'title = "x"\n[[rule]]\nname = "a"\n\nnam = "b"',
        '5: unknown key "nam" in [[rule]]: did you mean "name"?',
    ),
    "unknown key like nothing": (
        'title = "x"\n[first]\nname = "a"\nqq = 1',
        '4: unknown key "qq" in [first]: known here: name, steps, words',
    ),
    "missing at the top": ("", ' "title" is missing'),
    "missing in a table": ('title = "x"\n\n[[rule]]', '3: [[rule]] needs the key "name"'),
    "missing in an inline table": (
        'title = "x"\nrule = [{ name = "a", steps = [\n{ do = "close" }] }]',
        '3: [[rule.steps]] needs the key "at"',
    ),
    "number for text": ("title = 1", '1: "title" must be text in quotation marks'),
    "text for a number": (
        'title = "x"\neven = "4"',
        '2: "even" must be a whole number without quotation marks',
    ),
    "truth for a number": (
        'title = "x"\neven = true',
        '2: "even" must be a whole number without quotation marks',
    ),
    "text for truth": ('title = "x"\nis_on = "yes"', '2: "is_on" must be true or false, without quotation marks'),
    "number too high": ('title = "x"\nshare = 2.5', '2: "share" must be at most 1.0'),
    "check of our own": ('title = "x"\neven = 3', '2: "even": must be even'),
    "wrong choice": (
        'title = "x"\ncolour = "rad"',
        '2: "colour" must be "red" or "blue", not "rad": did you mean "red"?',
    ),
    "text a record refuses": (
        'title = "x"\n[[rule]]\nname = "a"\nsteps = [{ at = "24", do = "close" }]',
        '4: "at" in [[rule.steps]]: a span has a unit',
    ),
    "table for a record written as text": (
        'title = "x"\n[[rule]]\nname = "a"\nsteps = [{ at = { count = 1, unit = "x" }, do = "close" }]',
        '4: "at" in [[rule.steps]]: must be text in quotation marks',
    ),
    "duration without a unit": (
        'title = "x"\nwait = 60',
        '2: "wait": must be a number and a unit in quotation marks, such as "60s", "5m", "2h" or "3d"',
    ),
    "no date": ('title = "x"\nday = "1.11.2026"', '2: "day": must be a date, such as "2026-11-01"'),
    "number for a date": ('title = "x"\nday = 0', '2: "day": must be a date, such as "2026-11-01"'),
    "moment without offset": (
        'title = "x"\nsince = 2026-11-01T08:30:00',
        '2: "since": must be a moment with offset, such as "2026-11-01T08:30:00+07:00"',
    ),
    "empty text": ('title = "x"\n[first]\nname = ""', '3: "name" in [first] must not be empty'),
    "item of a mapping": (
        'title = "x"\n[first]\nname = "a"\nwords.vi = 1',
        '4: "vi" in [first.words] must be text in quotation marks',
    ),
    "one text for all languages": (
        'title = "x"\n[first]\nname = "a"\nwords = "b"',
        '4: "words" in [first] must give the words by language: { vi = "…", en = "…" }',
    ),
    "single brackets for many": (
        'title = "x"\n[rule]\nname = "a"',
        "2: [[rule]] can stand several times: write it with double brackets",
    ),
    "double brackets for one": (
        'title = "x"\n[[first]]\nname = "a"',
        "2: [first] stands only once: write it with single brackets",
    ),
    "value for a table": ('title = "x"\nfirst = 1', "2: [first] must be a table with the keys name, steps, words"),
    "value for a list": ('title = "x"\nrule = [1]', "2: [[rule]] must be a table with the keys name, steps, words"),
    "key twice": ('title = "x"\ntitle = "y"', "2: this key is given twice"),
    "text without quotation marks": ("\ntitle = x", "2: this value is not understood: text stands in quotation marks"),
    "open text": ('title = "x\n', "1: a text ends on the line it begins on: the closing quotation mark is missing"),
    "open bracket at the end": (
        'title = "x"\nrule = [1,\n',
        "2: this value is not understood: text stands in quotation marks",
    ),
}


@pytest.mark.parametrize(("text", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_named_with_its_line_in_plain_words(mistakes, text, line):
    assert mistakes(text) == [f"sheet.toml:{line}"]


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file(mistakes):
    text = 'titel = "x"\nwait = 5\nday = 1\n[[rule]]\n[[rule]]\nname = 1\n[frst]\n'
    assert [line.split(": ")[0] for line in mistakes(text)] == [
        "sheet.toml",
        "sheet.toml:1",
        "sheet.toml:2",
        "sheet.toml:3",
        "sheet.toml:4",
        "sheet.toml:6",
        "sheet.toml:7",
    ]


def test_rules_speak_although_types_are_wrong_and_their_words_come_before_others(mistakes):
    def no_ones(document):
        if document.get("even") == "one":
            yield ("even",), "no ones here"

    assert mistakes('title = 1\neven = "one"', [no_ones]) == [
        'sheet.toml:1: "title" must be text in quotation marks',
        "sheet.toml:2: no ones here",
    ]


def test_file_that_is_no_utf8_is_named_with_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "x"\n# \xe9\n')
    with pytest.raises(Mistakes, match=r"latin\.toml:2: this is no UTF-8"):
        read_record(path, Sheet)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("ratio = " + "[" * 5000 + "]" * 5000, "nested too deeply", id="lists"),
        pytest.param("ratio = " + "{a = " * 3000 + "1" + "}" * 3000, "nested too deeply", id="tables"),
        pytest.param(".".join("a" * 2000) + " = 1", "nested too deeply", id="dotted key"),
        pytest.param("even = " + "9" * 5000, "too large", id="decimal number"),
        pytest.param("even = 0x" + "f" * 5000, "too large", id="hexadecimal number"),
        pytest.param("even = 9223372036854775808", "too large", id="number of 65 bits"),
    ],
)
def test_what_no_reader_should_be_given_is_one_line(mistakes, text, words):
    assert any(words in line for line in mistakes(text))


def test_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(Mistakes, match=r"absent\.toml: cannot be read: no such file or directory"):
        read_record(tmp_path / "absent.toml", Sheet)


@given(st.integers(min_value=0, max_value=999_999), st.sampled_from([("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]))
def test_durations_count_their_unit(count, unit):
    assert parse_duration(f"{count}{unit[0]}") == timedelta(seconds=count * unit[1])


@pytest.mark.parametrize("text", ["", "60", "s", "-1s", "1.5h", "5 months", "1h30m", "٣s", "99999999d"])
def test_other_durations_are_refused(text):
    with pytest.raises(ValueError, match="must be a number and a unit"):
        parse_duration(text)


TOML_VALUES = st.recursive(
    st.sampled_from(["0", "-1", "1.5", "nan", "true", '""', '"x"', '"60s"', "2026-11-01", "08:30:00", "[]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["name", "steps", "at", "do", "vi", "zz"]), inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        )
    ),
    max_leaves=6,
)
SHEET_KEYS = st.sampled_from([*Sheet.__dataclass_fields__, "rule", "zz"])


@settings(deadline=None)  # building the validator takes its time on a busy machine
@given(st.dictionaries(SHEET_KEYS, TOML_VALUES, max_size=5))
def test_any_valid_toml_gives_a_record_or_mistakes(tmp_path_factory, values):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text("".join(f"{key} = {value}\n" for key, value in values.items()), encoding="utf-8")
    try:
        outcome = [type(read_record(path, Sheet)).__name__]
    except Mistakes as error:
        outcome = str(error).split("\n")
    assert outcome
    assert not any("Input should" in line or "pydantic" in line for line in outcome)
