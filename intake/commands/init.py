"""`tiepnhan init`: asks what an installation needs, writes `config.toml`, tries both servers.

Nothing is written before the last answer, and the file appears whole or not at all. A file that is there is written
over only where that is asked for. No password is asked for: the file says where each one is kept.
"""

import os
import shlex
import sys
import tempfile
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from intake.checks.rounds import check_servers
from intake.commands import DEFAULT_CONFIG
from intake.commands.check import finding_line
from intake.commands.problem import Problem, Stopped
from intake.interview import ask_config
from intake.questions import NoMoreAnswers, Questions
from intake.settings.config import Config, read_config
from intake.settings.config_text import write_config
from intake.settings.policies import read_policy
from intake.settings.records import Mistakes


def init(given: Namespace) -> int:
    """Exit code 1 where a server does not work yet; the file is written all the same."""
    path: Path = given.config
    questions = Questions(sys.stdin, sys.stdout)
    try:
        _ask_for_leave(questions, path)
        config = _write(path, ask_config(questions, path.absolute().parent))
    except NoMoreAnswers:
        raise Problem("the answers ended before the questions did: nothing was written") from None
    except KeyboardInterrupt:
        raise Stopped("\nstopped: nothing was written") from None
    questions.say(f"\nWrote {path}. Trying the servers:\n")
    findings = []
    for finding in check_servers(config, read_policy(config.service.policy), datetime.now(UTC)):
        findings.append(finding)
        questions.say(finding_line(finding))
    questions.say("\n".join(_next_steps(config, path)))
    return 1 if any(finding.status == "fail" for finding in findings) else 0


def _ask_for_leave(questions: Questions, path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise Problem(f"{path}: there is no folder {path.parent}")
    if path.exists() and not questions.ask_leave(f"{path} is there already. Write over it?"):
        raise Problem(f"{path} is as it was")


def _write(path: Path, config: Config) -> Config:
    """Put the file into place, readable by its owner only; it as it reads back."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".config-", suffix=".toml")  # mode 0600
    except OSError as error:
        raise Problem(f"{path}: {(error.strerror or str(error)).lower()}") from error
    draft = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(write_config(config))
            file.flush()
            os.fsync(file.fileno())
        written = read_config(draft)
        draft.replace(path)
    except Mistakes as mistakes:
        raise Problem(str(mistakes).replace(str(draft), str(path))) from mistakes
    except OSError as error:
        raise Problem(f"{path}: {(error.strerror or str(error)).lower()}") from error
    finally:
        draft.unlink(missing_ok=True)
    return written


def _next_steps(config: Config, path: Path) -> list[str]:
    named = "" if path == Path(DEFAULT_CONFIG) else f" --config {shlex.quote(str(path))}"
    secrets = [server.password for server in (*config.mailboxes, config.smtp) if server.password]
    unset = [one.env for one in secrets if one.env and not os.environ.get(one.env)]
    return [
        "\nNext:",
        *(
            f"  export {name}=…   the password, in the environment that tiepnhan runs in"
            for name in dict.fromkeys(unset)
        ),
        f"  tiepnhan check{named}   tries everything",
        f"  tiepnhan run{named}   starts taking mail in",
    ]
