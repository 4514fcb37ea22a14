"""What every command that needs the config starts with: config and policy read, mistakes told."""

from argparse import Namespace

from intake.commands.problem import Problem
from intake.settings.config import Config, read_config
from intake.settings.policies import read_policy
from intake.settings.records import Mistakes
from store.database import Database
from store.errors import StoreError
from store.migrating import is_current, migrate
from store.reading import Reading
from tickets.policy import Policy


def open_config(given: Namespace) -> Config:
    """The config file of the command line. Raises Problem with a line for each mistake."""
    try:
        return read_config(given.config)
    except Mistakes as mistakes:
        raise Problem(str(mistakes)) from mistakes


def open_policy(config: Config) -> Policy:
    """The policy that the config names. Raises Problem."""
    try:
        return read_policy(config.service.policy)
    except Mistakes as mistakes:
        raise Problem(str(mistakes)) from mistakes


def open_database(config: Config) -> Database:
    """The database, brought up to date. Raises Problem."""
    try:
        database = Database(config.service.database)
        migrate(database)
    except (StoreError, OSError) as error:
        raise Problem(f"database: {error}") from error
    return database


def open_to_read(config: Config) -> Database:
    """The database as it is, for commands that must change nothing at all. Raises Problem."""
    database = Database(config.service.database, may_write=False)
    try:
        if is_current(database):
            return database
    except StoreError as error:
        raise Problem(f"database: {error}") from error
    raise Problem("database: its tables are not those of this release; `tiepnhan run` makes them so")


def open_reading(given: Namespace) -> Reading:
    """For commands that only look."""
    config = open_config(given)
    policy = open_policy(config)
    return Reading(open_database(config), policy)
