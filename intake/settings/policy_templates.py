"""Whether every mail that a policy names is there, in every language that it answers in."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from intake.settings.records import Mistake
from intake.settings.toml_lines import KeyPath, find_lines, line_of
from intake.settings.wording import nearest
from responders.rendering import Templates
from tickets.policy import Policy


def find_missing_templates(policy: Policy, path: Path, folders: Sequence[Path]) -> list[Mistake]:
    """What is wrong, with its line in the file at `path`; `folders` are looked through in their order.

    Raises OSError where the file cannot be read.
    """
    lines = find_lines(path.read_text(encoding="utf-8-sig"))
    missing = [folder for folder in folders if not folder.is_dir()]
    found: list[tuple[KeyPath, str]] = [
        (("templates",), f"there is no folder {folder} of templates") for folder in missing
    ]
    there = Templates([folder for folder in folders if folder not in missing], policy.time.zone)
    for language in policy.languages:
        known = there.names(language)
        for place, name in _named(policy):
            if name not in known:
                found.append((place, f"there is no mail {language}/{name}.txt{_advice(name, known)}"))
    return [Mistake(path=path, line=line_of(place, lines), message=message) for place, message in found]


def _named(policy: Policy) -> Iterator[tuple[KeyPath, str]]:
    for no, clock in enumerate(policy.clocks):
        for index, step in enumerate(clock.steps):
            if step.template:
                yield ("clock", no, "step", index, "template"), step.template
    for no, outcome in enumerate(policy.outcomes):
        yield ("outcome", no, "template"), outcome.template


def _advice(name: str, known: Sequence[str]) -> str:
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else ""
