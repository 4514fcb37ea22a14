"""What can go wrong with a mailbox, each error with one line that an admin understands.

`translated` turns what imapclient, imaplib, ssl and the socket raise into this tree.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4


class MailboxError(Exception):
    """Something is wrong with a mailbox; the text is one line that an admin understands."""

    is_temporary = True


class ConnectionLost(MailboxError):
    """The server cannot be reached, hangs, closed the connection or talks nonsense."""


class CommandRefused(MailboxError):
    """The server said NO or BAD to one command."""


class AccessRefused(MailboxError):
    """Certificate, folder, rights, login: the next attempt will end like this one unless somebody acts."""

    is_temporary = False


class LoginRefused(AccessRefused):
    """User name, password or token: servers lock out who tries it again and again."""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raises MailboxError for all that talking to a server can raise; `doing` opens the line."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise AccessRefused(f"{doing}: certificate refused: {error.verify_message}") from error
    except TimeoutError as error:
        raise ConnectionLost(f"{doing}: the server does not answer") from error
    except IMAP4.readonly as error:
        raise AccessRefused(f'{doing}: the folder is read-only; set processed = "keep"') from error
    except (IMAP4.abort, OSError) as error:
        raise ConnectionLost(f"{doing}: {_one_line(error)}") from error
    except IMAP4.error as error:
        raise CommandRefused(f"{doing}: {_one_line(error)}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # imaplib, on answers that are not IMAP
        raise ConnectionLost(f"{doing}: not understood: {_one_line(error)}") from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
