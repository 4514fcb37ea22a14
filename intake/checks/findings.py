"""What a check found: one line for the admin, with what to do about it."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "skipped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    status: Status
    subject: str  # what was looked at, such as "smtp"
    message: str  # what is the case
    advice: str = ""  # what to do about it; empty where nothing needs doing


def fine(subject: str, message: str) -> Finding:
    return Finding(status="ok", subject=subject, message=in_one_line(message))


def warning(subject: str, message: str, advice: str) -> Finding:
    """It works, and not as well as it could."""
    return Finding(status="warn", subject=subject, message=in_one_line(message), advice=advice)


def failure(subject: str, message: str, advice: str = "") -> Finding:
    """It does not work. Without `advice` the message says itself what would be right."""
    return Finding(status="fail", subject=subject, message=in_one_line(message), advice=advice)


def skipped(subject: str, because: str, what: str = "") -> Finding:
    """It could not be tried; `what` where that is not all of the subject."""
    return Finding(status="skipped", subject=subject, message=f"{what} not checked because {because}".strip())


def in_one_line(text: str) -> str:
    """Servers and databases answer in several lines; people who look after them get one."""
    return " ".join(text.split())


def count(number: int, one: str, many: str = "") -> str:
    """Such as "1 mail" and "3 mails"."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
