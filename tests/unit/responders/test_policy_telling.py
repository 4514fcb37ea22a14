"""A policy told in sentences: the five companies' promises can be checked by reading them."""

from dataclasses import replace
from datetime import date, time
from string import Formatter
from typing import get_args

import pytest

from intake.settings.policies import list_policies, read_policy
from responders.calendar_telling import find_days_off, find_days_worked
from responders.policy_telling import tell_policy
from responders.policy_wording import Section
from responders.policy_words import DEEDS, EVENTS, PHRASES, WAITING
from tests.complaints import POLICY
from tickets.calendar import Calendar, WorkedDay
from tickets.durations import Duration
from tickets.hours import QuietHours
from tickets.policy import (
    Answers,
    Claim,
    ClockRule,
    DepartmentRule,
    Event,
    Flag,
    FollowUp,
    OutcomeRule,
    Policy,
    Retention,
    Step,
)
from tickets.ticket import State

TODAY = date(2026, 11, 22)
RESOLVE = ClockRule(
    name="resolve",
    starts=("evidence-complete", "reopened"),
    stops=("resolved", "offered"),
    due=Duration(10, "working days"),
    pauses=("awaiting_customer", "awaiting_seller"),
    longest=Duration(3, "months"),
    steps=(
        Step(before=Duration(2, "working days"), do="tell-staff"),
        Step(after=Duration(0, "minutes"), do="escalate"),
        Step(after=Duration(1, "days"), do="escalate"),
    ),
)
EXCHANGE = OutcomeRule(key="exchange", outcome="exchange", name={"vi": "Đổi hàng", "en": "Exchange"})


def page(policy: Policy, language="vi") -> str:
    return as_text(tell_policy(policy, language, TODAY))


def as_text(sections: list[Section]) -> str:
    return "\n".join(line for one in sections for line in (one.title, *(line.text for line in one.lines)))


def test_both_languages_have_the_same_sentences_with_the_same_facts():
    assert PHRASES["vi"].keys() == PHRASES["en"].keys()
    for key, vietnamese in PHRASES["vi"].items():
        assert fields(vietnamese) == fields(PHRASES["en"][key]), key


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_event_and_state_has_words(language):
    assert set(EVENTS[language]) == set(get_args(Event))
    assert set(DEEDS[language]) <= set(get_args(Event))
    assert set(WAITING[language]) == set(get_args(State))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list_policies())
def test_every_policy_of_ours_is_told_whole(name, language):
    policy = read_policy(name)
    told = page(policy, language)
    for words in (*(one.name for one in policy.categories), *(one.name for one in policy.outcomes)):
        assert words[language] in told
    for slot in policy.slots:
        assert slot.how[language][1:] in told
    assert all(f"({clock.name})" in told for clock in policy.clocks)
    assert "{" not in told


def test_a_deadline_is_told_by_what_has_to_happen_within_it():
    told = page(replace(POLICY, clocks=(RESOLVE,)))
    assert (
        "Trong vòng 10 ngày làm việc kể từ khi hồ sơ có đủ thông tin hoặc hồ sơ được mở lại, khiếu nại được giải quyết "
        "xong và khách hàng được báo kết quả. Thời hạn cũng dừng khi phương án được gửi để khách hàng xác nhận. Thời "
        "gian hồ sơ chờ khách hàng trả lời hoặc chờ người bán (bên thứ ba) không tính vào thời hạn. Việc phức tạp được "
        "gia hạn (lệnh extend, có lý do), muộn nhất 3 tháng kể từ khi bắt đầu."
    ) in told
    assert "Trước hạn 2 ngày làm việc: báo nhân viên phụ trách" in told


def test_the_same_deadline_is_told_in_english():
    told = page(replace(POLICY, clocks=(RESOLVE,)), "en")
    assert "Within 10 working days after everything that is needed is there or the case is opened again, the" in told
    assert "2 working days before the end: staff are told" in told


