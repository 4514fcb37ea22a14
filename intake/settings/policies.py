"""Finds and reads policy files: ours by name, a company's own by path."""

from hashlib import sha256
from pathlib import Path

from intake.settings.records import Mistake, Mistakes, read_record
from intake.settings.toml_lines import find_lines, line_of
from tickets.contradictions import find_contradictions
from tickets.policy import Policy

FOLDER = Path(__file__).resolve().parents[2] / "policies"


def find_policy(name: str) -> Path:
    """The file of a policy: a path where `name` is one, else one of ours."""
    return Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"


def list_policies() -> list[str]:
    """The names of ours."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def policy_digest(name: str) -> str:
    """Of the file as it is; another one says that something in it changed. Raises OSError."""
    return sha256(find_policy(name).read_bytes()).hexdigest()


def read_policy(name: str) -> Policy:
    """Read and check a policy. Raises Mistakes, with everything that is wrong in it."""
    path = find_policy(name)
    policy = read_record(path, Policy)
    contradictions = find_contradictions(policy)
    if contradictions:
        lines = find_lines(path.read_text(encoding="utf-8-sig"))
        raise Mistakes(
            [Mistake(path=path, line=line_of(one.place, lines), message=one.message) for one in contradictions]
        )
    return policy
