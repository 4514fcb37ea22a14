"""Every key of a TOML text is found on the line it is written on."""

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from intake.settings.toml_lines import find_lines

TEXT = '''\
# a comment with [brackets] = "and" 'quotes'
top = 1
[service] # name
name = "Hakago # no comment"
address.local = 'support'
"quoted \\"key\\"" = 1979-05-27 07:32:00

[[mailbox]]
name = """
two lines with \\""" and [[no.table]]
"""
password = { env = "A", deep = { file = "]" } }
[[mailbox]]
hosts = [ # first
  "a,b", "c]",
  [1, 2], { x = 1 },
]
words = \'\'\'
x = 1\'\'\'\'\'
[mailbox.sub.table]
key = true
[[mailbox.hook]]
after = 1
[ "service" . extra ]
last = inf
'''

EXPECTED = {
    ("top",): 2,
    ("service",): 3,
    ("service", "name"): 4,
    ("service", "address"): 5,
    ("service", "address", "local"): 5,
    ("service", 'quoted "key"'): 6,
    ("mailbox",): 8,
    ("mailbox", 0): 8,
    ("mailbox", 0, "name"): 9,
    ("mailbox", 0, "password"): 12,
    ("mailbox", 0, "password", "env"): 12,
    ("mailbox", 0, "password", "deep"): 12,
    ("mailbox", 0, "password", "deep", "file"): 12,
    ("mailbox", 1): 13,
    ("mailbox", 1, "hosts"): 14,
    ("mailbox", 1, "hosts", 0): 15,
    ("mailbox", 1, "hosts", 1): 15,
    ("mailbox", 1, "hosts", 2): 16,
    ("mailbox", 1, "hosts", 2, 0): 16,
    ("mailbox", 1, "hosts", 2, 1): 16,
    ("mailbox", 1, "hosts", 3): 16,
    ("mailbox", 1, "hosts", 3, "x"): 16,
    ("mailbox", 1, "words"): 18,
    ("mailbox", 1, "sub"): 20,
    ("mailbox", 1, "sub", "table"): 20,
    ("mailbox", 1, "sub", "table", "key"): 21,
    ("mailbox", 1, "hook"): 22,
    ("mailbox", 1, "hook", 0): 22,
    ("mailbox", 1, "hook", 0, "after"): 23,
    ("service", "extra"): 24,
    ("service", "extra", "last"): 25,
}


def places_of(value, place=()):
    """Every place of a parsed document."""
    if place:
        yield place
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from places_of(member, (*place, step))


def test_every_form_of_key_is_on_its_line():
    assert find_lines(TEXT) == EXPECTED
    assert set(EXPECTED) == set(places_of(tomllib.loads(TEXT))), "the expectation covers the text"


def test_lines_are_the_same_with_the_line_ends_of_windows():
    text = TEXT.replace("\n", "\r\n")
    assert find_lines(text) == EXPECTED


KEYS = st.text(min_size=1, max_size=4, alphabet='ab1_-."[]#= ế')


def quoted(text):
    """A basic string: the escapes of JSON are right in TOML too."""
    return json.dumps(text)


VALUES = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=6, alphabet="ab\"]},#=\\\n' ế"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def written(value, newline):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + "".join(f"{newline}{written(one, newline)} , # ]\n" for one in value) + "]"
    if isinstance(value, dict):
        return "{" + " , ".join(f"{quoted(key)} = {flat(one)}" for key, one in value.items()) + "}"
    return str(value)


def flat(value):
    """Within an inline table everything stands on one line (TOML 1.0)."""
    if isinstance(value, list):
        return "[" + ", ".join(flat(one) for one in value) + "]"
    return written(value, "")


@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(KEYS, st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=3), max_size=3),
    st.sampled_from(["", "\n", "\n# [x]\n"]),
)
def test_every_place_of_any_document_has_a_line_that_shows_its_key(top, tables, newline):
    text = "".join(f"{quoted(key)} = {written(value, newline)}\n" for key, value in top.items())
    for name, members in tables.items():
        for member in members if name not in top else ():
            text += f"[[{quoted(name)}]]\n"
            text += "".join(f"{quoted(key)} = {written(value, newline)}\n" for key, value in member.items())
    lines = find_lines(text)
    assert set(lines) == set(places_of(tomllib.loads(text)))
    for place, line in lines.items():
        if isinstance(place[-1], str):
            assert quoted(place[-1]) in text.split("\n")[line - 1]
