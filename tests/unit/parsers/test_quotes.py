"""Laws of `strip_reply`, whatever the text; and what the subject of a mail changes."""

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.quote_headings import find_heading
from parsers.quote_lines import read_lines
from parsers.quote_rules import RULES, Place, choose_rules
from parsers.quotes import strip_reply

HEADING = "Vào Th 5, 26 thg 11, 2026 lúc 10:00 Hakago <support@hakago.example> đã viết:"
BLOCK = "Từ: Hakago <support@hakago.example>\nĐã gửi: Thứ Năm, 26 tháng 11, 2026 10:00\nĐến: Tuấn\nChủ đề: Video"

PIECES = st.sampled_from(
    [
        *("Hàng vỡ ạ.", "Mã đơn: 012345", "Trân trọng,", "Tuấn", "", "", "a@b.example", "lúc 10:00 ngày 26/11/2026:"),
        *("> Chào anh", ">> Xin gửi video", ">", "> wrote:", ">30 ngày", ">.<", "-- ", "--", "—", "____", "-----"),
        *(HEADING, HEADING[:45], HEADING[45:], "On Thu, Nov 26, 2026 at 10:00 AM Lan", "<lan@b.example> wrote:"),
        *("Lan đã viết:", "đã viết:", "wrote", BLOCK, BLOCK.replace("\n", "\n\n"), "Từ: Lan"),
        *("-----Original Message-----", "-------- Thư gốc --------", "--- Chuyển tiếp ---", "Begin forwarded message:"),
        *("Được gửi từ iPhone của tôi", "Tải Outlook cho iOS", "riak mailing list", "Trả lời trên dòng này"),
    ]
)
MAILS = st.lists(PIECES, max_size=25).map("\n".join) | st.text()
WORDS = re.compile(r"\w+")


@given(MAILS, st.sampled_from([None, True, False]))
def test_reply_holds_no_word_that_the_text_has_not(text, forwarded):
    reply = strip_reply(text, forwarded=forwarded)
    assert not Counter(WORDS.findall(reply)) - Counter(WORDS.findall(text))


@given(MAILS)
def test_reply_of_a_reply_is_the_reply(text):
    reply = strip_reply(text)
    assert strip_reply(reply) == reply


@given(st.text(alphabet="abc àáđếữ.,;!?()\n0123456789"))
def test_text_without_marks_headings_or_signatures_is_its_own_reply(text):
    assert strip_reply(text) == text


@given(st.lists(st.sampled_from(["Hàng vỡ ạ.", "Mã đơn 012345", "Trân trọng,", "Tuấn"]), min_size=1, max_size=8))
def test_everything_above_a_heading_stays(words):
    text = "\n".join(words)
    assert strip_reply(f"{text}\n\n{HEADING}\n\nXin gửi video.") == text


def test_line_ends_of_windows_make_no_difference():
    assert strip_reply(f"Dạ\r\n\r\n{HEADING}\r\n> Xin gửi video\r\n") == "Dạ"


def test_bare_quote_is_empty_where_the_subject_says_answer():
    assert strip_reply(f"{BLOCK}\n\nXin gửi video.", forwarded=False) == ""


def test_bare_quote_without_marks_stays_where_the_subject_says_nothing():
    mail = f"{BLOCK}\n\nXin gửi video."
    assert strip_reply(mail) == mail


def test_bare_marked_quote_is_empty_whatever_the_subject_says_not():
    assert strip_reply(f"{HEADING}\n> Xin gửi video.") == ""


@pytest.mark.parametrize("below", [f"{BLOCK}\n\nĐã giao.", f"{HEADING}\n\n> Đã giao.", "> Đã giao."])
def test_what_stands_below_stays_where_the_subject_says_forwarded(below):
    mail = f"Shop xem giúp.\n\n{below}"
    assert strip_reply(mail, forwarded=True) == mail


def test_signature_goes_where_the_subject_says_forwarded():
    assert strip_reply(f"Xem giúp.\n\nSent from my iPhone\n\n{BLOCK}", forwarded=True) == f"Xem giúp.\n\n{BLOCK}"


def test_lines_beyond_those_looked_at_stay():
    text = "x\n" * 30_000
    assert strip_reply(f"> a\n{text}").split() == text.split()


def test_indentation_of_the_first_line_stays():
    assert strip_reply("> a\n\n   1. Hộp móp\n   2. Vỡ kính") == "   1. Hộp móp\n   2. Vỡ kính"


SLOW = {
    "blank-lines": "\n",
    "marks": "> > > > \n",
    "openings": "On Mon, 12 Nov 2026 at 10:00 Bob <a@b\n",
    "openings-on-one-line": "x On 1 " * 70 + "wrote:\n",
    "verbs": "đã viết:\n",
    "unclosed-brackets": "<http://(" * 50 + ":\n",
    "addresses": "a@" * 240 + " viết:\n",
    "fields": "From: a@b\nx: y\nz: q\nTo: b\nx\ny\nz\nSubject: q\n",
    "delimiters": "--\n",
    "delimiters-with-words": "--\nx\n> y\n",
    "titles": "-----Original Message-----\n>\n",
    "years": "2026" * 100 + ":\n",
    "device-lines": "sent from samsung phone x\n",
    "one-line": "On 1 wrote: ",
    "combining": "a\u0323\u0302" * 150 + "\n",
}


@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW.keys())
def test_two_megabytes_made_to_be_slow_take_under_a_second(piece):
    text = piece * (2_000_000 // len(piece.encode()) + 1)
    began = time.process_time()
    strip_reply(text)
    assert time.process_time() - began < 1


PROGRAM_LINES = st.sampled_from(
    [
        *("Gesendet von Outlook für Android", "*Envoyé depuis mon iPhone*", "Galaxy S24 gönderildi", "发自我的iPhone"),
        *(
            "<https://a.example> Sent from Yahoo Mail",
            "Yahoo Mail: Search, Organize, Conquer",
            "| GỬI TỪ ĐIỆN THOẠI OPPO",
        ),
        *(
            "Virus-free. www.avast.com",
            "Mail được gửi từ iPhone",
            "Sent from my phone",
            "-- ",
            "Bắt đầu thư được chuyển tiếp:",
        ),
    ]
)


@given(st.lists(PIECES | PROGRAM_LINES, max_size=12).map("\n".join))
def test_rule_that_is_spared_would_not_have_fired(text):
    lines = read_lines(text)
    headings = {found.start: found for last in range(len(lines.shown)) if (found := find_heading(lines, last))}
    spared = [rule for rule, _ in RULES if rule not in choose_rules(lines, headings)]
    for index in (number for number, line in enumerate(lines.shown) if line):
        place = Place(lines=lines, index=index, headings=headings, follows_cut=False)
        assert [rule for rule in spared if rule(place)] == []
