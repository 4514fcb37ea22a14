"""Logins by access token (RFC 6749 §6, XOAUTH2): fetched, kept, renewed, refused; over real sockets on loopback."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.assembly import smtp_server
from intake.mailboxes.access_tokens import AccessTokens, GrantRefused, TokenServerDown
from intake.mailboxes.imap import Session
from intake.mailboxes.mailbox_errors import AccessRefused, CommandRefused, ConnectionLost, LoginRefused
from intake.settings.config import Mailbox, OAuth2, Smtp
from intake.settings.secrets import Secret
from responders.refusals import ServerUnavailable
from responders.smtp import SmtpConnection
from tests.servers.ports import free_ports
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.sink import SmtpSink
from tests.servers.token_server import TokenServer

REFRESH, SUPPORT = "refresh-secret", "support@hakago.example"
BY_TOKEN = "IMAP4rev1 AUTH=XOAUTH2 IDLE"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as one:
        yield one


@pytest.fixture
def oauth2(server: TokenServer, tmp_path: Path) -> OAuth2:
    (tmp_path / "refresh").write_text(f"{REFRESH}\n")
    (tmp_path / "client").write_text("client-secret\n")
    return OAuth2(
        client_id="tiepnhan-1",
        client_secret=Secret(file=tmp_path / "client"),
        refresh_token=Secret(file=tmp_path / "refresh"),
        token_url=server.url,
    )


class Clock:
    """A monotonic clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


# Fetching and keeping.


def test_a_token_is_fetched_with_the_refresh_token_and_the_secret_in_the_body(server, oauth2):
    assert AccessTokens(oauth2).get() == "token-1"
    assert server.asked == [
        {
            "grant_type": "refresh_token",
            "refresh_token": REFRESH,
            "client_id": "tiepnhan-1",
            "client_secret": "client-secret",
        }
    ]


def test_a_public_client_shows_no_secret(server, oauth2):
    AccessTokens(replace(oauth2, client_secret=None)).get()
    assert "client_secret" not in server.asked[0]


def test_a_token_is_kept_until_a_minute_before_its_end(server, oauth2):
    clock = Clock()
    tokens = AccessTokens(oauth2, clock)
    tokens.get()
    clock.now += 3539
    assert tokens.get() == "token-1"
    clock.now += 1
    assert tokens.get() == "token-2"


def test_a_token_whose_end_nobody_tells_is_not_kept_long(server, oauth2):
    clock = Clock()
    tokens = AccessTokens(oauth2, clock)
    server.answer(access_token="brief")
    assert tokens.get() == "brief"
    clock.now += 300
    assert tokens.get() == "token-2"


def test_a_token_that_a_mail_server_refused_is_not_given_again(server, oauth2):
    tokens = AccessTokens(oauth2)
    assert tokens.get(refused=tokens.get()) == "token-2"
    assert tokens.get(refused="token-1") == "token-2"  # another connection comes late with the old one


# Refresh tokens that the server replaces (RFC 6749 §6).


def test_a_new_refresh_token_is_kept_in_the_file_readable_as_before(server, oauth2, tmp_path):
    (tmp_path / "refresh").chmod(0o600)
    server.answer(access_token="a", expires_in=3600, refresh_token="newer")
    AccessTokens(oauth2).get()
    assert (tmp_path / "refresh").read_text() == "newer\n"
    assert (tmp_path / "refresh").stat().st_mode & 0o777 == 0o600
    AccessTokens(oauth2).get()
    assert server.asked[-1]["refresh_token"] == "newer"


def test_a_new_refresh_token_that_cannot_be_kept_is_used_and_said_once(server, oauth2, monkeypatch, caplog):
    monkeypatch.setenv("TIEPNHAN_TEST_REFRESH", REFRESH)
    tokens = AccessTokens(replace(oauth2, refresh_token=Secret(env="TIEPNHAN_TEST_REFRESH")))
    for number in range(3):
        server.answer(access_token=f"a{number}", refresh_token=f"newer-{number}")
        tokens.get(refused=f"a{number - 1}")
    assert [one["refresh_token"] for one in server.asked] == [REFRESH, "newer-0", "newer-1"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "newer" not in caplog.text
    monkeypatch.setenv("TIEPNHAN_TEST_REFRESH", "from the admin")
    tokens.get(refused="a2")
    assert server.asked[-1]["refresh_token"] == "from the admin"


# What goes wrong.


@pytest.mark.parametrize(
    ("status", "told", "words"),
    [
        pytest.param(
            400,
            {"error": "invalid_grant", "error_description": "Token has been revoked."},
            "invalid_grant (Token has been revoked.): the refresh token is expired or was revoked: grant access anew",
            id="revoked",
        ),
        pytest.param(401, {"error": "invalid_client"}, "check client_id and client_secret", id="wrong client"),
        pytest.param(404, {}, "404: check token_url", id="no token server"),
        pytest.param(302, {}, "302: check token_url", id="redirect"),
    ],
)
def test_what_somebody_has_to_mend_is_a_refusal(server, oauth2, status, told, words):
    server.answer(status, headers={"Location": server.url} if status == 302 else None, **told)
    with pytest.raises(GrantRefused) as refused:
        AccessTokens(oauth2).get()
    assert words in str(refused.value)
    assert str(refused.value).startswith(server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        pytest.param(503, b"<html>", id="overload"),
        pytest.param(429, b"{}", id="too many"),
        pytest.param(400, b'{"error": "temporarily_unavailable"}', id="unavailable"),
        pytest.param(200, b"<html>", id="no JSON"),
        pytest.param(200, b"[]", id="no object"),
        pytest.param(200, b"\xff", id="no text"),
        pytest.param(200, b'{"token_type": "Bearer"}', id="no token"),
        pytest.param(200, b'{"access_token": "a\\u0001auth=x"}', id="a token that would end the login"),
    ],
)
def test_what_may_pass_is_temporary(server, oauth2, status, raw):
    server.answer(status, raw=raw)
    with pytest.raises(TokenServerDown):
        AccessTokens(oauth2).get()
    assert AccessTokens(oauth2).get() == "token-2"


