"""`tiepnhan parse`: what the parsers understand, one JSON object a line. Needs no config file."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intake.policies import read_policy
from parsers.facts import mail_to_json, subject_to_json
from parsers.message import parse_message
from parsers.subjects import parse_subject

DEFAULT_POLICY = "hakago"


def parse_subjects(given: Namespace) -> int:  # noqa: ARG001
    """Subjects on standard input, one a line; bytes that are no UTF-8 are told by replacement characters."""
    vocabulary = read_policy(DEFAULT_POLICY).vocabulary()
    for line in sys.stdin.buffer:
        subject = line.decode("utf-8", errors="replace").rstrip("\r\n")
        _print(subject_to_json(parse_subject(subject, vocabulary)))
    return 0


def parse_messages(given: Namespace) -> int:
    """Files, and all `*.eml` of folders. A file that cannot be read is told on standard error; exit code 1 then."""
    code = 0
    for path in _files(given.files):
        try:
            with path.open("rb") as raw:
                facts = parse_message(raw)
        except OSError as error:
            print(f"{path}: {(error.strerror or 'cannot be read').lower()}", file=sys.stderr)
            code = 1
        else:
            _print(mail_to_json(facts, str(path)))
    return code


def _files(given: list[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.glob("*.eml"))
        else:
            yield path


def _print(value: dict[str, Any]) -> None:
    line = json.dumps(value, ensure_ascii=False) + "\n"
    # A file name may hold bytes that are no UTF-8.
    sys.stdout.buffer.write(line.encode("utf-8", errors="replace"))
    sys.stdout.buffer.flush()
