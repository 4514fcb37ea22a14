"""What was settled survives a power failure: every folder whose entries changed was synced."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from store.durable import Move, make_folder, make_root, settle

Synced = Callable[[], set[Path]]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> Synced:
    """The paths that fsync(2) was called for, by now."""
    seen: set[Path] = set()
    fsync = os.fsync

    def watched(handle: int) -> None:
        seen.add(Path(f"/proc/self/fd/{handle}").readlink())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    return lambda: set(seen)


def written(root: Path, name: str) -> Move:
    waiting = root / "new" / name
    waiting.write_text(name)
    return Move(waiting=waiting, place=root / name[:2] / name)


def test_each_folder_that_was_missing_is_known_to_the_one_above_it(tmp_path: Path, synced: Synced):
    make_root(tmp_path / "var" / "spool")
    assert {tmp_path, tmp_path / "var", tmp_path / "var" / "spool"} <= synced()


def test_folders_that_were_there_are_left_alone(tmp_path: Path, synced: Synced):
    make_folder(tmp_path)
    assert synced() == set()


def test_file_and_both_folders_above_it_are_synced(tmp_path: Path, synced: Synced):
    make_root(tmp_path)
    move = written(tmp_path, "ab1")
    settle([move], tmp_path)
    assert {move.waiting, tmp_path / "ab", tmp_path} <= synced()


def test_root_is_synced_where_somebody_else_made_the_folder_a_moment_ago(tmp_path: Path, synced: Synced):
    for name in ("new", "ab"):
        (tmp_path / name).mkdir()
    settle([written(tmp_path, "ab1")], tmp_path)
    assert tmp_path in synced()


def test_root_is_synced_by_the_attempt_that_follows_one_that_failed(tmp_path: Path, synced: Synced):
    (tmp_path / "new").mkdir()
    failing = Move(waiting=written(tmp_path, "ab1").waiting, place=tmp_path / "ab" / ("x" * 300))
    with pytest.raises(OSError, match="name too long"):
        settle([failing], tmp_path)
    assert (tmp_path / "ab").is_dir()
    before = synced()
    settle([written(tmp_path, "ab2")], tmp_path)
    assert {tmp_path / "ab", tmp_path} <= synced() - before
