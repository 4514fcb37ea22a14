"""Templates become mails, or a sentence that says which file is wrong, in which line and why."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.rendering import BrokenTemplate, Templates, quote, to_html
from tests.complaints import HANOI

OURS = Path(__file__).parents[3] / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "vi").mkdir()
    return tmp_path


def render(own: Path, template: str | bytes, language: str = "vi", **facts: Any) -> Any:
    raw = template if isinstance(template, bytes) else template.encode()
    (own / "vi" / "thu.txt").write_bytes(raw)
    return Templates([own, OURS], HANOI).render("thu", language, facts)


def mistake(own: Path, template: str | bytes, **facts: Any) -> str:
    with pytest.raises(BrokenTemplate) as broken:
        render(own, template, **facts)
    return str(broken.value)


def test_the_first_line_is_the_subject_and_the_rest_the_text(own: Path):
    made = render(own, "Subject:  Hồ sơ {{ so }}\n\n\nKính gửi {{ ten }},\n\nCảm ơn.\n\n", so=7, ten="anh Tuấn")
    assert (made.subject, made.text) == ("Hồ sơ 7", "Kính gửi anh Tuấn,\n\nCảm ơn.\n")
    assert "<p>Kính gửi anh Tuấn,</p>\n<p>Cảm ơn.</p>" in made.html


def test_a_subject_is_one_line_of_bounded_length(own: Path):
    made = render(own, "subject: {{ lines }}\n\nx", lines="a\r\nBcc: b@c\n" + "x" * 500)
    assert made.subject.startswith("a")
    assert "\n" not in made.subject + made.subject[1:]
    assert len(made.subject) <= 200


def test_a_file_of_ones_own_wins_and_the_others_stay(own: Path):
    (own / "vi" / "staff-breaker.txt").write_text("Subject: Dừng\n\n{% include 'chan.txt' %}")
    (own / "chan.txt").write_text("Cuối thư")  # for every language
    templates = Templates([own, OURS], HANOI)
    assert templates.render("staff-breaker", "vi", {}).text == "Cuối thư\n"
    assert "automatic_per_hour" in templates.render("staff-breaker", "en", {"facts": {"limit": 3}}).text


def test_a_layout_of_ones_own_wins_too(own: Path):
    (own / "layout.html").write_text("<b>{{ title }}</b>{{ body }}")
    assert render(own, "Subject: a & b\n\n<x>").html == "<b>a &amp; b</b><p>&lt;x&gt;</p>"


def test_the_templates_there_are_can_be_listed(own: Path):
    (own / "vi" / "moi.txt").write_text("Subject: x\n\n")
    templates = Templates([own, OURS], HANOI)
    assert {"acknowledgement", "moi", "closed-silent"} <= set(templates.names("vi"))
    assert "moi" not in templates.names("en")
    assert set(templates.languages()) == {"vi", "en"}


def test_both_languages_have_the_same_templates():
    templates = Templates([OURS], HANOI)
    assert templates.names("vi") == templates.names("en")


def test_moments_are_told_in_the_zone_and_manner_of_the_reader(own: Path):
    (own / "en").mkdir()
    (own / "en" / "thu.txt").write_text("Subject: x\n\n{{ at | moment }}")
    at = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    assert render(own, "Subject: x\n\n{{ at | moment }}", at=at).text == "00:30 ngày 25/11/2026\n"
    assert render(own, "Subject: x\n\n", "en", at=at).text == "25 November 2026, 00:30\n"


def test_a_file_written_by_notepad_is_read_as_well(own: Path):
    made = render(own, b"\xef\xbb\xbfSubject: x\r\n\r\nD\xc3\xb2ng 1\r\nD\xc3\xb2ng 2\r\n")
    assert (made.subject, made.text) == ("x", "Dòng 1\nDòng 2\n")


MISTAKES: dict[str, tuple[str | bytes, str, str]] = {
    "unknown-name": ("Subject: x\n\nChào\n{{ tne }}", ":4", 'there is no variable "tne"; there is facts'),
    "unknown-name-near-a-right-one": ("Subject: x\n\n{{ fatcs.ten }}", ":3", 'did you mean "facts"?'),
    "unknown-name-in-the-subject": ("Subject: {{ tne }}\n\n", ":1", 'there is no variable "tne"'),
    "unknown-field": ("Subject: x\n\n{{ facts.so_dien_thoai }}", ":3", 'there is no field "so_dien_thoai" here'),
    "unknown-field-near-a-right-one": ("Subject: x\n\n{{ facts.tên }}", ":3", 'did you mean "ten"?'),
    "field-of-nothing": ("Subject: x\n\n{{ facts.ngay.nam }}", ":3", 'nothing here that has a "nam": write {% if … %}'),
    "unknown-name-in-a-condition": ("Subject: x\n\n{% if not tne %}x{% endif %}", ":3", 'there is no variable "tne"'),
    "unknown-name-told-as-a-time": ("Subject: x\n\n{{ tne | moment }}", ":3", 'there is no variable "tne"'),
    "wrong-syntax": ("Subject: x\n\n\n{% if %}", ":4", "Expected an expression"),
    "block-not-ended": ("Subject: x\n\n{% for one in facts %}", ":3", "endfor"),
    "unknown-filter": ("Subject: x\n\n{{ facts | momment }}", ":3", 'no filter "momment": did you mean "moment"?'),
    "no-moment": ("Subject: x\n\n{{ 'hôm nay' | moment }}", ":3", 'a time is told here, and there may be "hôm nay"'),
    "no-day": ("Subject: x\n\n{{ facts.ngay | day }}", ":3", "a time is told here, and there may be nothing"),
    "no-number": ("Subject: x\n\n{{ 1 / 0 }}", ":3", "division by zero"),
    "forbidden": ("Subject: x\n\n{{ facts.__class__.__mro__ }}", ":3", "unsafe"),
    "no-subject": ("Kính gửi Quý khách", "", 'the first line must be "Subject: …"'),
    "no-utf-8": (b"Subject: Qu\xfd kh\xe1ch\n\n", "", "save the file as UTF-8"),
    "includes-what-is-not-there": ("Subject: x\n\n{% include 'foot.txt' %}", ":3", 'no file "foot.txt" to include'),
    "includes-what-is-nearly-there": ("Subject: x\n\n{% include 'greting.txt' %}", ":3", 'mean "greeting.txt"?'),
    "includes-itself": ("Subject: x\n\n{% include 'thu.txt' %}", ":3", "recursion"),
}


@pytest.mark.parametrize(("template", "line", "why"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_file_line_and_reason(own: Path, template: str | bytes, line: str, why: str):
    told = mistake(own, template, facts={"ten": "Tuấn", "ngay": None})
    assert f"vi/thu.txt{line}: " in told
    assert why in told
    assert "\n" not in told


def test_a_mistake_in_an_included_file_names_that_file(own: Path):
    (own / "vi" / "chan.txt").write_text("Trân trọng,\n{{ cong_ty }}")
    told = mistake(own, "Subject: x\n\n{% include 'chan.txt' %}")
    assert f'{own}/vi/chan.txt:2: there is no variable "cong_ty"' in told


def test_a_template_that_nobody_wrote_is_told_by_its_name(own: Path):
    with pytest.raises(BrokenTemplate, match=r"template vi/khong-co.txt: .*khong-co.txt"):
        Templates([own, OURS], HANOI).render("khong-co", "vi", {})


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ facts.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ '{0.__class__.__base__}'.format(facts) }}",
        "{{ (facts | attr('__class__')).mro() }}",
        "{{ range(10**9) | list }}",
        "{% include '../../../../../../etc/passwd' %}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_templates_reach_nothing_outside(own: Path, template: str):
    class Facts:
        ten = "Tuấn"

    assert mistake(own, f"Subject: x\n\n{template}", facts=Facts())


def test_marks_are_set_in_colour_and_lines_are_kept():
    have, lack = '<span style="color:#1a7f37">✓</span>', '<span style="color:#b42318">✗</span>'
    expected = f"<p>{have} Ảnh<br>{lack} Video &lt;1&gt;<br>x ✓</p>\n<p>y</p>"
    assert to_html("✓ Ảnh\n✗ Video <1>\nx ✓\n\n\n y ") == expected


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        assert all(name == "style" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text("<>&\"'/= a\n✓✗script", max_size=100))
def test_nothing_that_a_customer_wrote_becomes_markup(text: str):
    reader = _Reader()
    reader.feed(to_html(text))
    reader.close()
    assert reader.tags <= {"p", "br", "span"}
    assert "".join("".join(reader.words).split()) == "".join(text.split())


@given(st.text(max_size=50))
def test_a_quotation_begins_each_line_with_its_sign(text: str):
    assert all(line.startswith(">") for line in quote(text).splitlines())
    assert len(quote(text).splitlines()) == len(text.splitlines())


def test_what_a_condition_leaves_blank_is_one_blank_line(own: Path):
    made = render(own, "Subject: a\n\nmột\n\n{% if false %}x{% endif %}\n \n\nhai\n")
    assert made.text == "một\n\nhai\n"


def test_a_warning_is_set_in_bold():
    assert to_html("⚠ Gửi cho <khách>") == ('<p><strong style="color:#b54708">⚠ Gửi cho &lt;khách&gt;</strong></p>')
