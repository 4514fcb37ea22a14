"""Blobs are kept once, under the SHA-256 of their content, and not before they are settled."""

import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.blobs import Blobs

PHOTO = b"\xff\xd8 a photo"


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def write(blobs: Blobs, *chunks: bytes) -> str:
    sha256 = hashlib.sha256(b"".join(chunks)).hexdigest()
    file = blobs.begin()
    for chunk in chunks:
        file.write(chunk)
    file.finish(sha256)
    return sha256


def files(tmp_path: Path) -> set[str]:
    return {str(path.relative_to(tmp_path / "blobs")) for path in (tmp_path / "blobs").rglob("*") if path.is_file()}


@contextmanager
def no_file_larger_than(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_settled_blob_is_found_by_its_sha256(blobs: Blobs, tmp_path: Path):
    sha256 = write(blobs, PHOTO[:3], b"", PHOTO[3:])
    assert not blobs.path(sha256).exists()
    blobs.settle()
    assert blobs.path(sha256).read_bytes() == PHOTO
    assert files(tmp_path) == {f"{sha256[:2]}/{sha256}"}


@pytest.mark.parametrize("count", [1, 5, 40])
def test_everything_that_was_finished_is_settled_together(blobs: Blobs, count: int):
    written = [write(blobs, b"%d" % number) for number in range(count)]
    blobs.settle()
    assert [blobs.path(sha256).read_bytes() for sha256 in written] == [b"%d" % number for number in range(count)]


def test_the_same_content_is_kept_once(blobs: Blobs, tmp_path: Path):
    write(blobs, PHOTO)
    write(blobs, PHOTO)
    blobs.settle()
    write(blobs, PHOTO)
    blobs.settle()
    assert len(files(tmp_path)) == 1


def test_settling_with_nothing_finished_does_nothing(blobs: Blobs, tmp_path: Path):
    blobs.settle()
    assert files(tmp_path) == set()


def test_a_discarded_blob_leaves_nothing(blobs: Blobs, tmp_path: Path):
    file = blobs.begin()
    file.write(PHOTO)
    file.discard()
    blobs.settle()
    assert files(tmp_path) == set()


def test_blobs_that_were_finished_and_are_discarded_leave_nothing(blobs: Blobs, tmp_path: Path):
    write(blobs, b"1")
    write(blobs, b"2")
    blobs.discard()
    blobs.settle()
    assert files(tmp_path) == set()


def test_a_full_disk_is_reported_by_the_write(blobs: Blobs, tmp_path: Path):
    file = blobs.begin()
    with no_file_larger_than(100), pytest.raises(OSError, match="File too large"):
        file.write(b"x" * 1000)
    file.discard()
    assert files(tmp_path) == set()


def test_blobs_that_cannot_be_settled_are_discarded_and_the_next_ones_are_not_held_up(blobs: Blobs, tmp_path: Path):
    first = write(blobs, b"1")
    write(blobs, b"2")
    in_the_way = tmp_path / "blobs" / first[:2]
    in_the_way.write_bytes(b"no folder")
    with pytest.raises(OSError, match=str(in_the_way)):
        blobs.settle()
    in_the_way.unlink()
    assert files(tmp_path) == set()
    third = write(blobs, b"3")
    blobs.settle()
    assert blobs.path(third).read_bytes() == b"3"


def test_leftovers_of_a_killed_program_are_removed_and_settled_blobs_stay(blobs: Blobs, tmp_path: Path):
    kept = write(blobs, PHOTO)
    blobs.settle()
    unfinished = blobs.begin()
    unfinished.write(b"half a video")
    Blobs(tmp_path / "blobs").remove_leftovers()
    assert files(tmp_path) == {f"{kept[:2]}/{kept}"}
    unfinished.discard()
