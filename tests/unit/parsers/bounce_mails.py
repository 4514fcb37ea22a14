"""Mails for the tests of bounces and automatic mail, as the splitter would hand them over."""

import hashlib

from parsers.headers import Headers
from parsers.structure import Part, Structure

ROBOT = "Mail Delivery System <MAILER-DAEMON@mx.mailhost.example>"


def make_part(
    content_type: str, text: str = "", *, parent: str = "multipart/report", within_mail: bool = False
) -> Part:
    head = text.encode()
    return Part(
        headers=Headers([("content-type", content_type)]),
        content_type=content_type,
        parameters={},
        disposition="",
        name="",
        parent_type=parent,
        depth=1,
        within_mail=within_mail,
        size_bytes=len(head),
        sha256=hashlib.sha256(head).hexdigest(),
        head=head,
    )


def make_mail(
    *fields: tuple[str, str], content_type: str = "text/plain", parts: tuple[Part, ...] = (), report: str = ""
) -> Structure:
    return Structure(
        headers=Headers(fields),
        content_type=content_type,
        parameters={"report-type": report} if report else {},
        parts=parts,
        defects=(),
    )


def make_notice(*fields: tuple[str, str], sender: str = ROBOT, parts: tuple[Part, ...] = ()) -> Structure:
    """A notice in plain words, sent to us."""
    return make_mail(("from", sender), ("to", "support@shop.example"), *fields, parts=parts)


def make_report(fields: str, *parts: Part, sender: str = ROBOT, kind: str = "delivery-status") -> Structure:
    """A multipart/report with one machine-readable part (RFC 6522)."""
    return make_mail(
        ("from", sender),
        ("to", "support@shop.example"),
        content_type="multipart/report",
        report=kind,
        parts=(make_part(f"message/{kind}", fields), *parts),
    )
