"""What we write: the right words in the right language, answerable, marked as a machine's, the same each time."""

import email
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from intake.settings.policies import read_policy
from parsers.facts import Address
from responders.rendering import BrokenTemplate, Templates
from responders.tokens import Tokens
from responders.voice import Cause, Voice
from store.records import WrittenMail
from tests.complaints import DESK, HANOI, LAN, MORNING, POLICY, TUAN, clock, complete, photo, ticket
from tickets.durations import Duration
from tickets.effects import WriteMail
from tickets.incoming import ReplyToken
from tickets.policy import Claim, Policy
from tickets.ticket import Evidence, Offer, Party, Ticket

OURS = Path(__file__).parents[3] / "templates"
TOKENS = Tokens(b"a key", "support@hakago.example", "+")
CUSTOMER = Party(email=TUAN, role="customer", name="Nguyễn Anh Tuấn")
STAFF = Party(email=LAN, role="staff", name="Lan")
THREAD = ["<1@khach.example>", "<2.ours@hakago.example>"]
CAUSE = Cause(writer="Tuấn", text="Chào shop,\n<b>áo</b> bị rách.", attachments=(photo("ảnh lỗi.jpg"),))
TO_CUSTOMER = ["acknowledgement", "evidence-received", "evidence-complete", "evidence-reminder", "closed-silent"]
TO_STAFF = ["staff-opened", "staff-complete", "staff-message", "staff-clock", "staff-closed", "staff-undeliverable"]
STAFF_FACTS = {
    "writer": "customer",
    "reopened": False,
    "clock": "evidence",
    "due_at": MORNING,
    "is_overdue": False,
    "recipient": TUAN,
    "reason": "550 no such user",
    "permanent": True,
}


def make_voice(
    policy: Policy = POLICY, language: str = "vi", subaddress: str = "+", templates: Sequence[Path] = (OURS,)
) -> Voice:
    return Voice(
        address=Address(name="Hakago", email="support@hakago.example"),
        policy=policy,
        desk=replace(DESK, language=language),
        templates=Templates(templates, HANOI),
        tokens=Tokens(b"a key", "support@hakago.example", subaddress),
        read_file=lambda sha256: f"the file {sha256}".encode(),
    )


def write(template: str, one: Ticket | None = None, voice: Voice | None = None, **changes: Any) -> WrittenMail:
    to_staff = template.startswith("staff-")
    effect = WriteMail(
        template=template,
        to=STAFF if to_staff else CUSTOMER,
        audience="staff" if to_staff else "customer",
        is_automatic=not to_staff,
        facts=STAFF_FACTS if to_staff else {},
    )
    arguments: dict[str, Any] = {"message_no": 2, "thread": THREAD, "cause": CAUSE, "now": MORNING}
    return (voice or make_voice()).write(one or ticket(), effect, **(arguments | changes))