def test_a_server_that_is_not_there_is_named(oauth2):
    url = f"http://127.0.0.1:{free_ports(1)[0]}/token"
    with pytest.raises(TokenServerDown, match=f"{url}: .*refused"):
        AccessTokens(replace(oauth2, token_url=url)).get()


def test_no_secret_is_part_of_an_error(server, oauth2):
    told = f"the token {REFRESH} of client-secret is unknown"
    server.answer(400, error="invalid_grant", error_description=told)
    with pytest.raises(GrantRefused) as refused:
        AccessTokens(oauth2).get()
    assert REFRESH not in str(refused.value)
    assert "client-secret" not in str(refused.value)


# Mailboxes.


@pytest.fixture
def mailbox(scripted_imap: ScriptedImap, oauth2: OAuth2) -> Mailbox:
    scripted_imap.script.capabilities = BY_TOKEN
    return Mailbox(
        name="support",
        host=scripted_imap.host,
        port=scripted_imap.port,
        security="plain",
        username=SUPPORT,
        oauth2=oauth2,
    )


def test_a_mailbox_is_opened_by_token(scripted_imap, mailbox):
    scripted_imap.script.tokens = {"token-1"}
    with Session(mailbox) as session:
        session.select("INBOX", is_writable=False)
    assert scripted_imap.shown == [f"user={SUPPORT}\1auth=Bearer token-1\1\1"]


def test_a_token_refused_before_its_time_is_replaced_once(scripted_imap, mailbox, server):
    scripted_imap.script.tokens = {"token-2"}
    with Session(mailbox):
        pass
    with Session(mailbox):
        pass
    assert len(scripted_imap.shown) == 3
    assert len(server.asked) == 2


def test_an_account_that_no_token_opens_is_refused_and_not_tried_for_ever(scripted_imap, mailbox, server):
    with pytest.raises(LoginRefused, match="may this account use IMAP by token"), Session(mailbox):
        pass
    assert len(server.asked) == len(scripted_imap.shown) == 2


def test_a_refusal_that_passes_by_itself_is_temporary(scripted_imap, mailbox, server):
    scripted_imap.script.refuse_login = "[UNAVAILABLE] later"
    with pytest.raises(CommandRefused), Session(mailbox):
        pass
    assert len(server.asked) == 1


def test_a_revoked_grant_is_for_an_admin_to_mend(mailbox, server):
    server.answer(400, error="invalid_grant")
    with pytest.raises(LoginRefused, match="grant access anew, and renew the secret in the file") as refused:
        Session(mailbox).__enter__()
    assert not refused.value.is_temporary


def test_a_token_server_that_is_down_is_waited_for(mailbox, server):
    server.answer(503)
    with pytest.raises(ConnectionLost) as lost:
        Session(mailbox).__enter__()
    assert lost.value.is_temporary


def test_a_server_without_logins_by_token_is_told_at_once(scripted_imap, mailbox, server):
    scripted_imap.script.capabilities = "IMAP4rev1"
    with pytest.raises(AccessRefused, match="takes no login by token"), Session(mailbox):
        pass
    assert server.asked == []


# SMTP.


def open_smtp(sink: SmtpSink, oauth2: OAuth2) -> None:
    async def work() -> None:
        smtp = Smtp(host=sink.host, port=sink.port, security="plain", username=SUPPORT, oauth2=oauth2)
        connection = SmtpConnection(smtp_server(smtp))
        try:
            await connection.open()
        finally:
            await connection.close()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("accepted", "fetched"), [("token-1", 1), ("token-2", 2)], ids=["at once", "after a token refused before its time"]
)
def test_smtp_is_entered_by_token(oauth2, server, accepted, fetched):
    with SmtpSink(tokens={accepted}) as sink:
        open_smtp(sink, oauth2)
        open_smtp(sink, oauth2)
        assert sink.logins == [SUPPORT, SUPPORT]
    assert len(server.asked) == fetched


def test_smtp_that_takes_no_token_of_ours_is_for_an_admin_to_mend(oauth2, server):
    with SmtpSink(tokens=set()) as sink, pytest.raises(ServerUnavailable, match="535") as refused:
        open_smtp(sink, oauth2)
    assert refused.value.is_ours_to_mend
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("status", "error", "is_ours"), [(400, "invalid_grant", True), (503, "", False)], ids=["revoked", "down"]
)
def test_smtp_without_a_token_waits_or_calls_for_an_admin(oauth2, server, status, error, is_ours):
    server.answer(status, error=error)
    with SmtpSink(tokens=set()) as sink, pytest.raises(ServerUnavailable) as refused:
        open_smtp(sink, oauth2)
    assert refused.value.is_ours_to_mend == is_ours
    assert sink.connections == 0


def test_mailbox_and_smtp_of_one_account_share_a_token(scripted_imap, mailbox, oauth2, server, caplog):
    scripted_imap.script.tokens = {"token-1"}
    with caplog.at_level(logging.DEBUG, logger="intake"), SmtpSink(tokens={"token-1"}) as sink:
        open_smtp(sink, oauth2)
        with Session(mailbox):
            pass
    assert len(server.asked) == 1
    assert "token-1" not in caplog.text
