"""Access tokens for logins by XOAUTH2: fetched with the refresh token (RFC 6749 §6), kept until just before they end.

One `AccessTokens` serves all connections of an account in this process. Nothing of a token is ever part of an error or
of the log. Where somebody has to act, as after a grant was revoked, `GrantRefused` says so; what may pass by itself is
`TokenServerDown`. Certificates are always verified, and redirects are not followed: they would carry secrets elsewhere.
"""

import json
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from intake.settings.config import OAuth2
from intake.settings.secrets import SecretUnavailable

SECONDS = 15.0  # for one answer of the token server
MARGIN = 60.0  # seconds before its end that a token is given up
_USUAL_LIFE = 300.0  # seconds; where the server does not say (RFC 6749 §5.1 only recommends it)
_ANSWER_BYTES = 1024 * 1024
_WORDS_CHARACTERS = 200
_TOKEN = re.compile(r"[\x21-\x7e]+")  # of RFC 6750 §2.1, and nothing that could end it in a login

_log = logging.getLogger(__name__)


class GrantRefused(LookupError):
    """The token server gives no token to us; trying again will not help."""


class TokenServerDown(OSError):
    """The token server cannot be reached or does not work."""


@cache
def access_tokens(oauth2: OAuth2) -> "AccessTokens":
    """Those of an account: the same for its mailbox and for SMTP, so that each token is fetched once."""
    return AccessTokens(oauth2)


class AccessTokens:
    """The access token of one account. From any thread; one at a time asks the server."""

    def __init__(self, oauth2: OAuth2, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._oauth2 = oauth2
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token = ""
        self._ends_at = 0.0  # of the monotonic clock, less the margin
        self._given = ""  # the refresh token as the configuration has it
        self._newer = ""  # what the server gave in its place (RFC 6749 §6)

    def get(self, refused: str = "") -> str:
        """A token that is good for a minute at least, and another one than `refused`, which a mail server did not take.

        Raises GrantRefused, TokenServerDown, SecretUnavailable.
        """
        with self._lock:
            if not self._token or self._token == refused or self._monotonic() >= self._ends_at:
                self._refresh()
            return self._token

    def _refresh(self) -> None:
        self._token = ""
        refresh_token = self._refresh_token()
        answer = _ask(self._oauth2, refresh_token)
        token = answer.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise TokenServerDown(f"{self._oauth2.token_url}: the answer has no access token")
        self._token = token
        self._ends_at = self._monotonic() + _life(answer) - MARGIN
        newer = answer.get("refresh_token")
        if isinstance(newer, str) and newer != refresh_token and _TOKEN.fullmatch(newer):
            self._keep(newer)

    def _refresh_token(self) -> str:
        """The newest one; what an admin has put into its place wins over what the server gave before."""
        given = self._oauth2.refresh_token.read()
        if given != self._given:
            self._given, self._newer = given, ""
        return self._newer or given

    def _keep(self, newer: str) -> None:
        """RFC 6749 §6: the old one may be worthless from now on."""
        is_first, self._newer = not self._newer, newer
        try:
            self._oauth2.refresh_token.replace(newer)
        except SecretUnavailable as error:
            if is_first:
                words = "the token server gave a new refresh token, which is lost when the program ends: %s"
                _log.warning(words, error)


def _life(answer: Mapping[str, Any]) -> float:
    seconds = answer.get("expires_in")
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else _USUAL_LIFE


def _ask(oauth2: OAuth2, refresh_token: str) -> Mapping[str, Any]:
    secrets = {"refresh_token": refresh_token}
    if oauth2.client_secret:
        secrets["client_secret"] = oauth2.client_secret.read()  # in the body: RFC 6749 §2.3.1
    form = {"grant_type": "refresh_token", "client_id": oauth2.client_id, **secrets}
    request = Request(oauth2.token_url, urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310 - see check_token_url
    try:
        with _opener(oauth2.token_url).open(request, timeout=SECONDS) as answer:
            return _read_json(answer.read(_ANSWER_BYTES))
    except HTTPError as error:
        with error:
            raise _refusal(oauth2, error.code, _read_error(error), [*secrets.values()]) from None
    except ValueError:
        raise TokenServerDown(f"{oauth2.token_url}: the answer is not understood") from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise TokenServerDown(f"{oauth2.token_url}: {' '.join(str(reason).split())}") from error


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(url: str) -> OpenerDirector:
    handlers = [_NoRedirects(), HTTPSHandler(context=ssl.create_default_context())]
    if urlsplit(url).scheme == "http":  # on loopback, where no proxy reaches
        handlers.append(ProxyHandler({}))
    return build_opener(*handlers)


def _read_json(raw: bytes) -> Mapping[str, Any]:
    """Raises ValueError."""
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - as for what is no JSON
    return found


def _read_error(error: HTTPError) -> Mapping[str, Any]:
    try:
        return _read_json(error.read(_ANSWER_BYTES))
    except (ValueError, OSError, HTTPException):
        return {}


def _refusal(oauth2: OAuth2, status: int, told: Mapping[str, Any], secrets: list[str]) -> Exception:
    """RFC 6749 §5.2."""
    code, words = str(told.get("error") or status), str(told.get("error_description") or "")
    for secret in secrets:
        words = words.replace(secret, "…")
    words = " ".join(words.split())[:_WORDS_CHARACTERS]
    what = f"{oauth2.token_url}: {code}" + (f" ({words})" if words else "")
    if status >= 500 or status == 429 or code == "temporarily_unavailable":
        return TokenServerDown(what)
    return GrantRefused(f"{what}: {_advice(oauth2, status, code)}")


def _advice(oauth2: OAuth2, status: int, code: str) -> str:
    if code == "invalid_grant":
        place = oauth2.refresh_token
        return f"the refresh token is expired or was revoked: grant access anew, and renew the {place}"
    if code in {"invalid_client", "unauthorized_client"} or status == 401:
        return "check client_id and client_secret"
    return "check token_url and client_id"
