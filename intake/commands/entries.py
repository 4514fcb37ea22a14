"""`tiepnhan tickets new`: a complaint that came by phone or at the counter."""

import sys
from argparse import Namespace
from pathlib import Path

from intake.cases.casework import Done
from intake.cases.entry_forms import Form, FormReader
from intake.cases.entry_interview import Answers, EntryInterview
from intake.commands.casework import Desktop, read_text, told
from intake.commands.problem import Problem, Stopped, WrongUsage
from intake.questions import NoMoreAnswers, Questions
from tickets.commands import Order

_NOTHING = "nothing was recorded"


def enter(given: Namespace) -> int:
    """Open a case, or record one that was settled on the spot."""
    _check_usage(given)
    desktop = Desktop(given)
    reader = FormReader(desktop.policy, desktop.casework.desk, desktop.config.service.address)
    with told(desktop.language):
        by = desktop.casework.person(given.by)
        try:
            answers = _answers(given, desktop, reader)
            entry = reader.read(answers.form, desktop.now)
        except ValueError as error:
            raise Problem(str(error)) from error
        if answers.outcome:
            order = Order(name="resolve", arguments=(answers.outcome,), text=answers.agreed, by=by)
            done = desktop.casework.enter_settled(entry, order)
        else:
            done = desktop.casework.enter(entry, by, print_receipt=bool(answers.paper))
    desktop.print(done)
    if answers.paper:
        _write(Path(answers.paper), done)
    return 0


def _check_usage(given: Namespace) -> None:
    if given.settled and given.receipt:
        raise WrongUsage("--receipt does not go with --settled: what is settled on the spot has minutes, no receipt")
    if (given.agreed or given.minutes) and not given.settled and not given.interactive:
        raise WrongUsage("--agreed and --minutes go with --settled OUTCOME")
    if given.interactive and given.text == "-":
        raise WrongUsage("--text - does not go with --interactive: both read standard input")


def _answers(given: Namespace, desktop: Desktop, reader: FormReader) -> Answers:
    form = Form(
        channel=given.channel,
        text=read_text(given.text),
        subject=given.subject,
        name=given.name,
        email=given.email,
        phone=given.phone,
        customer_code=given.customer,
        order_code=given.order,
        category=given.category,
        delivered=given.delivered,
        language=given.language or "",
    )
    paper = given.minutes or given.receipt or ""
    answers = Answers(form=form, outcome=given.settled, agreed=given.agreed, paper=paper and _check_file(paper))
    return _ask(given, answers, desktop, reader) if given.interactive else answers


def _ask(given: Namespace, guess: Answers, desktop: Desktop, reader: FormReader) -> Answers:
    questions = Questions(sys.stdin, sys.stderr if given.json else sys.stdout)
    interview = EntryInterview(questions, desktop.policy, reader, desktop.language)
    try:
        answers = interview.ask(guess, desktop.now, _check_file)
    except NoMoreAnswers:
        raise Problem(f"the answers ended before the questions did: {_NOTHING}") from None
    except KeyboardInterrupt:
        raise Stopped(f"\n{_NOTHING}") from None
    if answers is None:
        raise Problem(_NOTHING)
    return answers


def _check_file(name: str) -> str:
    """Raises ValueError where something is there already, for no paper is written over, or nothing can be."""
    path = Path(name)
    if path.exists():
        raise ValueError(f"{path} is there already: name another file")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}")
    return name


def _write(path: Path, done: Done) -> None:
    assert done.paper is not None, "a paper was asked for"
    try:
        with path.open("xb") as file:
            file.write(done.paper)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        number = done.ticket.number
        raise Problem(f"{path}: {reason}; the case {number} is recorded, and the paper is kept in its file") from error
