"""Who wrote a mail, to whom, and how it is called: what its header says before anything is parsed."""

import re
from dataclasses import dataclass

from parsers.addresses import parse_addresses
from parsers.facts import Address
from parsers.header_block import read_header_block
from parsers.headers import Headers
from parsers.limits import Limits
from parsers.window import Window, straighten_lines

_MESSAGE_ID = re.compile(r"<([^<>]+)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"(?!@)')
_COMMENT = re.compile(r"\([^()]*\)")
_ADDRESSES = re.compile(r"""[^\s<>"(),:;]+@[^\s<>"(),:;]+""")
_LIMITS = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What the ledger needs to know of a mail before it is parsed."""

    message_id: str | None  # with angle brackets, as in the facts
    sender: str  # lower-case address of the first From; empty where there is none


def peek_envelope(head: bytes) -> Envelope:
    """Who wrote a mail and how it is called, from its first bytes alone."""
    block, _ = Window(straighten_lines(iter((head,)))).read_header(_LIMITS.header_bytes)
    headers, _ = read_header_block(block)
    sender = read_sender(headers)
    return Envelope(message_id=find_message_id(headers), sender=sender.email.lower() if sender else "")


def find_message_id(headers: Headers) -> str | None:
    """The first Message-ID with its angle brackets (RFC 5322 §3.6.4), blanks within taken out; None without one."""
    return next(iter(message_ids(headers, "message-id")), None)


def message_ids(headers: Headers, name: str) -> tuple[str, ...]:
    """The identifiers of a field; where there are no angle brackets, the words that could be some."""
    value = headers.first(name)
    if not value:
        return ()
    found = ["".join(one.split()) for one in _MESSAGE_ID.findall(value)]
    if not found:
        is_own = name == "message-id"
        found = [word.strip("<>") for word in value.split() if "@" in word or is_own][: 1 if is_own else None]
    return tuple(f"<{one}>" for one in dict.fromkeys(found) if one)


def read_addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    values = headers.all(name)
    if len(values) == 1:
        return parse_addresses(values[0])
    return tuple(address for value in values for address in parse_addresses(value))


def read_sender(headers: Headers) -> Address | None:
    """The first From that has an address (RFC 5322 §3.6.2)."""
    return next((one for one in read_addresses(headers, "from") if one.email), None)


def has_doubtful_sender(headers: Headers) -> bool:
    """Whether From can be read as several addresses: then nobody knows whose words these are, and whom to answer.

    RFC 5322 §3.6.2 allows several authors, and RFC 7489 §6.6.1 has receivers refuse them; what programs read in an
    address without quotes before another one differs. Quoted names and comments say nothing of the address.
    """
    values = headers.all("from")
    if sum(value.count("@") for value in values) < 2:
        return False
    bare = (_COMMENT.sub(" ", _QUOTED.sub(" ", value)) for value in values)
    found = {one.lower() for value in bare for one in _ADDRESSES.findall(value)}
    return len(found) > 1 or any(one.count("@") > 1 for one in found)
