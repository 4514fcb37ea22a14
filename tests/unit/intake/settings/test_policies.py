"""Policy files: ours are right, changes are noticed, mails that do not exist are found with their line."""

from pathlib import Path

import pytest

from intake.assembly import TEMPLATES, template_folders
from intake.settings.policies import FOLDER, find_policy, list_policies, policy_digest, read_policy
from intake.settings.policy_templates import find_missing_templates


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text((FOLDER / "hakago.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> int:
    """The line that is changed first."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", list_policies())
def test_every_mail_that_a_policy_of_ours_names_is_there(name):
    policy = read_policy(name)
    assert find_missing_templates(policy, find_policy(name), template_folders(policy, [])) == []


def test_the_digest_tells_that_a_file_changed(own):
    before = policy_digest(str(own))
    assert before == policy_digest(str(own))
    change(own, 'name = "Hakago"', 'name = "Hakago "')
    assert before != policy_digest(str(own))


def test_a_mail_that_there_is_not_is_named_with_its_line_and_the_nearest(own):
    line = change(own, 'template = "closed-silent"', 'template = "closed-silence"')
    found = find_missing_templates(read_policy(str(own)), own, [TEMPLATES])
    assert [(one.line, one.message) for one in found] == [
        (line, f"there is no mail {language}/closed-silence.txt; did you mean 'closed-silent'?")
        for language in ("vi", "en")
    ]


def test_a_folder_of_templates_that_there_is_not_is_named(own):
    change(own, "[codes]", 'templates = "hakaga"\n\n[codes]')
    policy = read_policy(str(own))
    (found,) = find_missing_templates(policy, own, template_folders(policy, []))
    assert "there is no folder" in found.message
    assert own.read_text(encoding="utf-8").splitlines()[(found.line or 0) - 1] == 'templates = "hakaga"'


def test_words_of_the_company_win_over_the_set_of_the_policy_and_that_over_ours(tmp_path):
    folders = template_folders(read_policy("borzo"), [tmp_path])
    assert folders == [tmp_path, TEMPLATES / "borzo", TEMPLATES]
