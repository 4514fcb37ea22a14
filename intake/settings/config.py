"""The configuration of the daemon: the content of `config.toml` as frozen records (DESIGN.md §5).

`read_config` gives a whole and right configuration or raises `Mistakes`, which names everything that is wrong, with
line and advice. Secrets are places to look at, never values. Servers are never contacted here.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from intake.settings.addresses import normalise_address
from intake.settings.config_checks import (
    DATABASE_FILE,
    RULES,
    check_authserv_id,
    check_database,
    check_host,
    check_pause,
    check_policy,
    check_token_url,
)
from intake.settings.records import Mistake, Mistakes, checked_by, read_record
from intake.settings.secrets import Secret
from parsers.limits import Limits as ParserLimits

Security = Literal["tls", "starttls", "plain"]
Address = Annotated[str, checked_by(normalise_address)]

_TEXT = {"min_length": 1}
_PORT = {"ge": 1, "le": 65535}
_SOME = {"min_length": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """Who we are and where we keep things."""

    name: str = field(metadata=_TEXT)  # as mails call the company
    address: Address  # customers write here; every mail we send comes from here
    policy: Annotated[str, checked_by(check_policy)] = "hakago"  # a name among `policies/`, or the path of a file
    language: Literal["vi", "en"] = "vi"  # of staff mails, and of customers whose language is not clear
    data: Path = Path("var")  # spool, blobs, SQLite
    database: Annotated[str, checked_by(check_database)] = ""  # URL; left out: a SQLite file in `data`
    templates: Path | None = None  # files here win over ours
    subaddress: Literal["+", "-", "=", ""] = "+"  # what sets off the token in a Reply-To; "": the server knows none


@dataclass(frozen=True, kw_only=True, slots=True)
class OAuth2:
    """A login by access token (RFC 6749 §6, XOAUTH2)."""

    client_id: str = field(metadata=_TEXT)
    client_secret: Secret | None = None  # public clients have none
    refresh_token: Secret
    token_url: Annotated[str, checked_by(check_token_url)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """How to reach a server and log in. Certificates are always verified."""

    usual_ports: ClassVar[dict[Security, int]]

    host: Annotated[str, checked_by(check_host)]
    port: int = field(default=0, metadata=_PORT)  # 0 when made: the usual one of `security`
    security: Security = "tls"  # plain on loopback only
    username: str | None = field(default=None, metadata=_TEXT)  # None: no login
    password: Secret | None = None
    oauth2: OAuth2 | None = None  # instead of a password
    ca_file: Path | None = None  # PEM; the certificate authority that signed this server's certificate

    def __post_init__(self) -> None:
        if not self.port:
            object.__setattr__(self, "port", self.usual_ports[self.security])


@dataclass(frozen=True, kw_only=True, slots=True)
class Processed:
    """What happens to a mail on the server once it is safe with us."""

    action: Literal["keep", "flag", "move"] = "keep"
    folder: str | None = None  # where "move" puts it

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "keep", "flag" or "move:FOLDER". Raises ValueError."""
        if text == "keep":
            return cls(action="keep")
        if text == "flag":
            return cls(action="flag")
        if text.startswith("move:") and text != "move:":
            return cls(action="move", folder=text.removeprefix("move:"))
        raise ValueError('must be "keep", "flag" or "move:FOLDER"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox(Server):
    """One folder of one IMAP account."""

    usual_ports: ClassVar[dict[Security, int]] = {"tls": 993, "starttls": 143, "plain": 143}  # RFC 8314 §3.2, RFC 9051

    name: str = field(metadata=_TEXT)  # in logs and in the ledger; a new name is a new mailbox
    folder: str = field(default="INBOX", metadata=_TEXT)
    poll: Annotated[timedelta, checked_by(check_pause)] = timedelta(seconds=60)  # where the server has no IDLE
    processed: Processed = Processed()
    since: date | None = None  # mail the server received before this day is never touched; None: all mail counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp(Server):
    """The server that takes our mails."""

    usual_ports: ClassVar[dict[Security, int]] = {"tls": 465, "starttls": 587, "plain": 25}  # RFC 8314 §3.3, RFC 6409

    connections: int = field(default=4, metadata={"ge": 1, "le": 50})  # kept open at once


@dataclass(frozen=True, kw_only=True, slots=True)
class Department:
    """A group of staff and the kinds of complaint it answers for."""

    key: str = field(metadata=_TEXT)
    name: str = field(metadata=_TEXT)
    categories: tuple[str, ...] = ()  # slugs of the policy, or "*"; none: as the policy says, or all


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """A person who answers tickets."""

    name: str = field(metadata=_TEXT)
    email: Address
    departments: tuple[str, ...] = field(metadata=_SOME)  # keys of departments
    role: Literal["agent", "manager"] = "agent"  # managers approve


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whose word on the sender of a mail we take."""

    # RFC 8601 §2.2: the authserv-id that our own server writes in Authentication-Results; None: no such header counts
    authserv_id: Annotated[str | None, checked_by(check_authserv_id)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits(ParserLimits):
    """What keeps a flood or a hostile mail from doing harm; the limits of one mail's parts come from the parsers."""

    automatic_per_address_per_day: int = 20  # automatic mails to one address within 24 hours
    automatic_per_hour: int = 5000  # automatic mails over all; then sending stops and staff are told
    mail_bytes: int = 512 * 1024 * 1024  # of one raw mail; a larger one is not fetched

    def of_parts(self) -> ParserLimits:
        """Those of one mail's parts alone: a process that only parses need not load what reads this file."""
        return ParserLimits(**{one.name: getattr(self, one.name) for one in fields(ParserLimits)})


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """The whole file. Every path in it is absolute."""

    service: Service
    mailboxes: tuple[Mailbox, ...] = field(metadata={"alias": "mailbox", "min_length": 1})
    smtp: Smtp
    departments: tuple[Department, ...] = field(default=(), metadata={"alias": "department"})
    staff: tuple[Staff, ...] = ()
    trust: Trust = Trust()
    limits: Limits = Limits()

    def staff_member(self, address: str) -> Staff | None:
        """The person with this e-mail address, upper and lower case being the same."""
        return next((one for one in self.staff if one.email.lower() == address.lower()), None)


def read_config(path: Path) -> Config:
    """Read the configuration at `path`; relative paths in it count from its folder. Raises Mistakes."""
    if not path.exists():
        advice = "no such file: `tiepnhan init` writes one, --config PATH names another"
        raise Mistakes([Mistake(path=path, line=None, message=advice)])
    config = read_record(path, Config, RULES)
    return replace(config, service=_with_places(path.absolute().parent, config.service))


def _with_places(folder: Path, service: Service) -> Service:
    """The policy and the database, which are not always paths, counted from `folder` where they are."""
    database = service.database or f"{DATABASE_FILE}{service.data / 'tiepnhan.db'}"
    if database.startswith(DATABASE_FILE):
        database = f"{DATABASE_FILE}{folder / database.removeprefix(DATABASE_FILE)}"
    policy = str(folder / service.policy) if service.policy.endswith(".toml") else service.policy
    return replace(service, database=database, policy=policy)
