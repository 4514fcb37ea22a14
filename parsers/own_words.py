"""What somebody wrote and attached himself, and nothing else: what may be passed on in his name.

`reply_text` keeps what a customer forwards to us, since he means us to read it. What goes on to others must not carry
it: no quote, no forwarded mail below the words, no mail that is attached. Pure, never raises.
"""

from parsers.facts import Attachment, MailFacts
from parsers.quotes import cut_to_own

SMALLEST_INLINE_PHOTO_BYTES = 20_000  # smaller ones in the text are logos and smileys

_NOT_MEANT = frozenset({"mail", "signature"})
_WRAPPINGS = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})  # what is in them stands beside them


def find_own_words(facts: MailFacts) -> str:
    """The words of the mail's writer."""
    own = facts.text.removesuffix(facts.nested_text) if facts.nested_text else facts.text
    return cut_to_own(own).strip()


def find_own_files(facts: MailFacts) -> list[Attachment]:
    """What he attached: no mails and nothing out of them, nothing that his program adds, no pictures within the text
    (of signatures, of the quote). Apple Mail puts ordinary files "inline" too.
    """
    return [one for one in facts.attachments if not (one.nested or one.kind in _NOT_MEANT or _is_of_a_program(one))]


def _is_of_a_program(one: Attachment) -> bool:
    is_logo = one.inline and one.kind == "photo" and one.size_bytes < SMALLEST_INLINE_PHOTO_BYTES
    return one.shown or is_logo or one.type in _WRAPPINGS
