"""The shape of one mail: its parts in order, each with its headers, size, hash and the beginning of its bytes.

The splitter makes these records; texts, attachments, bounces and automatic mail are read from them. They never hold
a whole large attachment: `head` is the decoded beginning, the rest went to the blob writer.
"""

from dataclasses import dataclass

from parsers.headers import Headers


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One leaf of the MIME tree, or one nested mail (message/rfc822), decoded."""

    headers: Headers
    content_type: str  # declared, lower case, "text/plain" where nothing usable is declared (RFC 2045 §5.2)
    parameters: dict[str, str]  # of Content-Type, decoded by RFC 2231, names in lower case
    disposition: str  # "inline", "attachment" or "" where nothing is said
    name: str  # file name, decoded; "" where there is none
    parent_type: str  # content type of the multipart it stands in; "" at the top
    depth: int  # 0 for the top of the mail; inside a nested mail it grows further
    within_mail: bool  # stands inside a nested message/rfc822 part
    size_bytes: int  # decoded
    sha256: str  # of the decoded bytes
    head: bytes  # the decoded beginning: whole for texts up to the limit, else at most `Limits.head_bytes`
    is_body: bool = False  # text to be read and not a file: no blob was written
    alternative: int = 0  # which multipart/alternative it is a choice of, counted from 1; 0: none

    @property
    def is_whole(self) -> bool:
        """Whether `head` is all of the part."""
        return len(self.head) == self.size_bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Structure:
    """A mail taken apart."""

    headers: Headers
    content_type: str  # of the mail itself, lower case, such as "multipart/report"
    parameters: dict[str, str]
    parts: tuple[Part, ...]  # leaves and nested mails, in the order of the mail
    defects: tuple[str, ...]
    header_text: str = ""  # words that stand where only fields should
