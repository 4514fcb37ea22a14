"""Which e-mail addresses have a form that mail can be sent to (RFC 5321 §4.1.2, RFC 6531). Nothing is looked up."""

from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# Appended while checking: lets domains pass that the public net does not know, such as .local and .test.
_INTERNAL = ".vn"


def normalise_address(address: str) -> str:
    """The address with its domain in lower case. Raises ValueError where it has no possible form."""
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
