"""`tiepnhan tickets`: look at tickets."""

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from intake.commands.problem import Problem
from intake.commands.setting import open_reading

_MARKS = {"satisfied": "✓", "doubtful": "?", "missing": "✗"}


def list_tickets(given: Namespace) -> int:
    """One line for each ticket, oldest first."""
    for one in open_reading(given).list_tickets():
        print(json.dumps(one, ensure_ascii=False) if given.json else _line(one))
    return 0


def show_ticket(given: Namespace) -> int:
    """Everything about one ticket."""
    one = open_reading(given).show_ticket(given.number)
    if one is None:
        raise Problem(f"there is no ticket {given.number}")
    if given.json:
        print(json.dumps(one, ensure_ascii=False))
    else:
        print("\n".join(_page(one)))
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


def _page(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['number']}  {one['subject']}"
    yield f"  state       {one['state']}" + (f" ({one['outcome']})" if one["outcome"] else "")
    yield f"  customer    {one['customer_name']} <{one['customer_email']}>".replace("  <", " <")
    yield f"  codes       customer {one['customer_code'] or '–'}, order {one['order_code'] or '–'}"
    yield f"  kind        {one['category']}"
    yield f"  received    {one['received_at']}" + ("  LATE" if one["late"] else "")
    yield f"  department  {one['department'] or '–'}, owner {one['owner'] or '–'}"
    for clock in one["clocks"]:
        yield f"  clock       {clock['name']}: {clock['state']}, due {clock['due_at']}"
    yield from _evidence(one)
    yield from _others(one)
    yield ""
    for mail in one["mails"]:
        yield from _mail(mail)
    yield from (_event(event) for event in one["history"])


def _evidence(one: dict[str, Any]) -> Iterator[str]:
    filled = one["evidence_files"]
    for slot, status in one["evidence"].items():
        what = ", ".join(f"{item['what']} (message {item['message']})" for item in filled if item["slot"] == slot)
        yield f"  {_MARKS[status]} {slot:20} {what}".rstrip()


def _others(one: dict[str, Any]) -> Iterator[str]:
    for party in one["parties"]:
        if party["role"] != "customer":
            yield f"  {party['role']:10}  {party['name']} <{party['email']}>"
    for record in one["automatic"]:
        yield f"  automatic   {record['at']} {record['kind']} from {record['sender']}: {record['subject']}"


def _mail(mail: dict[str, Any]) -> Iterator[str]:
    arrow = "→" if mail["direction"] == "out" else "←"
    yield f"{mail['no']:>3} {arrow} {mail['at']}  {mail['kind']}  {mail['email']}  {mail['subject']}"
    if mail["facts"].get("from_body"):
        yield f"      found in the words, not in the subject: {', '.join(mail['facts']['from_body'])}"
    delivery = mail.get("delivery")
    if delivery:
        yield f"      {delivery['state']}" + (f": {delivery['error']}" if delivery["error"] else "")
    for line in mail["text"].strip().splitlines():
        yield f"      {line}".rstrip()
    for one in mail["attachments"]:
        facts = "".join(f", {name}: {value}" for name, value in one["evidence"].items())
        yield f"      + {one['name'] or '(no name)'} ({one['type']}, {one['size_bytes']} bytes, {one['kind']}{facts})"
    yield ""


def _event(event: dict[str, Any]) -> str:
    data = ", ".join(f"{name} {value}" for name, value in event["data"].items())
    return f"{event['at']}  {event['actor']:24} {event['event']}  {data}".rstrip()
