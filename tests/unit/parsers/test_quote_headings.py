"""Headings in running words, titles between dashes, lines to write above."""

import pytest

from parsers.quote_headings import (
    find_heading,
    is_bare_title,
    is_forward_title,
    is_name_heading,
    is_original_title,
    is_reply_line,
    is_rule,
)
from parsers.quote_lines import read_lines
from parsers.quote_words import FORWARD_SENTENCES, FORWARD_STEMS, ORIGINAL_TITLES, REPLY_LINES, WRITING_VERBS

WHO = "Hakago <support@hakago.example>"
HEADINGS = {
    "vi-gmail": f"Vào Th 5, 26 thg 11, 2026 vào lúc 10:00 {WHO} đã viết:",
    "vi-gmail-app": f"Vào 10:00, Th 5, 26 thg 11, 2026 {WHO} đã viết:",
    "vi-yahoo": f"Vào Thứ Năm, tháng 11 26, 2026, 10:00, {WHO} đã viết:",
    "vi-apple": "Vào 26 thg 11, 2026, lúc 10:00, Hakago CSKH đã viết:",
    "vi-thunderbird": "Vào 26/11/2026 10:00, Hakago CSKH viết:",
    "vi-hour-first": "Lúc 10:00 ngày 26 tháng 11 năm 2026, Hakago CSKH đã viết:",
    "vi-zoho": f"---- Vào Thứ Năm, 26 thg 11 2026 10:00:00 +0700 {WHO} đã viết ----",
    "vi-address-only": "Vào Th 5, 26 thg 11, 2026 lúc 10:00 <support@hakago.example> đã viết:",
    "en": f"On Thu, Nov 26, 2026 at 10:00 AM {WHO} wrote:",
    "en-without-colon": f"On Thu, 26 Nov 2026 10:00:00 +0700 {WHO} wrote",
    "en-notes": "Hakago/Hanoi wrote on 26.11.2026 10:00:00:",
    "en-mailto": "On Nov 26, 2026, at 10:00, Hakago <support@hakago.example<mailto:support@hakago.example>> wrote:",
    "de": f"Am Do., 26. Nov. 2026 um 10:00 Uhr schrieb {WHO}:",
    "de-name-only": "Am 26.11.2026 um 10:00 schrieb Hakago CSKH:",
    "de-name-first": f"{WHO} schrieb am Do., 26. Nov. 2026, 10:00:",
    "fr": f"Le jeu. 26 nov. 2026 à 10:00, {WHO} a écrit :",
    "es": f"El jue, 26 nov 2026 a las 10:00, {WHO} escribió:",
    "pt": f"Em qui., 26 de nov. de 2026 às 10:00, {WHO} escreveu:",
    "it": f"Il giorno gio 26 nov 2026 alle ore 10:00 {WHO} ha scritto:",
    "nl": f"Op do 26 nov 2026 om 10:00 schreef {WHO}:",
    "nl-apple": f"Op 26 nov. 2026 om 10:00 heeft {WHO} het volgende geschreven:",
    "pl": f"czw., 26 lis 2026 o 10:00 {WHO} napisał(a):",
    "sv": f"Den tors 26 nov. 2026 kl 10:00 skrev {WHO}:",
    "da-no": f"tor. 26. nov. 2026 kl. 10.00 skrev {WHO}:",
    "fi": f"to 26. marrask. 2026 klo 10.00 {WHO} kirjoitti:",
    "cs": "Dne 26. 11. 26 v 10:00 Hakago napsal(a):",
    "ru": f"чт, 26 нояб. 2026 г. в 10:00, {WHO}:",
    "ru-name-only": "26.11.2026 10:00, Hakago пишет:",
    "uk": f"чт, 26 лист. 2026 р. о 10:00 {WHO} пише:",
    "hu": f"{WHO} ezt írta (időpont: 2026. nov. 26., Cs, 10:00):",
    "ro": f"Pe joi, 26 nov. 2026 la 10:00, {WHO} a scris:",
    "tr": f"{WHO}, 26 Kas 2026 Per, 10:00 tarihinde şunu yazdı:",
    "el": f"Στις Πέμ 26 Νοε 2026 στις 10:00 π.μ., ο χρήστης {WHO} έγραψε:",
    "he": f"\u202bבתאריך יום ה׳, 26 בנוב׳ 2026 ב-10:00 מאת \u202a{WHO}\u202c\u200f:\u202c",
    "ar": f"في الخميس، ٢٦ نوفمبر ٢٠٢٦ ١٠:٠٠ ص {WHO} كتب:",
    "ja": f"2026年11月26日(木) 10:00 {WHO}:",
    "ko": f"2026년 11월 26일 (목) 오전 10:00, {WHO}님이 작성:",
    "zh": f"{WHO} 于2026年11月26日周四 10:00写道：",
    "th": f"ในวันที่ พฤ. 26 พ.ย. 2026 เวลา 10:00 {WHO} เขียนว่า:",
    "id": f"Pada tanggal Kam, 26 Nov 2026 pukul 10:00 {WHO} menulis:",
    "name-and-address": f"{WHO} wrote:",
}
FOLDED = {
    "before-the-verb": f"Vào Th 5, 26 thg 11, 2026 lúc 10:00 {WHO}\nđã viết:",
    "within-the-verb": f"Vào Th 5, 26 thg 11, 2026 lúc 10:00 {WHO} đã\nviết:",
    "before-the-address": "Vào Th 5, 26 thg 11, 2026 lúc 10:00 Hakago\n<support@hakago.example> đã viết:",
    "within-the-address": "Vào Th 5, 26 thg 11, 2026 lúc 10:00 Hakago <\nsupport@hakago.example> đã viết:",
    "before-the-hour": f"Vào Th 5, 26 thg 11, 2026\nlúc 10:00 {WHO} đã viết:",
    "three-lines": "On Thu, Nov 26, 2026,\nat 10:00,\nLan <lan@b.example> wrote:",
    "mark-that-is-a-bracket": "tor. 26. nov. 2026 kl. 10:00 skrev Lan <lan@b.example\n>:",
    "blank-line-within": "On Thu, Nov 26, 2026 at 10:00 Lan\n\n<\nmailto:Lan <lan@b.example>\n> wrote:",
    "sender-on-a-line-of-his-own": f"{WHO}\n于2026年11月26日周四 10:00写道：",
}
SENTENCES = {
    "colon": "Mã đơn hàng:",
    "date": "Nhận hàng ngày 26/11/2026 lúc 10:00:",
    "address": "Em gửi mail tới lan@b.example:",
    "role": "Người bán đã viết:",
    "speech": "Shop đã viết:",
    "verb-in-the-middle": "Em đã viết thư cho shop 3 lần rồi",
    "on": "On the other hand, nobody wrote:",
    "date-and-verb": "On 26 November the seller wrote:",
    "question": "Ai đã viết?",
}


