"""What somebody wrote and attached himself, and nothing else: what may be passed on in his name.

`reply_text` keeps what a customer forwards to us, since he means us to read it. What goes on to others must not carry
it: no quote, no forwarded mail below the words, no mail that is attached. Pure, never raises.
"""

from parsers.facts import Attachment, MailFacts
from parsers.quotes import cut_to_own


def find_own_words(facts: MailFacts) -> str:
    """The words of the mail's writer."""
    own = facts.text.removesuffix(facts.nested_text) if facts.nested_text else facts.text
    return cut_to_own(own).strip()


def find_own_files(facts: MailFacts) -> list[Attachment]:
    """What he attached: no mails and nothing out of them, no pictures within the text (of signatures, of the quote)."""
    return [one for one in facts.attachments if not (one.inline or one.nested or one.kind == "mail")]
