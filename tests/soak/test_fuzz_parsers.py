"""Ten minutes of fuzzing: no exception, no hang, no growth, nothing that a database or a JSON reader refuses.

Seeds are our own mails; more of them come from the folder that TIEPNHAN_FUZZ_SEEDS names.
"""

import sys
from pathlib import Path

import pytest

from tests.fuzzing.campaign import run_campaign
from tests.fuzzing.seeds import gather_seeds

SECONDS = 600.0
ALLOWED_BYTES = 32 * 1024 * 1024  # the mails that are kept, and what the allocator does not give back
LEAST_INPUTS = 10_000  # a machine that does less has not fuzzed


@pytest.mark.soak
def test_no_mail_breaks_a_law_and_memory_does_not_grow(tmp_path: Path, capsys):
    seeds = gather_seeds()
    figures = run_campaign(seeds, tmp_path, seed=20261118, seconds=SECONDS)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(seeds)} seeds, {figures}\n")
    assert figures.broken == []
    assert figures.grown_bytes < ALLOWED_BYTES
    assert figures.inputs > LEAST_INPUTS
