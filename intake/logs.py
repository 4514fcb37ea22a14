"""The log of the daemon: one line per event on standard error, as text for people or as JSON for machines.

What a line may say about a mail is the signature of `log_mail`: where it came from, what became of it and which rule
decided; never an address, a subject, words of the mail or a secret. A line break in a value cannot begin a new line.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

LogFormat = Literal["text", "json"]

_ROOMS = ("parsers", "tickets", "store", "responders", "intake")
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_ONE_WORD = re.compile(r'[^\s"=\\]+')

_logger = logging.getLogger(__name__)


def configure_logging(log_format: LogFormat, stream: TextIO | None = None) -> None:
    """Log to `stream`, standard error by default. Libraries are heard from warnings on, our own rooms from INFO on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    # Nobody is shown in which file, thread and process a line was logged; to find that out takes half of its time.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # as the module's documentation advises
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for room in _ROOMS:
        logging.getLogger(room).setLevel(logging.INFO)


def log_mail(
    *,
    mailbox: str,  # its name in the configuration
    uid: int | None,  # None where the mail did not come over IMAP
    message_id: str | None,
    size_bytes: int,
    outcome: str,  # what became of it, such as "ticket", "automatic", "quarantine"
    rule: str | None = None,  # that decided, such as "reply-token"
    ticket: str | None = None,  # number of the ticket
    seconds: float | None = None,  # since it was received
) -> None:
    """The one line about one mail."""
    fields = {
        "mailbox": mailbox,
        "uid": uid,
        "message_id": message_id,
        "bytes": size_bytes,
        "outcome": outcome,
        "rule": rule,
        "ticket": ticket,
        "seconds": None if seconds is None else round(seconds, 3),
    }
    _logger.info("mail", extra={name: value for name, value in fields.items() if value is not None})


class TextLines(logging.Formatter):
    """`2026-11-22T09:15:02+07:00 INFO mail mailbox=support uid=17`, with a traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        words = [_moment(record), record.levelname, _in_one_line(record.getMessage())]
        words += [f"{name}={_shown(value)}" for name, value in _extra(record).items()]
        return " ".join(words) + _indented(_traceback(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, the fields of the event, `traceback`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        traceback = _traceback(record)
        if traceback:
            line["traceback"] = traceback
        return json.dumps(line, default=str)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, tz=UTC).astimezone().isoformat(timespec="seconds")


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}


def _traceback(record: logging.LogRecord) -> str:
    return logging.Formatter().formatException(record.exc_info) if record.exc_info else ""


def _shown(value: object) -> str:
    """The value as one word, in quotation marks and with escapes where it is none."""
    text = str(value)
    return text if _ONE_WORD.fullmatch(text) and text.isprintable() else json.dumps(text)


def _in_one_line(message: str) -> str:
    line = " ".join(message.split())
    return line if line.isprintable() else json.dumps(line)


def _indented(traceback: str) -> str:
    """What an error quotes from a mail cannot look like a line of the log."""
    return "".join(f"\n  {line}" for line in traceback.splitlines())
