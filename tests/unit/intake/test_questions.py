"""Questions on a pipe, as on a terminal."""

import io

import pytest

from intake.questions import NoMoreAnswers, Questions, check_words


def ask(typed: str, usual: str = "25", check=int):
    shown = io.StringIO()
    return Questions(io.StringIO(typed), shown).ask("Port", usual, check), shown.getvalue()


def test_enter_alone_takes_the_usual_answer():
    assert ask("\n") == (25, "Port [25]: ")


def test_a_wrong_answer_is_told_in_one_line_and_asked_again():
    answer, shown = ask("x\n 465 \n")
    assert answer == 465
    assert shown.split("\n") == ["Port [25]:   invalid literal for int() with base 10: 'x'", "Port [25]: "]


def test_the_end_of_the_input_ends_the_questions():
    with pytest.raises(NoMoreAnswers):
        ask("x\n")


def test_a_choice_may_be_written_in_any_case():
    questions = Questions(io.StringIO("maybe\nVI\n"), io.StringIO())
    assert questions.ask_choice("Language", "en", ("vi", "en")) == "vi"


@pytest.mark.parametrize(
    ("typed", "leave"),
    [
        *((word, True) for word in ("yes", "Y", "y", "có", "Có", "co")),
        *((word, False) for word in ("no", "N", "không", "Khong", "k", "")),
        pytest.param("co\u0301", True, id="có in combining marks"),
        pytest.param("maybe\ny", True, id="asked again"),
    ],
)
def test_leave_is_given_or_refused_in_both_languages(typed, leave):
    assert Questions(io.StringIO(f"{typed}\n"), io.StringIO()).ask_leave("Write over it?") is leave


def test_an_answer_typed_with_combining_marks_becomes_nfc():
    assert ask("Bo\u0323\u0302 phận\n", "x", check_words)[0] == "Bộ phận"


@pytest.mark.parametrize("answer", ["a\x07b", "a\udcffb", "a\tb"], ids=["bell", "no UTF-8", "tabulator"])
def test_control_characters_are_refused(answer):
    with pytest.raises(ValueError, match="without control characters"):
        check_words(answer)


def test_lines_are_read_until_an_empty_one():
    questions = Questions(io.StringIO("một\n hai \n\nba\n"), io.StringIO())
    assert questions.read_lines() == ["một", "hai"]
    assert questions.read_lines() == ["ba"]


def test_a_question_without_a_usual_answer_has_no_brackets():
    assert ask("25\n", usual="")[1] == "Port: "