def _find_in(text):
    lines = read_lines(text)
    return [found for last in range(len(lines.shown)) if (found := find_heading(lines, last))]


@pytest.mark.parametrize("heading", HEADINGS.values(), ids=HEADINGS.keys())
@pytest.mark.parametrize("mark", ["", "> "], ids=["plain", "marked"])
def test_heading_on_one_line_is_found(heading, mark):
    (found,) = _find_in(f"Dạ\n\n{heading}\n\n{mark}Xin gửi video.")
    assert (found.start, found.end, found.left) == (2, 3, "")


@pytest.mark.parametrize("heading", FOLDED.values(), ids=FOLDED.keys())
def test_heading_on_several_lines_is_found_whole(heading):
    (found,) = _find_in(f"Dạ\n{heading}\n> Xin gửi video.")
    assert (found.start, found.end) == (1, 2 + heading.count("\n"))


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_sentence_is_no_heading(sentence):
    assert _find_in(f"Chào shop,\n{sentence}\nHàng vỡ.") == []


@pytest.mark.parametrize("language", WRITING_VERBS)
def test_every_verb_of_writing_closes_a_heading(language):
    for verb in WRITING_VERBS[language]:
        assert len(_find_in(f"Dạ\n\n26/11/2026 10:00 {WHO} {verb}:\n> x")) == 1, verb


def test_words_left_of_a_heading_on_its_line_are_the_writers():
    (found,) = _find_in("Thanks! On Wed, Nov 25, 2026 at 3:59 PM, lan@b.example wrote:\n> Hi")
    assert found.left == "Thanks!"


@pytest.mark.parametrize("line", ["Nguyễn Văn An đã viết:", "Hakago viết:", "---- Lan wrote ----"])
def test_name_and_verb_are_half_of_a_heading(line):
    assert is_name_heading(line)


@pytest.mark.parametrize("line", ["Người bán đã viết:", "Shop đã viết:", "Trên trang viết:", "Lan wrote", "Mã đơn:"])
def test_speech_of_others_is_not(line):
    assert not is_name_heading(line)


def test_line_with_an_hour_above_a_heading_is_not_part_of_it():
    (found,) = _find_in(f"Gọi em lúc 10:30\n{HEADINGS['vi-gmail']}\n> Xin gửi video")
    assert found.start == 1


@pytest.mark.parametrize("title", [one for titles in ORIGINAL_TITLES.values() for one in titles])
def test_title_between_dashes_is_one_of_a_quote(title):
    assert is_original_title(f"-----{title.title()}-----")
    assert is_original_title(f"________ {title.capitalize()} ________")
    assert not is_original_title(title)
    assert is_bare_title(title.capitalize())


@pytest.mark.parametrize("stem", [one for stems in FORWARD_STEMS.values() for one in stems])
def test_title_of_something_forwarded_is_known_by_a_word(stem):
    assert is_forward_title(f"---------- x {stem} y ---------")
    assert not is_forward_title(f"x {stem} y")


@pytest.mark.parametrize("sentence", sorted(FORWARD_SENTENCES))
def test_sentence_of_apple_mail_opens_something_forwarded(sentence):
    assert is_forward_title(f"{sentence.capitalize()}:")


@pytest.mark.parametrize("words", REPLY_LINES)
def test_line_to_write_above_is_known(words):
    assert is_reply_line(f"##- {words.capitalize()} -##")


@pytest.mark.parametrize("line", ["-----", "________________", "=====", "* * *", "———"])
def test_drawn_line_is_a_rule(line):
    assert is_rule(line)


@pytest.mark.parametrize("line", ["", "--", "-----x-----", "1-2-3"])
def test_other_lines_are_no_rules(line):
    assert not is_rule(line)
