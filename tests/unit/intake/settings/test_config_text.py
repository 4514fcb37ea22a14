"""What is written as config.toml reads back as it was."""

import unicodedata
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from intake.settings.config import Config, Department, Mailbox, OAuth2, Processed, Service, Smtp, Staff, read_config
from intake.settings.config_text import write_config
from intake.settings.secrets import Secret

PLAIN = Config(
    service=Service(name="Hakago", address="support@hakago.example"),
    mailboxes=(
        Mailbox(
            name="support",
            host="imap.hakago.example",
            username="support@hakago.example",
            password=Secret(env="TIEPNHAN_IMAP_PASSWORD"),
            since=date(2026, 11, 1),
        ),
    ),
    smtp=Smtp(host="127.0.0.1", security="plain"),
    departments=(Department(key="cskh", name="Bộ phận CSKH"),),
    staff=(Staff(name="Lan", email="lan@hakago.example", departments=("cskh",)),),
)
words = st.text(min_size=1).map(partial(unicodedata.normalize, "NFC")).filter(str.isprintable)


def read_back(config: Config) -> Config:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(write_config(config), encoding="utf-8")
        read = read_config(path)
        service = replace(read.service, data=read.service.data.relative_to(folder), database="")
        return replace(read, service=service)


def test_everything_written_is_read_again():
    assert read_back(PLAIN) == PLAIN


def test_what_is_not_the_usual_is_written_too():
    mailbox = replace(
        PLAIN.mailboxes[0], processed=Processed(action="move", folder="Đã xử lý"), password=Secret(env="X")
    )
    changed = replace(PLAIN, mailboxes=(mailbox, replace(mailbox, name="second", folder="Khác")))
    assert read_back(changed) == changed


def test_a_login_by_token_is_written_too():
    oauth2 = OAuth2(
        client_id='tiếp "nhận"',
        client_secret=Secret(env="CLIENT_SECRET"),
        refresh_token=Secret(env="REFRESH_TOKEN"),
        token_url="https://login.hakago.example/token",
    )
    mailbox = replace(PLAIN.mailboxes[0], password=None, oauth2=oauth2)
    public = replace(oauth2, client_secret=None)
    smtp = Smtp(host="smtp.hakago.example", username="support@hakago.example", oauth2=public)
    changed = replace(PLAIN, mailboxes=(mailbox,), smtp=smtp)
    assert read_back(changed) == changed


@given(name=words, department=words, person=words)
def test_any_words_of_people_survive(name, department, person):
    config = replace(
        PLAIN,
        service=replace(PLAIN.service, name=name),
        departments=(Department(key="cskh", name=department),),
        staff=(replace(PLAIN.staff[0], name=person),),
    )
    assert read_back(config) == config


def test_comments_of_a_table_begin_in_one_column():
    tables = write_config(PLAIN).split("\n\n")
    for table in tables[1:-2]:
        starts = {line.rindex("# ") for line in table.split("\n") if " # " in line}
        assert len(starts) <= 1, table
