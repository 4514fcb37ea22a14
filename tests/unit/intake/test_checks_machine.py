"""The machine: clock, disk, rights."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.checks.machine import check_clock, check_data_files, check_disk, check_secret_files
from intake.settings.config import Config, Mailbox, Service, Smtp
from intake.settings.policies import read_policy
from intake.settings.secrets import Secret


def config(data: Path, password: Path | None = None) -> Config:
    return Config(
        service=Service(name="Hakago", address="support@hakago.example", data=data),
        mailboxes=(
            Mailbox(
                name="support", host="127.0.0.1", username="x", password=Secret(file=password) if password else None
            ),
        ),
        smtp=Smtp(host="127.0.0.1"),
    )


def test_a_clock_that_starts_in_1970_is_a_failure():
    assert check_clock(datetime(1970, 1, 1, tzinfo=UTC), None).status == "fail"


def test_the_time_is_told_in_the_zone_of_the_policy():
    finding = check_clock(datetime(2026, 11, 22, 2, 0, tzinfo=UTC), read_policy("hakago"))
    assert (finding.status, finding.message) == ("ok", "2026-11-22 09:00 in Asia/Ho_Chi_Minh")


def test_looking_at_a_data_folder_that_is_not_there_does_not_make_it(tmp_path):
    finding = check_disk(config(tmp_path / "a" / "var"))
    assert finding.status in {"ok", "warn"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_cannot_be_written_to_is_a_failure(tmp_path):
    tmp_path.chmod(0o500)
    assert check_disk(config(tmp_path)).status == "fail"


def test_a_data_folder_that_is_a_file_is_a_failure(tmp_path):
    (tmp_path / "var").write_text("")
    assert check_disk(config(tmp_path / "var")).status == "fail"


@pytest.mark.parametrize(
    ("mode", "count"),
    [
        pytest.param(0o600, 0, id="owner only"),
        pytest.param(0o640, 0, id="group too"),
        pytest.param(0o644, 1, id="everybody"),
    ],
)
def test_passwords_that_everybody_can_read_are_pointed_out(tmp_path, mode, count):
    path = tmp_path / "imap.password"
    path.write_text("geheim")
    path.chmod(mode)
    findings = list(check_secret_files(config(tmp_path, path)))
    assert [one.advice for one in findings] == [f"chmod 600 {path}"] * count
    assert "geheim" not in str(findings)


@pytest.mark.parametrize(
    ("folder", "file", "count"),
    [(0o755, 0o644, 1), (0o755, 0o600, 0), (0o700, 0o644, 0)],
    ids=["open", "closed file", "closed folder"],
)
def test_a_database_that_everybody_can_read_is_told(tmp_path, folder, file, count):
    path = tmp_path / "tiepnhan.db"
    path.write_bytes(b"")
    path.chmod(file)
    tmp_path.chmod(folder)
    told = config(tmp_path)
    told = replace(told, service=replace(told.service, database=f"sqlite:///{path}"))
    assert len(list(check_data_files(told))) == count


def test_folders_within_that_cannot_be_written_to_are_told(tmp_path):
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "new").write_text("a file where a folder should be")
    finding = check_disk(config(tmp_path))
    assert (finding.status, "blobs/new" in finding.message) == ("fail", True)
