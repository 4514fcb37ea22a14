"""One run of the fuzzer: mails are changed, parsed and held against the laws; those that reach new lines go on.

Only line coverage is kept, and a function whose lines have all been reached is traced no more, so a run soon goes at
nearly full speed. Same seed, same mails, same number: the same run. A mail that breaks a law is written to a folder.
"""

import importlib
import pkgutil
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import parsers
from tests.fuzzing.laws import Broken, check_laws, name_facts
from tests.fuzzing.mutations import MAX_BYTES, Mutator, list_words

SECONDS_EACH = 5.0  # of processor time, for one mail of at most MAX_BYTES
HANGING = 30.0  # seconds; then the mail is given up
CORPUS_BYTES = 8 * 1024 * 1024
KEPT_BYTES = 32 * 1024  # of one mail that is changed further; larger ones cost more than they lead to
WARM_UP = 0.3  # of the run; what memory grows by afterwards is a leak


@dataclass(kw_only=True)
class Figures:
    """What a run did."""

    inputs: int = 0
    kept: int = 0  # mails that reached something new
    lines: int = 0
    slowest: float = 0.0  # seconds of processor time, with tracing
    grown_bytes: int = 0  # resident memory after the warm-up
    broken: list[str] = field(default_factory=list)  # one line each, with the file


def run_campaign(
    seeds: Sequence[bytes], folder: Path, *, seed: int, inputs: int | None = None, seconds: float = float("inf")
) -> Figures:
    """Fuzz until `inputs` mails were read or `seconds` are over."""
    modules = _list_modules()
    _forget_results(modules)
    chance = random.Random(seed)
    mutator = Mutator(chance, list_words(modules))
    run = _Run(folder)
    corpus = [mail[:MAX_BYTES] for mail in seeds]
    for mail in corpus:
        run.feed(mail)
    started, warm_bytes = time.monotonic(), None
    size = sum(map(len, corpus))
    while (share := _share(run.figures.inputs, inputs, time.monotonic() - started, seconds)) < 1:
        # What came last is where there is most to find.
        mail = corpus[-1 - int(len(corpus) * chance.random() ** 2)] if chance.random() < 0.5 else chance.choice(corpus)
        changed = mutator.mutate(mail, chance.choice(corpus))
        if run.feed(changed) and len(changed) <= KEPT_BYTES and size + len(changed) <= CORPUS_BYTES:
            corpus.append(changed)
            size += len(changed)
        if warm_bytes is None and share > WARM_UP:
            warm_bytes = _resident_bytes()
    run.figures.grown_bytes = _resident_bytes() - (warm_bytes or 0)
    return run.figures


def _list_modules() -> list[ModuleType]:
    names = [one.name for one in pkgutil.walk_packages(parsers.__path__, "parsers.")]
    return [importlib.import_module(name) for name in names]


def _forget_results(modules: Sequence[ModuleType]) -> None:
    """What a cache answers reaches no lines, so a run would depend on what was read before it."""
    for module in modules:
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _share(done: int, inputs: int | None, elapsed: float, seconds: float) -> float:
    return max(done / inputs if inputs else 0.0, elapsed / seconds)


class _Run:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reached = Reached(str(Path(parsers.__file__).parent))
        self._names: set[str] = set()
        self.figures = Figures()

    def feed(self, mail: bytes) -> bool:
        """Whether the mail reached a line, or got a name in its facts, that none before it did."""
        self.figures.inputs += 1
        before = self._reached.count
        started = time.process_time()
        try:
            with _hanging_ends(), self._reached.traced():
                facts = check_laws(mail)
        except Broken as broken:
            self._record(mail, str(broken))
            return False
        seconds = time.process_time() - started
        self.figures.slowest = max(self.figures.slowest, seconds)
        if seconds > SECONDS_EACH:
            self._time(mail)
        names = name_facts(facts)
        is_new = self._reached.count > before or not names <= self._names
        self._names |= names
        self.figures.kept += is_new
        self.figures.lines = self._reached.count
        return is_new

    def _time(self, mail: bytes) -> None:
        """Once more without tracing, which takes time itself."""
        started = time.process_time()
        check_laws(mail)
        seconds = time.process_time() - started
        if seconds > SECONDS_EACH:
            self._record(mail, f"took {seconds:.1f} s")

    def _record(self, mail: bytes, what: str) -> None:
        file = self._folder / f"broken-{len(self.figures.broken)}.eml"
        file.write_bytes(mail)
        self.figures.broken.append(f"{file}: {what}")


class Reached:
    """The lines of one folder's modules that were reached so far."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._left: dict[CodeType, set[int]] = {}  # lines not reached yet
        self._ours: dict[str, bool] = {}
        self.count = 0

    @contextmanager
    def traced(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, _event: str, _arg: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            is_ours = code.co_filename.startswith(self._folder)
            left = self._left[code] = {line for *_, line in code.co_lines() if line} if is_ours else set()
            if is_ours:
                self._reach(left, code.co_firstlineno)
        if not left:
            return None

        def step(frame: FrameType, event: str, _arg: Any) -> Callable[..., Any] | None:
            if event == "line":
                self._reach(left, frame.f_lineno)
            return step if left else None

        return step

    def _reach(self, left: set[int], line: int) -> None:
        if line in left:
            left.remove(line)
            self.count += 1


@contextmanager
def _hanging_ends() -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise Broken(f"hung for {HANGING:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, HANGING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096
