"""Config and policy as `tiepnhan check` tells them."""

from dataclasses import replace
from pathlib import Path

import pytest

from intake.checks.findings import Finding
from intake.checks.rules import check_config, check_policy, check_staff
from intake.settings.config import Config, Department, Mailbox, Service, Smtp, Staff
from intake.settings.policies import read_policy

POLICY = read_policy("hakago")
LAN = Staff(name="Lan", email="lan@hakago.example", departments=("cskh",), role="manager")
CSKH = Department(key="cskh", name="Bộ phận CSKH")


def config(**changes) -> Config:
    plain = Config(
        service=Service(name="Hakago", address="support@hakago.example"),
        mailboxes=(Mailbox(name="support", host="127.0.0.1"),),
        smtp=Smtp(host="127.0.0.1"),
        departments=(CSKH,),
        staff=(LAN,),
    )
    return replace(plain, **changes)


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.status, f"{one.message} → {one.advice}") for one in findings]


def test_every_mistake_of_the_config_is_a_failure_of_its_own(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text('[service]\nnam = "Hakago"\n[smtp]\nhost = "x y"\n')
    found, findings = check_config(path)
    assert found is None
    assert {one.status for one in findings} == {"fail"}
    assert len(findings) >= 4
    assert any('config.toml:2: unknown key "nam"' in one.message for one in findings)


def test_every_mistake_of_the_policy_is_a_failure_of_its_own(tmp_path: Path):
    path = tmp_path / "own.toml"
    text = Path("policies/hakago.toml").read_text(encoding="utf-8")
    path.write_text(
        text.replace('zone = "Asia/Ho_Chi_Minh"', 'zone = "Asia/Saigonn"').replace('"24 hours"', '"1 year"')
    )
    found, findings = check_policy(config(service=Service(name="H", address="a@b.example", policy=str(path))))
    assert found is None
    assert [one.status for one in findings] == ["fail"]
    assert "1 year" in findings[0].message


def test_an_unknown_time_zone_is_a_mistake_of_the_policy_and_no_traceback(tmp_path: Path):
    path = tmp_path / "own.toml"
    text = Path("policies/hakago.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('zone = "Asia/Ho_Chi_Minh"', 'zone = "Asia/Saigonn"'))
    found, findings = check_policy(config(service=Service(name="H", address="a@b.example", policy=str(path))))
    assert found is None
    assert "'Asia/Saigonn' is no time zone" in findings[0].message


def test_with_somebody_for_everything_the_staff_are_fine():
    assert [one.status for one in check_staff(config(), POLICY)] == ["ok"]


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        pytest.param(
            {"departments": (replace(CSKH, categories=("warrenty", "*")),)},
            "fail",
            'department cskh: the policy has no category "warrenty" → did you mean "warranty"?',
            id="a kind of complaint that the policy does not have",
        ),
        pytest.param(
            {"departments": (CSKH, Department(key="kho", name="Kho"))},
            "warn",
            "nobody works in the department kho, so nobody is told of its complaints"
            " → write a [[staff]] with this department",
            id="a department without people",
        ),
        pytest.param(
            {"departments": (), "staff": ()},
            "warn",
            "there is no department, so nobody is told of complaints → write a [[department]] and a [[staff]]",
            id="no department at all",
        ),
    ],
)
def test_complaints_that_nobody_is_told_of_are_found(changes, status, words):
    assert (status, words) in told(check_staff(config(**changes), POLICY))


def test_an_approval_that_nobody_can_give_is_pointed_out():
    (finding,) = check_staff(config(staff=(replace(LAN, role="agent"),)), POLICY)
    assert finding.status == "warn"
    assert "nobody can approve what the policy wants approved: counterfeit" in finding.message


def test_kinds_of_complaint_without_a_department_are_named():
    slugs = tuple(category.slug for category in POLICY.categories)
    (finding,) = check_staff(config(departments=(replace(CSKH, categories=slugs[:-2]),)), POLICY)
    assert (finding.status, finding.message) == ("warn", f"no department answers for {slugs[-2]}, {slugs[-1]}")


def test_a_policy_without_a_kind_for_all_the_rest_is_pointed_out(tmp_path: Path):
    path = tmp_path / "own.toml"
    text = Path("policies/hakago.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('slug = "other"', 'slug = "others"'))
    (finding,) = check_policy(config(service=Service(name="H", address="a@b.example", policy=str(path))))[1]
    assert finding.status == "fail"
    assert "there is no [[category]] with slug = 'other'" in finding.message
