"""`tiepnhan check` by its command line."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.harness import PROGRAM
from tests.installation import LAN, Account, Installation
from tests.own_mails import write_mail


@pytest.fixture
def site(tmp_path, dovecot, sink) -> Installation:
    installation = Installation(tmp_path, [Account.of(dovecot, more='since = "2026-01-01"')], sink)
    installation.configure(staff=[LAN])
    return installation


def check(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "check", "--config", str(config), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def findings(config: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in check(config, "--json").stdout.splitlines()]


def statuses(config: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in findings(config):
        found.setdefault(one["subject"], set()).add(one["status"])
    return found


def test_a_good_installation_passes_every_check(site):
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(text.replace("[[staff]]\n", '[[staff]]\nrole = "manager"\n'), encoding="utf-8")
    site.work()
    done = check(site.config)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == "All is well."
    assert {line.split()[0] for line in lines[:-2]} == {"ok"}
    assert {line[6:].split("  ")[0].strip()[:10] for line in lines[:-2]} >= {"config", "policy", "templates", "smtp"}


def test_a_new_installation_passes_and_nothing_is_made(site):
    before = sorted(site.folder.rglob("*"))
    assert check(site.config).returncode == 0
    assert sorted(site.folder.rglob("*")) == before


def test_everything_that_was_looked_at_has_a_line(site):
    site.work()
    assert set(statuses(site.config)) == {
        "config", "policy", "staff", "templates", "clock", "disk", "database", "quarantine", "queues",
        "mailbox support", "smtp",
    }  # fmt: skip


def test_json_has_an_object_a_line_with_the_same_four_keys(site):
    assert {tuple(one) for one in findings(site.config)} == {("status", "subject", "message", "advice")}


def test_all_checks_run_though_several_fail(site, sink):
    sink.go_down()
    site.configure(staff=[LAN], service='templates = "none"')
    found = statuses(site.config)
    assert (found["templates"], found["smtp"], found["mailbox support"]) == ({"fail"}, {"fail", "skipped"}, {"ok"})
    assert check(site.config).returncode == 1


def test_with_a_broken_policy_the_servers_are_tried_all_the_same(site):
    own = site.folder / "own.toml"
    own.write_text("name = 1\n")
    site.config.write_text(site.config.read_text().replace('policy = "hakago"', 'policy = "own.toml"'))
    found = statuses(site.config)
    assert (found["policy"], found["staff"], found["templates"]) == ({"fail"}, {"skipped"}, {"skipped"})
    assert (found["mailbox support"], found["smtp"]) == ({"ok"}, {"ok", "skipped"})


def test_with_a_broken_config_one_line_says_why_nothing_else_was_checked(site):
    site.config.write_text("[service\n")
    done = check(site.config)
    assert done.returncode == 1
    assert "FAIL  config" in done.stdout
    assert done.stdout.count("not checked because") == 1
    assert "-     everything else  not checked because the config has mistakes" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_mail_in_quarantine_is_a_warning_and_no_failure(site, dovecot):
    dovecot.append(b"Subject: khong co nguoi gui\r\n\r\nx\r\n")
    site.work()
    done = check(site.config)
    assert done.returncode == 0
    assert "warn  quarantine       1 mail could not be taken in" in done.stdout
    assert "tiepnhan quarantine list" in done.stdout


def test_the_mails_of_the_first_run_are_counted_and_not_touched(site, dovecot):
    uid = dovecot.append(write_mail())
    assert "the next run takes in 1 mail since 2026-01-01" in check(site.config).stdout
    assert dovecot.flags() == {uid: set()}


def test_passwords_are_never_shown(site):
    (site.folder / "password").write_text("khong-phai-mat-khau")
    port = f"port = {site.sink.port}"
    login = f'{port}\nusername = "x"\npassword = {{ file = "password" }}'
    site.config.write_text(site.config.read_text().replace(port, login))
    for arguments in ([], ["--json"]):
        done = check(site.config, *arguments)
        assert done.returncode == 1
        assert "khong-phai-mat-khau" not in done.stdout + done.stderr
