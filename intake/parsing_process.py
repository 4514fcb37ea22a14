"""The process that parses beside ours: forked at the very start, or spawned later when there is enough to do.

A program that is only starting forks before it loads anything: one process loads the parsers while the other one loads
all else. What runs already is never forked, since its threads' locks and its connections to database and servers would
be copied along.

What to parse with is told later, once, by `begin_with`. The process ends with its parent, however that ends.
"""

import atexit
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.parsing import Parsed
    from intake.reception import Reception
    from store.blobs import Blobs
    from store.records import WaitingMail


class ParsingProcess:
    """A process that is starting, or waits for batches. Calls raise BrokenProcessPool where it died."""

    def __init__(self, *, by_fork: bool = False) -> None:
        """`by_fork`: only where this process has opened nothing and runs no other thread."""
        context = multiprocessing.get_context("fork" if by_fork else "spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_load)
        self._started: Future[int] = self._pool.submit(os.getpid)
        self.is_early = by_fork  # it can parse sooner than this process, which has no parsers loaded

    def begin_with(self, reception: "Reception", blobs: "Blobs") -> None:
        self._started = self._pool.submit(_begin, reception, blobs)

    @property
    def is_ready(self) -> bool:
        return self._started.done()

    def wait_until_ready(self) -> None:
        self._started.exception()

    def submit(self, batch: "Sequence[WaitingMail]") -> "Future[list[Parsed]]":
        return self._pool.submit(_parse, list(batch))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


# In the other process.

_parts: "list[tuple[Reception, Blobs]]" = []  # set once, by `_begin`


def _load() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()
    atexit.register(os._exit, 0)  # nothing is left to tidy, and the parent waits
    gc.disable()  # what is loaded now stays
    import intake.parsing  # noqa: F401, PLC0415  # these take long
    import parsers.message  # noqa: PLC0415
    import parsers.subjects  # noqa: F401, PLC0415

    gc.freeze()
    gc.enable()


def _begin(reception: "Reception", blobs: "Blobs") -> int:
    _parts.append((reception, blobs))
    reception.get_ready()
    return os.getpid()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _parse(batch: "Sequence[WaitingMail]") -> "list[Parsed]":
    from intake.parsing import parse_batch  # noqa: PLC0415  # loaded by now

    reception, blobs = _parts[0]
    return parse_batch(reception, blobs, batch)
