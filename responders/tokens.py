"""Reply tokens and Message-IDs: proof that an answer answers a mail of ours.

A token binds a ticket to a person. It stands in the address that answers go to,
`support+hkg-26-000123.p4k2xw.3f5o7k2n5xq2yabc@…`: number, a name for the person that tells nobody who he is, and a
keyed hash (HMAC-SHA-256, RFC 2104) over both. A Message-ID of ours holds a keyed hash too, so that nobody can guess
one.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable

from tickets.incoming import ReplyToken

PERSON_CHARACTERS = 6  # 30 bits: tells the few people of a ticket apart
LOCAL_PART_CHARACTERS = 64  # RFC 5321 §4.5.3.1.1
_HASH_BYTES = 10
HASH_CHARACTERS = 16  # 80 bits: beyond guessing by mail

_TAG = re.compile(
    rf"([a-z0-9]+-\d\d-\d+)\.([a-z2-7]{{{PERSON_CHARACTERS}}})\.([a-z2-7]{{{HASH_CHARACTERS}}})",
    re.IGNORECASE | re.ASCII,
)


class Tokens:
    """Makes and checks tokens with the key of this installation."""

    def __init__(self, key: bytes, address: str, subaddress: str) -> None:
        """`address` is where customers write; `subaddress` separates its tag ("+"), or is empty: no tags then."""
        self._key = key
        self._local, _, self._domain = address.rpartition("@")
        self._subaddress = subaddress

    def reply_address(self, number: str, email: str) -> str | None:
        """Where `email` is to answer about ticket `number`; None where the mail server knows no tagged addresses."""
        if not self._subaddress:
            return None
        person = self._hash("person", email)[:PERSON_CHARACTERS]
        tag = f"{number.lower()}.{person}.{self._sign(number, person)}"
        local = f"{self._local}{self._subaddress}{tag}"
        return f"{local}@{self._domain}" if len(local) <= LOCAL_PART_CHARACTERS else None

    def read(self, recipients: Iterable[str], sender: str) -> ReplyToken | None:
        """The valid token of the first recipient address that has one; without `email` where it is not the sender's."""
        for recipient in recipients:
            local, _, domain = recipient.rpartition("@")
            start = f"{self._local}{self._subaddress}".lower()
            if not self._subaddress or domain.lower() != self._domain.lower() or not local.lower().startswith(start):
                continue
            found = _TAG.fullmatch(local[len(start) :])
            if found and hmac.compare_digest(found[3].lower(), self._sign(found[1], found[2].lower())):
                is_senders = found[2].lower() == self._hash("person", sender)[:PERSON_CHARACTERS]
                return ReplyToken(number=found[1].upper(), email=sender if is_senders else "")
        return None

    def message_id(self, *what: str) -> str:
        """The Message-ID of the mail that `what` describes: the same each time, and beyond guessing."""
        label = re.sub(r"[^a-z0-9.-]", "", what[0].lower())
        return f"<{label}.{self._hash('message', *what)[:HASH_CHARACTERS]}@{self._domain}>"

    def _sign(self, number: str, person: str) -> str:
        return self._hash("token", number.upper(), person)[:HASH_CHARACTERS]

    def _hash(self, *what: str) -> str:
        # Not hmac.digest, which gives up the interpreter's lock, and waits for it longer than the hash takes.
        digest = hmac.new(self._key, "\0".join(what).encode(), "sha256").digest()
        return b32encode(digest[:_HASH_BYTES]).decode("ascii").lower()
