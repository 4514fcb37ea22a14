"""How fast mails become tickets that are answered, beside a plain loop over the same mails (see bench/reference.py).

Starts a Dovecot and an SMTP sink on loopback, makes the mails, then runs both sides alternately, each run on a fresh
mailbox and an empty database. Prints mails per second, their ratio, CPU and peak memory; start-up counts, of programs
that are compiled as an installed one is. Exits 1 where one of the expected acknowledgements did not come, exactly one
for each customer. Ctrl-C stops all it started.

What the runs leave behind (about 1.5 GB) is removed at the end only: ext4 is up to seven times slower to make files
where others were just deleted, so that the side that keeps the mails would pay for its own earlier runs.

    python -m bench.intake [--text N] [--photo N] [--big MIB] [--latency N] [--runs N] [--only PART] [--side SIDE]
"""

import argparse
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import FrameType

from bench.latency import describe, measure_latency
from bench.runs import Cost, SideError, measure, product_command, reference_command
from bench.sink import SinkProcess
from bench.stock import Stock, make_stock
from tests.servers.dovecot import Dovecot, DovecotError, running_dovecot

_MIB = 1024 * 1024
_Command = Callable[[Dovecot, SinkProcess, str, Path], list[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    name: str
    command: _Command
    arguments: tuple[str, ...] = ()


_SIDES = {
    "reference": Side(name="reference", command=reference_command),
    "product": Side(name="product", command=product_command, arguments=("--once",)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """Everything the parts of the benchmark share."""

    server: Dovecot
    sink: SinkProcess
    folder: Path  # for configs and databases
    stock: dict[str, Stock]
    sides: tuple[Side, ...]

    def run(self, side: Side, stock: Stock) -> Cost:
        """One run on a fresh mailbox; raises SideError where acknowledgements are missing or doubled."""
        self.sink.reset()
        username = stock.fill(self.server)
        folder = Path(tempfile.mkdtemp(prefix=f"{side.name}-", dir=self.folder))
        cost = measure([*side.command(self.server, self.sink, username, folder), *side.arguments])
        _check_answers(side, stock, Counter(one.recipient for one in self.sink.report()))
        return cost


def _check_answers(side: Side, stock: Stock, answers: Counter[str]) -> None:
    missing = stock.senders - answers.keys()
    doubled = [recipient for recipient, count in answers.items() if count > 1]
    strange = answers.keys() - stock.senders
    if missing or doubled or strange:
        raise SideError(
            f"{side.name}: of {len(stock.senders)} customers {len(missing)} got no acknowledgement, "
            f"{len(doubled)} more than one; {len(strange)} others got mail"
        )


def compare_throughput(bench: Bench, kind: str, runs: int) -> None:
    stock = bench.stock[kind]
    print(f"\n{len(stock.files)} {kind} mails, {stock.size_bytes / _MIB:.0f} MiB, {runs} runs")
    costs: dict[str, list[Cost]] = {side.name: [] for side in bench.sides}
    for number in range(runs):
        for side in bench.sides:
            cost = bench.run(side, stock)
            costs[side.name].append(cost)
            print(f"  run {number + 1}  {side.name:<9}  {_tell(cost, len(stock.files))}")
    rates = {name: len(stock.files) / median(one.wall for one in found) for name, found in costs.items()}
    for name, rate in rates.items():
        print(f"  median  {name:<9}  {rate:8.1f} mails/s")
    if len(rates) > 1:
        print(f"  ratio   product / reference  {rates['product'] / rates['reference']:.2f}")


def compare_memory(bench: Bench, mebibytes: int) -> None:
    print(f"\none mail with {mebibytes} MiB attached beside one with 1 MiB")
    for side in bench.sides:
        small = bench.run(side, bench.stock["big-1"])
        large = bench.run(side, bench.stock[f"big-{mebibytes}"])
        print(f"  {side.name:<9}    1 MiB  {_tell(small, 1)}")
        print(f"  {side.name:<9}  {mebibytes:3} MiB  {_tell(large, 1)}")
        print(f"  {side.name:<9}  grows by {(large.peak_rss - small.peak_rss) / _MIB:.1f} MiB")


def tell_latency(bench: Bench, count: int) -> None:
    print(f"\narrival to acknowledgement under IDLE, {count} mails one by one")
    found = measure_latency(bench.server, bench.sink, Path(tempfile.mkdtemp(dir=bench.folder)), count)
    print(f"  server's own push    {describe(found.pushed)}")
    print(f"  acknowledgement      {describe(found.acknowledged)}")
    if found.missing:
        raise SideError(f"{found.missing} acknowledgements did not come")


def _tell(cost: Cost, mails: int) -> str:
    rate = f"{mails / cost.wall:8.1f} mails/s"
    return f"{rate}  wall {cost.wall:6.2f} s  cpu {cost.cpu:6.2f} s  peak {cost.peak_rss / _MIB:6.1f} MiB"


def _parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.intake", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--text", type=int, default=2000, metavar="N", help="text mails (2000)")
    parser.add_argument("--photo", type=int, default=300, metavar="N", help="photo mails (300)")
    parser.add_argument("--big", type=int, default=100, metavar="MIB", help="size of the large attachment (100)")
    parser.add_argument("--latency", type=int, default=200, metavar="N", help="mails sent one by one (200)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each side (3)")
    parser.add_argument("--only", choices=["text", "photo", "big", "latency"], help="one part instead of all")
    parser.add_argument("--side", choices=list(_SIDES), help="one side instead of both")
    return parser.parse_args(arguments)


def _parts(options: argparse.Namespace) -> list[str]:
    if options.only:
        return [options.only]
    return ["text", "photo", "big"] if options.side == "reference" else ["text", "photo", "big", "latency"]


@contextmanager
def _prepared(options: argparse.Namespace, parts: Sequence[str]) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.chmod(0o755)  # the server's user reads the mails
        print("making the mails …")
        # Neither side compiles itself in each run, whatever the environment is that this one runs in.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        stock = make_stock(
            folder / "stock",
            text=options.text if "text" in parts else 0,
            photo=options.photo if "photo" in parts else 0,
            big=[1, options.big] if "big" in parts else [],
        )
        bench = Bench(
            server=stack.enter_context(running_dovecot()),
            sink=stack.enter_context(SinkProcess()),
            folder=folder,
            stock=stock,
            sides=(_SIDES[options.side],) if options.side else tuple(_SIDES.values()),
        )
        first = _make_first(folder / "first", stock)
        for side in bench.sides:
            bench.run(side, first)  # compiles it
        yield bench


def _make_first(folder: Path, stock: dict[str, Stock]) -> Stock:
    """The smallest mail there is."""
    folder.mkdir()
    files = [file for one in stock.values() for file in one.files]
    for file in sorted(files, key=lambda one: one.stat().st_size)[:1]:
        (folder / file.name).hardlink_to(file)
    return Stock(folder)


def _run_part(bench: Bench, part: str, options: argparse.Namespace) -> None:
    if part == "big":
        compare_memory(bench, options.big)
    elif part == "latency":
        tell_latency(bench, options.latency)
    else:
        compare_throughput(bench, part, options.runs)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    options = _parse_arguments(sys.argv[1:])
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # figures show as they come
    parts = _parts(options)
    try:
        with _prepared(options, parts) as bench:
            for part in parts:
                _run_part(bench, part, options)
    except (DovecotError, SideError) as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
