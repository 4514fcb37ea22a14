"""The fuzzer at a length for every day; `make soak` runs it for ten minutes. The same mails each time."""

from pathlib import Path

from tests.fuzzing.campaign import run_campaign
from tests.fuzzing.seeds import own_seeds

INPUTS = 1500
LEAST_LINES = 2500  # of parsers/; the seeds alone lead to most of them


def test_changed_mails_break_no_law(tmp_path: Path):
    figures = run_campaign(own_seeds(), tmp_path, seed=7, inputs=INPUTS)
    assert figures.broken == []
    assert figures.inputs == INPUTS
    assert figures.lines > LEAST_LINES


def test_two_runs_of_one_seed_are_the_same_run(tmp_path: Path):
    seeds = own_seeds()[:20]
    first, second = (run_campaign(seeds, tmp_path, seed=3, inputs=150) for _ in range(2))
    assert (first.kept, first.lines) == (second.kept, second.lines)
