"""The questions that make a configuration, each with a guess that is right for most."""

import os
import pwd
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from intake.mailboxes.fetching import VIETNAM
from intake.questions import Questions, check_words
from intake.settings.addresses import normalise_address
from intake.settings.config import Config, Department, Mailbox, Security, Service, Smtp, Staff
from intake.settings.config_checks import check_host, is_loopback
from intake.settings.secrets import Secret

NO_LOGIN = "none"
_FIRST_PERSON = 1000  # user ids below are the system's
_DEPARTMENTS = {"vi": "Bộ phận CSKH", "en": "Customer service"}
_SECURITIES: Mapping[str, Security] = {"tls": "tls", "starttls": "starttls", "plain": "plain"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Provider:
    """Servers that do not follow from the domain of an address."""

    imap: str
    smtp: str
    smtp_security: Security = "tls"


_GOOGLE = _Provider(imap="imap.gmail.com", smtp="smtp.gmail.com")
_MICROSOFT = _Provider(imap="outlook.office365.com", smtp="smtp.office365.com", smtp_security="starttls")
_YAHOO = _Provider(imap="imap.mail.yahoo.com", smtp="smtp.mail.yahoo.com")
_PROVIDERS = {
    "gmail.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "outlook.com": _MICROSOFT,
    "hotmail.com": _MICROSOFT,
    "live.com": _MICROSOFT,
    "yahoo.com": _YAHOO,
    "yahoo.com.vn": _YAHOO,
    "icloud.com": _Provider(imap="imap.mail.me.com", smtp="smtp.mail.me.com", smtp_security="starttls"),
}


def ask_config(questions: Questions, folder: Path) -> Config:
    """Everything that has no default; `folder` is where the file will stand. Raises NoMoreAnswers."""
    questions.say("Enter alone takes what stands in brackets.\n")
    name = questions.ask("Name of the company", "Hakago", check_words)
    address = questions.ask("Address that customers write to", f"support@{_slug(name)}.example", normalise_address)
    language = questions.ask_choice("Language of staff mails", "vi", ("vi", "en"))
    domain = address.rpartition("@")[2]
    provider = _PROVIDERS.get(domain) or _Provider(imap=f"imap.{domain}", smtp=f"smtp.{domain}")
    questions.say("\nWhere the mail comes from (IMAP)")
    imap = _ask_server(
        questions, _Asked(kind="IMAP", host=provider.imap, user=address, ports=Mailbox.usual_ports), folder
    )
    questions.say("\nWhere our answers go to (SMTP)")
    smtp = _ask_server(
        questions,
        _Asked(
            kind="SMTP",
            host=imap.host if is_loopback(imap.host) else provider.smtp,
            user=imap.username or NO_LOGIN,
            ports=Smtp.usual_ports,
            security=provider.smtp_security,
        ),
        folder,
    )
    questions.say("\nWho answers")
    department = _ask_department(questions, language)
    staff = _ask_staff(questions, department, address)
    since = questions.ask("Take in mail since", datetime.now(VIETNAM).date().isoformat(), _check_date)
    return Config(
        service=Service(name=name, address=address, language="en" if language == "en" else "vi"),
        mailboxes=(
            Mailbox(
                name="support",
                host=imap.host,
                port=imap.port,
                security=imap.security,
                username=imap.username,
                password=imap.password,
                since=since,
            ),
        ),
        smtp=smtp,
        departments=(department,),
        staff=(staff,),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What is guessed of a server."""

    kind: str  # "IMAP" or "SMTP"
    host: str
    user: str
    ports: Mapping[Security, int]
    security: Security = "tls"


def _ask_server(questions: Questions, guess: _Asked, folder: Path) -> Smtp:
    """The way into a server of either kind; an SMTP server is the one that has nothing more to it."""
    host = questions.ask(f"{guess.kind} server", guess.host, check_host)
    security = _ask_security(questions, "plain" if is_loopback(host) else guess.security, host)
    port = questions.ask("Port", str(guess.ports[security]), _check_port)
    user = questions.ask(f'User name ("{NO_LOGIN}": no login)', guess.user, check_words)
    if user == NO_LOGIN:
        return Smtp(host=host, port=port, security=security)
    secret = _ask_secret(questions, guess.kind, folder)
    return Smtp(host=host, port=port, security=security, username=user, password=secret)


def _ask_security(questions: Questions, usual: Security, host: str) -> Security:
    def check(answer: str) -> Security:
        security = _SECURITIES.get(answer.lower())
        if security is None:
            raise ValueError(f"must be {' or '.join(_SECURITIES)}")
        if security == "plain" and not is_loopback(host):
            raise ValueError(
                "plain only where the server is on this machine: passwords would cross the net unencrypted"
            )
        return security

    return questions.ask(f"Security ({' or '.join(_SECURITIES)})", usual, check)


def _ask_secret(questions: Questions, kind: str, folder: Path) -> Secret:
    """Where the password is; one that is typed here by mistake must not end up in the file."""
    if (
        questions.ask_choice("Where is the password? In an environment variable, or a file", "env", ("env", "file"))
        == "env"
    ):
        return Secret(env=questions.ask("Name of the variable", f"TIEPNHAN_{kind}_PASSWORD", _check_variable))

    def check_file(answer: str) -> Path:
        if not (folder / check_words(answer)).is_file():
            raise ValueError(f"there is no such file in {folder}: write the password into it, and chmod 600 it, first")
        return Path(answer)

    return Secret(file=questions.ask("Path of the file", f"{kind.lower()}.password", check_file))


def _ask_department(questions: Questions, language: str) -> Department:
    name = questions.ask("Name of the department", _DEPARTMENTS[language], check_words)
    return Department(key=_slug(name), name=name)


def _ask_staff(questions: Questions, department: Department, service: str) -> Staff:
    def check_address(answer: str) -> str:
        address = normalise_address(answer)
        if address.lower() == service.lower():
            raise ValueError("that is the address customers write to; staff need their own")
        return address

    name = questions.ask("First member of staff", _own_name(), check_words)
    email = questions.ask("Their address", f"{_slug(name)}@{service.rpartition('@')[2]}", check_address)
    # Nobody else is there to approve.
    return Staff(name=name, email=email, departments=(department.key,), role="manager")


def _own_name() -> str:
    """Of the person who sits here, who often is the first to answer; an example where that is the system."""
    people = [one for one in pwd.getpwall() if one.pw_uid == os.getuid() and one.pw_uid >= _FIRST_PERSON]
    names = [one.pw_gecos.partition(",")[0].strip() or one.pw_name for one in people]
    return names[0] if names else "Lan"


def _check_variable(answer: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", answer):
        raise ValueError("must be the NAME of a variable, in capitals; the password itself is never asked for")
    return answer


def _check_port(answer: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", answer) or not 1 <= int(answer) <= 65535:
        raise ValueError("must be a number from 1 to 65535")
    return int(answer)


def _check_date(answer: str) -> date:
    try:
        return date.fromisoformat(answer)
    except ValueError:
        raise ValueError("must be a date, such as 2026-11-01; older mail is never touched") from None


def _slug(name: str) -> str:
    """Such as "bo-phan-cskh"."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d")).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"
