"""`tiepnhan tickets`: look at tickets."""

import json
from argparse import Namespace
from typing import Any

from intake.assembly import make_desk
from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_database, open_policy, open_reading
from responders.case_page import tell_case
from responders.paper_names import names_of
from responders.wording import Wording
from store.reading import Reading


def list_tickets(given: Namespace) -> int:
    """One line for each ticket, oldest first."""
    for one in open_reading(given).list_tickets():
        print(json.dumps(one, ensure_ascii=False) if given.json else _line(one))
    return 0


def show_ticket(given: Namespace) -> int:
    """Everything about one ticket."""
    config = open_config(given)
    policy = open_policy(config)
    one = Reading(open_database(config), policy).show_ticket(given.number)
    if one is None:
        raise Problem(f"there is no ticket {given.number}")
    if given.json:
        print(json.dumps(one, ensure_ascii=False))
        return 0
    language = config.service.language
    names = names_of(policy, make_desk(config, policy), language)
    print("\n".join(tell_case(one, Wording(language=language, zone=policy.time.zone, names=names))))
    return 0


def _line(one: dict[str, Any]) -> str:
    missing = [slot for slot, status in one["evidence"].items() if status == "missing"]
    lacks = f"  missing: {', '.join(missing)}" if missing else ""
    late = "  LATE" if one["late"] else ""
    codes = " ".join(filter(None, (one["customer_code"], one["order_code"])))
    state = one["state"] + (f"/{one['outcome']}" if one["outcome"] else "")
    received = one["received_at"][:16].replace("T", " ")
    return (
        f"{one['number']}  {received}  {state:18} {one['category']:16} {codes:18} {one['customer_email']}{late}{lacks}"
    )
