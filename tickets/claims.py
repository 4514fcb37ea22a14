"""Whether a complaint is in time: from what the customer says of the parcel, by the policy's claim window.

A late claim is taken in all the same, and marked. The customer has the benefit of the doubt: where he names a day and
no hour, the whole day counts; where he names no day at all, the claim is not called late.
"""

from dataclasses import dataclass
from datetime import datetime, time

from parsers.facts import Delivered
from tickets.policy import Policy

_LAST_MOMENT = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeliness:
    """When the parcel came, as far as is known, and whether the complaint came too late after it."""

    delivered_at: datetime | None
    is_late: bool


def judge_claim(delivered: Delivered | None, received_at: datetime, policy: Policy) -> Timeliness:
    """By the words of the mail that was received at `received_at`."""
    if delivered is None:
        return Timeliness(delivered_at=None, is_late=False)
    at = datetime.combine(delivered.on, delivered.at or _LAST_MOMENT, policy.time.zone)
    delivered_at = min(at, received_at)
    return Timeliness(delivered_at=delivered_at, is_late=is_late(delivered_at, received_at, policy))


def is_late(delivered_at: datetime, received_at: datetime, policy: Policy) -> bool:
    """Whether a complaint received at `received_at` comes after the policy's claim window."""
    return policy.claim is not None and received_at > policy.time.add(delivered_at, policy.claim.window)
