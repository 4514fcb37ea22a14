import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.addresses import parse_addresses


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a@b.example", [("", "a@b.example")], id="bare"),
        pytest.param("Lan <Lan@B.Example>", [("Lan", "Lan@b.example")], id="only the domain is lowered"),
        pytest.param('"Lan, CSKH" <lan@b.example>', [("Lan, CSKH", "lan@b.example")], id="quoted comma"),
        pytest.param("Nguyễn, Lan <lan@b.example>", [("Nguyễn, Lan", "lan@b.example")], id="comma without quotes"),
        pytest.param("a@b.example, , c@d.example;e@f.example",
                     [("", "a@b.example"), ("", "c@d.example"), ("", "e@f.example")], id="empty entry and semicolon"),
        pytest.param("Nhóm: a@b.example, Lan <c@d.example>;", [("", "a@b.example"), ("Lan", "c@d.example")],
                     id="group"),
        pytest.param("undisclosed-recipients:;", [], id="empty group"),
        pytest.param("a@b.example (Lan)", [("Lan", "a@b.example")], id="name in a comment"),
        pytest.param("Lan <lan(nhà)@(b)b.example>", [("Lan", "lan@b.example")], id="comments within the address"),
        pytest.param("<@relay.example:lan@b.example>", [("", "lan@b.example")], id="obsolete route"),
        pytest.param("lan@b   . example", [("", "lan@b.example")], id="obsolete blanks"),
        pytest.param('"Lan Nguyen"@b.example <lan@c.example>', [("Lan Nguyen @b.example", "lan@c.example")],
                     id="an address as a name is no address"),
        pytest.param('"boss@bank.example" <matmail>', [("boss@bank.example", "")], id="no address in the brackets"),
        pytest.param('<"lan nguyen"@b.example>', [("", '"lan nguyen"@b.example')], id="quoted local part"),
        pytest.param("lan@[192.0.2.1]", [("", "lan@[192.0.2.1]")], id="address literal"),
        pytest.param("=?utf-8?Q?Nguy=E1=BB=85n,_Lan?= <lan@b.example>", [("Nguyễn, Lan", "lan@b.example")],
                     id="comma within a word"),
        pytest.param('"=?utf-8?B?TmfDtCBMYW4=?=" <lan@b.example>', [("Ngô Lan", "lan@b.example")], id="word in quotes"),
        pytest.param("=?utf-8?Q?Lan_<lan=40b.example>?=", [("Lan", "lan@b.example")], id="the whole of it as a word"),
        pytest.param("Lan lan@b.example", [("", "lan@b.example")], id="brackets forgotten"),
        pytest.param("chỉ có tên", [], id="no address"),
        pytest.param("", [], id="nothing"),
    ],
)  # fmt: skip
def test_mailboxes_are_found(value, expected):
    assert [(one.name, one.email) for one in parse_addresses(value)] == expected


@given(st.text(alphabet='ab@.<>"(),:; \\=?QB', max_size=80))
def test_any_field_is_read(value):
    for address in parse_addresses(value):
        assert "<" not in address.email
