"""Small mails together, large ones alone, suspects last and ever more rarely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mailboxes.batches import BATCH_BYTES, BATCH_MAILS, SMALL_BYTES, Suspects, plan_batches
from intake.mailboxes.imap import Announced, to_uid_set

KIB = 1024


def announce(*sizes: int) -> list[Announced]:
    return [Announced(uid=uid, size_bytes=size, received_at=None) for uid, size in enumerate(sizes, start=1)]


def plan(mails: list[Announced], suspects: frozenset[int] = frozenset()) -> list[list[int]]:
    return [[mail.uid for mail in batch] for batch in plan_batches(mails, suspects.__contains__)]


@pytest.mark.parametrize(
    ("sizes", "suspects", "batches"),
    [
        pytest.param((), (), [], id="nothing"),
        pytest.param((2 * KIB, 3 * KIB, 4 * KIB), (), [[1, 2, 3]], id="small ones together"),
        pytest.param((*[SMALL_BYTES] * 6, 1), (), [[1, 2, 3, 4, 5, 6], [7]], id="bounded by bytes"),
        pytest.param((1, SMALL_BYTES + 1, 1), (), [[1], [2], [3]], id="a large one alone, order kept"),
        pytest.param((SMALL_BYTES + 1, 0, 0), (), [[1], [2, 3]], id="nothing joins a large one"),
        pytest.param((1, 1, 1, 1), (1, 3), [[2, 4], [1], [3]], id="suspects last, each alone"),
    ],
)
def test_mails_are_planned_by_size(sizes: tuple[int, ...], suspects: tuple[int, ...], batches: list[list[int]]):
    assert plan(announce(*sizes), frozenset(suspects)) == batches


@given(sizes=st.lists(st.integers(0, 3 * SMALL_BYTES), max_size=500), suspects=st.frozensets(st.integers(1, 500)))
def test_every_mail_is_planned_once_and_no_batch_is_too_big(sizes: list[int], suspects: frozenset[int]):
    mails = announce(*sizes)
    batches = list(plan_batches(mails, suspects.__contains__))
    assert sorted(mail.uid for batch in batches for mail in batch) == [mail.uid for mail in mails]
    for batch in batches:
        assert len(batch) <= BATCH_MAILS
        assert len(batch) == 1 or sum(mail.size_bytes for mail in batch) <= BATCH_BYTES


def test_a_suspect_is_tried_in_the_next_round_and_then_ever_more_rarely():
    suspects, tried = Suspects(), []
    for number in range(1, 40):
        suspects.begin_round([7])
        if suspects.is_due(7):
            tried.append(number)
            suspects.blame(7)
    assert tried == [1, 2, 4, 8, 16, 32]


def test_a_suspect_that_is_gone_from_the_server_is_forgotten():
    suspects = Suspects()
    suspects.blame(7)
    suspects.begin_round([8])
    assert 7 not in suspects
    assert suspects.is_due(7)


@pytest.mark.parametrize(
    ("uids", "text"),
    [
        ([], ""),
        ([5], "5"),
        ([3, 1, 2], "1:3"),
        ([1, 2, 4, 6, 7], "1:2,4,6:7"),
    ],
)
def test_runs_of_uids_are_written_as_ranges(uids: list[int], text: str):
    assert to_uid_set(uids) == text