def test_steps_that_do_the_same_are_told_together():
    assert "Khi hết hạn và quá hạn 1 ngày: báo quản lý" in page(replace(POLICY, clocks=(RESOLVE,)))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(
            Step(at=Duration(1, "days"), do="remind", to="seller", template="seller-reminder"),
            "Sau 1 ngày: nhắc người bán (bên thứ ba) (thư seller-reminder)",
            id="remind",
        ),
        pytest.param(Step(at=Duration(0, "hours"), do="tell-staff"), "Ngay khi bắt đầu: báo", id="at once"),
        pytest.param(
            Step(after=Duration(0, "hours"), do="change-state", state="open"),
            "Khi hết hạn: hồ sơ chuyển sang “đang được xử lý”",
            id="change of state",
        ),
        pytest.param(
            Step(after=Duration(0, "hours"), do="take-default", template="confirmed"),
            "được coi là đồng ý, nội dung đã khai báo được áp dụng và báo khách hàng (thư confirmed)",
            id="silence",
        ),
        pytest.param(
            Step(after=Duration(0, "hours"), do="close", outcome="withdrawn"),
            "Khi hết hạn: đóng hồ sơ (Khách hàng không tiếp tục khiếu nại)",
            id="close",
        ),
    ],
)
def test_a_step_is_told(step, words):
    assert words in page(replace(POLICY, clocks=(replace(RESOLVE, steps=(step,)),)))


def test_a_rule_for_some_kinds_says_which_and_the_other_says_the_rest():
    special = replace(RESOLVE, categories=("wrong-item",), promised=False)
    told = page(replace(POLICY, clocks=(special, RESOLVE)))
    assert "(resolve), loại: “Sai hàng” – mục tiêu nội bộ, khách hàng không được báo" in told
    assert "(resolve), các loại còn lại" in told


def test_a_deadline_is_called_what_the_policy_calls_it():
    called = replace(RESOLVE, name="pay", title={"vi": "chi trả bồi thường", "en": "payment"})
    assert "Chi trả bồi thường (pay)" in page(replace(POLICY, clocks=(called,)))


def test_a_deadline_that_nothing_stops_is_told_without_a_deed():
    assert "Thời hạn là 10 ngày làm việc kể từ khi" in page(replace(POLICY, clocks=(replace(RESOLVE, stops=()),)))


def test_evidence_is_told_by_kind():
    told = page(POLICY)
    assert "Sai hàng (wrong-item): thêm ảnh sản phẩm; ảnh chỗ lỗi; ảnh vận đơn" in told
    assert "Trễ (late): không cần video mở hàng" in told.replace("Giao trễ", "Trễ")
    assert "Khác (other): không cần thêm gì" in told


def test_what_is_not_waited_for_is_said_to_be_optional():
    slots = tuple(replace(slot, blocks=False) if slot.key == "video" else slot for slot in POLICY.slots)
    assert "Video mở hàng: gửi video mở hàng (không bắt buộc" in page(replace(POLICY, slots=slots))


def test_outcomes_say_who_has_to_agree_and_what_their_mails_say():
    outcome = replace(
        EXCHANGE,
        key="refund",
        outcome="refund",
        categories=("late",),
        needs_approval=True,
        needs_confirmation=True,
        note={"vi": "Khách hàng trả cước.", "en": "The customer pays."},
        template="offer",
    )
    told = page(replace(POLICY, outcomes=(EXCHANGE, outcome)))
    assert "\nĐổi hàng (exchange)\n" in told
    assert (
        "Đổi hàng (refund), chỉ với loại: “Giao trễ”: tính là “Hoàn tiền”; quản lý phê duyệt trước khi gửi; khách hàng "
        "xác nhận trước khi thực hiện; thư luôn ghi: “Khách hàng trả cước.”; dùng mẫu thư offer"
    ) in told


CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "no window": ({}, "Không có thời hạn khiếu nại"),
    "a window": ({"claim": Claim(window=Duration(24, "hours"))}, "trong vòng 24 giờ kể từ khi khách hàng nhận hàng."),
    "one round": ({}, "Công ty trả lời một lần."),
    "two rounds": ({"answers": Answers(rounds=2)}, "Công ty trả lời tối đa 2 lần"),
    "no question afterwards": ({}, "Khách hàng không được hỏi về mức độ hài lòng."),
    "a question afterwards": ({"follow_up": FollowUp(asks_satisfaction=True)}, "Khách hàng được hỏi có hài lòng không"),
    "reopening for ever": ({}, "Khách hàng viết lại lúc nào, hồ sơ được mở lại lúc đó."),
    "reopening for a time": (
        {"follow_up": FollowUp(reopen_within=Duration(30, "days"))},
        "Khách hàng viết lại trong vòng 30 ngày kể từ khi đóng hồ sơ: hồ sơ được mở lại.",
    ),
    "no outcomes": ({}, "Chính sách chưa nêu kết quả nào"),
    "a flag": (
        {"flags": (Flag(key="used", name={"vi": "Hàng cũ", "en": "Used"}, note={"vi": "Đã dùng.", "en": "Used."}),)},
        "Hàng cũ (used): “Đã dùng.”",
    ),
    "departments of the config": ({}, "Bộ phận và nhân viên được nêu trong tệp cấu hình."),
    "a department by hand-over": (
        {"departments": (DepartmentRule(key="kho", name={"vi": "Kho", "en": "Stock"}),)},
        "Kho (kho): chỉ nhận hồ sơ do bộ phận khác chuyển đến",
    ),
    "a department for all": (
        {"departments": (DepartmentRule(key="a", name={"vi": "A", "en": "A"}, categories=("*",)),)},
        "A (a): mọi loại khiếu nại",
    ),
    "kept for ever": ({}, "Hồ sơ: giữ lại, không tự xóa."),
    "deleted some day": (
        {"retention": Retention(tickets=Duration(60, "months"))},
        "Toàn bộ hồ sơ: xóa sau 60 tháng kể từ khi đóng.",
    ),
    "what is never deleted": ({}, "kết thúc với kết quả: Chuyển cơ quan có thẩm quyền."),
    "own templates": ({"templates": "borzo"}, "Mẫu thư riêng: templates/borzo"),
    "the usual week": ({}, "Thứ Hai – thứ Sáu: 08:00–12:00 và 13:00–17:00."),
    "the weekend": ({}, "Thứ Bảy – Chủ nhật: nghỉ."),
    "quiet hours": (
        {"calendar": Calendar(quiet=QuietHours(start=time(21), end=time(7)))},
        "Từ 21:00 đến 07:00 không gửi thư nhắc",
    ),
    "holidays": ({}, "24/11/2026 (thứ Ba), 01/01/2027 (thứ Sáu), 04/02/2027 – 10/02/2027"),
    "no holidays": ({"calendar": Calendar(country="none")}, "Không có ngày nghỉ nào trong 12 tháng tới."),
    "a day worked": (
        {"calendar": Calendar(days_worked=(WorkedDay(day=date(2027, 1, 2)),))},
        "Ngày làm bù: 02/01/2027 (thứ Bảy).",
    ),
    "numbers": ({}, "Hồ sơ mang số dạng HKG-26-000123."),
    "languages": ({}, "bằng tiếng Việt và tiếng Anh; khi không rõ: tiếng Việt."),
}


@pytest.mark.parametrize(("changes", "words"), CHANGES.values(), ids=CHANGES)
def test_the_policy_says(changes, words):
    assert words in page(replace(POLICY, **changes))


def test_days_off_over_a_weekend_are_one_run():
    calendar = Calendar(country="none", days_off=(date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 2)))
    assert find_days_off(calendar, TODAY) == [
        (date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 12, 2), date(2026, 12, 2)),
    ]


def test_a_day_with_other_hours_than_its_weekday_is_worked_otherwise():
    calendar = Calendar(country="none", days_worked=(WorkedDay(day=date(2026, 11, 28)),))
    assert find_days_worked(calendar, TODAY) == [date(2026, 11, 28)]


def test_compensation_is_told_step_by_step():
    told = page(read_policy("borzo"))
    assert "Hàng hóa không có hóa đơn hợp pháp: 4 × cước phí dịch vụ, khi không phải" in told
    assert "Mức bồi thường tối thiểu: 4 × cước phí dịch vụ, khi số tiền ở bước trên < 4 × cước phí dịch vụ" in told
    assert "(agreed_otherwise), mặc định không" in told
