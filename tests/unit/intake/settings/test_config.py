"""The configuration: what is read, what is filled in, what is refused and in which words."""

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.settings.config import Config, Department, Processed, Staff, read_config
from intake.settings.records import Mistakes
from intake.settings.secrets import Secret
from intake.settings.shapes import is_list, is_text, keys_of

ROOT = Path(__file__).parents[4]

SMALLEST = """\
[service]
name = "Hakago"
address = "support@hakago.example"
[[mailbox]]
name = "support"
host = "imap.hakago.example"
[smtp]
host = "smtp.hakago.example"
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return read_config(path)

    return read_text


@pytest.fixture
def mistakes(read, tmp_path):
    def find(text):
        with pytest.raises(Mistakes) as caught:
            read(text)
        return str(caught.value).replace(f"{tmp_path}/", "").split("\n")

    return find


def with_lines(table, *lines):
    """The smallest configuration with more lines below the heading `table`."""
    return SMALLEST.replace(f"{table}\n", "\n".join([table, *lines, ""]))


def test_smallest_configuration_gets_sensible_defaults(read, tmp_path):
    config = read(SMALLEST)
    service, mailbox = config.service, config.mailboxes[0]
    assert (service.policy, service.language, service.templates, service.subaddress) == ("hakago", "vi", None, "+")
    assert service.data == tmp_path / "var"
    assert service.database == f"sqlite:///{tmp_path}/var/tiepnhan.db"
    assert (mailbox.port, mailbox.security, mailbox.folder) == (993, "tls", "INBOX")
    assert (mailbox.poll, mailbox.processed, mailbox.since) == (timedelta(seconds=60), Processed(action="keep"), None)
    assert (mailbox.username, mailbox.password, mailbox.oauth2) == (None, None, None)
    assert (config.smtp.port, config.smtp.connections) == (465, 4)
    assert (config.departments, config.staff, config.trust.authserv_id) == ((), (), None)
    assert (config.limits.automatic_per_address_per_day, config.limits.automatic_per_hour) == (20, 5000)


@pytest.mark.parametrize(
    ("security", "host", "imap_port", "smtp_port"),
    [("tls", "mail.example", 993, 465), ("starttls", "mail.example", 143, 587), ("plain", "127.0.0.1", 143, 25)],
)
def test_ports_follow_the_kind_of_security(read, security, host, imap_port, smtp_port):
    text = re.sub(r'host = ".*"', f'host = "{host}"\nsecurity = "{security}"', SMALLEST)
    config = read(text)
    assert (config.mailboxes[0].port, config.smtp.port) == (imap_port, smtp_port)


def test_example_is_right_and_says_everything_the_contract_shows():
    config = read_config(ROOT / "config.example.toml")
    mailbox = config.mailboxes[0]
    assert config.service.name == "Hakago"
    assert config.service.database == f"sqlite:///{ROOT}/var/tiepnhan.db"
    assert mailbox.password == Secret(env="TIEPNHAN_IMAP_PASSWORD")
    assert mailbox.since == date(2026, 11, 1)
    assert config.departments == (Department(key="cskh", name="Bộ phận CSKH", categories=("*",)),)
    assert config.staff == (Staff(name="Lan", email="lan@hakago.example", departments=("cskh",)),)
    assert config.trust.authserv_id == "mx.hakago.example"


def test_paths_count_from_the_folder_of_the_file(read, tmp_path):
    config = read(
        with_lines("[service]", 'data = "d"', 'database = "sqlite:///x/y.db"', 'templates = "t"', 'policy = "p/a.toml"')
        + 'username = "x"\npassword = { file = "smtp.password" }\nca_file = "ca.pem"\n'
    )
    assert (config.service.data, config.service.templates) == (tmp_path / "d", tmp_path / "t")
    assert config.service.database == f"sqlite:///{tmp_path}/x/y.db"
    assert config.service.policy == str(tmp_path / "p/a.toml")
    assert config.smtp.password == Secret(file=tmp_path / "smtp.password")
    assert config.smtp.ca_file == tmp_path / "ca.pem"


def test_absolute_paths_and_database_servers_stay(read):
    config = read(with_lines("[service]", 'data = "/srv/d"', 'policy = "/etc/p.toml"'))
    assert config.service.database == "sqlite:////srv/d/tiepnhan.db"
    assert config.service.policy == "/etc/p.toml"
    url = "postgresql+psycopg://tiepnhan@db.hakago.example/tiepnhan"
    assert read(with_lines("[service]", f'database = "{url}"')).service.database == url


@pytest.mark.parametrize(
    ("text", "processed"),
    [
        ("keep", Processed(action="keep")),
        ("flag", Processed(action="flag")),
        ("move:Đã xử lý/2026", Processed(action="move", folder="Đã xử lý/2026")),
    ],
)
def test_processed_is_read(read, text, processed):
    assert read(with_lines("[[mailbox]]", f'processed = "{text}"')).mailboxes[0].processed == processed


def test_oauth2_is_read_instead_of_a_password(read):
    config = read(
        SMALLEST + 'username = "x"\n'
        '[smtp.oauth2]\nclient_id = "c"\nclient_secret = { env = "A" }\nrefresh_token = { env = "B" }\n'
        'token_url = "https://login.example/token"\n'
    )
    assert config.smtp.oauth2 is not None
    assert config.smtp.oauth2.client_secret == Secret(env="A")
    assert config.smtp.oauth2.refresh_token == Secret(env="B")


@pytest.mark.parametrize("address", ["hỗtrợ@hakago.example", "a@localhost", "a.b@mail.local", "x'y@HAKAGO.vn"])
def test_addresses_of_internal_and_international_servers_are_right(read, address):
    local, _, domain = address.partition("@")
    text = SMALLEST.replace("support@hakago.example", address)
    assert read(text).service.address == f"{local}@{domain.lower()}"


WRONG = {
    "no service": (SMALLEST.split("[[", 1)[1].join(["[[", ""]), " [service] is missing"),
    "no mailbox": (re.sub(r"\[\[mailbox[^\[]*", "", SMALLEST), " [[mailbox]] is missing"),
    "no smtp": (SMALLEST.split("[smtp]", maxsplit=1)[0], " [smtp] is missing"),
    "empty list of mailboxes": (
        "mailbox = []\n" + re.sub(r"\[\[mailbox[^\[]*", "", SMALLEST),
        "1: [[mailbox]] must name at least 1",
    ),
    "unknown key": (
        SMALLEST.replace('"imap.hakago.example"', '"h"\nfolders = "INBOX"'),
        '7: unknown key "folders" in [[mailbox]]: did you mean "folder"?',
    ),
    "address": (
        SMALLEST.replace("support@hakago", "Hakago <support@hakago"),
        '3: "address" in [service]: "Hakago <support@hakago.example" is no e-mail address',
    ),
    "language": (
        with_lines("[service]", 'language = "fr"'),
        '2: "language" in [service] must be "vi" or "en", not "fr"',
    ),
    "policy": (
        with_lines("[service]", 'policy = "my policy"'),
        '2: "policy" in [service]: must be the name of a policy, such as "hakago", or the path of a .toml file',
    ),
    "policy misspelt": (
        with_lines("[service]", 'policy = "hakgo"'),
        '2: "policy" in [service]: there is no policy "hakgo": did you mean "hakago"?',
    ),
    "policy unknown": (
        with_lines("[service]", 'policy = "xyz"'),
        '2: "policy" in [service]: there is no policy "xyz": there are borzo, general, hakago, hopthu, mit',
    ),
    "database in memory": (
        with_lines("[service]", 'database = "sqlite:///:memory:"'),
        '2: "database" in [service]: must be "sqlite:///PATH" or "postgresql+psycopg://USER@HOST/NAME"',
    ),
    "empty database": (
        with_lines("[service]", 'database = ""'),
        '2: "database" in [service]: must be "sqlite:///PATH" or "postgresql+psycopg://USER@HOST/NAME"',
    ),
    "host with port": (
        SMALLEST.replace("imap.hakago.example", "imap.hakago.example:993"),
        '6: "host" in [[mailbox]]: must be a name or an address alone, without protocol, port and blanks',
    ),
    "port zero": (with_lines("[smtp]", "port = 0"), '8: "port" in [smtp] must be at least 1'),
    "port too high": (with_lines("[smtp]", "port = 65536"), '8: "port" in [smtp] must be at most 65535'),
    "security": (
        with_lines("[smtp]", 'security = "starttsl"'),
        '8: "security" in [smtp] must be "tls" or "starttls" or "plain", not "starttsl": did you mean "starttls"?',
    ),
    "plain over the net": (
        with_lines("[smtp]", 'security = "plain"'),
        '8: "security" in [smtp] can be "plain" only where the host is this machine',
    ),
    "poll of nothing": (with_lines("[[mailbox]]", 'poll = "0s"'), '5: "poll" in [[mailbox]]: must be at least "1s"'),
    "processed": (
        with_lines("[[mailbox]]", 'processed = "move:"'),
        '5: "processed" in [[mailbox]]: must be "keep", "flag" or "move:FOLDER"',
    ),
    "move to where it is": (
        with_lines("[[mailbox]]", 'processed = "move:INBOX"'),
        '5: "processed" in [[mailbox]] moves mail to "INBOX", where it already is',
    ),
    "since": (
        with_lines("[[mailbox]]", 'since = "2026-11-31"'),
        '5: "since" in [[mailbox]]: must be a date, such as "2026-11-01"',
    ),
    "both places of a secret": (
        with_lines("[smtp]", 'username = "x"', 'password = { env = "A", file = "b" }'),
        '9: "password" in [smtp]: needs one of env = "NAME" and file = "PATH", and only one',
    ),
    "password without username": (
        with_lines("[smtp]", 'password = { env = "A" }'),
        '7: [smtp] has "password" but no "username"',
    ),
    "username without password": (
        with_lines("[smtp]", 'username = "x"'),
        '8: [smtp] has "username" but neither "password" nor "oauth2"',
    ),
    "token over the open net": (
        SMALLEST + 'username = "x"\noauth2.client_id = "c"\noauth2.refresh_token.env = "A"\n'
        'oauth2.token_url = "http://login.example/"\n',
        '12: "token_url" in [smtp.oauth2]: must begin with https://',
    ),
    "staff of a department that is not there": (
        SMALLEST + '[[department]]\nkey = "cskh"\nname = "CSKH"\n'
        '[[staff]]\nname = "Lan"\nemail = "lan@hakago.example"\ndepartments = [\n  "cskh",\n  "ckh",\n]\n',
        '17: there is no department "ckh": did you mean "cskh"?',
    ),
    "role": (
        SMALLEST + '[[department]]\nkey = "a"\nname = "A"\n'
        '[[staff]]\nname = "Lan"\nemail = "lan@hakago.example"\ndepartments = ["a"]\nrole = "boss"\n',
        '16: "role" in [[staff]] must be "agent" or "manager", not "boss"',
    ),
    "department twice": (
        SMALLEST + '[[department]]\nkey = "a"\nname = "A"\n[[department]]\nkey = "a"\nname = "B"\n',
        '13: "key" in [[department]]: there is another [[department]] with "a"',
    ),
    "mailbox twice": (
        SMALLEST + '[[mailbox]]\nname = "support"\nhost = "h"\n',
        '10: "name" in [[mailbox]]: there is another [[mailbox]] with "support"',
    ),
    "service among staff": (
        SMALLEST + '[[department]]\nkey = "a"\nname = "A"\n'
        '[[staff]]\nname = "Lan"\nemail = "Support@Hakago.example"\ndepartments = ["a"]\n',
        '14: "email" in [[staff]]: "Support@Hakago.example" is the address of the service; staff need their own',
    ),
    "authserv-id of two words": (
        SMALLEST + '[trust]\nauthserv_id = "mx.hakago.example; spf=pass"\n',
        '10: "authserv_id" in [trust]: must be one word, as it stands first in Authentication-Results',
    ),
    "limit of nothing": (SMALLEST + "[limits]\nparts = 0\n", '10: "parts" in [limits] must be at least 1'),
}


@pytest.mark.parametrize(("text", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_named_with_its_line_and_what_would_be_right(mistakes, text, line):
    assert mistakes(text) == [f"config.toml:{line}"]


def test_all_mistakes_of_all_tables_are_named_at_once(mistakes):
    text = """\
