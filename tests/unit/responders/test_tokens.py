"""A reply token proves that a person answers a ticket of ours; nothing else does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.tokens import LOCAL_PART_CHARACTERS, Tokens
from tickets.incoming import ReplyToken

SUPPORT = "support@hakago.example"
NUMBER = "HKG-26-000123"
TUAN, LAN = "tuan@khach.example", "lan@hakago.example"
TOKENS = Tokens(b"a key of this installation", SUPPORT, "+")


def address(number: str = NUMBER, email: str = TUAN, tokens: Tokens = TOKENS) -> str:
    made = tokens.reply_address(number, email)
    assert made is not None
    return made


def test_a_token_names_the_ticket_and_the_person_it_was_given_to():
    assert TOKENS.read([address()], TUAN) == ReplyToken(number=NUMBER, email=TUAN)


def test_a_token_used_by_somebody_else_still_names_the_ticket_but_nobody():
    assert TOKENS.read([address()], LAN) == ReplyToken(number=NUMBER, email="")


def test_the_address_tells_nobody_who_the_person_is_and_fits_any_server():
    local = address().partition("@")[0]
    assert re.fullmatch(r"support\+hkg-26-000123\.[a-z2-7]{6}\.[a-z2-7]{16}", local)
    assert len(local) <= LOCAL_PART_CHARACTERS


def test_the_first_valid_token_among_the_recipients_counts():
    recipients = [SUPPORT, "x+y.z@hakago.example", address("HKG-26-000001"), address("HKG-26-000002")]
    assert TOKENS.read(recipients, TUAN) == ReplyToken(number="HKG-26-000001", email=TUAN)


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase], ids=["upper", "title", "swapped"])
def test_servers_may_change_the_case_of_an_address(change):
    assert TOKENS.read([change(address())], TUAN) == ReplyToken(number=NUMBER, email=TUAN)


def _replaced(old: str, new: str) -> str:
    made = address()
    assert old in made
    return made.replace(old, new, 1)


_TAG = address().partition("+")[2].partition("@")[0]
_PERSON, _HASH = _TAG.split(".")[1:]
FORGED = {
    "another-ticket": _replaced("000123", "000124"),
    "another-person": _replaced(_PERSON, address(email=LAN).split(".")[1]),
    "hash-changed": _replaced(_HASH, ("a" if _HASH[0] != "a" else "b") + _HASH[1:]),
    "hash-cut": _replaced(_HASH, _HASH[:-1]),
    "hash-longer": _replaced(_HASH, _HASH + "a"),
    "hash-left-out": _replaced(f".{_HASH}", ""),
    "another-domain": _replaced("hakago.example", "hakago.example.net"),
    "another-mailbox": _replaced("support+", "sales+"),
    "another-separator": _replaced("support+", "support-"),
    "something-before": "x" + address(),
    "number-with-a-leading-zero": _replaced("000123", "0000123"),
    "letters-that-only-look-so": _replaced(_HASH, "ſ" * 16),
    "kelvin-for-k": _replaced("hkg", "h\u212ag"),
    "digits-of-another-script": _replaced("26", "٢٦"),
    "of-another-installation": address(tokens=Tokens(b"another key", SUPPORT, "+")),
    "no-tag": SUPPORT,
    "no-address": "",
}


@pytest.mark.parametrize("recipient", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_ours_to_the_letter_is_none(recipient: str):
    assert TOKENS.read([recipient], TUAN) is None


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_recipient_address_makes_reading_fail(tag: str, sender: str):
    for recipient in (tag, f"support+{tag}@hakago.example", f"support+hkg-26-1.{tag}@hakago.example"):
        assert TOKENS.read([recipient], sender) is None


@given(st.integers(1, 10**8), st.emails())
def test_every_token_reads_back(count: int, email: str):
    number = f"HKG-26-{count:06d}"
    made = TOKENS.reply_address(number, email)
    if made:
        assert TOKENS.read([made], email) == ReplyToken(number=number, email=email)


@pytest.mark.parametrize("separator", ["+", "-", "="])
def test_servers_differ_in_what_sets_off_a_tag(separator: str):
    tokens = Tokens(b"key", SUPPORT, separator)
    assert tokens.read([address(tokens=tokens)], TUAN) == ReplyToken(number=NUMBER, email=TUAN)


def test_without_tagged_addresses_there_is_no_token():
    tokens = Tokens(b"key", SUPPORT, "")
    assert tokens.reply_address(NUMBER, TUAN) is None
    assert tokens.read([address(), SUPPORT], TUAN) is None


def test_an_address_too_long_for_a_tag_gets_none():
    long = Tokens(b"key", "bo-phan-cham-soc-khach-hang@hakago.example", "+")
    assert long.reply_address(NUMBER, TUAN) is None


def test_a_message_id_is_the_same_each_time_and_differs_in_everything_it_is_made_of():
    made = {
        TOKENS.message_id(*what)
        for what in [
            ("1.2", "a", "b"),
            ("1.3", "a", "b"),
            ("1.2", "c", "b"),
            ("1.2", "a", "d"),
            ("1.2", "ab", ""),
            ("1.2", "a", "b"),
        ]
    }
    assert len(made) == 5
    assert Tokens(b"another key", SUPPORT, "+").message_id("1.2", "a", "b") not in made


@given(st.text(max_size=40), st.text(max_size=10))
def test_a_message_id_is_always_well_formed(label: str, more: str):
    assert re.fullmatch(r"<[a-z0-9.-]*\.[a-z2-7]{16}@hakago\.example>", TOKENS.message_id(label, more))
