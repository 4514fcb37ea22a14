"""The command line itself: what it takes, and how it says that it was used wrongly."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.harness import PROGRAM


def tiepnhan(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name != "TIEPNHAN_CONFIG"}
    return subprocess.run(
        [str(PROGRAM), *arguments],
        cwd=folder,
        env=plain | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_arguments_it_prints_help_and_exits_2(tmp_path):
    done = tiepnhan(folder=tmp_path)
    assert done.returncode == 2
    assert "usage: tiepnhan" in done.stdout
    assert "check" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            ["--now", "gestern"], "'gestern' is no time; right would be 2026-11-24T09:00:00+07:00", id="nonsense"
        ),
        pytest.param(
            ["--now", "2026-11-24T09:00"],
            "'2026-11-24T09:00' has no offset; right would be 2026-11-24T09:00:00+07:00",
            id="no offset",
        ),
        pytest.param(["--now", "2026-11-24"], "has no offset", id="a day alone"),
        pytest.param(["--now", "9999-12-31T23:59:59+00:00"], "between 1970 and 2999", id="the end of all days"),
        pytest.param(["--now", "0001-01-01T00:00:00+07:00"], "between 1970 and 2999", id="the first day"),
    ],
)
def test_a_time_that_is_none_is_wrong_usage_with_a_line_that_helps(tmp_path, arguments, words):
    done = tiepnhan("run", "--once", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_time_without_once_is_wrong_usage(tmp_path):
    done = tiepnhan("run", "--now", "2026-11-24T09:00:00+07:00", folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "--now goes with --once: the daemon lives in the present\n")


@pytest.mark.parametrize("arguments", [["chek"], ["tickets"], ["run", "--twice"]], ids=" ".join)
def test_what_does_not_exist_is_wrong_usage(tmp_path, arguments):
    done = tiepnhan(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert "usage: tiepnhan" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "own.toml", "tickets", "list"],
        ["tickets", "--config", "own.toml", "list"],
        ["tickets", "list", "--config", "own.toml"],
        ["--config", "own.toml", "run", "--once"],
        ["run", "--once", "--config", "own.toml"],
    ],
    ids=" ".join,
)
def test_the_config_file_may_be_named_before_and_after_the_command(tmp_path, arguments):
    done = tiepnhan(*arguments, folder=tmp_path)
    assert (done.returncode, done.stderr.startswith("own.toml: no such file")) == (1, True)


def test_the_config_file_may_be_named_by_the_environment_and_the_command_line_wins(tmp_path):
    by_environment = tiepnhan("tickets", "list", folder=tmp_path, TIEPNHAN_CONFIG="env.toml")
    by_both = tiepnhan("tickets", "list", "--config", "own.toml", folder=tmp_path, TIEPNHAN_CONFIG="env.toml")
    by_none = tiepnhan("tickets", "list", folder=tmp_path)
    named = [done.stderr.partition(":")[0] for done in (by_environment, by_both, by_none)]
    assert named == ["env.toml", "own.toml", "config.toml"]
