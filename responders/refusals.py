"""Why a mail was not sent, and whose fault that is, because that decides what waits (RFC 5321 §4.2, RFC 3463).

- `MailRefused`: this mail's. The server said no to it, for good or for now.
- `ConnectionBroke`: nobody knows whose. No answer came.
- `ServerUnavailable`: the server's or our configuration's. Every other mail would meet it too, so the whole queue waits
  and no mail is counted as tried.

When in doubt a refusal is this mail's, and when a relay will not relay it is temporary: a single odd address must not
stop the queue, and a relay that forgot us must not turn every answer into a failure.
"""

import re
from typing import Literal

Stage = Literal["MAIL", "RCPT", "DATA"]

_STATUS = re.compile(r"(?:^|\s)([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
_SERVER_CLOSES = 421  # RFC 5321 §3.8
_LOGIN_CODES = {530, 534, 535, 538}  # RFC 4954 §6
# Subject and detail of RFC 3463: bad sender address (§3.2), system not accepting mail (§3.4), system congested or quota
# used up (§3.5, so used by Gmail), may not send as this sender (Exchange Online).
_SENDER_OR_SYSTEM = {"1.7", "1.8", "3.2", "4.5", "7.60", "2.252"}
# Mail too big (RFC 1870 §6.2, RFC 3463 §3.3 and §3.4), address or content beyond the server's means (RFC 6531 §3.5).
_TOO_MUCH_CODES = {452, 552}
_TOO_MUCH = {"2.3", "3.4", "6.7"}
_SENDER_WORDS = ("sender address rejected", "sender rejected")  # Postfix refuses a sender at RCPT only
_RELAY_WORDS = ("relay access denied", "relaying denied", "not permitted to relay", "unable to relay")


class DeliveryError(Exception):
    """A mail that was not sent, in the server's words where it had any."""


class MailRefused(DeliveryError):
    """The server does not take this mail."""

    def __init__(self, words: str, *, is_permanent: bool) -> None:
        super().__init__(words)
        self.is_permanent = is_permanent


class ConnectionBroke(DeliveryError):
    """The connection ended, or fell silent, before the server answered."""

    def __init__(self, words: str, *, content_was_sent: bool) -> None:
        super().__init__(words)
        self.content_was_sent = content_was_sent  # then the server may have taken the mail


class ServerUnavailable(DeliveryError):
    """No mail at all can be sent."""

    def __init__(self, words: str, *, is_ours_to_mend: bool) -> None:
        super().__init__(words)
        self.is_ours_to_mend = is_ours_to_mend  # by an admin, in our configuration or our account


def judge_reply(stage: Stage, code: int, text: str) -> DeliveryError:
    """What a reply other than success to a command, or to the content, means."""
    words = f"{code} {' '.join(text.split())}"
    if code == _SERVER_CLOSES or not 400 <= code < 600:
        return ConnectionBroke(words, content_was_sent=stage == "DATA")
    is_permanent = code >= 500
    if _is_about_server(stage, code, text):
        return ServerUnavailable(words, is_ours_to_mend=is_permanent)
    return MailRefused(words, is_permanent=is_permanent and not _has(text, _RELAY_WORDS))


def _is_about_server(stage: Stage, code: int, text: str) -> bool:
    found = _STATUS.search(text)
    detail = found[1].partition(".")[2] if found else ""
    if code in _LOGIN_CODES or detail in _SENDER_OR_SYSTEM:
        return True
    if stage == "MAIL":  # all our mails have the same sender
        return code not in _TOO_MUCH_CODES and detail not in _TOO_MUCH
    return stage == "RCPT" and _has(text, _SENDER_WORDS)


def _has(text: str, phrases: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(phrase in lower for phrase in phrases)
