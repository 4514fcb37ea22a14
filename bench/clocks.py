"""What it costs when clocks wake, by how many tickets there are: it must grow with what is due only.

For each number of tickets a database is made (see bench/crowd.py) on disk, 6 GB for a million, with a tenth of the
clocks due within a day and the same number due now. Then the daemon's own Clockwork works them off, batch by batch,
with SQLite's synchronous=FULL: claim, read, decide, fill in the templates, commit. The databases take turns, so that
what else the machine does falls on all of them alike. Printed: milliseconds of a batch (median, and the processor's
share of it), the ratio to the smallest database, memory.

First for tickets that were opened one soon after the other, as those mostly were whose clocks run out together: that is
what has to stay within LIMIT. Then for tickets scattered over all there are, where each one lies on pages of its own.

    python -m bench.clocks [--tickets N …] [--batches N]
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from bench.crowd import FIRST_REMINDER, SECOND, make_crowd
from intake.assembly import make_desk, make_tokens, make_voice
from intake.clerk import Clerk
from intake.clockwork import BATCH_CLOCKS, Clockwork
from intake.settings.config import Config
from intake.settings.policies import read_policy
from intake.workplace import Workplace
from store.clock_queue import ClockQueue
from store.database import Database

LIMIT = 1.5  # times the cost with the smallest number of tickets
_SECOND = timedelta(seconds=1)
_KIB, _MIB = 1024, 1024 * 1024


@dataclass(kw_only=True)
class Side:
    """One number of tickets."""

    tickets: int
    database: Database
    config: Config
    walls: list[float] = field(default_factory=list)  # seconds of each batch
    cpus: list[float] = field(default_factory=list)

    def work(self, clockwork: Clockwork) -> None:
        wall, cpu = time.monotonic(), time.process_time()
        woken = clockwork.work()
        self.walls.append(time.monotonic() - wall)
        self.cpus.append(time.process_time() - cpu)
        if woken != BATCH_CLOCKS:
            raise RuntimeError(f"{woken} clocks woke, not {BATCH_CLOCKS}")


def make_side(folder: Path, tickets: int, batches: int) -> Side:
    folder.mkdir()
    started = time.monotonic()
    config, database = make_crowd(folder, tickets, due=BATCH_CLOCKS * (batches + 1))
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{tickets:>9,} tickets made in {time.monotonic() - started:.0f} s, {size / _MIB:.0f} MiB")
    return Side(tickets=tickets, database=database, config=config)


def make_clockwork(side: Side, now: datetime) -> Clockwork:
    policy = read_policy(side.config.service.policy)
    desk = make_desk(side.config, policy)
    voice = make_voice(side.config, policy, desk, make_tokens(side.config, side.database))
    place = Workplace(
        database=side.database,
        policy=policy,
        desk=desk,
        voice=voice,
        clerk=Clerk(voice),
        worker="bench",
        automatic_per_day=side.config.limits.automatic_per_address_per_day,
        now=lambda: now,
    )
    return Clockwork(place, ClockQueue(side.database))


def measure(sides: list[Side], now: datetime, batches: int) -> None:
    clockworks = [make_clockwork(side, now) for side in sides]
    for side, clockwork in zip(sides, clockworks, strict=True):
        side.work(clockwork)  # templates and statements are compiled, files opened
        side.walls.clear()
        side.cpus.clear()
    for _ in range(batches):
        for side, clockwork in zip(sides, clockworks, strict=True):
            side.work(clockwork)


def tell(what: str, sides: list[Side]) -> float:
    """Prints a line for each; the largest ratio."""
    print(f"\na batch of {BATCH_CLOCKS} clocks, {what}: claimed to committed, median of {len(sides[0].walls)}")
    first = sides[0]
    ratios = [median(side.walls) / median(first.walls) for side in sides]
    for side, ratio in zip(sides, ratios, strict=True):
        wall, cpu = (1000 * median(one) for one in (side.walls, side.cpus))
        cpu_ratio = median(side.cpus) / median(first.cpus)
        print(f"  {side.tickets:>9,} tickets  {wall:7.1f} ms  {ratio:4.2f} ×   cpu {cpu:7.1f} ms  {cpu_ratio:4.2f} ×")
    print(f"  memory {_resident() / _MIB:.0f} MiB")
    return max(ratios)


def _resident() -> int:
    """Bytes that this process holds now."""
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS:")]
    return int(line.split()[1]) * _KIB


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.clocks", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--batches", type=int, default=10, metavar="N", help="of each (10)")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # figures show as they come
    with tempfile.TemporaryDirectory(prefix="bench-clocks-") as folder:
        sides = [make_side(Path(folder) / str(count), count, options.batches) for count in options.tickets]
        measure(sides, FIRST_REMINDER + _SECOND, options.batches)
        largest = tell("opened one soon after the other", sides)
        measure(sides, SECOND + _SECOND, options.batches)
        tell("scattered over all tickets", sides)
        for side in sides:
            side.database.close()
    if largest > LIMIT:
        print(f"failed: {largest:.2f} × is more than {LIMIT} ×", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
