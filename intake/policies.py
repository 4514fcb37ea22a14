"""Finds and reads policy files: ours by name, a company's own by path."""

from pathlib import Path

from intake.records import Mistake, Mistakes, read_record
from tickets.policy import Policy, find_contradictions

FOLDER = Path(__file__).resolve().parent.parent / "policies"


def find_policy(name: str) -> Path:
    """The file of a policy: a path where `name` is one, else one of ours."""
    return Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"


def read_policy(name: str) -> Policy:
    """Read and check a policy. Raises Mistakes, with everything that is wrong in it."""
    path = find_policy(name)
    policy = read_record(path, Policy)
    contradictions = find_contradictions(policy)
    if contradictions:
        raise Mistakes([Mistake(path=path, line=None, message=one) for one in contradictions])
    return policy
