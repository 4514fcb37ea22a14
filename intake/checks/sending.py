"""The SMTP server: the way in, and whose mail it takes. It is asked as for a mail (MAIL, RCPT), and none is sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from intake.assembly import smtp_server
from intake.checks.findings import Finding, failure, fine, skipped, warning
from intake.settings.config import Config
from responders.refusals import DeliveryError, ServerUnavailable
from responders.smtp import SmtpConnection
from responders.tokens import Tokens

TIMEOUT_SECONDS = 10.0
_SAMPLE_YEAR_AND_COUNT = "00-000000"  # no ticket has it
_SUBJECT = "smtp"


def check_smtp(config: Config, ticket_prefix: str | None) -> list[Finding]:
    """The findings about the server; about reply addresses only where the policy says how tickets are called."""

    async def ask() -> list[Finding]:
        connection = SmtpConnection(replace(smtp_server(config.smtp), timeout=TIMEOUT_SECONDS))
        try:
            return [finding async for finding in _ask_all(connection, config, ticket_prefix)]
        finally:
            await connection.close()

    return asyncio.run(ask())


async def _ask_all(connection: SmtpConnection, config: Config, ticket_prefix: str | None) -> AsyncIterator[Finding]:
    smtp, address = config.smtp, config.service.address
    where = f"{smtp.host}:{smtp.port} ({smtp.security})"
    try:
        await connection.open()
    except ServerUnavailable as error:
        yield failure(_SUBJECT, f"{where}: {error}", _advice(error, is_by_token=smtp.oauth2 is not None))
        yield skipped(_SUBJECT, "there is no connection", "our sender address and reply addresses")
        return
    yield fine(_SUBJECT, f"{where}: " + (f"logged in as {smtp.username}" if smtp.username else "connected, no login"))
    try:
        await connection.try_envelope(address, None)
    except DeliveryError as error:
        yield failure(
            _SUBJECT, f"mail from {address} is not accepted: {error}", "let this account send as that address"
        )
        yield skipped(_SUBJECT, "our sender address is not accepted", "reply addresses")
        return
    yield fine(_SUBJECT, f"mail from {address} is accepted")
    yield await _ask_reply_address(connection, config, ticket_prefix)


def _advice(error: ServerUnavailable, *, is_by_token: bool) -> str:
    if "certificate" in str(error).lower():
        return "write the host as its certificate does; where your own authority signed it, set ca_file in [smtp]"
    if error.is_ours_to_mend and is_by_token:
        return "check username, security and oauth2 in [smtp]"
    if error.is_ours_to_mend:
        return "check username, password and security in [smtp]"
    return "check host, port and security in [smtp], and the network"


async def _ask_reply_address(connection: SmtpConnection, config: Config, ticket_prefix: str | None) -> Finding:
    """Whether answers to our mails would arrive: their address has a token after the plus sign (RFC 5233)."""
    address, sign = config.service.address, config.service.subaddress
    if not sign:
        return fine(_SUBJECT, "no reply addresses with tokens: replies are known by the mail they answer")
    if ticket_prefix is None:
        return skipped(_SUBJECT, "the policy has mistakes", "reply addresses")
    tokens = Tokens(b"", address, sign)
    reply_address = tokens.reply_address(f"{ticket_prefix}-{_SAMPLE_YEAR_AND_COUNT}", address)
    if reply_address is None:
        words = f"{address} is too long for reply addresses: replies are known by the mail they answer"
        return warning(_SUBJECT, words, "a shorter address before the @ would do")
    try:
        await connection.try_envelope(address, address)
    except DeliveryError as error:
        words = (
            f"whether replies to {address}{sign}… arrive is not known: the server takes no mail for {address}: {error}"
        )
        return warning(_SUBJECT, words, "send a mail to such an address yourself")
    return await _ask_tagged(connection, config, reply_address)


async def _ask_tagged(connection: SmtpConnection, config: Config, reply_address: str) -> Finding:
    try:
        await connection.try_envelope(config.service.address, reply_address)
    except DeliveryError as error:
        advice = 'have the mail server take such addresses, or set subaddress = "" in [service]'
        return failure(_SUBJECT, f"the reply address {reply_address} is refused: {error}", advice)
    return fine(_SUBJECT, f"reply addresses such as {reply_address} are accepted")
