import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.html import html_to_text

DRIVE = "https://drive.google.com/file/d/1AbC/view?usp=sharing"


def _read(page):
    return html_to_text(page, most_tags=12_000)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param("<p>Hàng lỗi</p><p>Xin đổi</p>", "Hàng lỗi\n\nXin đổi", id="paragraphs"),
        pytest.param("<div>một<br>hai</div><div>ba</div>", "một\nhai\nba", id="lines"),
        pytest.param("<style>p{}</style><script>x()</script><title>t</title><p>a", "a", id="what nobody sees"),
        pytest.param("<!-- chú thích --><p>a</p>", "a", id="comment"),
        pytest.param("<table><tr><td>Mã</td><td>012345</td></tr></table>", "Mã 012345", id="table as lines"),
        pytest.param("<?xml version='1.0' encoding='utf-16'?><p>Hàng</p>", "Hàng", id="a false declaration"),
        pytest.param("e&#x301;", "é", id="entities in NFC"),
        pytest.param("a &lt; b", "a < b", id="escaped"),
        pytest.param("", "", id="nothing"),
        pytest.param("<!---->", "", id="only a comment"),
        pytest.param("<blockquote>\x01a\x0c</blockquote>", "> a", id="control characters"),
        pytest.param("chữ trơn", "chữ trơn", id="no tag"),
        pytest.param(f"<a href='{DRIVE}'>xem ở <b>đây</b></a> ạ", f"xem ở đây <{DRIVE}> ạ", id="a file behind words"),
        pytest.param(f"<a href='{DRIVE}'>{DRIVE}</a>", DRIVE, id="a file behind its address"),
        pytest.param(
            f"<a href='{DRIVE}'><img></a><a href='{DRIVE}'>a.mp4</a>", f"a.mp4 <{DRIVE}>", id="picture and name"
        ),
        pytest.param(
            f"<blockquote><a href='{DRIVE}'>a</a></blockquote><a href='{DRIVE}'>b</a>",
            f"> a <{DRIVE}>\nb <{DRIVE}>",
            id="quoted, and sent again",
        ),
        pytest.param("<a href='https://facebook.com/shop'>trang nhà</a>", "trang nhà", id="a link to no file"),
    ],
)
def test_pages_become_text(page, text):
    words = "\n".join(" ".join(line.split()) for line in _read(page)[0].split("\n"))
    assert (words, _read(page)[1]) == (text, ())


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("<blockquote class='gmail_quote'>{}</blockquote>", id="Gmail"),
        pytest.param("<blockquote type='cite'>{}</blockquote>", id="Apple Mail and Thunderbird"),
        pytest.param("<div class='yahoo_quoted'><blockquote>{}</blockquote></div>", id="Yahoo"),
    ],
)
def test_quotes_keep_their_mark(quote):
    page = "<div>Dạ vâng</div>" + quote.format("<p>Shop hỏi</p><p>Khách đáp</p>")
    lines = [line for line in _read(page)[0].split("\n") if line.strip(" >")]
    assert lines == ["Dạ vâng", "> Shop hỏi", "> Khách đáp"]


def test_quotes_within_quotes_are_deeper():
    text, _ = _read("<blockquote>một<blockquote>hai</blockquote>ba</blockquote>bốn")
    assert [line for line in text.split("\n") if line.strip(" >")] == ["> một", ">> hai", "> ba", "bốn"]


def test_indented_text_is_no_quote():
    text, _ = _read("<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>của tôi</blockquote>")
    assert text.strip() == "của tôi"


def test_heading_of_a_quote_stays_on_one_line():
    page = (
        "<div class='gmail_quote'><div dir='ltr' class='gmail_attr'>Vào Th 3, 1 thg 10, 2019 vào lúc 12:53 Lan "
        "&lt;<a href='mailto:lan@b.example'>lan@b.example</a>&gt; đã viết:<br></div><blockquote>cũ</blockquote></div>"
    )
    assert "Vào Th 3, 1 thg 10, 2019 vào lúc 12:53 Lan <lan@b.example> đã viết:" in _read(page)[0].split("\n")


def test_fields_of_a_forwarded_mail_stay_lines():
    page = "<div id='divRplyFwdMsg'><b>Từ:</b> Lan<br><b>Đã gửi:</b> Thứ Hai<br><b>Chủ đề:</b> Hàng lỗi</div>"
    assert _read(page)[0].split("\n") == ["Từ: Lan", "Đã gửi: Thứ Hai", "Chủ đề: Hàng lỗi"]


@pytest.mark.parametrize(
    ("page", "last"),
    [
        pytest.param("<p>a</p>" * 250_000 + "cuối", "cuối", id="too many tags"),
        pytest.param("<div>" * 400_000 + "cuối", "cuối", id="too deep"),
        pytest.param("<table><tr><td>" + "x" * 1_000_000 + "</td></tr>" + "<tr><td>y</td></tr>" * 40_000, "y",
                     id="wide table"),
        pytest.param("<blockquote>a" * 150_000, "a", id="quotes"),
        pytest.param("<" * 2_000_000, "", id="no tag ends"),
    ],
)  # fmt: skip
def test_hostile_pages_are_cut_in_time_and_lose_no_words(page, last):
    started = time.process_time()
    text, defects = _read(page)
    assert time.process_time() - started < 3  # a second on the machines we know
    assert defects == ("limit-html",)
    assert text.rstrip().endswith(last)


@given(st.text(alphabet="<>/abpqtrd&;=\"' \n\0", max_size=80))
def test_any_page_is_read(page):
    _read(page)
