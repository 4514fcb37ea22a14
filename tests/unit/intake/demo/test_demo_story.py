"""The demonstration notices every mail that is not as the story wants it, and its files are what they say."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from intake.demo.pictures import HEIGHT, WIDTH, draw_difference, draw_label, draw_shirt, make_video
from intake.demo.story import Expected, find_number, write_complaint, write_reply
from parsers.facts import Address
from parsers.message import parse_message

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
COMPLAINT = parse_message(BytesIO(write_complaint(NOW)))
EXPECTED = Expected(
    what="the acknowledgement",
    account="tuan@khach.example",
    answers=COMPLAINT.message_id,
    number="HKG-26-000001",
    arrived=("Mã khách hàng", "Ảnh phần sai khác, hư hỏng"),
    missing=("Video mở hàng",),
)
ANSWER = replace(
    COMPLAINT,
    message_id="<hkg-26-000001.2.abc@hakago.example>",
    in_reply_to=COMPLAINT.message_id,
    references=(COMPLAINT.message_id or "",),
    sender=Address(name="Hakago", email="support@hakago.example"),
    reply_to=(Address(name="", email="support+hkg-26-000001.abcdef.abcdefghijklmnop@hakago.example"),),
    subject="[HKG-26-000001] Đã tiếp nhận: Hàng sai màu sắc",
    text="Kính gửi Quý khách,\n✓ Mã khách hàng (Tuan668)\n✓ Ảnh phần sai khác, hư hỏng (a)\n✗ Video mở hàng: quay\n",
    attachments=(),
)


def test_a_mail_as_the_story_wants_it_has_no_fault():
    assert EXPECTED.find_fault(ANSWER) is None
    assert find_number(ANSWER) == "HKG-26-000001"


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        pytest.param({"subject": "Đã tiếp nhận"}, "does not name the ticket HKG-26-000001", id="no number"),
        pytest.param({"subject": "[HKG-26-000002] x"}, "does not name the ticket HKG-26-000001", id="another ticket"),
        pytest.param({"in_reply_to": None}, f"does not answer {COMPLAINT.message_id}", id="no In-Reply-To"),
        pytest.param({"references": ()}, f"does not answer {COMPLAINT.message_id}", id="no References"),
        pytest.param({"reply_to": ()}, "Reply-To does not lead back", id="no reply token"),
        pytest.param(
            {"text": "✓ Mã khách hàng\n"}, "marks with ✓: Mã khách hàng", id="something that arrived is left out"
        ),
        pytest.param(
            {"text": ANSWER.text.replace("✗", "✓")},
            "hư hỏng, Video mở hàng",
            id="something missing is taken for arrived",
        ),
        pytest.param({"text": ANSWER.text.partition("✗")[0]}, "marks with ✗: nothing", id="nothing is asked for"),
    ],
)
def test_a_mail_that_is_not_as_it_should_be_is_told_in_words(wrong: dict[str, Any], fault: str):
    found = EXPECTED.find_fault(replace(ANSWER, **wrong))
    assert found is not None
    assert fault in found


def test_the_first_mail_of_a_conversation_must_answer_none():
    assert replace(EXPECTED, answers=None).find_fault(ANSWER) == "it answers another mail"


def test_the_reply_of_the_customer_reads_as_one():
    reply = parse_message(BytesIO(write_reply(ANSWER, NOW)))
    assert reply.in_reply_to == ANSWER.message_id
    assert [one.email for one in reply.to] == [one.email for one in ANSWER.reply_to]
    assert reply.reply_text.startswith("Chào Hakago,")
    assert "Quý khách" in reply.text
    assert "Quý khách" not in reply.reply_text
    assert [(one.name, one.kind, one.type) for one in reply.attachments] == [("mở hàng.mp4", "video", "video/mp4")]


@pytest.mark.parametrize("draw", [draw_shirt, draw_difference, draw_label], ids=lambda one: one.__name__)
def test_the_photos_can_be_decoded(draw):
    with Image.open(BytesIO(draw())) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        assert len(image.convert("RGB").getcolors(1000) or []) > 1


def test_the_boxes_of_the_video_fill_it_to_the_last_byte():
    video, names, place = make_video(), [], 0
    while place < len(video):
        names.append(video[place + 4 : place + 8])
        place += int.from_bytes(video[place : place + 4])
    assert (names, place) == ([b"ftyp", b"moov", b"mdat"], len(video))
