"""What a company calls things, out of its policy and its desk, for documents in one language."""

from responders.paper_words import Language
from responders.wording import Names
from tickets.desk import Desk
from tickets.policy import Policy, Words


def names_of(policy: Policy, desk: Desk, language: Language) -> Names:
    """The names of everything that a case can hold."""

    def say(words: Words, key: str) -> str:
        return words.get(language) or key

    compensation = policy.compensation
    departments = {one.key: say(one.name, one.key) for one in policy.departments}
    return Names(
        categories={one.slug: say(one.name, one.slug) for one in policy.categories},
        slots={one.key: say(one.name, one.key) for one in policy.slots},
        clocks={one.name: say(one.title, one.name) for one in reversed(policy.clocks) if one.title},
        departments=departments | {one.key: one.name for one in desk.departments if one.key not in departments},
        # Of several rules with one key the first is the one that counts in most kinds of complaint.
        outcomes={one.key: say(one.name, one.key) for one in reversed(policy.outcomes)},
        flags={one.key: say(one.name, one.key) for one in policy.flags},
        figures={one.key: say(one.name, one.key) for one in compensation.figures} if compensation else {},
        people={one.email: one.name for one in desk.everybody()},
        currency=compensation.currency if compensation else "VND",
    )
