"""How values of ours lie in columns.

A naive time is refused. Lists, mappings and records that are empty are null: most tickets have none of them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, TypeDecorator

from tickets.ticket import Offer

_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Elapsed(TypeDecorator[timedelta]):
    """A span of time, in microseconds: what is stored and read again is the same to the last of them."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002
        return None if value is None else value * _MICROSECOND


class Keys(TypeDecorator[tuple[str, ...]]):
    """Keys of a policy, in order."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002
        return list(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        return tuple(value or ())


class Figures(TypeDecorator[Mapping[str, str]]):
    """Values by key, as they were given."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> dict[str, str] | None:  # noqa: ARG002
        return dict(value) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, str]:  # noqa: ARG002
        return value or {}


class OfferColumn(TypeDecorator[Offer]):
    """The outcome that is on its way."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Offer | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return None if value is None else asdict(value) | {"at": value.at.isoformat()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Offer | None:  # noqa: ARG002
        if value is None:
            return None
        known = value | {"at": datetime.fromisoformat(value["at"]), "explanation": tuple(value["explanation"])}
        return Offer(**known)
