"""Secrets are read late and shown never."""

import dataclasses
import json
from pathlib import Path

import pytest

from intake.settings.secrets import Secret, SecretUnavailable


def test_secret_is_read_from_the_environment_each_time(monkeypatch):
    secret = Secret(env="TIEPNHAN_TEST_SECRET")
    monkeypatch.setenv("TIEPNHAN_TEST_SECRET", "một")
    assert secret.read() == "một"
    monkeypatch.setenv("TIEPNHAN_TEST_SECRET", "hai")
    assert secret.read() == "hai"


@pytest.mark.parametrize(
    ("content", "value"),
    [("geheim\n", "geheim"), ("geheim\r\n", "geheim"), (" with blanks ", " with blanks ")],
    ids=["line end", "line end of Windows", "blanks belong to it"],
)
def test_secret_is_the_only_line_of_a_file(tmp_path, content, value):
    file = tmp_path / "password"
    file.write_bytes(content.encode())
    assert Secret(file=file).read() == value


def test_variable_that_is_not_set_is_one_clear_line(monkeypatch):
    monkeypatch.delenv("TIEPNHAN_TEST_SECRET", raising=False)
    with pytest.raises(SecretUnavailable) as caught:
        Secret(env="TIEPNHAN_TEST_SECRET").read()
    assert str(caught.value) == "secret in the environment variable TIEPNHAN_TEST_SECRET: it is not set, or empty"


def test_file_that_is_not_there_is_one_clear_line(tmp_path):
    with pytest.raises(SecretUnavailable) as caught:
        Secret(file=tmp_path / "password").read()
    assert str(caught.value) == f"secret in the file {tmp_path}/password: no such file or directory"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not set, or empty"),
        (b"geheim\nA1 LOGOUT\n", "one line"),
        (b"geheim\0", "one line"),
        (b"geheim\xff", "UTF-8"),
    ],
    ids=["empty", "two lines", "NUL", "no UTF-8"],
)
def test_file_with_something_else_is_refused_without_showing_it(tmp_path, content, reason):
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(SecretUnavailable, match=reason) as caught:
        Secret(file=file).read()
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_no_form_of_a_secret_shows_its_value(tmp_path):
    file = tmp_path / "password"
    file.write_text("geheim", encoding="utf-8")
    secret = Secret(file=file)
    assert secret.read() == "geheim"
    shown = [repr(secret), str(secret), json.dumps(dataclasses.asdict(secret), default=str)]
    assert not any("geheim" in form for form in shown)


@pytest.mark.parametrize("places", [{}, {"env": "A", "file": "b"}, {"env": ""}], ids=["none", "two", "empty"])
def test_secret_has_exactly_one_place(places):
    with pytest.raises(ValueError, match="only one"):
        Secret(**places)


def test_secret_in_a_file_is_replaced_as_a_whole_and_stays_as_private_as_it_was(tmp_path):
    file = tmp_path / "token"
    file.write_text("old\n")
    file.chmod(0o640)
    Secret(file=file).replace("mới")
    assert Secret(file=file).read() == "mới"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("secret", [Secret(env="TIEPNHAN_X"), Secret(file=Path("/proc/nobody/token"))], ids=str)
def test_secret_that_cannot_be_replaced_is_named(secret):
    with pytest.raises(SecretUnavailable, match=str(secret)):
        secret.replace("mới")
