"""Asked question by question: guesses are right, answers are taken as people give them."""

import io
from dataclasses import replace

import pytest

from intake.cases.entry_forms import Form, FormReader
from intake.cases.entry_interview import Answers, EntryInterview
from intake.questions import NoMoreAnswers, Questions
from tests.complaints import DESK, MORNING, POLICY
from tickets.durations import Duration
from tickets.policy import Claim, OutcomeRule

RULES = replace(
    POLICY,
    claim=Claim(window=Duration(24, "hours")),
    outcomes=(
        OutcomeRule(key="exchange", outcome="exchange", name={"vi": "Đổi hàng", "en": "Exchange"}),
        OutcomeRule(key="refund", outcome="refund", name={"vi": "Hoàn tiền", "en": "Refund"}),
        OutcomeRule(key="gone", outcome="other", name={"vi": "Mất", "en": "Gone"}, categories=("late",)),
    ),
)
SAID = "Khách Tuan668 báo giao sai màu, đơn 012345.\nNhận hàng hôm qua."


def a_new_file(name: str) -> str:
    assert name, "no file is no file to look at"
    return name


def ask(typed: str, given: Form | None = None, language: str = "vi") -> tuple[Answers | None, str]:
    shown = io.StringIO()
    desk = replace(DESK, language=language)
    reader = FormReader(RULES, desk, "support@hakago.example")
    interview = EntryInterview(Questions(io.StringIO(typed), shown), RULES, reader, language)
    guess = Answers(form=given or Form(channel="phone", text=""))
    return interview.ask(guess, MORNING, a_new_file), shown.getvalue()


def answers(*typed: str) -> str:
    return "".join(f"{line}\n" for line in typed)


USUAL = answers(*[""] * 11)  # subject to delivered (8), settled, paper, record


def test_enter_alone_takes_what_is_found_in_the_words():
    found, shown = ask(answers("2", *SAID.splitlines(), "") + USUAL)
    assert found is not None
    form = found.form
    assert (form.channel, form.text) == ("counter", SAID)
    assert (form.customer_code, form.order_code, form.category) == ("Tuan668", "012345", "wrong-item")
    assert form.delivered == "Nhận hàng hôm qua"
    assert "Mã khách hàng [Tuan668]: " in shown
    assert "   1  Sai hàng" in shown


def test_a_dash_leaves_it_empty():
    found, _ = ask(answers("", SAID, "", "", "Mai", "-", "-", "-", "-", "", "-", "", "", ""))
    assert found is not None
    assert (found.form.name, found.form.customer_code, found.form.delivered) == ("Mai", "", "")


@pytest.mark.parametrize("typed", ["2", "refund", "Hoàn tiền", "hoan tien", "hoan"])
def test_a_choice_is_a_number_a_key_a_name_or_how_one_begins(typed):
    found, _ = ask(answers("", SAID, "", *[""] * 8, "có", typed, "Trả lại 100.000 đ", "", "", ""))
    assert found is not None
    assert (found.outcome, found.agreed) == ("refund", "Trả lại 100.000 đ")


def test_only_outcomes_for_the_kind_are_offered():
    _, shown = ask(answers("", SAID, "", *[""] * 8, "có", "1", "Đổi áo", "", "", ""))
    assert "Đổi hàng" in shown
    assert "Mất" not in shown


def test_what_is_not_understood_is_asked_again_with_a_hint():
    found, shown = ask(answers("fax", "1", SAID, "", "", "Mai", "", "mai", "mai@khach.example", *[""] * 7))
    assert found is not None
    assert found.form.email == "mai@khach.example"
    assert "  ghi số thứ tự hoặc tên trong danh sách" in shown
    assert "  “mai” không phải là địa chỉ email" in shown


def test_words_are_needed():
    found, shown = ask(answers("", "", SAID, "") + USUAL)
    assert found is not None
    assert "  cần ghi nội dung này" in shown


def test_what_was_given_already_is_the_guess():
    given = Form(channel="counter", text=SAID, name="Mai", phone="0999", category="late")
    found, shown = ask(answers("") + USUAL, given)
    assert found is not None
    assert (found.form.channel, found.form.name, found.form.category) == ("counter", "Mai", "late")
    assert "Số điện thoại [0999]: " in shown


def test_nothing_is_recorded_without_consent():
    found, _ = ask(answers("", SAID, "", *[""] * 10, "không"))
    assert found is None


def test_answers_that_end_too_early_record_nothing():
    with pytest.raises(NoMoreAnswers):
        ask(answers("", SAID, ""))


def test_questions_are_asked_in_english_too():
    found, shown = ask(answers("", SAID, "") + USUAL, language="en")
    assert found is not None
    assert "Record it? (yes, no) [yes]: " in shown
