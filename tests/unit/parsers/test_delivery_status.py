"""RFC 3464 reports, as the standard has them and as servers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bounces import read_bounce
from parsers.delivery_status import find_status, read_delivery_status, read_report_fields
from tests.unit.parsers.bounce_mails import make_mail, make_part, make_report

HEAD = "Reporting-MTA: dns; mx.mailhost.example\nArrival-Date: Thu, 19 Nov 2026 23:34:45 +0700\n\n"

# name, fields of one recipient, address, status, permanent
RECIPIENTS = [
    (
        "plain",
        "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus: 5.1.1\n",
        "lan@khach.example",
        "5.1.1",
        True,
    ),
    (
        "angle brackets and upper case",
        "FINAL-RECIPIENT: RFC822;<Lan@KHACH.example>\nACTION: Failed\nSTATUS: 5.2.2 (full)\n",
        "Lan@khach.example",
        "5.2.2",
        True,
    ),
    (
        "temporary status",
        "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus: 4.4.7\n",
        "lan@khach.example",
        "4.4.7",
        False,
    ),
    (
        "delayed",
        "Final-Recipient: rfc822; lan@khach.example\nAction: delayed\nStatus: 5.0.0\n",
        "lan@khach.example",
        "5.0.0",
        False,
    ),
    (
        "fields in another order",
        "Action: failed\nStatus: 5.0.0\nFinal-Recipient: rfc822;lan@khach.example\n",
        "lan@khach.example",
        "5.0.0",
        True,
    ),
    (
        "blank lines between the fields",
        "Final-Recipient: rfc822; lan@khach.example\n\nAction: failed\n\nStatus: 5.1.1\n",
        "lan@khach.example",
        "5.1.1",
        True,
    ),
    (
        "status left empty, code in the diagnostic",
        "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nStatus:\nDiagnostic-Code: 452 4.2.2 full\n",
        "lan@khach.example",
        "4.2.2",
        False,
    ),
    (
        "reply code only",
        "Final-Recipient: rfc822; lan@khach.example\nAction: failed\nDiagnostic-Code: smtp; 451 try later\n",
        "lan@khach.example",
        None,
        False,
    ),
    (
        "no code at all",
        "Final-Recipient: rfc822; lan@khach.example\nAction: failure\n",
        "lan@khach.example",
        None,
        True,
    ),
    (
        "X.400 address, original one usable",
        "Original-Recipient: rfc822; lan@khach.example\nFinal-Recipient: x400; /S=lan/C=VN/\nStatus: 5.0.0\n",
        "lan@khach.example",
        "5.0.0",
        True,
    ),
    (
        "local name, original one usable",
        "Original-Recipient: rfc822; lan@khach.example\nFinal-Recipient: rfc822; lan@store-1\nStatus: 5.0.0\n",
        "lan@khach.example",
        "5.0.0",
        True,
    ),
    (
        "xtext",
        "Original-Recipient: rfc822;lan+2Bmai+40khach.example\nAction: failed\nStatus: 5.0.0\n",
        "lan+mai@khach.example",
        "5.0.0",
        True,
    ),
    (
        "address in UTF-8 (RFC 6533)",
        "Final-Recipient: utf-8; l\\x{E2}n@khach.example\nAction: failed\nStatus: 5.1.1\n",
        "lân@khach.example",
        "5.1.1",
        True,
    ),
    (
        "IPv6 domain literal",
        "Final-Recipient: rfc822; lan@[IPv6:2001:db8::1]\nAction: failed\nStatus: 5.1.2\n",
        "lan@[ipv6:2001:db8::1]",
        "5.1.2",
        True,
    ),
]


@pytest.mark.parametrize(
    ("fields", "email", "status", "permanent"), [case[1:] for case in RECIPIENTS], ids=[case[0] for case in RECIPIENTS]
)
def test_report_of_one_recipient_is_read(fields, email, status, permanent):
    bounce = read_bounce(make_report(HEAD + fields), "Delivery report", "")

    assert bounce is not None
    assert bounce.rule == "delivery-status"
    assert [(one.email, one.status, one.permanent) for one in bounce.recipients] == [(email, status, permanent)]


def test_folded_diagnostic_becomes_one_line_without_its_type():
    fields = "Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 no such\n  user here\n"

    assert read_report_fields(fields)[0].diagnostic == "550 no such user here"


def test_several_recipients_are_kept_in_order_and_once_each():
    block = "Final-Recipient: rfc822; {}@b.example\nAction: failed\nStatus: 5.1.1\n"
    fields = HEAD + "\n".join(block.format(name) for name in ("lan", "mai", "lan"))

    assert [one.email for one in read_report_fields(fields)] == ["lan@b.example", "mai@b.example"]


def test_recipients_without_blank_lines_between_them_are_told_apart():
    block = "Final-Recipient: rfc822; {}@b.example\nAction: failed\nStatus: 5.1.1\n"

    found = read_report_fields(block.format("lan") + block.format("mai"))

    assert [one.email for one in found] == ["lan@b.example", "mai@b.example"]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "delivered (to mailbox)"])
def test_notice_of_success_is_no_bounce(action):
    fields = f"{HEAD}Final-Recipient: rfc822; a@b.example\nAction: {action}\nStatus: 2.0.0\n"
    text = "This is a delivery report. Your message was delivered to:\n\n<a@b.example>\n"

    assert read_bounce(make_report(fields), "Delivery report", text) is None


def test_only_the_failed_of_a_mixed_report_are_named():
    block = "Final-Recipient: rfc822; {}@b.example\nAction: {}\nStatus: {}\n\n"
    fields = HEAD + block.format("lan", "relayed", "2.0.0") + block.format("mai", "failed", "5.1.1")

    bounce = read_bounce(make_report(fields), "Delivery report", "")

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == ["mai@b.example"]


def test_report_without_recipients_leaves_it_to_the_text():
    bounce = read_bounce(make_report(HEAD), "Mail not delivered", "Not delivered to:\n\n<lan@khach.example>\n")

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == ["lan@khach.example"]


def test_report_inside_a_forwarded_mail_is_no_bounce_of_ours():
    inner = make_part(
        "message/delivery-status", f"{HEAD}Final-Recipient: rfc822; a@b.example\nAction: failed\n", within_mail=True
    )
    mail = make_mail(("from", "Lan <lan@khach.example>"), content_type="multipart/mixed", parts=(inner,))

    assert read_delivery_status(mail) == ()
    assert read_bounce(mail, "Undelivered mail", "Em gửi cho shop bị trả lại ạ.") is None


@pytest.mark.parametrize("kind", ["feedback-report", "disposition-notification"])
def test_complaint_feedback_and_read_receipts_are_no_bounces(kind):
    text = "Your message to lan@khach.example was deleted without being read."

    assert read_bounce(make_report("Final-Recipient: rfc822; lan@khach.example", kind=kind), "Report", text) is None


def test_receipt_of_a_filter_that_refused_the_mail_is_a_bounce():
    text = "Your message to <lan@khach.example> was automatically rejected:\nQuota exceeded\n"

    bounce = read_bounce(make_report("", kind="disposition-notification"), "Automatically rejected mail", text)

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == ["lan@khach.example"]


@pytest.mark.parametrize("text", ["192.0.2.5.1.1", "version 5.1.1.7", "15.1.1", "3.1.1", "5.9.1"])
def test_numbers_that_only_look_like_a_status_are_left_alone(text):
    assert find_status(text) is None


@given(st.lists(st.sampled_from([
    "Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.1.1", "Status: x", "", " folded", "Action:",
    "Original-Recipient: ;", "Diagnostic-Code: smtp; 550", "@", "\\x{FFFFFF}",
    "Final-Recipient: utf-8; \\x{D800}@b.example",
])))  # fmt: skip
def test_any_order_of_fields_is_read_without_an_error(lines):
    for one in read_report_fields("\n".join(lines)):
        assert "@" in one.email
        one.email.encode()
