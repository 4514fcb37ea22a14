"""What counts as an answer by a person of ours, and what of it the customer reads."""

import pytest

from tests.complaints import DESK, MORNING, POLICY, TUAN, complete, photo
from tickets.answers import pass_on
from tickets.commands import Order, carry_out
from tickets.course import Course
from tickets.effects import WriteMail
from tickets.ticket import Party, State, Ticket

LAN = Party(email="lan@hakago.example", role="staff", name="Lan")
HOA = Party(email="hoa@hakago.example", role="manager", name="Hoa")


def after(command: str, *arguments: str) -> Ticket:
    course = Course(policy=POLICY, desk=DESK, now=MORNING, before=complete())
    carry_out(course, [Order(name=command, arguments=arguments, text="Chào Quý khách.", by=LAN)])
    return course.ticket


def test_asking_for_evidence_is_an_answer():
    asked = after("request", "invoice")
    respond = asked.clock("respond")
    assert (asked.state, asked.answered_at) == ("awaiting_evidence", MORNING)
    assert respond is not None
    assert respond.state == "stopped"


def test_a_note_is_none():
    assert after("note").answered_at is None


WITH_SIGNATURE = "Duyệt em nhé\n\nHoa\nTrưởng bộ phận CSKH\nHotline 1900 1234"


def written(text: str, state: State, *files: str, by: Party = HOA) -> list[tuple[str, str]]:
    course = Course(policy=POLICY, desk=DESK, now=MORNING, before=complete(state=state))
    pass_on(course, text, by, [photo(name) for name in files])
    return [(one.template, one.to.email) for one in course.effects if isinstance(one, WriteMail)]


@pytest.mark.parametrize(
    "text",
    ["Duyệt", WITH_SIGNATURE, "Không phê duyệt", "ok\n\nHoa\nTrưởng bộ phận CSKH\nHotline 1900 1234"],
)
def test_a_manager_who_judges_a_proposal_by_mail_says_nothing_to_the_customer(text: str):
    assert written(text, "awaiting_approval") == [("staff-kept-inside", HOA.email)]


@pytest.mark.parametrize("by", [LAN, HOA])
def test_our_own_notice_never_reaches_the_customer(by: Party):
    notice = "⚠ Trả lời thư này là GỬI CHO KHÁCH HÀNG\nGhi chú nội bộ: tiepnhan\ntickets do HKG-26-000001 note"
    assert written(f"Dạ mai shop đổi ạ.\n{notice}", "open", by=by) == [("staff-kept-inside", by.email)]


@pytest.mark.parametrize(
    ("text", "state", "by"),
    [
        ("Dạ được ạ, ngày mai shop gửi áo mới cho anh.", "open", HOA),
        ("Được ạ", "open", LAN),
        ("Đồng ý", "open", HOA),
        ("ok", "awaiting_evidence", LAN),
        (WITH_SIGNATURE, "open", HOA),
        ("Đồng ý ạ", "awaiting_approval", LAN),  # no judge of proposals: he answers the customer
        ("Chào anh,\nHồ sơ đang chờ quản lý duyệt.", "awaiting_approval", HOA),
    ],
)
def test_all_other_words_are_for_the_customer(text: str, state: State, by: Party):
    assert written(text, state, by=by) == [("staff-answer", TUAN)]


def test_files_are_for_the_customer_whatever_is_said_with_them():
    assert written("ok", "awaiting_approval", "phiếu.jpg") == [("staff-answer", TUAN)]
