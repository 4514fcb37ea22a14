"""What a customer wrote and we repeat to him: nothing of it may lead anywhere.

The sender of a mail is easily forged. An acknowledgement that repeats his words would carry them, in our name, to
whoever he says he is: so what looks like a link or an address is left out of names, subjects and the names of files.
"""

import re

from tickets.replacing import replace
from tickets.ticket import Ticket

LONGEST_NAME = 60  # characters; no person's is longer
_PLACE = re.compile(r"\S*(?:://|www\.|@|\w\.[a-z]{2,}(?:/|\b(?!\.)))\S*", re.IGNORECASE)
_MAY_LEAD = re.compile(r"[.@]|://")  # one of these is in every place
_FILE_ENDING = re.compile(
    r"[^\s/:@]+\.(?:jpe?g|png|heic|webp|gif|mp4|mov|avi|mkv|3gp|pdf|docx?|xlsx?|zip|txt|eml)", re.IGNORECASE
)


def without_links(text: str) -> str:
    """`text` with "…" for every word that looks like an address."""
    if not _MAY_LEAD.search(text):
        return text
    words = [word if _FILE_ENDING.fullmatch(word) else _PLACE.sub("…", word) for word in text.split(" ")]
    return " ".join(words)


def as_name(name: str) -> str:
    """A person's name to address him by; empty where it is none."""
    return name if len(name) <= LONGEST_NAME and without_links(name) == name else ""


def for_customer(ticket: Ticket) -> Ticket:
    """The ticket as its customer may read of it."""
    return replace(
        ticket,
        customer_name=as_name(ticket.customer_name),
        subject=without_links(ticket.subject),
        evidence=tuple(replace(one, what=without_links(one.what)) for one in ticket.evidence),
    )
