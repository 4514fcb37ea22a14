"""The form that staff fill in for a complaint by phone or at the counter: checked, and read like a mail.

What cannot be is a ValueError with words in the language of staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intake.settings.addresses import normalise_address
from parsers.facts import Delivered
from parsers.spoken import SpokenWords, read_day, read_spoken
from tickets.desk import Desk
from tickets.entries import Entry
from tickets.policy import Policy
from tickets.ticket import Channel, Party

_WORDS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "no-words": "cần ghi lời trình bày của khách hàng (--text TỆP)",
        "no-address": "“{value}” không phải là địa chỉ email",
        "own-address": "{value} là địa chỉ của công ty, không phải của khách hàng",
        "no-day": "không hiểu “{value}” là ngày nào; ví dụ đúng: 20/11/2026 15:30, hôm qua",
    },
    "en": {
        "no-words": "the words of the customer are missing (--text FILE)",
        "no-address": "“{value}” is no e-mail address",
        "own-address": "{value} is an address of the company, not of a customer",
        "no-day": "“{value}” is no day that can be read; right would be: 20/11/2026 15:30, hôm qua",
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """As it was filled in; what is empty was not asked for, or not known."""

    channel: Channel
    text: str
    subject: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    customer_code: str = ""
    order_code: str = ""
    category: str = ""
    delivered: str = ""
    language: str = ""  # of mails to the customer


class FormReader:
    """Reads the forms of one company."""

    def __init__(self, policy: Policy, desk: Desk, address: str) -> None:
        self._policy = policy
        self._desk = desk
        self._address = address.lower()  # that customers write to
        self._vocabulary = policy.vocabulary()

    def read(self, form: Form, now: datetime) -> Entry:
        """The entry that the rules open a case by. Raises ValueError."""
        if not form.text.strip():
            raise self._mistake("no-words")
        said, subject = read_spoken(self.words_of(form), self._vocabulary, self.day_of(now))
        email = self.read_address(form.email)
        return Entry(
            channel=form.channel,
            customer=Party(email=email, role="customer", name=" ".join(form.name.split())),
            phone=form.phone.strip() or next(iter(said.statements.phones), None),
            language=self._language(form),
            said=said,
            subject=subject,
            delivered=self.read_delivered(form.delivered, now) or said.statements.delivered,
        )

    def words_of(self, form: Form) -> SpokenWords:
        return SpokenWords(
            text=form.text,
            subject=form.subject,
            customer_code=form.customer_code.strip() or None,
            order_code=form.order_code.strip() or None,
            category=form.category.strip().lower() or None,
        )

    def day_of(self, now: datetime) -> date:
        return now.astimezone(self._policy.time.zone).date()

    def read_address(self, text: str) -> str:
        """In lower case; empty where there is none. Raises ValueError."""
        if not text.strip():
            return ""
        try:
            address = normalise_address(text.strip()).lower()
        except ValueError:
            raise self._mistake("no-address", text.strip()) from None
        if address == self._address or self._desk.staff(address):
            raise self._mistake("own-address", address)
        return address

    def read_delivered(self, text: str, now: datetime) -> Delivered | None:
        """None where nothing is said. Raises ValueError where it is not understood."""
        found = read_day(text, self.day_of(now)) if text.strip() else None
        if text.strip() and found is None:
            raise self._mistake("no-day", text.strip())
        return found

    def _language(self, form: Form) -> str:
        wished = (form.language, self._desk.language, *self._policy.languages)
        return next(one for one in wished if one in self._policy.languages)

    def _mistake(self, what: str, value: str = "") -> ValueError:
        return ValueError(_WORDS[self._desk.language][what].format(value=value))
