"""What must hold in `config.toml` besides types: checks of single values, and rules over several.

Checks return the value or raise ValueError. Rules look at the document as it was written, of which nothing is known
yet, so that they find their mistakes whatever else is wrong; they yield the place of a mistake and words about it.
"""

import ipaddress
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from intake.settings.policies import list_policies
from intake.settings.records import Document, Rule
from intake.settings.toml_lines import KeyPath
from intake.settings.wording import nearest

Found = Iterator[tuple[KeyPath, str]]

DATABASE_FILE = "sqlite:///"
_DATABASE_SERVER = "postgresql+psycopg://"
_SECRETS = ("password", "client_secret", "refresh_token")
_HOST = re.compile(r"[\w.-]+")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_host(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host):
            raise ValueError("must be a name or an address alone, without protocol, port and blanks") from None
    return host


def check_pause(pause: timedelta) -> timedelta:
    if pause < timedelta(seconds=1):
        raise ValueError('must be at least "1s"')
    return pause


def check_policy(policy: str) -> str:
    if not re.fullmatch(r"[\w-]+|.*\.toml", policy):
        raise ValueError('must be the name of a policy, such as "hakago", or the path of a .toml file')
    known = list_policies()
    if not policy.endswith(".toml") and policy not in known:
        meant = nearest(policy, known)
        advice = f'did you mean "{meant}"?' if meant else f"there are {', '.join(known)}"
        raise ValueError(f'there is no policy "{policy}": {advice}')
    return policy


def check_database(url: str) -> str:
    if url.startswith(DATABASE_FILE) and url.removeprefix(DATABASE_FILE) not in {"", ":memory:"}:
        return url
    if not url.startswith(_DATABASE_SERVER):
        raise ValueError('must be "sqlite:///PATH" or "postgresql+psycopg://USER@HOST/NAME"')
    parts = urlsplit(url)
    if parts.password is not None or "password" in parse_qs(parts.query):
        raise ValueError("a password never stands in this file: PGPASSWORD or PGPASSFILE of the environment tell it")
    return url


def check_token_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    raise ValueError("must begin with https://")


def check_authserv_id(name: str | None) -> str | None:
    if name is not None and not re.fullmatch(r"[^\s;]+", name):  # RFC 8601 §2.2: one token, before the first semicolon
        raise ValueError("must be one word, as it stands first in Authentication-Results")
    return name


def _plain_only_on_loopback(document: Document) -> Found:
    for place, server in _servers(document):
        if server.get("security") == "plain" and not is_loopback(str(server.get("host", "localhost"))):
            yield (
                (*place, "security"),
                f'"security" in {_name(place)} can be "plain" only where the host is this machine',
            )


def _login_is_whole(document: Document) -> Found:
    for place, server in _servers(document):
        name = _name(place)
        proofs = [key for key in ("password", "oauth2") if key in server]
        if len(proofs) == 2:
            yield (*place, "oauth2"), f'{name} has "password" and "oauth2": only one of them can be used'
        if proofs and "username" not in server:
            yield (*place, "username"), f'{name} has "{proofs[0]}" but no "username"'
        if "username" in server and not proofs:
            yield (*place, "username"), f'{name} has "username" but neither "password" nor "oauth2"'


def _no_secret_in_the_file(document: Document) -> Found:
    for place, server in _servers(document):
        holders = [(place, server), *_tables(server, "oauth2", place)]
        for where, holder in holders:
            for key in _SECRETS:
                if isinstance(holder.get(key), str):
                    yield (
                        (*where, key),
                        f'a secret never stands in this file: write {key} = {{ env = "NAME" }} or {{ file = "PATH" }}',
                    )


def _names_are_unique(document: Document) -> Found:
    for table, key in (("mailbox", "name"), ("department", "key"), ("staff", "email")):
        seen: set[str] = set()
        for place, value in _texts(document, table, key):
            if value.lower() in seen:
                yield place, f'"{key}" in [[{table}]]: there is another [[{table}]] with "{value}"'
            seen.add(value.lower())


def _departments_exist(document: Document) -> Found:
    known = [value for _, value in _texts(document, "department", "key")]
    for place, person in _tables(document, "staff"):
        named = person.get("departments")
        for index, key in enumerate(named if isinstance(named, list) else ()):
            if isinstance(key, str) and key not in known:
                near = nearest(key, known)
                advice = f'did you mean "{near}"?' if near else "write a [[department]] with this key"
                yield (*place, "departments", index), f'there is no department "{key}": {advice}'


def _service_is_no_staff(document: Document) -> Found:
    ours = {value.lower() for _, value in _texts(document, "service", "address")}
    for place, email in _texts(document, "staff", "email"):
        if email.lower() in ours:
            yield place, f'"email" in [[staff]]: "{email}" is the address of the service; staff need their own'


def _moves_elsewhere(document: Document) -> Found:
    for place, mailbox in _tables(document, "mailbox"):
        folder = mailbox.get("folder", "INBOX")
        if mailbox.get("processed") == f"move:{folder}":
            yield (*place, "processed"), f'"processed" in [[mailbox]] moves mail to "{folder}", where it already is'


def _limits_leave_room(document: Document) -> Found:
    for place, limits in _tables(document, "limits"):
        for key, value in limits.items():
            if isinstance(value, int) and value < 1:
                yield (*place, key), f'"{key}" in [limits] must be at least 1'


RULES: tuple[Rule, ...] = (
    _plain_only_on_loopback,
    _login_is_whole,
    _no_secret_in_the_file,
    _names_are_unique,
    _departments_exist,
    _service_is_no_staff,
    _moves_elsewhere,
    _limits_leave_room,
)


def _servers(document: Document) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    yield from _tables(document, "mailbox")
    yield from _tables(document, "smtp")


def _tables(document: Document, name: str, parent: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The table or the tables called `name`; what is no table is passed over."""
    found = document.get(name)
    if isinstance(found, dict):
        yield (*parent, name), found
    for index, table in enumerate(found if isinstance(found, list) else ()):
        if isinstance(table, dict):
            yield (*parent, name, index), table


def _texts(document: Document, table: str, key: str) -> Iterator[tuple[KeyPath, str]]:
    for place, found in _tables(document, table):
        value = found.get(key)
        if isinstance(value, str):
            yield (*place, key), value


def _name(place: KeyPath) -> str:
    return f"[[{place[0]}]]" if isinstance(place[-1], int) else f"[{place[0]}]"
