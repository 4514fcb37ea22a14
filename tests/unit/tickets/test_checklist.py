"""Which slot a mail fills with what, and what is missing then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.facts import Attachment
from parsers.own_words import SMALLEST_INLINE_PHOTO_BYTES
from tests.complaints import POLICY, complete, document, facts, filling, photo, ticket, video
from tickets.checklist import find_evidence, is_complete, make_checklist
from tickets.ticket import Ticket

NEW = ticket(evidence=(), customer_code=None, order_code=None)


def found(waiting: Ticket, *files: Attachment, issue: str | None = None, text: str = "") -> dict[str, list[str]]:
    """Slot to what fills it."""
    filled: dict[str, list[str]] = {}
    mail = facts(attachments=files, reply_text=text)
    for one in find_evidence(waiting, POLICY, mail, issue, message_no=5):
        filled.setdefault(one.slot, []).append(one.what)
    return filled


FILES: dict[str, tuple[Sequence[Attachment], Mapping[str, Sequence[str]]]] = {
    "one-for-each-slot-in-order": (
        [photo("1.jpg"), photo("2.jpg"), photo("3.jpg"), video("v.mp4")],
        {"product": ["1.jpg"], "fault": ["2.jpg"], "label": ["3.jpg"], "video": ["v.mp4"]},
    ),
    "fewer-files-than-slots": ([photo("1.jpg")], {"product": ["1.jpg"]}),
    "more-files-than-slots": (
        [photo(f"{number}.jpg") for number in range(1, 6)],
        {"product": ["1.jpg", "4.jpg", "5.jpg"], "fault": ["2.jpg"], "label": ["3.jpg"]},
    ),
    "a-hint-wins-over-the-order": (
        [photo("vận đơn.jpg"), photo("2.jpg")],
        {"label": ["vận đơn.jpg"], "product": ["2.jpg"]},
    ),
    "hints-without-accents-and-blanks": ([photo("Anh_VAN-DON (2).JPG")], {"label": ["Anh_VAN-DON (2).JPG"]}),
    "several-files-with-one-hint": (
        [photo("lỗi 1.jpg"), photo("lỗi 2.jpg"), photo("3.jpg")],
        {"fault": ["lỗi 1.jpg", "lỗi 2.jpg"], "product": ["3.jpg"]},
    ),
    "a-hint-within-a-word-is-none": (
        [photo("productive.jpg"), photo("x.jpg")],
        {"product": ["productive.jpg"], "fault": ["x.jpg"]},
    ),
    "what-is-left-goes-to-the-first-slot": (
        [photo("product.jpg"), photo("fault.jpg"), photo("label.jpg"), photo("4.jpg")],
        {"product": ["product.jpg", "4.jpg"], "fault": ["fault.jpg"], "label": ["label.jpg"]},
    ),
    "two-videos": ([video("1.mp4"), video("2.mp4")], {"video": ["1.mp4", "2.mp4"]}),
    "a-kind-of-file-nobody-asked-for": ([document("bảng giá.pdf")], {}),
    "the-same-file-twice": ([photo("1.jpg"), photo("1.jpg")], {"product": ["1.jpg"], "fault": ["1.jpg"]}),
    "a-file-without-name-is-called-by-its-type": ([video("")], {"video": ["video/mp4"]}),
}


@pytest.mark.parametrize(("files", "expected"), FILES.values(), ids=FILES)
def test_files_are_assigned_to_slots(files: Sequence[Attachment], expected: Mapping[str, Sequence[str]]):
    assert found(NEW, *files) == expected


@pytest.mark.parametrize(
    ("file", "is_evidence"),
    [
        (photo(inline=True, size_bytes=SMALLEST_INLINE_PHOTO_BYTES - 1), False),
        (photo(inline=True, size_bytes=SMALLEST_INLINE_PHOTO_BYTES), True),
        (photo(size_bytes=100), True),
        (video(inline=True, size_bytes=100), True),
    ],
    ids=["small-in-the-text", "large-in-the-text", "small-attached", "video-in-the-text"],
)
def test_only_small_pictures_in_the_text_are_logos(file: Attachment, is_evidence: bool):
    assert bool(found(NEW, file)) is is_evidence


def test_a_satisfied_slot_takes_no_more_files():
    waiting = ticket(evidence=(filling("product"),))
    assert found(waiting, photo("1.jpg"), photo("2.jpg")) == {
        "customer_code": ["Tuan668"],
        "fault": ["1.jpg"],
        "label": ["2.jpg"],
    }


def test_a_doubtful_slot_may_be_filled_again():
    waiting = ticket(evidence=(filling("video", status="doubtful"), filling("customer_code")))
    assert found(waiting, video("2.mp4")) == {"video": ["2.mp4"]}


def test_evidence_names_the_message_and_the_blob():
    (one,) = find_evidence(NEW, POLICY, facts(attachments=(video("v.mp4"),)), None, message_no=5)
    assert (one.message_no, one.sha256, one.status) == (5, video("v.mp4").sha256, "satisfied")


def test_codes_of_the_ticket_fill_their_slots():
    assert found(ticket(evidence=(), category="missing-parts")) == {
        "customer_code": ["Tuan668"],
        "order_code": ["012345"],
    }


@pytest.mark.parametrize(
    ("issue", "text", "expected"),
    [
        ("Hàng sai màu sắc", "", "Hàng sai màu sắc"),
        ("Sai màu", "áo đỏ", "Sai màu áo đỏ"),
        (None, "Áo bị\n rách   tay", "Áo bị rách tay"),
        (None, "Áo bị rách", None),
        ("Sai", "", None),
        (None, "từ " * 100, "từ " * 25 + "từ…"),
    ],
    ids=["subject", "subject-and-text", "text-over-lines", "one-word-short", "subject-too-short", "long-text-is-cut"],
)
def test_enough_words_describe_a_problem(issue: str | None, text: str, expected: str | None):
    assert found(NEW, issue=issue, text=text) == ({"description": [expected]} if expected else {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hộp THIẾU  sạc", "THIẾU sạc"), ("hop thieu sac", "thieu sac"), ("Hàng còn đủ", None)],
    ids=["accents-and-case", "no-accents", "no-match"],
)
def test_a_pattern_is_found_without_accents_and_shown_as_written(text: str, expected: str | None):
    waiting = ticket(category="missing-parts", evidence=(filling("description"),), customer_code=None, order_code=None)
    assert found(waiting, text=text) == ({"missing_parts": [expected]} if expected else {})


def test_the_checklist_stands_in_the_order_of_the_policy_with_everything_that_fills_it():
    waiting = ticket(
        evidence=(
            filling("video", what="2.mp4"),
            filling("customer_code", what="Tuan668"),
            filling("video", what="1.mp4"),
        )
    )
    assert [(item.slot.key, item.status, item.what) for item in make_checklist(waiting, POLICY)] == [
        ("customer_code", "satisfied", ("Tuan668",)),
        ("description", "missing", ()),
        ("video", "satisfied", ("2.mp4", "1.mp4")),
        ("product", "missing", ()),
        ("fault", "missing", ()),
        ("label", "missing", ()),
    ]


@pytest.mark.parametrize("status", ["satisfied", "doubtful"])
def test_nothing_missing_is_complete_even_where_staff_must_judge(status: Any):
    done = complete()
    *others, last = done.evidence
    assert is_complete(replace(done, evidence=(*others, replace(last, status=status))), POLICY)
    assert not is_complete(replace(done, evidence=tuple(others)), POLICY)


@given(
    st.lists(
        st.builds(
            lambda kind, name, inline, size: kind(name, inline=inline, size_bytes=size),
            st.sampled_from([photo, video, document]),
            st.sampled_from(["a", "lỗi", "vận đơn", "sản phẩm", ""]) | st.text(max_size=5),
            st.booleans(),
            st.sampled_from([10, 1_000_000]),
        ),
        max_size=12,
    ),
    st.sampled_from(["wrong-item", "missing-parts", "late", "other"]),
)
def test_every_file_fills_at_most_one_slot_and_one_that_asks_for_its_kind(files: list[Attachment], category: str):
    waiting = ticket(category=category, evidence=())
    filled = [one for one in find_evidence(waiting, POLICY, facts(attachments=tuple(files)), None, 1) if one.sha256]
    asked = {slot.key: slot.filled_by for slot in POLICY.slots_for(category)}
    kinds = {file.sha256: file.kind for file in files}
    assert all(one.sha256 and asked[one.slot] == kinds[one.sha256] for one in filled)
    assert len(filled) <= len(files)
    for kind in set(asked.values()) & set(kinds.values()):
        usable = [
            file
            for file in files
            if file.kind == kind and not (kind == "photo" and file.inline and file.size_bytes < 20_000)
        ]
        assert sum(asked[one.slot] == kind for one in filled) == len(usable)  # none is forgotten
