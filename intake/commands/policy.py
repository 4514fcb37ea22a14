"""`tiepnhan policy`: the policies that there are, what is wrong with one, and what one promises in plain sentences."""

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from intake.assembly import template_folders
from intake.checks.patterns import ADVICE, find_slow_pattern
from intake.commands.problem import Problem
from intake.commands.setting import open_config
from intake.settings.config import Config
from intake.settings.policies import find_policy, list_policies, read_policy
from intake.settings.policy_templates import find_missing_templates
from intake.settings.records import Mistake, Mistakes
from intake.settings.toml_lines import find_lines, line_of
from responders.policy_telling import tell_policy
from responders.policy_wording import Section
from tickets.policy import Policy

WIDTH = 110  # characters of a line
_MARKS = ("  ", "   • ", "      – ")  # by depth


def list_all(given: Namespace) -> int:
    """One line for each policy that comes with the program."""
    for name in list_policies():
        policy = _read(name)
        if given.json:
            print(
                json.dumps({"name": name, "company": policy.name, "file": str(find_policy(name))}, ensure_ascii=False)
            )
        else:
            print(f"{name:12} {policy.name}")
    return 0


def check(given: Namespace) -> int:
    """Every mistake with its line; exit code 1 where there is one."""
    config = _find_config(given)
    name = _name(given, config)
    mistakes = _find_mistakes(name, config)
    for one in mistakes:
        shown = {"file": str(one.path), "line": one.line, "message": one.message}
        print(json.dumps(shown, ensure_ascii=False) if given.json else one)
    if not mistakes and not given.json:
        print(f"{find_policy(name)}: nothing is wrong")
    return 1 if mistakes else 0


def show(given: Namespace) -> int:
    """The whole policy, for people."""
    config = _find_config(given)
    policy = _read(_name(given, config))
    language = given.language or (config.service.language if config else policy.languages[0])
    today = (given.now or datetime.now(UTC)).astimezone(policy.time.zone).date()
    sections = tell_policy(policy, language, today)
    if given.json:
        print(json.dumps({"company": policy.name, "sections": [asdict(one) for one in sections]}, ensure_ascii=False))
    else:
        print("\n".join(_page(policy.name, sections)))
    return 0


def _find_config(given: Namespace) -> Config | None:
    """None where there is no config file: policies can be looked at without one. Raises Problem."""
    return open_config(given) if given.config.exists() else None


def _name(given: Namespace, config: Config | None) -> str:
    if given.name:
        name: str = given.name
        return name
    if config is None:
        raise Problem(f"name a policy or a file: there is no {given.config}; ours are {', '.join(list_policies())}")
    return config.service.policy


def _read(name: str) -> Policy:
    try:
        return read_policy(name)
    except Mistakes as mistakes:
        raise Problem(str(mistakes)) from mistakes


def _find_mistakes(name: str, config: Config | None) -> tuple[Mistake, ...]:
    try:
        policy = read_policy(name)
    except Mistakes as mistakes:
        return mistakes.mistakes
    slow = find_slow_pattern(policy)
    if slow is not None:
        path = find_policy(name)
        line = line_of(slow.place, find_lines(path.read_text(encoding="utf-8-sig")))
        return (Mistake(path=path, line=line, message=f"{slow.message}: {ADVICE}"),)
    own: list[Path] = [config.service.templates] if config and config.service.templates else []
    return tuple(find_missing_templates(policy, find_policy(name), template_folders(policy, own)))


def _page(company: str, sections: list[Section]) -> Iterator[str]:
    yield company
    for number, section in enumerate(sections, start=1):
        yield f"\n{number}. {section.title}"
        for line in section.lines:
            mark = _MARKS[line.depth] if line.number is None else f"  {line.number:2}. "
            yield from wrap(line.text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark))
