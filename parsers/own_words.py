"""What somebody wrote himself, and nothing else: the words that may be passed on in his name.

`reply_text` keeps what a customer forwards to us, since he means us to read it. What goes on to others must not carry
it: no quote, no forwarded mail below the words, no mail that is attached. Pure, never raises.
"""

from parsers.facts import MailFacts
from parsers.quotes import cut_to_own


def find_own_words(facts: MailFacts) -> str:
    """The words of the mail's writer."""
    own = facts.text.removesuffix(facts.nested_text) if facts.nested_text else facts.text
    return cut_to_own(own).strip()
