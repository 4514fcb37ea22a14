"""Which e-mail addresses have a form that mail can be sent to (RFC 5321 §4.1.2, RFC 6531). Nothing is looked up."""

import re
from functools import lru_cache

# Appended while checking: lets domains pass that the public net does not know, such as .local and .test.
_INTERNAL = ".vn"

# What nearly all addresses look like; beyond doubt right, so that the whole grammar need not be asked for each mail.
_PLAIN = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}", re.IGNORECASE)
_PLAIN_CHARACTERS = 64


def normalise_address(address: str) -> str:
    """The address with its domain in lower case. Raises ValueError where it has no possible form."""
    if _is_plain(address):
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # long to load, seldom needed

    try:
        form = validate_email(address + _INTERNAL, check_deliverability=False, allow_domain_literal=False)
    except EmailNotValidError as error:
        raise ValueError(f'"{address}" is no e-mail address') from error
    return form.normalized.removesuffix(_INTERNAL)


@lru_cache(maxsize=4096)
def is_writable(address: str) -> bool:
    """Whether somebody can be written to at this address."""
    try:
        normalise_address(address)
    except ValueError:
        return False
    return True


def _is_plain(address: str) -> bool:
    return _PLAIN.fullmatch(address) is not None and len(address) <= _PLAIN_CHARACTERS
