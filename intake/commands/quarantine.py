"""`tiepnhan quarantine`: mails that could not be taken in. They are kept until they could."""

import json
from argparse import Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from intake.commands.problem import Problem
from intake.commands.setting import open_config, open_database
from parsers.message import parse_message
from store.quarantine import Quarantine, QuarantinedMail
from store.spool import Spool


def list_mails(given: Namespace) -> int:
    """One line for each mail in quarantine, oldest first."""
    for mail in _open(given).read():
        print(json.dumps(_facts(mail), ensure_ascii=False) if given.json else _line(mail))
    return 0


def show_mail(given: Namespace) -> int:
    """What is known of one mail, and what the parsers make of it now."""
    found = [mail for mail in _open(given).read() if mail.mail_id == given.id]
    if not found:
        raise Problem(f"there is no mail {given.id} in quarantine")
    mail = found[0]
    spool = Spool(open_config(given).service.data / "spool")
    try:
        with spool.open(mail.sha256) as raw:
            facts = parse_message(raw)
    except FileNotFoundError:
        raise Problem(f"the raw mail {mail.sha256} is not in the spool any more") from None
    shown = _facts(mail) | {"subject": facts.subject, "text": facts.text, "defects": list(facts.defects)}
    if given.json:
        print(json.dumps(shown, ensure_ascii=False))
    else:
        print("\n".join(f"{name:12} {value}" for name, value in shown.items()))
    return 0


def retry_mails(given: Namespace) -> int:
    """Put mails back into the inbox; the daemon, or the next `run --once`, takes them in."""
    quarantine = _open(given)
    ids = given.ids or [mail.mail_id for mail in quarantine.read()]
    unknown = [one for one in ids if not quarantine.retry(one, datetime.now(UTC))]
    print(f"{len(ids) - len(unknown)} back in the inbox")
    if unknown:
        raise Problem(f"not in quarantine: {', '.join(map(str, unknown))}")
    return 0


def _open(given: Namespace) -> Quarantine:
    return Quarantine(open_database(open_config(given)))


def _facts(mail: QuarantinedMail) -> dict[str, Any]:
    times = {"at": mail.at.isoformat(), "received_at": mail.received_at.isoformat()}
    return {"id": mail.mail_id, **{name: value for name, value in asdict(mail).items() if name != "mail_id"}, **times}


def _line(mail: QuarantinedMail) -> str:
    return f"{mail.mail_id}  {mail.at:%Y-%m-%d %H:%M}  {mail.sender or '(no sender)'}  {mail.stage}: {mail.error}"
