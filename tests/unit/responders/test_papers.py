"""Paper sets whatever text it is given, on as many pages as it takes, and says what it could not show."""

import logging
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responders.lettering import BOX, Marked, Signature
from responders.papers import Paper
from tests.complaints import MORNING
from tests.pdf_words import read_pages

# Every letter of the language, with its five tones, in both cases.
_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
ALPHABET = f"{_VOWELS}đ{_VOWELS.upper()}Đ"


def make_paper(**changes: str) -> Paper:
    given = {
        "title": "Phiếu",
        "author": "Hakago",
        "language": "vi",
        "footer": "Hakago",
        "page": "Trang {number}/{count}",
    }
    return Paper(**{**given, **changes}, made_at=MORNING)


def words_of(paper: Paper) -> str:
    return "\n".join(read_pages(paper.finish()))


@pytest.mark.parametrize("part", ["heading", "paragraph", "quote"])
def test_every_vietnamese_letter_is_set(part: str, caplog: pytest.LogCaptureFixture):
    paper = make_paper()
    for start in range(0, len(ALPHABET), 40):
        getattr(paper, part)(ALPHABET[start : start + 40])
    assert ALPHABET in words_of(paper).replace("\n", "")
    assert not paper.has_boxes
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_letters_in_pieces_are_composed():
    paper = make_paper()
    paper.paragraph("Tie\u0302\u0301p nha\u0323\u0302n")
    assert "Tiếp nhận" in words_of(paper)
    assert not paper.has_boxes


def test_what_the_type_face_lacks_becomes_a_box_and_is_told():
    paper = make_paper()
    paper.paragraph("Cửa hàng 广州 \U0001fae8")
    assert f"Cửa hàng {BOX * 2} {BOX}" in words_of(paper)
    assert paper.has_boxes


def test_a_box_that_somebody_wrote_is_no_missing_character():
    paper = make_paper()
    paper.paragraph(f"{BOX} đồng ý")
    assert BOX in words_of(paper)
    assert not paper.has_boxes


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=400), st.text(alphabet="\x02{}<>()\\ \nđ\u0301𠀀", max_size=80))
def test_no_text_breaks_a_document(anything: str, nasty: str):
    paper = make_paper(title=anything, author=nasty, footer=nasty)
    paper.letterhead(anything, [nasty], ["khẩu hiệu"])
    paper.title(anything, nasty)
    paper.fields([(nasty, anything)])
    paper.table([(nasty, 100.0), ("b", 40.0)], [[anything, nasty]])
    paper.checklist([Marked(mark="✓", text=anything, details=[nasty])])
    paper.signatures([Signature(title=anything, hint="", name=nasty)])
    assert read_pages(paper.finish())[0]


def test_text_that_looks_like_a_placeholder_stays_text():
    paper = make_paper()
    paper.paragraph("{nb} {number} %s")
    assert "{nb} {number} %s" in words_of(paper)


def test_a_word_longer_than_a_line_is_broken_and_kept():
    paper = make_paper()
    paper.fields([("SHA-256", "0123456789abcdef" * 20)])
    assert "0123456789abcdef" * 20 in words_of(paper).replace("\n", "")


def test_words_that_fill_several_pages_are_all_there_and_the_pages_are_numbered():
    paper = make_paper()
    paper.quote("\n".join(f"dòng {number} hết" for number in range(600)))
    pages = read_pages(paper.finish())
    assert len(pages) > 9
    assert [f"Hakago · Trang {number}/\n{len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )
    assert all(f"dòng {number} hết" in "".join(pages) for number in range(600))


def test_the_titles_of_columns_stand_on_each_page_of_a_table():
    paper = make_paper()
    paper.table([("Thời điểm", 50.0), ("Nội dung", 120.0)], [[str(row), "ghi nhận"] for row in range(150)])
    pages = read_pages(paper.finish())
    assert len(pages) > 2
    assert all("Thời điểm\nNội dung" in page for page in pages)


def test_a_row_higher_than_a_page_goes_over_pages():
    paper = make_paper()
    paper.table([("Nội dung", 60.0)], [["\n".join(f"dòng {number} hết" for number in range(150))]])
    pages = read_pages(paper.finish())
    assert len(pages) > 1
    assert "dòng 0 hết" in pages[0]
    assert "dòng 149 hết" in pages[-1]


@pytest.mark.parametrize("lines", range(33, 43, 2))
def test_signatures_are_never_torn_apart(lines: int):
    paper = make_paper()
    for _ in range(lines):
        paper.paragraph("x")
    paper.signatures([Signature(title="Khách hàng", hint="(Ký)", name="Tuấn")])
    assert all(("Khách hàng" in page) == ("Tuấn" in page) for page in read_pages(paper.finish()))


@pytest.mark.parametrize("lines", range(36, 43, 2))
def test_a_heading_is_never_the_last_line_of_a_page(lines: int):
    paper = make_paper()
    for _ in range(lines):
        paper.paragraph("x")
    paper.heading("Diễn biến")
    paper.paragraph("ngay bên dưới")
    assert all(("Diễn biến" in page) == ("ngay bên dưới" in page) for page in read_pages(paper.finish()))


def test_the_same_words_at_the_same_moment_are_the_same_bytes():
    def make() -> bytes:
        paper = make_paper()
        paper.paragraph("Kính gửi Quý khách")
        return paper.finish()

    assert make() == make()


def test_the_libraries_are_not_loaded_before_the_first_document():
    program = "import sys, responders.papers; print({'fpdf', 'matplotlib'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
