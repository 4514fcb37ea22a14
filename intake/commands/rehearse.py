"""`tiepnhan rehearse`: what would be sent until some moment if nobody did anything. Sends nothing, writes nothing."""

import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

from intake.assembly import make_desk, make_voice, read_tokens
from intake.cases.happenings import Happening
from intake.cases.rehearsal import Rehearsal
from intake.clerk import Clerk
from intake.commands.arguments import end_of
from intake.commands.problem import Problem, WrongUsage
from intake.commands.setting import open_config, open_policy, open_to_read
from intake.settings.config import Config
from intake.settings.policies import policy_digest
from store.clock_queue import POLICY_DIGEST
from store.database import Database
from store.errors import StoreError
from store.installation import read_value
from store.upcoming import open_upcoming
from tickets.policy import Policy


def rehearse(given: Namespace) -> int:
    """One line for each thing that would happen; exit code 1 where a template cannot be filled in."""
    config = open_config(given)
    policy = open_policy(config)
    zone = policy.time.zone
    now = given.now or datetime.now(zone)
    until = end_of(given.until, zone)
    if until < now:
        raise WrongUsage(
            f"--until {until:%Y-%m-%d %H:%M} lies before the present, {now.astimezone(zone):%Y-%m-%d %H:%M}"
        )
    counted: Counter[str] = Counter()
    try:
        with closing(open_to_read(config)) as database:
            for one in _play(config, policy, database, now, until, given.ticket):
                counted[one.event] += 1
                print(json.dumps(_told(one, policy), ensure_ascii=False) if given.json else _line(one, policy))
    except LookupError:
        raise Problem(f"there is no ticket {given.ticket}") from None
    except StoreError as error:
        raise Problem(f"database: {error}") from error
    if not given.json:
        print(_summary(counted))
    return 1 if counted["broken"] else 0


def _play(
    config: Config, policy: Policy, database: Database, now: datetime, until: datetime, number: str | None
) -> Iterator[Happening]:
    desk = make_desk(config, policy)
    voice = make_voice(config, policy, desk, read_tokens(config, database))
    known = read_value(database, POLICY_DIGEST)
    with open_upcoming(database) as upcoming:
        rehearsal = Rehearsal(
            upcoming=upcoming,
            clerk=Clerk(voice),
            policy=policy,
            desk=desk,
            automatic_per_day=config.limits.automatic_per_address_per_day,
            is_policy_new=known != policy_digest(config.service.policy),
            now=now,
            until=until,
        )
        yield from rehearsal.play(number.upper() if number else None)


def _told(one: Happening, policy: Policy) -> dict[str, object]:
    return asdict(one) | {"at": one.at.astimezone(policy.time.zone).isoformat()}


def _line(one: Happening, policy: Policy) -> str:
    at = f"{one.at.astimezone(policy.time.zone):%Y-%m-%d %H:%M}"
    return f"{at}  {one.ticket or '-':14} {_words(one)}"


def _words(one: Happening) -> str:
    match one.event:
        case "mail":
            return f"{one.to}  {one.subject}"
        case "queued":
            return f"{one.to}  {one.subject}  (waits in the outbox)"
        case "state":
            return f"becomes {one.state}{f'/{one.outcome}' if one.outcome else ''}: {one.why}"
        case "withheld":
            return f"{one.to}  {one.template} is not written: the address had its mails of the day"
        case "broken":
            return f"nothing can be written: {one.why}"


def _summary(counted: Counter[str]) -> str:
    parts = [f"{counted['queued'] + counted['mail']} mails, {counted['queued']} of them wait in the outbox already"]
    parts += [f"{counted['state']} changes of state"] if counted["state"] else []
    parts += [f"{counted['withheld']} mails withheld"] if counted["withheld"] else []
    parts += [f"{counted['broken']} broken templates"] if counted["broken"] else []
    return "; ".join(parts)
