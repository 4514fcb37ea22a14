"""Where a password or token is kept, and how it is read at the moment it is needed.

A `Secret` knows the place only, never the value, so no record, log line or error message can show one. A value that
cannot be read raises `SecretUnavailable` with one line that says what to do.
"""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


class SecretUnavailable(LookupError):
    """A secret is not where the configuration says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Secret:
    """Exactly one of the two places is given."""

    env: str | None = None  # name of an environment variable
    file: Path | None = None  # a file with the secret on its only line

    def __post_init__(self) -> None:
        if bool(self.env) == bool(self.file):
            raise ValueError('needs one of env = "NAME" and file = "PATH", and only one')

    def read(self) -> str:
        """The secret as it is now. Raises SecretUnavailable."""
        value = _read_file(self.file) if self.file else os.environ.get(str(self.env), "")
        if not value:
            raise SecretUnavailable(f"{self}: it is not set, or empty")
        if any(character in value for character in "\r\n\0"):
            raise SecretUnavailable(f"{self}: it must be one line")
        return value

    def replace(self, value: str) -> None:
        """Put another value into the file, whole or not at all. Raises SecretUnavailable, for a variable always."""
        if self.file is None:
            raise SecretUnavailable(f"{self}: only one in a file can be replaced")
        try:
            _replace_file(self.file, value)
        except OSError as error:
            raise SecretUnavailable(f"{self}: {(error.strerror or 'not writable').lower()}") from error

    def __str__(self) -> str:
        return f"secret in the file {self.file}" if self.file else f"secret in the environment variable {self.env}"


def _replace_file(path: Path, value: str) -> None:
    mode = path.stat().st_mode & 0o777
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    draft = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(f"{value}\n")
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise SecretUnavailable(f"secret in the file {path}: {(error.strerror or 'unreadable').lower()}") from error
    except UnicodeDecodeError:
        # From None, because the error holds the bytes of the secret.
        raise SecretUnavailable(f"secret in the file {path}: it is no UTF-8 text") from None
