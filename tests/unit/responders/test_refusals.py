"""Whose fault a reply is, in the words of servers that are in use."""

import pytest

from responders.refusals import ConnectionBroke, MailRefused, ServerUnavailable, judge_reply

PERMANENT, TEMPORARY = "the mail has failed", "the mail is tried again"
OURS, OUTAGE = "the queue waits for an admin", "the queue waits for the server"
BROKE = "nobody knows"

REPLIES = [
    ("RCPT", 550, "5.1.1 <khach@x.example>: Recipient address rejected: User unknown", PERMANENT),
    ("RCPT", 550, "no such user here", PERMANENT),
    ("RCPT", 552, "5.2.2 Mailbox full", PERMANENT),
    ("RCPT", 501, "5.1.3 Bad recipient address syntax", PERMANENT),
    ("RCPT", 450, "4.2.0 <khach@x.example>: Recipient address rejected: Greylisted", TEMPORARY),
    ("RCPT", 451, "try again later", TEMPORARY),
    ("RCPT", 554, "5.7.1 <khach@x.example>: Relay access denied", TEMPORARY),
    ("RCPT", 550, "Relaying denied", TEMPORARY),
    ("RCPT", 553, "5.7.1 <support@x.example>: Sender address rejected: not owned by user lan", OURS),
    ("RCPT", 450, "4.1.8 <support@x.example>: Sender address rejected: Domain not found", OUTAGE),
    ("RCPT", 530, "5.7.0 Must issue a STARTTLS command first", OURS),
    ("MAIL", 530, "5.7.0 Authentication required", OURS),
    ("MAIL", 535, "5.7.8 Authentication credentials invalid", OURS),
    ("MAIL", 550, "5.7.1 Sender is not allowed", OURS),
    ("MAIL", 553, "sender refused", OURS),
    ("MAIL", 451, "4.3.0 Temporary lookup failure", OUTAGE),
    ("MAIL", 552, "5.3.4 Message size exceeds fixed limit", PERMANENT),
    ("MAIL", 550, "5.3.4 too big for us", PERMANENT),
    ("MAIL", 452, "4.3.1 Insufficient system storage", TEMPORARY),
    ("DATA", 554, "5.7.1 Spam message rejected", PERMANENT),
    ("DATA", 552, "5.3.4 Message too big", PERMANENT),
    ("DATA", 550, "5.4.5 Daily user sending limit exceeded", OURS),
    ("DATA", 554, "5.2.252 SendAsDenied; support@x.example not allowed to send as", OURS),
    ("DATA", 451, "4.3.0 Error: queue file write error", TEMPORARY),
    ("DATA", 452, "4.3.1 disk full", TEMPORARY),
    ("RCPT", 421, "4.3.2 Service shutting down", BROKE),
    ("DATA", 421, "4.7.0 Too many messages on this connection", BROKE),
    ("DATA", -1, "Malformed SMTP response line: HTTP/1.1 400 Bad Request", BROKE),
]


@pytest.mark.parametrize(("stage", "code", "text", "fault"), REPLIES, ids=lambda value: str(value)[:40])
def test_reply_is_laid_at_the_right_door(stage, code, text, fault):
    error = judge_reply(stage, code, text)
    match error:
        case MailRefused():
            found = PERMANENT if error.is_permanent else TEMPORARY
        case ServerUnavailable():
            found = OURS if error.is_ours_to_mend else OUTAGE
        case _:
            found = BROKE
    assert found == fault


def test_words_of_the_server_come_along_on_one_line():
    assert str(judge_reply("RCPT", 550, "5.1.1 No such user\nsee our pages")) == "550 5.1.1 No such user see our pages"


@pytest.mark.parametrize(("stage", "was_sent"), [("MAIL", False), ("RCPT", False), ("DATA", True)])
def test_break_says_whether_the_mail_may_have_been_taken(stage, was_sent):
    error = judge_reply(stage, 421, "closing")
    assert isinstance(error, ConnectionBroke)
    assert error.content_was_sent is was_sent
