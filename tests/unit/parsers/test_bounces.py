"""Laws of reading bounces: never an exception, never slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bounces import read_bounce
from tests.unit.parsers.bounce_mails import make_notice, make_part, make_report

_PIECES = st.sampled_from([
    "Your message could not be delivered to", "<lan@khach.example>:", "lan@khach.example", "\n", "\n\n", " ", "@", ":",
    "550 5.1.1", "--- Below this line is a copy of the message.", "Received: x", "To: ", "Final-Recipient: rfc822;",
    "…", "\ud800", "\x00", "[", ">>> RCPT TO:<", "following recipients:", "\tlan", "4.4.7", "Message-ID: <a@b>",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join), st.text(max_size=60), st.binary(max_size=80))
def test_reading_never_raises(text, subject, head):
    part = make_part("message/delivery-status", head.decode("latin-1"))

    for found in (read_bounce(make_notice(parts=(part,)), subject, text), read_bounce(make_notice(), subject, text)):
        assert found is None or found.recipients


def test_what_is_read_can_be_stored_in_any_database():
    fields = (
        "Final-Recipient: rfc822; la\u0302n@khach.example\nAction: failed\nDiagnostic-Code: smtp; 550 no\x00 \x01user"
    )
    returned = make_part("message/rfc822", "Message-ID: <a\x00@b>\n")

    bounce = read_bounce(make_report(fields, returned), "Undelivered mail", "")

    assert bounce is not None
    assert (bounce.recipients[0].email, bounce.recipients[0].reason) == ("lân@khach.example", "550 no user")
    assert bounce.original_message_id == "<a@b>"


HOSTILE = {
    "one long word": "a" * 2_000_000,
    "blanks": "Your message could not be delivered:" + " " * 2_000_000,
    "colons": "undeliverable" + ": " * 1_000_000,
    "at signs": "not delivered " + "a@" * 1_000_000,
    "angle brackets": "not delivered\n" + "<" * 2_000_000,
    "dashes": "not delivered\n" + "-" * 2_000_000,
    "short lines of brackets": "not delivered\n" + ("<" * 900 + "\n") * 2_000,
    "addresses": "not delivered\n" + "a1@khach.example " * 100_000,
    "half phrases": "message could " * 150_000,
    "mail words": "mail message delivery user address " * 60_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_two_megabytes_made_to_be_slow_take_less_than_a_second(text):
    started = time.perf_counter()

    read_bounce(make_notice(), "Undelivered Mail Returned to Sender", text)

    assert time.perf_counter() - started < 1
