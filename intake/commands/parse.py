"""`tiepnhan parse`: what the parsers understand. Needs no config file.

One JSON object a line where a program reads it (DESIGN §4); a page for each mail where a person does, on a terminal.
What cannot be read is told on standard error, one line each, and the rest goes on.
"""

import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.commands.problem import Problem
from intake.facts_page import write_page
from intake.settings.policies import read_policy
from parsers.facts import MailFacts, mail_to_json, subject_to_json
from parsers.message import parse_message
from parsers.subjects import complete_from_body, parse_subject
from parsers.vocabulary import Vocabulary

DEFAULT_POLICY = "hakago"
# JSON allows these in strings, but some readers end a line at them.
_LINE_ENDS = ("\x85", "\u2028", "\u2029")


def parse_subjects(given: Namespace) -> int:  # noqa: ARG001
    """Subjects on standard input, one a line; bytes that are no UTF-8 are told by replacement characters."""
    if sys.stdin is None:
        raise Problem("there is no standard input to read subjects from")
    vocabulary = _read_vocabulary()
    for line in sys.stdin.buffer:
        subject = line.decode("utf-8-sig", errors="replace").rstrip("\r\n")
        _print(subject_to_json(parse_subject(subject, vocabulary)))
    return 0


def parse_messages(given: Namespace) -> int:
    """Files, and all `*.eml` of folders; exit code 1 where one cannot be read."""
    as_page = sys.stdout.isatty() and not given.json
    vocabulary = _read_vocabulary() if as_page else None
    code = 0
    for path in given.files:
        try:
            files = list(_list_files(path))
        except OSError as error:
            files, code = [], _tell(path, error)
        for file in files:
            try:
                with file.open("rb") as raw:
                    facts = parse_message(raw)
            except OSError as error:
                code = _tell(file, error)
            else:
                _print(mail_to_json(facts, str(file))) if vocabulary is None else _show(facts, str(file), vocabulary)
    return code


def _read_vocabulary() -> Vocabulary:
    return read_policy(DEFAULT_POLICY).vocabulary()


def _list_files(path: Path) -> Iterator[Path]:
    """Raises OSError."""
    if not path.is_dir():
        yield path
        return
    mails = sorted(one for one in path.iterdir() if one.name.endswith(".eml") and not one.is_dir())
    if not mails:
        raise FileNotFoundError(None, "no *.eml file in this folder")
    yield from mails


def _tell(path: Path, error: OSError) -> int:
    reason = error.strerror or "cannot be read"
    print(f"{path}: {reason[:1].lower()}{reason[1:]}".encode("utf-8", "replace").decode(), file=sys.stderr)
    return 1


def _show(facts: MailFacts, file: str, vocabulary: Vocabulary) -> None:
    subject = parse_subject(facts.subject, vocabulary)
    if facts.automatic is None:
        subject = complete_from_body(subject, facts.reply_text, vocabulary)
    print("\n".join(write_page(facts, subject, file, shutil.get_terminal_size().columns)))


def _print(value: dict[str, Any]) -> None:
    line = json.dumps(value, ensure_ascii=False)
    for end in _LINE_ENDS:
        line = line.replace(end, f"\\u{ord(end):04x}")
    # A file name may hold bytes that are no UTF-8.
    sys.stdout.buffer.write(line.encode("utf-8", errors="replace") + b"\n")
    sys.stdout.buffer.flush()
