"""What a customer states in his mail, for policies: when the parcel came, which parts are missing, what he asks for.

Only the beginning of a text is read, so that a mail made to be slow costs no more than a long one. Pure, never raises;
what cannot be told for certain is left out.
"""

import unicodedata
from datetime import date
from typing import Final

from parsers.deliveries import find_delivered
from parsers.facts import Statements
from parsers.numbers_named import find_phones, find_product_codes
from parsers.parts_named import find_missing_parts
from parsers.requests import find_asking
from parsers.spelling import view_text

_BEGINNING: Final = 20_000  # characters


def read_statements(text: str, written_on: date) -> Statements:
    """What `text` states; `written_on` is the day of the mail, in the policy's zone, that "hôm qua" counts from."""
    text = unicodedata.normalize("NFC", text[:_BEGINNING])
    view = view_text(text)
    asking = find_asking(view)
    return Statements(
        delivered=find_delivered(text, view, written_on),
        missing_parts=find_missing_parts(text, view),
        requests=tuple(asking),
        request_words=tuple(text[words] for words in asking.values()),
        phones=find_phones(text),
        product_codes=find_product_codes(text, view),
    )
