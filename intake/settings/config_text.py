"""A configuration written as `config.toml`, with the comments of `config.example.toml`, for people to go on editing.

What is written reads back as the same configuration; values that are the usual ones and need no thought are left out.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from intake.settings.config import Config, Department, Mailbox, OAuth2, Processed, Server, Service, Smtp, Staff
from intake.settings.secrets import Secret

_Row = tuple[str, str, str]  # key, value as TOML, comment
_COMMENT_COLUMN = 40  # where comments begin, unless the value is longer
_OPENING = """\
# The configuration of tiepnhan. docs/admin.md explains every key; `tiepnhan check` tries all of it.
# Relative paths count from the folder of this file. Passwords never stand here.
"""
_CLOSING = """\
# [trust]
# authserv_id = "mx.your-company.example"  # whose Authentication-Results we believe

# [limits]
# automatic_per_address_per_day = 20
# automatic_per_hour = 5000
"""


def write_config(config: Config) -> str:
    """The text of the file. Paths are written as they are in `config`."""
    tables = [
        _table("[service]", _service_rows(config.service)),
        *(_table("[[mailbox]]", _mailbox_rows(one)) for one in config.mailboxes),
        _table("[smtp]", _smtp_rows(config.smtp)),
        *(_table("[[department]]", _department_rows(one)) for one in config.departments),
        *(_table("[[staff]]", _staff_rows(one)) for one in config.staff),
    ]
    return "\n".join([_OPENING, *tables, _CLOSING])


def _service_rows(service: Service) -> Iterator[_Row]:
    yield "name", _text(service.name), ""
    yield "address", _text(service.address), "customers write here; every mail we send comes from here"
    yield "policy", _text(service.policy), "policies/NAME.toml, or the path of a file of your own"
    yield "language", _text(service.language), "vi | en; of staff mails, and where a customer's is not clear"
    yield "data", _text(str(service.data)), "spool, attachments, SQLite"
    if service.database:
        yield "database", _text(service.database), "or postgresql+psycopg://USER@HOST/NAME"


def _mailbox_rows(mailbox: Mailbox) -> Iterator[_Row]:
    yield "name", _text(mailbox.name), "do not change it later: a new name is a new mailbox"
    yield from _server_rows(mailbox)
    yield "folder", _text(mailbox.folder), ""
    yield "poll", _text(f"{mailbox.poll.total_seconds():.0f}s"), "IDLE is used where the server has it"
    yield "processed", _text(_processed(mailbox.processed)), "keep | flag | move:FOLDER"
    if mailbox.since:
        yield "since", _text(mailbox.since.isoformat()), "older mail is never touched: no flood on the first day"


def _smtp_rows(smtp: Smtp) -> Iterator[_Row]:
    yield from _server_rows(smtp)
    yield "connections", str(smtp.connections), ""


def _server_rows(server: Server) -> Iterator[_Row]:
    yield "host", _text(server.host), ""
    yield "port", str(server.port), ""
    yield "security", _text(server.security), "tls | starttls | plain (only on this machine)"
    if server.username:
        yield "username", _text(server.username), ""
    if server.password:
        yield "password", _secret(server.password), 'env = "NAME" or file = "PATH"'
    if server.oauth2:
        yield "oauth2", _oauth2(server.oauth2), ""


def _department_rows(department: Department) -> Iterator[_Row]:
    yield "key", _text(department.key), ""
    yield "name", _text(department.name), ""
    if department.categories:
        yield "categories", _texts(department.categories), 'kinds of complaint, as the policy calls them; "*" is all'


def _staff_rows(person: Staff) -> Iterator[_Row]:
    yield "name", _text(person.name), ""
    yield "email", _text(person.email), ""
    yield "departments", _texts(person.departments), ""
    yield "role", _text(person.role), "agent | manager; managers approve"


def _table(heading: str, rows: Iterable[_Row]) -> str:
    lines = [(f"{key} = {value}", comment) for key, value, comment in rows]
    width = max(_COMMENT_COLUMN, *(len(line) + 2 for line, comment in lines if comment), 0)
    written = [f"{line:{width}}# {comment}" if comment else line for line, comment in lines]
    return "\n".join([heading, *written, ""])


def _processed(processed: Processed) -> str:
    return f"{processed.action}:{processed.folder}" if processed.folder else processed.action


def _secret(secret: Secret) -> str:
    place = ("env", secret.env) if secret.env else ("file", str(secret.file))
    return f"{{ {place[0]} = {_text(str(place[1]))} }}"


def _oauth2(account: OAuth2) -> str:
    pairs = [("client_id", _text(account.client_id))]
    pairs += [("client_secret", _secret(account.client_secret))] if account.client_secret else []
    pairs += [("refresh_token", _secret(account.refresh_token)), ("token_url", _text(account.token_url))]
    return f"{{ {', '.join(f'{key} = {value}' for key, value in pairs)} }}"


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """A basic string (TOML 1.0). Its escapes are those of JSON, which leaves DEL as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
