"""The header fields of a mail or of a part, as they stand, and how to get at them.

Read liberally (RFC 5322 §2.2, RFC 6532): 8-bit values are taken as UTF-8, else as windows-1252, and a line that is
no header field is skipped and named as a defect by the reader. Encoded-words are left as they are: `encoded_words`
decodes them where a rule wants words.
"""

from collections.abc import Iterable, Iterator


class Headers:
    """An ordered list of fields; names in lower case, values unfolded (RFC 5322 §2.2.3) and stripped."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def first(self, name: str) -> str | None:
        """The first field called `name` (lower case), or None. Where a field stands twice, the first one counts."""
        values = self._fields.get(name)
        return values[0] if values else None

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self._fields.get(name, ()))

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether any field is called by one of `names` (lower case)."""
        return not names.isdisjoint(self._fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        """The names, each once, in the order of their first field."""
        return iter(self._fields)
