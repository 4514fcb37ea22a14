"""`tiepnhan quarantine`: mails that could not be taken in, kept until they could or somebody discards them."""

import getpass
import json
import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from intake.cases.retrial import decide_again
from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_database, open_policy
from intake.settings.config import Config
from parsers.message import parse_message
from store.database import Database
from store.quarantine import RULES, Quarantine, QuarantinedMail, Reason
from store.spool import Spool
from tickets.policy import Policy

_WORDS: Mapping[Reason, str] = {
    "no-sender": "it names nobody who could be answered",
    "staff-without-ticket": "it is from staff and belongs to no ticket",
    "suspended": "its sender's address is suspended",
    "parse": "it could not be read",
    "template": "the answer to it could not be written",
    "decide": "the program failed on it",
    "commit": "the database did not take it",
    "abrupt-end": "the program ended abruptly whenever it had this mail in hand",
}
_DISCARD = "discard it: tiepnhan quarantine discard {id}"
_ADVICE: Mapping[str, str] = {
    "no-sender": _DISCARD,
    "staff-without-ticket": (
        "ask the sender to reply to a notice of the ticket instead, or the customer to write to us; then " + _DISCARD
    ),
    "suspended": "a manager who releases the address takes its mails in with it; else " + _DISCARD,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """What every one of these commands works on."""

    config: Config
    policy: Policy
    database: Database

    @property
    def quarantine(self) -> Quarantine:
        return Quarantine(self.database)

    @property
    def spool(self) -> Spool:
        return Spool(self.config.service.data / "spool")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.zone)


def list_mails(given: Namespace) -> int:
    """One line for each mail in quarantine, oldest first."""
    place = _open(given)
    for mail in place.quarantine.read(with_discarded=given.discarded):
        facts = _facts(mail, place.zone)
        print(json.dumps(facts, ensure_ascii=False) if given.json else _line(mail, place.zone))
    return 0


def show_mail(given: Namespace) -> int:
    """What is known of one mail, a discarded one too, and what the parsers make of it now."""
    place = _open(given)
    mail = _find(place, given.id)
    try:
        with place.spool.open(mail.sha256) as raw:
            facts = parse_message(raw)
    except FileNotFoundError:
        raise Problem(f"the raw mail {mail.sha256} is not in the spool any more") from None
    found = {"subject": facts.subject, "text": facts.text, "defects": list(facts.defects)}
    shown = _facts(mail, place.zone) | found
    if given.json:
        print(json.dumps(shown, ensure_ascii=False))
    else:
        print("\n".join(f"{name:13} {'' if value is None else value}" for name, value in shown.items()))
    return 0


def retry_mails(given: Namespace) -> int:
    """Put mails back into the inbox; the daemon, or the next `run --once`, takes them in.

    Those that a rule would set aside again stay where they are, and exit code 1 says so.
    """
    place = _open(given)
    mails = [_find(place, one) for one in given.ids] or place.quarantine.read()
    refused = {mail.mail_id: words for mail in mails if (words := _why_again(place, mail))}
    done = [mail for mail in mails if mail.mail_id not in refused]
    back = sum(place.quarantine.retry(mail.mail_id, datetime.now(UTC)) for mail in done)
    print(f"{back} back in the inbox")
    if refused:
        raise Problem("\n".join(refused.values()))
    return 0


def discard_mails(given: Namespace) -> int:
    """Take mails off the list. Nothing is deleted; `quarantine list --discarded` tells who, when and why."""
    place = _open(given)
    who = os.environ.get("SUDO_USER") or getpass.getuser()
    mails = [_find(place, one) for one in given.ids]
    gone = [mail.mail_id for mail in mails if mail.discarded_at]
    for mail in mails:
        place.quarantine.discard(mail.mail_id, who=who, why=given.reason, now=datetime.now(UTC))
    print(f"{len(mails) - len(gone)} discarded; the raw mails stay in the spool")
    if gone:
        raise Problem(f"discarded before: {', '.join(map(str, gone))}")
    return 0


def _open(given: Namespace) -> _Place:
    config = open_config(given)
    return _Place(config=config, policy=open_policy(config), database=open_database(config))


def _find(place: _Place, mail_id: int) -> QuarantinedMail:
    for mail in place.quarantine.read(with_discarded=True):
        if mail.mail_id == mail_id:
            return mail
    raise Problem(f"there is no mail {mail_id} in quarantine")


def _why_again(place: _Place, mail: QuarantinedMail) -> str:
    """Why a retry would end where it began; empty where it may help."""
    if mail.reason not in RULES:
        return ""
    try:
        decision = decide_again(mail, place.config, place.policy, place.database, place.spool, datetime.now(UTC))
    except FileNotFoundError:
        return f"{mail.mail_id}: its raw mail is not in the spool any more; discard it"
    if decision.disposition != "quarantined" or not decision.reason:
        return ""
    words, advice = _WORDS[decision.reason], _ADVICE[decision.reason].format(id=mail.mail_id)
    return f"{mail.mail_id} would be set aside again because {words}; {advice}"


def _facts(mail: QuarantinedMail, zone: ZoneInfo) -> dict[str, Any]:
    facts = {"id": mail.mail_id, **asdict(mail)}
    del facts["mail_id"]
    return {name: _in_zone(value, zone) for name, value in facts.items()}


def _in_zone(value: object, zone: ZoneInfo) -> object:
    return value.astimezone(zone).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _line(mail: QuarantinedMail, zone: ZoneInfo) -> str:
    error = f": {mail.error}" if mail.error else ""
    sender = mail.sender or "(no sender)"
    return f"{mail.mail_id}  {mail.at.astimezone(zone):%Y-%m-%d %H:%M}  {sender}  {_WORDS[mail.reason]}{error}" + (
        _discarding(mail, mail.discarded_at.astimezone(zone)) if mail.discarded_at else ""
    )


def _discarding(mail: QuarantinedMail, at: datetime) -> str:
    why = f": {mail.discarded_why}" if mail.discarded_why else ""
    return f"  (discarded {at:%Y-%m-%d %H:%M} by {mail.discarded_by}{why})"
