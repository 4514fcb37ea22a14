import pytest

from parsers.links import find_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param("Video: https://drive.google.com/file/d/1?usp=sharing.",
                     ("https://drive.google.com/file/d/1?usp=sharing",), id="a full stop"),
        pytest.param("(https://zalo.me/1)", ("https://zalo.me/1",), id="in brackets"),
        pytest.param("https://vi.wikipedia.org/wiki/A_(B)",
                     ("https://vi.wikipedia.org/wiki/A_(B)",), id="with brackets"),
        pytest.param("<http://a.example/b>", ("http://a.example/b",), id="in angle brackets"),
        pytest.param("“https://a.example/b”, xem", ("https://a.example/b",), id="in quotes"),
        pytest.param("http://a.example http://b.example http://a.example",
                     ("http://a.example", "http://b.example"), id="each once"),
        pytest.param("ftp://a.example a.example", (), id="no web address"),
    ],
)  # fmt: skip
def test_links_of_texts(text, links):
    assert find_links((text,), (), 10) == (links, False)


def test_links_behind_words_follow():
    page = (
        "<a href='https://a.example/?x=1&amp;y=2'>ảnh</a> <A HREF=https://b.example>b</A> <a href='mailto:a@b.example'>"
    )
    assert find_links(("https://c.example",), (page,), 10)[0] == (
        "https://c.example",
        "https://a.example/?x=1&y=2",
        "https://b.example",
    )


def test_too_many_links_are_cut():
    text = " ".join(f"https://a.example/{number}" for number in range(20_000))
    links, is_cut = find_links((text,), (), 5)
    assert (len(links), is_cut) == (5, True)
