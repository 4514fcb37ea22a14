"""The wheel, alone: what the program reads at run time is in it, and the demonstration plays from it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("parsers", "tickets", "store", "responders", "intake", "templates", "policies")
PATIENCE = 120.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, capture_output=True, cwd=ROOT, timeout=PATIENCE)
    (built,) = folder.glob("*.whl")
    return built


def test_every_file_of_the_program_is_in_the_wheel_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as opened:
        packed = {name for name in opened.namelist() if ".dist-info/" not in name}
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert packed == sources
    assert {"templates/layout.html", "templates/vi/acknowledgement.txt", "policies/hakago.toml"} <= packed
    assert any(name.startswith("store/migrations/versions/0001") for name in packed)


def test_the_demonstration_plays_from_the_unpacked_wheel(wheel: Path, tmp_path: Path):
    unpacked, elsewhere = tmp_path / "unpacked", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(unpacked)
    # PYTHONPATH stands in front of what is installed; -P keeps the current folder out.
    environment = os.environ | {"PYTHONPATH": str(unpacked), "TMPDIR": str(elsewhere), "PYTHONUTF8": "1"}
    where = [sys.executable, "-P", "-c", "import intake.commands; print(intake.commands.__file__)"]
    played = [sys.executable, "-P", "-m", "intake.commands", "demo", "--once"]

    def run(command: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=PATIENCE, cwd=elsewhere, env=environment
        )

    assert run(where).stdout.startswith(str(unpacked))
    ended = run(played)
    assert (ended.returncode, ended.stderr) == (0, "")
