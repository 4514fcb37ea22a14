"""Questions on a terminal, or on a pipe: one line each, the usual answer in brackets, every answer checked at once."""

import unicodedata
from collections.abc import Callable
from typing import TextIO, TypeVar

Answer = TypeVar("Answer")

_YES, _NO = ("yes", "y", "có", "co", "c"), ("no", "n", "không", "khong", "k")
_LEAVE = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


class NoMoreAnswers(Exception):
    """The input ended before the questions did."""


class Questions:
    """Asks on `shown`, reads from `answers`."""

    def __init__(self, answers: TextIO, shown: TextIO) -> None:
        self._answers = answers
        self._shown = shown

    def say(self, text: str = "") -> None:
        print(text, file=self._shown, flush=True)

    def ask(self, question: str, usual: str, check: Callable[[str], Answer]) -> Answer:
        """The answer as `check` returns it; asked again with the words of the ValueError that `check` raises.

        An empty answer is the usual one. Raises NoMoreAnswers.
        """
        while True:
            shown = f" [{usual}]" if usual else ""
            print(f"{question}{shown}: ", end="", file=self._shown, flush=True)
            try:
                return check(self._read_line() or usual)
            except ValueError as error:
                self.say(f"  {error}")

    def read_lines(self) -> list[str]:
        """Lines until an empty one. Raises NoMoreAnswers where the input ends before the first."""
        lines = [self._read_line()]
        while lines[-1]:
            lines.append(_tidy(self._answers.readline()))
        return lines[:-1]

    def _read_line(self) -> str:
        line = self._answers.readline()
        if not line:
            self.say()
            raise NoMoreAnswers
        return _tidy(line)

    def ask_choice(self, question: str, usual: str, choices: tuple[str, ...]) -> str:
        """One of `choices`, in any case."""
        listed = " or ".join(choices)

        def check(answer: str) -> str:
            if answer.lower() not in choices:
                raise ValueError(f"must be {listed}")
            return answer.lower()

        return self.ask(f"{question} ({listed})", usual, check)

    def ask_leave(self, question: str) -> bool:
        """Yes or no, in English or Vietnamese, in full or by the first letter; an empty answer is no."""

        def check(answer: str) -> bool:
            if answer.lower() not in _LEAVE:
                raise ValueError("must be yes or no (có, không)")
            return _LEAVE[answer.lower()]

        return self.ask(f"{question} (yes or no)", "no", check)


def _tidy(line: str) -> str:
    """NFC, as the config is read, and without what surrounds a pasted answer."""
    return unicodedata.normalize("NFC", line).strip()


def check_words(answer: str) -> str:
    """Any text of one line. Raises ValueError."""
    if not answer.isprintable():
        raise ValueError("must be text without control characters, in UTF-8")
    return answer
