"""The words and codes of one company, as its policy gives them to the parsers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryWords:
    """One kind of complaint and the words people use for it."""

    slug: str
    words: tuple[str, ...]  # phrases, with or without accents, Vietnamese and English


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Vocabulary:
    """What the parsers need to know of a company. Known by its identity: the patterns made of it are looked up for
    each mail, and to hash all its words would cost more than to read a subject.
    """

    brands: tuple[str, ...]  # words that stand before codes and are no part of them, such as "Hakago"
    ticket_prefix: str  # "HKG" of "HKG-26-000123"
    customer_code: str  # regular expression of a whole customer code, blanks already taken out
    order_code: str  # regular expression of a whole order code
    categories: tuple[CategoryWords, ...]  # in the order of the policy: the first wins between equals
    customer_names: tuple[str, ...] = ()  # what the company calls its customer codes, besides what everybody calls them
    order_names: tuple[str, ...] = ()  # … and its order codes: "Mã phiếu giặt", "Contract number"
