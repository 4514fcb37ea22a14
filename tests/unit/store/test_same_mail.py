"""Which raw mails count as the same one: all that the sender wrote must be equal, what servers add may differ."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.same_mail import SameMail
from store.spool import Spool

SENT = b"From: tuan@khach.example\r\nSubject: Sai\r\n mau\r\nMessage-ID: <1@khach.example>\r\n"
BODY = b"\r\nHang sai mau.\r\n"
MAIL = SENT + BODY


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def is_same(spool: Spool, one: bytes, other: bytes) -> bool:
    return SameMail(spool)(_keep(spool, one), _keep(spool, other))


def _keep(spool: Spool, raw: bytes) -> str:
    file = spool.begin()
    file.write(raw)
    mail = file.finish()
    spool.keep([mail])
    return mail.sha256


TRACES = [
    b"Received: from a by b\r\n\tfor <support@hakago.example>; Tue, 24 Nov 2026 09:00:00 +0700\r\n",
    b"Return-Path: <tuan@khach.example>\r\n",
    b"Delivered-To: support@hakago.example\r\n",
    b"Authentication-Results: mx.hakago.example;\r\n dkim=pass\r\n",
    b"ARC-Seal: i=1; a=rsa-sha256\r\n",
    b"X-Spam-Status: No, score=-1\r\n",
    b"x-original-to: returns@hakago.example\r\n",
]


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.split(b":")[0].decode())
def test_what_servers_add_on_the_way_does_not_count(spool: Spool, trace: bytes):
    assert is_same(spool, MAIL, trace + MAIL)
    assert is_same(spool, trace + MAIL, SENT + trace + BODY)


OTHERS = {
    "subject": MAIL.replace(b"Sai", b"Thieu"),
    "folded-subject": MAIL.replace(b"\r\n mau", b"\r\n size"),
    "sender": MAIL.replace(b"tuan@", b"lan@"),
    "one-byte-of-the-body": MAIL.replace(b"mau.", b"mau!"),
    "body-cut": MAIL[:-3],
    "body-goes-on": MAIL + b"x",
    "another-field": b"Cc: lan@khach.example\r\n" + MAIL,
    "body-begins-like-a-trace": SENT + b"\r\nReceived: from a\r\n" + BODY[2:],
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_whatever_the_sender_wrote_counts(spool: Spool, other: bytes):
    assert not is_same(spool, MAIL, other)
    assert not is_same(spool, TRACES[0] + MAIL, other)


def test_a_difference_far_down_a_large_mail_counts(spool: Spool):
    large = MAIL + b"x" * 1_000_000
    assert is_same(spool, large, TRACES[0] + large)
    assert not is_same(spool, large, TRACES[0] + large[:-1] + b"y")


def test_a_mail_that_was_deleted_is_not_the_same_as_another(spool: Spool):
    sha256 = _keep(spool, MAIL)
    assert SameMail(spool)(sha256, sha256)
    assert not SameMail(spool)(sha256, "f" * 64)
    assert not SameMail(spool)("f" * 64, sha256)


RAW = st.lists(
    st.sampled_from(
        [b"From: a\r\n", b"Received: b\r\n", b" folded\r\n", b"\tx\r\n", b"\r\n", b"\n", b"X-A: 1\n", b"Body"]
    ),
    max_size=6,
).map(b"".join)


@given(RAW, RAW, st.sampled_from(TRACES))
def test_the_order_of_the_question_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, one: bytes, other: bytes, trace: bytes
):
    spool = Spool(tmp_path_factory.getbasetemp() / "same")
    assert is_same(spool, one, one)
    assert is_same(spool, one, other) == is_same(spool, other, one)
    if not one.startswith((b" ", b"\t")):
        assert is_same(spool, one, trace + one)
