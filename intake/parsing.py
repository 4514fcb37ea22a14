"""Parses batches of mails: here, or in a process of its own beside the one that decides and commits.

The second process makes use of a second core when there is much to do, and takes the blow when a mail kills the parser.
It reads the spool and writes blobs, and knows neither database nor network. Where it dies, `ParserDied` is raised and
nothing is lost: the batch is parsed again.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from intake.parsing_process import ParsingProcess
from intake.reception import PreparedMail, Reception
from store.blobs import Blobs
from store.errors import StoreError
from store.records import WaitingMail

BATCH_WORTH_IT = 8  # mails; fewer are parsed before the other process has read the question
BYTES_WORTH_IT = 2 * 1024 * 1024
PIECE_MAILS = 40  # of a batch, that come back at a time: they are unpacked while the next ones are parsed

T = TypeVar("T")


class ParserDied(Exception):
    """The parsing process ended in the middle of a batch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why one mail could not be dealt with; the mail's own fault."""

    waiting: WaitingMail
    words: str


Parsed = PreparedMail | Failure
Outcome = Callable[[], list[Parsed]]  # waits for the batch; raises ParserDied, OSError


class Parser:
    """Parses batches, in this process or in the other."""

    def __init__(self, reception: Reception, blobs: Blobs, process: ParsingProcess | None = None) -> None:
        """`process`: one that was started beforehand; otherwise one is when there is enough to do."""
        self._reception = reception
        self._blobs = blobs
        self._process = process
        if process is not None:
            self._begin_with(process)

    def _begin_with(self, process: ParsingProcess) -> None:
        try:
            process.begin_with(self._reception, self._blobs)
        except BrokenProcessPool:  # it was killed while it loaded; another one is started when it is worth it
            self.close()

    def begin(self, batch: Sequence[WaitingMail]) -> Outcome:
        """Begin to parse; the result is asked for by calling what is returned."""
        if self._is_for_other(batch):
            pieces = [batch[start : start + PIECE_MAILS] for start in range(0, len(batch), PIECE_MAILS)]
            return partial(self._wait, [self._submit(piece) for piece in pieces])
        return partial(parse_batch, self._reception, self._blobs, batch)

    def _is_for_other(self, batch: Sequence[WaitingMail]) -> bool:
        """A mail that killed a process before is never parsed here, whatever it costs to wait."""
        if any(one.claims for one in batch) or (self._process and self._process.is_early):
            return True
        is_much = len(batch) >= BATCH_WORTH_IT or sum(one.size_bytes for one in batch) >= BYTES_WORTH_IT
        return is_much and self._start().is_ready

    def get_ready(self) -> None:
        """Wait until the other process can parse; where it does not come up, the next batch finds that out."""
        self._start().wait_until_ready()

    def _start(self) -> ParsingProcess:
        if self._process is None:
            self._process = ParsingProcess()
            self._process.begin_with(self._reception, self._blobs)
        return self._process

    def _submit(self, batch: Sequence[WaitingMail]) -> "Future[list[Parsed]]":
        try:
            return self._start().submit(batch)
        except BrokenProcessPool:  # it was killed while it had nothing to do
            self.close()
            return self._start().submit(batch)

    def _wait(self, pieces: "Sequence[Future[list[Parsed]]]") -> list[Parsed]:
        try:
            return [one for piece in pieces for one in piece.result()]
        except BrokenProcessPool as error:
            self.close()
            raise ParserDied("the parsing process died") from error

    def close(self) -> None:
        """End the other process."""
        if self._process is not None:
            self._process.close()
            self._process = None


def parse_batch(reception: Reception, blobs: Blobs, batch: Sequence[WaitingMail]) -> list[Parsed]:
    """Parse here; the blobs are durable afterwards. Raises OSError; no blob that is not in its place is left then."""
    try:
        parsed = [_prepare(reception, one) for one in batch]
    except OSError:
        blobs.discard()  # or they would fill a full disk until the same mails succeed
        raise
    blobs.settle()
    return parsed


def _prepare(reception: Reception, one: WaitingMail) -> Parsed:
    prepared = attempt(partial(reception.prepare, one))
    return Failure(waiting=one, words=prepared) if isinstance(prepared, str) else prepared


def attempt(step: Callable[[], T]) -> T | str:
    """Do one step for one mail. Any error, in words, is the mail's own, but those of disk, database and libraries."""
    try:
        return step()
    except FileNotFoundError as error:
        return f"its raw bytes are not in the spool: {error}"
    except (OSError, StoreError):
        raise
    except ImportError as error:  # what few mails need is loaded late, and may be broken
        raise OSError(f"a library cannot be loaded: {error}") from error
    except Exception as error:  # noqa: BLE001  # one mail, whatever it is, must not stop the others
        return f"{type(error).__name__}: {error}"
