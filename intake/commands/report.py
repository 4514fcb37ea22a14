"""`tiepnhan report`: the figures of the complaints of a period, as text, as JSON, or as one HTML page with plots."""

import json
from argparse import Namespace
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.assembly import make_desk, template_folders
from intake.cases.reporting import make_report, report_to_json, report_to_page, report_to_text
from intake.commands.arguments import end_of, start_of
from intake.commands.problem import Problem, WrongUsage
from intake.commands.setting import open_config, open_policy, open_to_read
from intake.settings.config import Config
from responders.paper_names import names_of
from responders.rendering import BrokenTemplate, Templates
from responders.report_telling import ReportTelling
from responders.wording import Wording
from store.errors import StoreError
from tickets.policy import Policy
from tickets.report import Report


def report(given: Namespace) -> int:
    """Print the report, or write the page."""
    if given.html and given.json:
        raise WrongUsage("say --json or --html, not both")
    config = open_config(given)
    policy = open_policy(config)
    made = _make(given, config, policy)
    if given.json:
        print(json.dumps(report_to_json(made), ensure_ascii=False))
        return 0
    language = config.service.language
    names = names_of(policy, make_desk(config, policy), language)
    telling = ReportTelling(policy.name, Wording(language=language, zone=policy.time.zone, names=names))
    if not given.html:
        print("\n".join(report_to_text(made, telling)))
        return 0
    own = [config.service.templates] if config.service.templates else []
    templates = Templates(template_folders(policy, own), ZoneInfo(policy.zone))
    try:
        Path(given.html).write_text(report_to_page(made, telling, templates, language), encoding="utf-8")
    except BrokenTemplate as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(f"{given.html}: {(error.strerror or str(error)).lower()}") from error
    print(given.html)
    return 0


def _make(given: Namespace, config: Config, policy: Policy) -> Report:
    zone = policy.time.zone
    now = (given.now or datetime.now(zone)).astimezone(zone)
    since, until = (
        start_of(given.since, zone).astimezone(zone),
        end_of(given.until or now.date(), zone).astimezone(zone),
    )
    if until <= since:
        raise WrongUsage(f"the period from {since:%Y-%m-%d} ends before it begins")
    try:
        with closing(open_to_read(config)) as database:
            return make_report(database, policy, since, until, now)
    except StoreError as error:
        raise Problem(f"database: {error}") from error
