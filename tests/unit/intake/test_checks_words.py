"""Templates: which are tried, and how their mistakes are told."""

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.assembly import TEMPLATES
from intake.checks.specimens import list_specimens
from intake.checks.words import check_templates
from intake.settings.config import Config, Mailbox, Service, Smtp
from intake.settings.policies import read_policy
from tickets.durations import Duration
from tickets.policy import ClockRule, Step

ROOT = Path(__file__).parents[3]
POLICY = read_policy("hakago")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# Files without a subject are included by others.
OURS = {
    path.stem for path in (TEMPLATES / "vi").glob("*.txt") if path.read_text(encoding="utf-8").startswith("Subject:")
}


def config(templates: Path | None = None, language: str = "vi") -> Config:
    return Config(
        service=Service(
            name="Hakago",
            address="support@hakago.example",
            language="en" if language == "en" else "vi",
            templates=templates,
        ),
        mailboxes=(Mailbox(name="support", host="127.0.0.1"),),
        smtp=Smtp(host="127.0.0.1"),
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "vi").mkdir()
    return tmp_path


def names_in_code() -> set[str]:
    """Texts in the code that name one of our templates."""
    sources = [*(ROOT / "tickets").rglob("*.py"), ROOT / "intake" / "notices.py"]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)} & OURS


def policy_with(step: Step):
    clock = ClockRule(name="own", starts=("opened",), stops=("closed",), due=Duration.parse("9 days"), steps=(step,))
    return replace(POLICY, clocks=(*POLICY.clocks, clock))


def test_every_template_that_the_code_names_is_tried():
    remind = Step(at=Duration.parse("1 days"), do="tell-staff")  # no policy of ours has such a step
    tried = {one.template for one in list_specimens(policy_with(remind), NOW)}
    assert names_in_code() <= tried
    assert len(names_in_code()) >= 10


def test_our_own_templates_can_all_be_filled_in():
    findings = check_templates(config(), POLICY, NOW)
    assert [(one.status, one.message) for one in findings if one.status != "ok"] == []


def test_a_template_of_a_step_of_the_policy_has_to_exist_in_every_language():
    policy = policy_with(Step(at=Duration.parse("1 days"), do="remind", template="evidence-remindr"))
    findings = check_templates(config(), policy, NOW)
    assert [one.message for one in findings] == [
        "there is no en/evidence-remindr.txt, which the policy, deadline own names",
        "there is no vi/evidence-remindr.txt, which the policy, deadline own names",
    ]
    assert {one.advice for one in findings} == {"did you mean evidence-reminder?"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            "Subject: x\n\n{{ custmer }}\n", 'no variable "custmer": did you mean "customer"?', id="unknown name"
        ),
        pytest.param("Subject: x\n\n{% if missing %}\n", "acknowledgement.txt:3", id="block left open"),
        pytest.param("Kính gửi\n", 'the first line must be "Subject: …"', id="no subject"),
        pytest.param(
            "Subject: x\n\n{% if not ticket.customer_code %}{{ no_such_name }}{% endif %}",
            'there is no variable "no_such_name"',
            id="a mistake that only a ticket without a code comes upon",
        ),
        pytest.param(
            "Subject: x\n\n{% if ticket.is_late %}{{ no_such_name }}{% endif %}",
            'there is no variable "no_such_name"',
            id="a mistake that only a late ticket comes upon",
        ),
        pytest.param("Subject: x\n\n{{ ticket.nummer }}\n", 'did you mean "number"?', id="unknown field"),
        pytest.param(
            "Subject: x\n\n{{ deadline | moment }}\n", "there may be nothing", id="a time that may be missing"
        ),
        pytest.param("Subject:\n\nKính gửi\n", "acknowledgement.txt:1: the subject is empty", id="empty subject"),
    ],
)
def test_a_broken_template_is_told_once_with_its_place(own, text, words):
    (own / "vi" / "acknowledgement.txt").write_text(text, encoding="utf-8")
    (finding,) = check_templates(config(own), POLICY, NOW)
    assert finding.status == "fail"
    assert words in finding.message
    assert "vi/acknowledgement.txt" in finding.message


def test_staff_read_their_own_language_though_the_policy_has_no_words_in_it(own):
    (own / "en").mkdir()
    (own / "en" / "staff-opened.txt").write_text("{{ broken", encoding="utf-8")
    findings = check_templates(config(own, language="en"), replace(POLICY, languages=("vi",)), NOW)
    assert [one.status for one in findings] == ["fail"]


def test_a_file_whose_name_is_nearly_ours_is_pointed_out(own):
    (own / "vi" / "acknowledgment.txt").write_text("Subject: x\n\ny", encoding="utf-8")
    (own / "vi" / "phan-rieng.txt").write_text("to be included by others", encoding="utf-8")
    warnings = [one for one in check_templates(config(own), POLICY, NOW) if one.status == "warn"]
    assert [one.advice for one in warnings] == ["did you mean acknowledgement.txt?"]


def test_a_folder_that_is_not_there_is_a_failure(tmp_path):
    (finding,) = check_templates(config(tmp_path / "none"), POLICY, NOW)
    assert (finding.status, finding.message) == ("fail", f"{tmp_path}/none: there is no such folder")


def test_a_subject_that_does_not_name_the_ticket_is_pointed_out_once(own):
    (own / "vi" / "acknowledgement.txt").write_text("Subject: Đã tiếp nhận\n\nKính gửi\n", encoding="utf-8")
    (finding,) = check_templates(config(own), POLICY, NOW)
    assert finding.status == "warn"
    assert finding.message == f"{own}/vi/acknowledgement.txt:1: the subject does not name the ticket"
    assert "{{ ticket.number }}" in finding.advice


def test_a_letter_that_belongs_to_no_ticket_needs_no_number(own):
    (own / "vi" / "staff-breaker.txt").write_text("Subject: Dừng gửi\n\nQuá {{ facts.limit }} thư\n", encoding="utf-8")
    assert [one.status for one in check_templates(config(own), POLICY, NOW)] == ["ok"]