def parsed(mail: WrittenMail) -> EmailMessage:
    return email.message_from_bytes(mail.raw, policy=default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


@pytest.mark.parametrize("template", TO_CUSTOMER + TO_STAFF)
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("one", [ticket(), complete()], ids=["incomplete", "complete"])
def test_every_mail_can_be_written_and_read_in_both_languages(template: str, language: str, one: Ticket):
    mail = write(template, replace(one, language=language), make_voice(language=language))
    found = parsed(mail)
    assert found["Subject"] == mail.subject
    assert one.number in mail.subject
    assert body(found, "plain").strip() == mail.text.strip()
    assert one.number in body(found, "html")


@pytest.mark.parametrize("template", TO_CUSTOMER + TO_STAFF)
def test_a_mail_written_again_is_the_same_byte_for_byte(template: str):
    assert write(template, voice=make_voice()) == write(template, voice=make_voice())


def test_each_mail_has_a_message_id_of_its_own():
    different = [
        write("acknowledgement"),
        write("acknowledgement", message_no=3),
        write("evidence-received"),
        write("acknowledgement", ticket(number="HKG-26-000002")),
        write("staff-opened"),
    ]
    assert len({mail.message_id for mail in different}) == 5


def test_an_answer_can_be_answered_and_threads_with_what_was_said():
    mail = parsed(write("acknowledgement"))
    assert TOKENS.read([mail["Reply-To"].addresses[0].addr_spec], TUAN) == ReplyToken(
        number="HKG-26-000001", email=TUAN
    )
    assert mail["In-Reply-To"] == THREAD[-1]
    assert mail["References"].split() == THREAD
    assert mail["Message-ID"] == write("acknowledgement").message_id
    assert (mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec) == ("support@hakago.example", TUAN)
    assert mail["To"].addresses[0].display_name == "Nguyễn Anh Tuấn"
    assert mail["Date"].datetime == MORNING


def test_the_first_mail_to_somebody_answers_nothing():
    mail = parsed(write("staff-opened", thread=[]))
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


def test_where_the_server_knows_no_tagged_addresses_there_is_no_reply_to():
    assert parsed(write("acknowledgement", voice=make_voice(subaddress="")))["Reply-To"] is None


@pytest.mark.parametrize(
    ("template", "changes", "expected"),
    [
        ("acknowledgement", {}, "auto-replied"),
        ("acknowledgement", {"thread": []}, "auto-generated"),
        ("evidence-reminder", {"cause": None}, "auto-generated"),
        ("staff-opened", {}, "auto-generated"),
    ],
    ids=["answer", "answer-to-a-mail-without-id", "reminder", "notice"],
)
def test_what_machines_write_says_so(template: str, changes: dict[str, Any], expected: str):
    """RFC 3834 §5."""
    assert parsed(write(template, **changes))["Auto-Submitted"] == expected


def test_customers_are_written_to_in_their_language_and_staff_in_that_of_the_service():
    english = ticket(language="en")
    assert "Dear" in write("acknowledgement", english).text
    assert "Khiếu nại mới" in write("staff-opened", english).subject


@pytest.mark.parametrize(
    ("category", "subject"),
    [
        ("other", "[HKG-26-000001] Đã tiếp nhận: (không có tiêu đề)"),
        ("wrong-item", "[HKG-26-000001] Đã tiếp nhận: Sai hàng"),
    ],
)
def test_a_mail_without_a_subject_is_called_by_its_kind_where_it_has_one(category: str, subject: str):
    assert write("acknowledgement", ticket(category=category, subject="")).subject == subject


def tell_customer(template: str, facts: dict[str, Any], one: Ticket | None = None, voice: Voice | None = None) -> str:
    effect = WriteMail(template=template, to=CUSTOMER, audience="customer", is_automatic=False, facts=facts)
    written = (voice or make_voice()).write(
        one or ticket(), effect, message_no=2, thread=THREAD, cause=CAUSE, now=MORNING
    )
    return written.text


@pytest.mark.parametrize("words", ["Chào anh.", "Chào anh.\nLan", "Chào anh.\nLan\nCSKH\n1900 1234"])
def test_an_answer_is_signed_once(words: str):
    assert tell_customer("staff-answer", {"text": words, "by": "Lan"}).split().count("Lan") == 1


def test_a_customer_is_given_more_time_without_an_apology():
    more = {"text": "", "due_at": MORNING, "clock": "evidence", "is_for_customer": True}
    told = tell_customer("extended", more)
    assert "Quý khách có thêm thời gian" in told
    assert "xin lỗi" not in told
    longer = {"text": "Chờ hãng.", "due_at": MORNING, "clock": "resolve", "is_for_customer": False}
    assert "xin lỗi vì để Quý khách phải chờ.\n\nLý do: Chờ hãng." in tell_customer("extended", longer)


def test_an_offer_without_an_account_asks_for_it():
    offer = Offer(key="compensation", outcome="compensation", text="", by=LAN, at=MORNING, state="sent", amount=140_000)
    one = ticket(category="damaged", state="awaiting_customer", offer=offer, rounds=1, evidence=())
    policy = read_policy("borzo")
    voice = make_voice(policy, templates=[OURS / "borzo", OURS])
    told = tell_customer("offer", {"text": ""}, one, voice)
    assert "số tài khoản nhận tiền" in told
    assert "Quý khách đã khai báo" not in told
    account = Evidence(slot="account", status="satisfied", message_no=1, sha256=None, what="STK 0071000123456")
    told = tell_customer("offer", {"text": ""}, replace(one, evidence=(account,)), voice)
    assert "• Tài khoản: STK 0071000123456" in told
    assert "theo thông tin Quý khách đã khai báo" in told


def test_staff_may_read_a_language_that_the_policy_has_no_words_in():
    words = {"vi": "Tên"}
    bare = replace(
        POLICY,
        languages=("vi",),
        slots=tuple(replace(one, name=words, how=words) for one in POLICY.slots),
        categories=tuple(replace(one, name=words) for one in POLICY.categories),
    )
    assert "Tên" in write("staff-opened", voice=make_voice(bare, language="en")).text


def test_the_acknowledgement_says_what_arrived_what_is_missing_and_until_when():
    text = write("acknowledgement").text
    assert "✓ Mã khách hàng" in text
    assert "✗ Video mở hàng: gửi video mở hàng" in text
    assert "09:00 ngày 01/12/2026" in text
    done = write("acknowledgement", complete()).text
    assert "✗" not in done


@pytest.mark.parametrize(
    ("window", "vi", "en"),
    [
        ("90 minutes", "90 phút", "90 minutes"),
        ("24 hours", "24 giờ", "24 hours"),
        ("8 working hours", "8 giờ làm việc", "8 working hours"),
        ("3 days", "3 ngày", "3 days"),
        ("1 working day", "1 ngày làm việc", "1 working day"),
        ("2 months", "2 tháng", "2 months"),
    ],
)
def test_a_late_claim_is_told_the_window_in_words(window: str, vi: str, en: str):
    policy = replace(POLICY, claim=Claim(window=Duration.parse(window)))
    late = ticket(is_late=True)
    assert f"trong vòng {vi} kể từ khi" in write("acknowledgement", late, make_voice(policy)).text
    assert (
        f"within {en} of receiving" in write("acknowledgement", replace(late, language="en"), make_voice(policy)).text
    )


def test_a_reminder_asks_only_for_what_is_missing():
    text = write("evidence-reminder", cause=None).text
    assert "✓" not in text
    assert text.count("✗") == 4


def test_without_a_running_clock_no_deadline_is_promised():
    stopped = ticket(clocks=(clock(state="stopped", wakes_at=None),))
    assert "01/12/2026" not in write("acknowledgement", stopped).text


def test_a_customer_without_a_name_is_addressed_politely():
    assert "Kính gửi Quý khách," in write("acknowledgement", ticket(customer_name="")).text
    assert "Sir or Madam" in write("acknowledgement", ticket(customer_name="", language="en")).text


def test_staff_see_the_customer_s_words_as_a_quotation_and_no_markup_of_his():
    mail = write("staff-message")
    assert "> Chào shop,\n> <b>áo</b> bị rách." in mail.text
    assert "ảnh lỗi.jpg" in mail.text
    assert "<b>" not in body(parsed(mail), "html")


@pytest.mark.parametrize(
    "name", ["Tuấn\r\nBcc: la@noikhac.example", "Tuấn <la@noikhac.example>", '"; la@noikhac.example']
)
def test_no_name_adds_a_header_or_a_recipient(name: str):
    effect = WriteMail(
        template="acknowledgement", to=replace(CUSTOMER, name=name), audience="customer", is_automatic=True
    )
    mail = make_voice().write(ticket(customer_name=name), effect, message_no=2, thread=[], cause=None, now=MORNING)
    found = parsed(mail)
    assert [one.addr_spec for one in found["To"].addresses] == [TUAN]
    assert found["Bcc"] is None


def test_the_record_for_the_outbox_says_to_whom_and_whether_it_counts_for_the_caps():
    mail = write("acknowledgement")
    assert (mail.email, mail.sender, mail.message_no, mail.is_automatic) == (TUAN, "support@hakago.example", 2, True)
    assert not write("staff-opened").is_automatic


@pytest.mark.parametrize(
    ("template", "facts"),
    [
        ("staff-breaker", {"limit": 5000}),
        (
            "staff-quarantine",
            {
                "sender": TUAN,
                "message_id": "<1@x>",
                "received_at": MORNING,
                "reason": "decide",
                "error": "lỗi",
                "mail_id": 7,
            },
        ),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_letter_belongs_to_no_ticket_and_is_known_by_its_key(template: str, facts: dict[str, object], language: str):
    voice = make_voice(language=language)
    one = voice.write_letter(template, STAFF, facts, "a key", MORNING)
    same = voice.write_letter(template, STAFF, facts, "a key", MORNING + timedelta(minutes=5))
    other = voice.write_letter(template, STAFF, facts, "another key", MORNING)
    assert one.message_id == same.message_id != other.message_id
    assert (one.message_no, one.is_automatic, parsed(one)["Reply-To"]) == (0, False, None)


def test_a_broken_template_is_told_before_anything_is_written():
    with pytest.raises(BrokenTemplate, match="no-such-template"):
        write("no-such-template")


def test_our_own_policy_can_be_spoken_of_in_every_mail_and_language():
    policy = read_policy("hakago")
    for category in policy.categories:
        for template in TO_CUSTOMER:
            for language in policy.languages:
                one = ticket(category=category.slug, language=language, evidence=())
                assert write(template, one, make_voice(policy)).text
