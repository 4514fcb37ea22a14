"""What a customer states in his mail, for policies: when the parcel came, which parts are missing, what he asks for.

Only the beginning of a text is read, so that a mail made to be slow costs no more than a long one. Pure, never raises;
what cannot be told for certain is left out.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from parsers.deliveries import Delivered, find_delivered
from parsers.numbers_named import find_phones, find_product_codes
from parsers.parts_named import find_missing_parts
from parsers.requests import Request, find_requests
from parsers.spelling import view_text

__all__ = ["NOTHING_STATED", "Delivered", "Request", "Statements", "read_statements"]

_BEGINNING: Final = 20_000  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Statements:
    """Everything quoted is as written, in NFC."""

    delivered: Delivered | None
    missing_parts: tuple[str, ...]
    requests: tuple[Request, ...]
    phones: tuple[str, ...]  # "+84…"
    product_codes: tuple[str, ...]


NOTHING_STATED: Final = Statements(delivered=None, missing_parts=(), requests=(), phones=(), product_codes=())


def read_statements(text: str, written_on: date) -> Statements:
    """What `text` states; `written_on` is the day of the mail, in the policy's zone, that "hôm qua" counts from."""
    text = unicodedata.normalize("NFC", text[:_BEGINNING])
    view = view_text(text)
    return Statements(
        delivered=find_delivered(text, view, written_on),
        missing_parts=find_missing_parts(text, view),
        requests=find_requests(view),
        phones=find_phones(text),
        product_codes=find_product_codes(text, view),
    )
