"""Who speaks in a mail: a mail server or a person, as far as the header fields say.

Only the sender's own fields count (From, Return-Path, Auto-Submitted); nothing here looks at the text, so
that a customer who quotes a notice of a server stays a customer. Never raises; an unreadable field says nothing.
"""

import re
from functools import lru_cache

from parsers.headers import Headers

# RFC 5321 §4.1.2 and RFC 6531, read liberally: up to U+1EF9 so that Chinese words beside an address are no part of it,
# and bounded, so that a line of a megabyte without "@" costs no more than its length
_LOCAL_FIRST = r"[!#$%&*+\-./0-9=?A-Z^_`a-z~À-ỹ]"
_LOCAL = r"[!#$%&'*+\-./0-9=?A-Z^_`a-z~À-ỹ]"
_LABEL = r"[0-9A-Za-z_À-ỹ-]{1,63}"
ADDRESS = rf"{_LOCAL_FIRST}{_LOCAL}{{0,127}}@(?:{_LABEL}(?:\.{_LABEL}){{0,16}}|\[[\w.:]{{3,64}}\])"
_ADDRESS = re.compile(ADDRESS)
_ADDRESS_TYPE = re.compile(r"smtp=", re.IGNORECASE)  # Exchange 5.5: "c=US;a= ;dda:SMTP=user@…"

_ROBOT_LOCAL_PART = re.compile(
    r"(?:mailer|mail|delivery|mdaemon|list)?[-_.]?daemon|post-?master|mdaemon|mail[-_.]?deliver(?:y|er)?\w*"
    r"|mail\.delivery\.system|microsoftexchange[0-9a-f]{20,40}|mailadm|mail[-_.]?system|\w*smtp_mail_service",
    re.IGNORECASE,
)
_ROBOT_NAME = re.compile(
    r"mail(?:er)?[ -]?daemon|mail\s+deliver(?:y|er)|delivery\s+(?:sub)?system|mail\s+system|post-?master"
    r"|(?:mail|system)[ -]?administrator|administrateur système|administrador del sistema|jetmail|bộ phận chuyển thư",
    re.IGNORECASE,
)


def find_addresses(value: str) -> list[str]:
    """Every address in a piece of text, as written, domain in lower case."""
    return [tidy_address(found) for found in _ADDRESS.findall(value)]


def tidy_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{_ADDRESS_TYPE.sub('', local, count=1)}@{domain.lower()}"


def sender_address(headers: Headers) -> str | None:
    """The address of the first From; the one in angle brackets where there is one."""
    return _first_address(headers.first("from") or "")


@lru_cache(maxsize=2048)  # several rules ask about one mail
def _first_address(value: str) -> str | None:
    found = find_addresses(value.rpartition("<")[2]) or find_addresses(value)
    return found[0] if found else None


def is_robot_address(address: str) -> bool:
    return _ROBOT_LOCAL_PART.fullmatch(address.rpartition("@")[0]) is not None


def is_mail_server(headers: Headers) -> bool:
    """Whether the mail says that a mail server wrote it: MAILER-DAEMON, postmaster and their kin (RFC 5321 §4.5.1)."""
    sender = headers.first("from") or ""
    if _ROBOT_NAME.search(sender) or sender.strip() == "<>":
        return True
    return any(is_robot_address(one) for one in find_addresses(sender))


def has_null_return_path(headers: Headers) -> bool:
    """RFC 5321 §4.5.5: notices and automatic answers leave with an empty reverse-path; sendmail shows MAILER-DAEMON."""
    if "return-path" not in headers:
        return False
    value = (headers.first("return-path") or "").replace(" ", "").lower()
    return value == "<>" or value.strip("<>").partition("@")[0] == "mailer-daemon"


def auto_submitted(headers: Headers) -> str:
    """The keyword of Auto-Submitted in lower case (RFC 3834 §5); "no" where the field is absent."""
    value = headers.first("auto-submitted")
    return (re.split(r"[\s;(]", value.strip().lower(), maxsplit=1)[0] if value else "") or "no"
