"""One line per event, for people or for machines, and nothing in it that does not belong there."""

import io
import json
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.logs import JsonLines, TextLines, configure_logging, log_mail

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"


@pytest.fixture
def stream():
    """Where the log goes; afterwards logging is as it was."""
    root = logging.getLogger()
    rooms = {name: logging.getLogger(name).level for name in ("parsers", "tickets", "store", "responders", "intake")}
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:], root.level = handlers, level
    for name, before in rooms.items():
        logging.getLogger(name).setLevel(before)


def log_one_mail():
    log_mail(
        mailbox="support",
        uid=17,
        message_id="<a b@x.example>",
        size_bytes=2048,
        outcome="ticket",
        rule="new-complaint",
        ticket="HKG-26-000123",
        seconds=0.12345,
    )


def test_mail_is_one_line_of_text(stream):
    configure_logging("text", stream)
    log_one_mail()
    assert re.fullmatch(
        MOMENT + r' INFO mail mailbox=support uid=17 message_id="<a b@x\.example>" bytes=2048 outcome=ticket '
        r"rule=new-complaint ticket=HKG-26-000123 seconds=0\.123\n",
        stream.getvalue(),
    )


def test_mail_is_one_line_of_json(stream):
    configure_logging("json", stream)
    log_one_mail()
    line = json.loads(stream.getvalue())
    assert re.fullmatch(MOMENT, line.pop("time"))
    assert line == {
        "level": "INFO",
        "logger": "intake.logs",
        "message": "mail",
        "mailbox": "support",
        "uid": 17,
        "message_id": "<a b@x.example>",
        "bytes": 2048,
        "outcome": "ticket",
        "rule": "new-complaint",
        "ticket": "HKG-26-000123",
        "seconds": 0.123,
    }


def test_what_is_not_known_of_a_mail_is_left_out(stream):
    configure_logging("text", stream)
    log_mail(mailbox="support", uid=None, message_id=None, size_bytes=1, outcome="quarantine")
    assert stream.getvalue().endswith(" INFO mail mailbox=support bytes=1 outcome=quarantine\n")


def test_fields_of_any_event_are_shown(stream):
    configure_logging("json", stream)
    logging.getLogger("store.outbox").warning("delivery failed", extra={"ticket": "HKG-26-000123", "status": "4.2.2"})
    line = json.loads(stream.getvalue())
    assert (line["message"], line["ticket"], line["status"]) == ("delivery failed", "HKG-26-000123", "4.2.2")


def test_libraries_are_heard_from_warnings_on(stream):
    configure_logging("text", stream)
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("intake.pipeline").debug("details")
    assert stream.getvalue() == ""
    logging.getLogger("apscheduler.scheduler").warning("missed")
    assert " WARNING missed\n" in stream.getvalue()


def test_configuring_again_does_not_double_the_lines(stream):
    configure_logging("text", stream)
    configure_logging("text", stream)
    log_one_mail()
    assert stream.getvalue().count("\n") == 1


def test_log_goes_to_standard_error(stream, capsys):
    configure_logging("text")
    log_one_mail()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert " INFO mail " in captured.err


def log_error(error):
    logging.getLogger("intake").error("one mail failed", exc_info=error)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_error_is_shown_with_its_kind(stream, log_format):
    configure_logging(log_format, stream)
    log_error(KeyError("slot"))
    text = stream.getvalue()
    shown = json.loads(text)["traceback"] if log_format == "json" else text.split("\n", 1)[1]
    assert "KeyError: 'slot'" in shown


def test_error_that_quotes_a_mail_cannot_forge_a_line(stream):
    configure_logging("text", stream)
    log_error(ValueError("a\n2026-11-22T09:15:02+07:00 INFO mail mailbox=support"))
    first, *others = stream.getvalue().splitlines()
    assert " ERROR one mail failed" in first
    assert all(line.startswith("  ") for line in others)


ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=20)


@given(ANY_TEXT, ANY_TEXT)
def test_no_value_can_begin_a_line_of_its_own_or_break_the_encoding(message, value):
    record = logging.makeLogRecord({"msg": message.replace("%", ""), "levelname": "INFO", "message_id": value})
    for formatter in (TextLines(), JsonLines()):
        line = formatter.format(record)
        assert len(line.splitlines()) == 1
        assert line.isprintable()
    assert json.loads(JsonLines().format(record))["message"] == message.replace("%", "")
