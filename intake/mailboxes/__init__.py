"""Mailboxes: what is read from IMAP servers, and how their failures are lived with."""
