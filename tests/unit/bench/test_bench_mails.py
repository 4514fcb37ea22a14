"""The benchmark's mails are what they claim: the same every time, of the stated sizes, without a fault."""

import io
import random
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from PIL import Image

from bench.mails import make_photo_mail, make_text_mail, sender_of, write_big_mail

NUMBERS = range(1, 40)


def parse(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert not [defect for part in mail.walk() for defect in part.defects]
    return mail


@pytest.mark.parametrize("make", [make_text_mail, make_photo_mail], ids=["text", "photo"])
def test_the_same_number_and_seed_give_the_same_bytes_whatever_was_drawn_before(make):
    first = make(3, seed=5)
    random.random()
    assert make(3, seed=5) == first
    assert make(3, seed=6) != first


def test_text_mails_have_one_to_four_kilobytes_and_no_attachment():
    for number in NUMBERS:
        raw = make_text_mail(number)
        assert 1000 <= len(raw) <= 4500
        assert not list(parse(raw).iter_attachments())


def test_every_mail_has_a_sender_and_a_message_id_of_its_own():
    mails = [make_text_mail(number) for number in NUMBERS]
    assert len({sender_of(raw) for raw in mails}) == len(NUMBERS)
    assert len({parse(raw)["Message-ID"] for raw in mails}) == len(NUMBERS)
    assert all(parse(raw)["From"].addresses[0].addr_spec == sender_of(raw) for raw in mails)


def test_photo_mails_have_one_to_three_photos_of_30_to_300_kilobytes_that_decode():
    for number in range(1, 12):
        photos = [part.get_content() for part in parse(make_photo_mail(number)).iter_attachments()]
        assert 1 <= len(photos) <= 3
        for photo in photos:
            assert 28_000 <= len(photo) <= 310_000
            Image.open(io.BytesIO(photo)).load()


@pytest.mark.parametrize("mebibytes", [1, 3])
def test_a_big_mail_has_an_attachment_of_exactly_this_size(tmp_path, mebibytes: int):
    path = tmp_path / "big.eml"
    write_big_mail(path, mebibytes)
    (video,) = parse(path.read_bytes()).iter_attachments()
    content = video.get_content()
    assert len(content) == mebibytes * 1024 * 1024
    assert content[4:12] == b"ftypmp42"
    assert video.get_filename() == "video mở hộp.mp4"


def test_subjects_keep_their_blanks():
    assert all("  " not in parse(make_text_mail(number))["Subject"] for number in NUMBERS)
    assert any(" – " in parse(make_text_mail(number))["Subject"] for number in NUMBERS)
