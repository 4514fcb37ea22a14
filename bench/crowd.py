"""A database with very many tickets, made in seconds for each 100,000.

The first ticket is opened by the program itself, as a mail opens it: rules, templates, casebook. The others are copies
of its rows, made by the database with INSERT … SELECT over all columns of `store.schema`: number, customer and
Message-IDs of their own, all else alike. So they hold what real ones hold; only texts and mails are cut short, which no
clock reads and which would fill 20 GB for a million tickets.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from intake.assembly import make_desk, make_tokens, make_voice
from intake.clerk import Clerk
from intake.settings.config import Config, read_config
from intake.settings.policies import policy_digest, read_policy
from store.casebook import open_casebook
from store.clock_queue import POLICY_DIGEST
from store.database import Database
from store.installation import write_value
from store.migrating import migrate
from store.schema import metadata
from tests.complaints import MORNING, TUAN, mail, subject
from tests.memory import claim, enter, received
from tickets.decisions import decide_mail
from tickets.incoming import Candidates

SUPPORT = "support@hakago.example"
FIRST_REMINDER = MORNING + timedelta(days=1)  # by the policy, for a ticket opened at MORNING
SECOND = FIRST_REMINDER + timedelta(hours=1)
_APART = 5  # every which ticket is due, of those opened one after the other
_CONFIG = """
[service]
name = "Hakago"
address = "{support}"
policy = "hakago"
data = "{folder}"
database = "sqlite:///{folder}/crowd.db"

[[mailbox]]
name = "support"
host = "localhost"

[smtp]
host = "localhost"

[[department]]
key = "cskh"
name = "Bộ phận CSKH"
categories = ["*"]

[[staff]]
name = "Lan"
email = "lan@hakago.example"
departments = ["cskh"]
"""
_COPIED = 20_000  # at once
_NUMBERED = {("history", "id"), ("outbox", "id")}  # the database counts these
_TABLES = ("ticket", "party", "evidence", "clock", "message", "attachment", "history", "outbox")
# What is a copy's own, by table and column; n is its number.
_OWN: Mapping[str, Mapping[str, str]] = {
    "ticket": {
        "id": "n",
        "number": "'HKG-26-' || printf('%06d', n)",
        "customer_email": "'khach' || n || '@khach.example'",
        "order_code": "printf('%06d', n)",
    },
    "party": {"email": "iif(role = 'customer', 'khach' || n || '@khach.example', email)"},
    "message": {
        "email": "iif(email = '{customer}', 'khach' || n || '@khach.example', email)",
        "message_id": "n || '.' || message_id",
        "text": "substr(text, 1, 300)",
    },
    "outbox": {
        "raw": "substr(raw, 1, 500)",
        "message_id": "n || '.' || message_id",
        "recipient": "iif(recipient = '{customer}', 'khach' || n || '@khach.example', recipient)",
        "state": "'sent'",
        "sent_at": "created_at",
    },
}


def make_crowd(folder: Path, tickets: int, due: int) -> tuple[Config, Database]:
    """`tickets` that wait for evidence, of which `due` are to be reminded at FIRST_REMINDER, and as many at SECOND.

    The former were opened one soon after the other, every fifth of the newest, as clocks that run out together mostly
    were; the latter lie scattered over all. A tenth of the others is to be reminded later on that day, the rest later.
    """
    path = folder / "config.toml"
    path.write_text(_CONFIG.format(support=SUPPORT, folder=folder), encoding="utf-8")
    config = read_config(path)
    database = Database(config.service.database)
    migrate(database)
    _open_first(config, database)
    _multiply(database, tickets)
    _spread_clocks(database, tickets, due)
    write_value(database, POLICY_DIGEST, policy_digest(config.service.policy))
    return config, database


def _open_first(config: Config, database: Database) -> None:
    policy = read_policy(config.service.policy)
    desk = make_desk(config, policy)
    clerk = Clerk(make_voice(config, policy, desk, make_tokens(config, database)))
    enter(database, TUAN)
    (waiting,) = claim(database)
    says = subject(category="wrong-item", customer_code="Tuan668", order_code="012345")
    words = "Tôi nhận được hàng sai màu so với đơn đã đặt, nhờ shop kiểm tra giúp."
    came = mail(says=says, text=words, reply_text=words)
    effects = decide_mail(came, Candidates(), policy, desk, MORNING).effects
    with open_casebook(database, policy, MORNING) as book:
        clerk.carry_out(book, None, effects, mail=received(waiting, text=words, reply_text=words))
        book.dispose(waiting.mail_id, "message")


def _multiply(database: Database, tickets: int) -> None:
    """In transactions of their own, so that the log stays short, and tables grow side by side as they do in life."""
    for first in range(2, tickets + 1, _COPIED):
        last = min(first + _COPIED - 1, tickets)
        numbers = f"WITH RECURSIVE crowd(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM crowd WHERE n < {last})"
        with database.writing() as connection:
            for name in _TABLES:
                connection.exec_driver_sql(_copying(name, numbers))


def _copying(name: str, numbers: str) -> str:
    own = {"ticket_id": "n"} | dict(_OWN.get(name, {}))
    columns = [column.name for column in metadata.tables[name].columns if (name, column.name) not in _NUMBERED]
    values = ", ".join(own.get(one, f'"{one}"').format(customer=TUAN) for one in columns)
    names = ", ".join(f'"{one}"' for one in columns)
    original = f"SELECT * FROM {name} WHERE {'id' if name == 'ticket' else 'ticket_id'} = 1"
    return f"INSERT INTO {name} ({names}) {numbers} SELECT {values} FROM crowd, ({original})"


def _spread_clocks(database: Database, tickets: int, due: int) -> None:
    apart = max(tickets // due // _APART, 1) * _APART
    is_first = f"ticket_id % {_APART} = 0 AND ticket_id > {tickets - due * _APART}"
    is_second = f"ticket_id % {apart} = 1 AND ticket_id / {apart} < {due}"
    later = "iif(ticket_id % 10 = 2, 7200 + ticket_id * 7 % 79200, 86400 + ticket_id % 500000)"
    seconds = f"CASE WHEN {is_first} THEN 0 WHEN {is_second} THEN 3600 ELSE {later} END"
    wakes_at = f"datetime(wakes_at, '+' || {seconds} || ' seconds') || '.000000'"
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE clock SET wakes_at = {wakes_at} WHERE wakes_at IS NOT NULL")
