"""How much of a hostile mail is read. What is cut is named in the facts' `defects`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The defaults leave room for any mail a person sends."""

    parts: int = 1_000  # limit-parts: leaves and nested mails of one mail
    depth: int = 16  # limit-depth: multiparts and nested mails within each other
    header_bytes: int = 256 * 1024  # limit-header: of one header block
    decoded_bytes: int = 1024 * 1024 * 1024  # limit-decoded: of all parts together
    text_bytes: int = 2 * 1024 * 1024  # limit-text: of all texts together; attachments are streamed and not counted
    head_bytes: int = 4 * 1024  # kept of each other part: enough to see what it is
    html_tags: int = 12_000  # limit-html: of one HTML text; laying out costs time by the tag
    links: int = 200  # limit-links
    tnef_bytes: int = 32 * 1024 * 1024  # limit-tnef: of one winmail.dat, which cannot be read in pieces
