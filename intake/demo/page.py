"""How `tiepnhan demo` looks on a terminal: a mail as a sheet that is read at a glance."""

import textwrap
from collections.abc import Iterator, Mapping

from parsers.facts import Address, Attachment, MailFacts

WIDTH = 92  # characters, with the margin
_MARGIN = "   "
_STYLES: Mapping[str, str] = {"bold": "1", "dim": "2", "green": "32", "red": "31", "cyan": "36"}
_MARKS = {"✓": "green", "✗": "red"}


class Page:
    """Writes lines for a terminal, in colours or without."""

    def __init__(self, *, in_colour: bool) -> None:
        self._in_colour = in_colour

    def style(self, text: str, *names: str) -> str:
        if not self._in_colour or not text:
            return text
        return f"\033[{';'.join(_STYLES[name] for name in names)}m{text}\033[0m"

    def title(self, text: str) -> Iterator[str]:
        yield self.style(text, "bold")
        yield self.style("═" * len(text), "dim")

    def caption(self, number: str, text: str, when: str) -> Iterator[str]:
        """The line above a sheet."""
        yield ""
        line = f"{self.style(f'{number:>2}', 'bold', 'cyan')} {self.style(text, 'bold')}"
        yield f"{line}  {self.style(when, 'dim')}" if when else line

    def prose(self, text: str) -> Iterator[str]:
        for line in textwrap.wrap(text, WIDTH - len(_MARGIN)):
            yield f"{_MARGIN}{line}"

    def sheet(self, mail: MailFacts, *, with_quote: bool) -> Iterator[str]:
        """A mail: who, to whom, what about, the text, what is attached."""
        rule = "─" * (WIDTH - len(_MARGIN) - 1)
        yield self.style(f"{_MARGIN}┌{rule}", "dim")
        for line in self._lines(mail, mail.text if with_quote else mail.reply_text):
            yield f"{self.style(f'{_MARGIN}│', 'dim')} {line}".rstrip()
        yield self.style(f"{_MARGIN}└{rule}", "dim")

    def _lines(self, mail: MailFacts, text: str) -> Iterator[str]:
        to = ", ".join(_shown(one) for one in mail.to)
        for name, value in (
            ("From", _shown(mail.sender) if mail.sender else ""),
            ("To", to),
            ("Subject", mail.subject),
        ):
            first, *others = textwrap.wrap(value, WIDTH - 15) or [""]
            yield f"{self.style(f'{name:8}', 'dim')} {self.style(first, *(('bold',) if name == 'Subject' else ()))}"
            yield from (f"{'':8} {self.style(line, *(('bold',) if name == 'Subject' else ()))}" for line in others)
        yield ""
        for line in text.strip().splitlines():
            yield from self._wrapped(line)
        if mail.attachments:
            yield ""
            yield from (f"{self.style('attached', 'dim')} {_described(one)}" for one in mail.attachments)

    def _wrapped(self, line: str) -> Iterator[str]:
        start = line[:2] if line[:1] in {*_MARKS, "•", ">"} else ""
        indent = "> " if start == "> " else " " * len(start)
        colour = _MARKS.get(line[:1]) or ("dim" if line.startswith(">") else None)
        for part in textwrap.wrap(line, WIDTH - 6, subsequent_indent=indent) or [""]:
            yield self.style(part, colour) if colour else part


def _shown(address: Address) -> str:
    return f"{address.name} <{address.email}>" if address.name else address.email


def _described(one: Attachment) -> str:
    return f"{one.name} ({one.type}, {max(1, round(one.size_bytes / 1000))} KB)"
