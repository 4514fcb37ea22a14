"""What an ordinary mail does not need is not loaded for it: most of the time of a short run went into loading."""

import subprocess
import sys

import pytest

HEAVY = ("lxml", "inscriptis", "tnefparse", "rapidfuzz", "parsers.bounces", "jinja2", "pydantic", "sqlalchemy")
PROGRAM = """
import io, sys
import intake.parsing
from parsers.message import parse_message
from parsers.subjects import parse_subject
from parsers.vocabulary import CategoryWords, Vocabulary

vocabulary = Vocabulary(
    brands=(),
    ticket_prefix="HKG",
    customer_code="^[A-Z][a-z]+[0-9]+$",
    order_code="^[0-9]{{6}}$",
    categories=(CategoryWords(slug="wrong-colour", words=("sai màu",)),),
)
facts = parse_message(io.BytesIO({raw!r}))
parse_subject(facts.subject, vocabulary)
print(*(name for name in {heavy!r} if name in sys.modules))
"""
HEADER = b"From: Tuan <tuan@khach.example>\r\nSubject: Tuan668 - 012345 - "
PLAIN = HEADER + b"sai mau\r\n\r\nShop giao sai mau.\r\n"


@pytest.mark.parametrize(
    ("raw", "loaded"),
    [
        (PLAIN, ""),
        (PLAIN.replace(b"sai mau\r\n\r\n", b"sai mau\r\nContent-Type: text/html\r\n\r\n<p>"), "lxml inscriptis"),
        (HEADER + b"hangg bij saai mauu\r\n\r\nShop giao.\r\n", "rapidfuzz"),
        (
            b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\n\r\nUser unknown\r\n",
            "rapidfuzz parsers.bounces",
        ),
    ],
    ids=["plain text", "HTML", "misspelt", "from a mail server"],
)
def test_what_a_mail_does_not_need_is_not_loaded(raw: bytes, loaded: str):
    program = PROGRAM.format(raw=raw, heavy=HEAVY)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == loaded
