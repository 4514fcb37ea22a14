"""The spool keeps raw mails whole, once, or not at all."""

import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.spool import HEAD_BYTES, Spool, SpooledMail

RAW = b"From: khach@example.com\r\n\r\nHang sai mau\r\n"


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def write(spool: Spool, *chunks: bytes) -> SpooledMail:
    file = spool.begin()
    for chunk in chunks:
        file.write(chunk)
    return file.finish()


def files(tmp_path: Path) -> set[str]:
    return {str(path.relative_to(tmp_path / "spool")) for path in (tmp_path / "spool").rglob("*") if path.is_file()}


@contextmanager
def no_file_larger_than(size_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_kept_mail_is_named_by_its_sha256(spool: Spool, tmp_path: Path):
    mail = write(spool, RAW)
    spool.keep([mail])
    sha256 = hashlib.sha256(RAW).hexdigest()
    assert mail.sha256 == sha256
    assert files(tmp_path) == {f"{sha256[:2]}/{sha256}.eml"}
    with spool.open(sha256) as kept:
        assert kept.read() == RAW


@given(chunks=st.lists(st.binary(max_size=3 * HEAD_BYTES), max_size=4))
def test_chunks_add_up_to_the_mail(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]):
    spool = Spool(tmp_path_factory.getbasetemp() / "chunks")
    whole = b"".join(chunks)
    mail = write(spool, *chunks)
    spool.keep([mail])
    assert (mail.sha256, mail.size_bytes) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert mail.head == whole[:HEAD_BYTES]
    with spool.open(mail.sha256) as kept:
        assert kept.read() == whole


def test_the_same_bytes_are_kept_once(spool: Spool, tmp_path: Path):
    spool.keep([write(spool, RAW), write(spool, RAW)])
    spool.keep([write(spool, RAW)])
    assert len(files(tmp_path)) == 1


def test_a_file_cut_by_a_crash_is_replaced_by_the_whole_mail(spool: Spool, tmp_path: Path):
    sha256 = hashlib.sha256(RAW).hexdigest()
    (tmp_path / "spool" / sha256[:2]).mkdir()
    (tmp_path / "spool" / sha256[:2] / f"{sha256}.eml").write_bytes(RAW[:5])
    spool.keep([write(spool, RAW)])
    with spool.open(sha256) as kept:
        assert kept.read() == RAW


@pytest.mark.parametrize("count", [1, 15, 16, 300])
def test_every_mail_of_a_batch_is_in_its_place(spool: Spool, tmp_path: Path, count: int):
    batch = [write(spool, b"%d" % number) for number in range(count)]
    spool.keep(batch)
    assert files(tmp_path) == {f"{mail.sha256[:2]}/{mail.sha256}.eml" for mail in batch}


def test_a_mail_that_is_not_kept_has_no_name_yet(spool: Spool):
    mail = write(spool, RAW)
    with pytest.raises(FileNotFoundError):
        spool.open(mail.sha256)


def test_a_discarded_mail_leaves_nothing(spool: Spool, tmp_path: Path):
    file = spool.begin()
    file.write(RAW)
    file.discard()
    file.discard()
    spool.discard([write(spool, RAW)])
    assert files(tmp_path) == set()


def test_a_full_disk_is_reported_and_leaves_no_unfinished_file(spool: Spool, tmp_path: Path):
    file = spool.begin()
    with no_file_larger_than(100), pytest.raises(OSError, match=f"File too large: '{tmp_path}/spool/new/"):
        file.write(b"x" * 1000)
    assert files(tmp_path) == set()


def test_a_batch_that_cannot_be_kept_is_discarded(spool: Spool, tmp_path: Path):
    first, second = write(spool, b"1"), write(spool, b"2")
    first.waiting.unlink()
    with pytest.raises(FileNotFoundError):
        spool.keep([first, second])
    assert files(tmp_path) == set()


def test_leftovers_of_a_killed_program_are_removed_and_kept_mails_stay(spool: Spool, tmp_path: Path):
    kept = write(spool, RAW)
    spool.keep([kept])
    spool.begin().write(b"half a mail")
    assert Spool(tmp_path / "spool").remove_leftovers() == 1
    assert files(tmp_path) == {f"{kept.sha256[:2]}/{kept.sha256}.eml"}


def test_deleting_twice_is_harmless(spool: Spool, tmp_path: Path):
    mail = write(spool, RAW)
    spool.keep([mail])
    spool.delete(mail.sha256)
    spool.delete(mail.sha256)
    assert files(tmp_path) == set()