[service]
nam = "Hakago"
address = "support"
[[mailbox]]
name = "support"
host = "imap.hakago.example"
security = "plain"
password = "geheim"
poll = "0s"
[[mailbox]]
name = "support"
host = "imap.hakago.example"
port = "993"
[staf]
"""
    assert mistakes(text) == [
        "config.toml: [smtp] is missing",
        'config.toml:1: [service] needs the key "name"',
        'config.toml:2: unknown key "nam" in [service]: did you mean "name"?',
        'config.toml:3: "address" in [service]: "support" is no e-mail address',
        'config.toml:4: [[mailbox]] has "password" but no "username"',
        'config.toml:7: "security" in [[mailbox]] can be "plain" only where the host is this machine',
        'config.toml:8: a secret never stands in this file: write password = { env = "NAME" } or { file = "PATH" }',
        'config.toml:9: "poll" in [[mailbox]]: must be at least "1s"',
        'config.toml:11: "name" in [[mailbox]]: there is another [[mailbox]] with "support"',
        'config.toml:13: "port" in [[mailbox]] must be a whole number without quotation marks',
        'config.toml:14: unknown key "staf": did you mean "staff"?',
    ]


OAUTH2 = 'username = "x"\n[smtp.oauth2]\nclient_id = "c"\ntoken_url = "https://x/"\n'
SECRETS = {
    "password": 'username = "x"\npassword = "geheim"\n',
    "refresh token": OAUTH2 + 'refresh_token = "geheim"\n',
    "client secret": OAUTH2 + 'refresh_token.env = "A"\nclient_secret = "geheim"\n',
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_secret_in_the_file_is_refused_and_not_repeated(mistakes, text):
    (line,) = mistakes(SMALLEST + text)
    assert "a secret never stands in this file: write" in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://u:geheim@h/d", "postgresql+psycopg://h/d?user=u&password=geheim"]
)
def test_password_of_the_database_is_refused_and_not_repeated(mistakes, url):
    (line,) = mistakes(with_lines("[service]", f'database = "{url}"'))
    assert "config.toml:2: " in line
    assert "PGPASSWORD" in line
    assert "geheim" not in line


def test_configuration_that_is_not_there_is_one_line_with_the_way_out(tmp_path):
    with pytest.raises(Mistakes) as caught:
        read_config(tmp_path / "config.toml")
    advice = "no such file: `tiepnhan init` writes one, --config PATH names another"
    assert str(caught.value) == f"{tmp_path}/config.toml: {advice}"


STAFF = (
    SMALLEST
    + """
[[department]]
key = "cskh"
name = "Bộ phận CSKH"
[[department]]
key = "kho"
name = "Kho"
categories = ["missing_parts", "wrong_color"]
[[staff]]
name = "Lan"
email = "Lan@hakago.example"
departments = ["cskh"]
[[staff]]
name = "Minh"
email = "minh@hakago.example"
departments = ["kho"]
role = "manager"
[[staff]]
name = "Hà"
email = "ha@hakago.example"
departments = ["cskh", "kho"]
"""
)


def test_staff_are_found_by_address_in_any_case(read):
    config = read(STAFF)
    person = config.staff_member("LAN@hakago.EXAMPLE")
    assert person is not None
    assert person.name == "Lan"
    assert config.staff_member("stranger@hakago.example") is None


def keys_below(record):
    for key, shape in keys_of(record).items():
        yield key
        members = shape.__args__[0] if is_list(shape) else shape
        if dataclasses.is_dataclass(members) and not is_text(members):
            yield from keys_below(members)


def test_every_key_is_explained_to_admins():
    page = (ROOT / "docs" / "admin.md").read_text(encoding="utf-8")
    assert [key for key in keys_below(Config) if not re.search(rf"[`.\[]{key}[`\]]", page)] == []
