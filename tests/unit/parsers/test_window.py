from hypothesis import given
from hypothesis import strategies as st

from parsers.window import Delimiter, Window, straighten_lines


def _window(data, size=10_000):
    return Window(iter([data[at : at + size] for at in range(0, len(data), size)]))


def _body(window):
    return b"".join(window.read_body())


def test_header_ends_at_the_blank_line():
    window = _window(b"A: b\r\nC: d\r\n\r\nbody\r\n")
    assert window.read_header(1000) == (b"A: b\r\nC: d\r", False)
    assert _body(window) == b"body\r\n"
    assert window.delimiter is None


def test_line_end_before_a_delimiter_belongs_to_it():
    window = _window(b"\r\none\r\n--b\r\n\r\ntwo\r\n--b--  \r\nrest")
    window.read_header(1000)
    window.open_boundary(b"b")
    assert (_body(window), window.delimiter) == (b"one", Delimiter(level=0, is_closing=False))
    window.read_header(1000)
    assert (_body(window), window.delimiter) == (b"two", Delimiter(level=0, is_closing=True))
    assert (_body(window), window.delimiter) == (b"rest", None)


def test_a_longer_boundary_is_another_boundary():
    window = _window(b"\none\n--b2\nstill one\n--b\n")
    window.read_header(1000)
    window.open_boundary(b"b")
    assert _body(window) == b"one\n--b2\nstill one"


def test_delimiter_is_found_among_many_lines_that_begin_like_it():
    window = _window(b"\n" + b"\n--bx" * 500 + b"\n--b--", size=64)
    window.read_header(1000)
    window.open_boundary(b"b")
    assert _body(window) == b"\n--bx" * 500
    assert window.delimiter == Delimiter(level=0, is_closing=True)


def test_an_outer_delimiter_ends_an_inner_body():
    window = _window(b"\nbody\n--outer\n\nnext\n--inner\n")
    window.read_header(1000)
    window.open_boundary(b"outer")
    window.open_boundary(b"inner")
    assert (_body(window), window.delimiter) == (b"body", Delimiter(level=0, is_closing=False))


def test_a_delimiter_ends_a_header_without_blank_line():
    window = _window(b"\n--b\nA: c\n--b\n\nx\n--b--")
    window.read_header(1000)
    window.open_boundary(b"b")
    assert _body(window) == b""
    assert window.read_header(1000)[0] == b"A: c"
    assert _body(window) == b""


def test_header_is_cut_at_the_limit_and_the_body_is_found():
    window = _window(b"A: " + b"x" * 5000 + b"\n\nbody", size=100)
    block, is_cut = window.read_header(1000)
    assert (len(block), is_cut) == (1000, True)
    assert _body(window) == b"body"


def test_lines_that_end_in_bare_returns_are_lines():
    assert b"".join(straighten_lines(iter([b"A: b\r\rbo", b"dy\r"]))) == b"A: b\n\nbody\n"


def test_blank_lines_before_the_header_go_but_an_empty_header_stays():
    assert b"".join(straighten_lines(iter([b"\r\n\nSubject: x\n\nbody"]))) == b"Subject: x\n\nbody"
    assert b"".join(straighten_lines(iter([b"\nhttp://a.example"]))) == b"\nhttp://a.example"


_LINES = st.lists(
    st.sampled_from([b"--b\n", b"--b--\n", b"--bb\n", b"--c\r\n", b"text\r\n", b"\n", b"-", b"--b"]), max_size=12
)


@given(_LINES, st.integers(1, 9))
def test_bodies_are_the_same_however_the_stream_is_cut(lines, size):
    def read(window):
        window.read_header(1000)
        window.open_boundary(b"b")
        window.open_boundary(b"c")
        found = [(_body(window), window.delimiter)]
        while window.delimiter:
            found.append((_body(window), window.delimiter))
        return found

    data = b"\n" + b"".join(lines)
    assert read(_window(data, size)) == read(_window(data))
