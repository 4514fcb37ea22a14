"""Blocks of fields above a quote, and the fields people write of other things."""

import pytest

from parsers.quote_blocks import find_block, read_fields
from parsers.quote_lines import read_lines
from parsers.quote_words import FIELD_LABELS

BLOCKS = {
    "vi-outlook": "Từ: Hakago\nĐã gửi: Thứ Năm, 26 tháng 11, 2026 10:00\nĐến: Tuấn\nChủ đề: Video",
    "vi-two-fields": "Từ: Hakago\nĐã gửi: Thứ Năm, 26 tháng 11, 2026 10:00",
    "vi-samsung": "Từ: a@b.example\nNgày: 26/11/26 10:00\nĐến: c@d.example\nTiêu đề: Video",
    "vi-sender": "Người gửi: a@b.example\nNgày gửi: 26/11/2026\nNgười nhận: Tuấn\nTiêu đề: Video",
    "strong": "*Từ:* Hakago\n*Đã gửi:* 26/11/2026 10:00\n*Đến:* Tuấn\n*Chủ đề:* Video",
    "blank-lines-between": "Từ: Hakago\n\nĐã gửi: 26/11/2026 10:00\n\nĐến: Tuấn\n\nChủ đề: Video",
    "folded-recipients": "Từ: Hakago\nĐã gửi: 26/11/2026\nĐến: Tuấn;\n Lan <lan@b.example>;\n An\nChủ đề: Video",
    "folded-sender": "From: Human Resources\n<long-address@b.example>\nSent: Monday, 26 November 2026\nTo: Lan",
    "on-one-line": "Từ: Hakago Đã gửi: 26/11/2026 10:00 Đến: Tuấn Chủ đề: Video",
    "two-fields-on-a-line": "De : A <a@b.example>\nDate : 26/11/26 10:46\nÀ : c@d.example Objet : Vidéo",
    "date-first": "Date: Thu, 26 Nov 2026 00:15:02 +0700\nTo: a@b.example",
    "subject-first": "Subject: Video\nFrom: a@b.example\nTo: c@d.example\nDate: Thu, 26 Nov 2026",
    "en": "From: Hakago\nSent: Thursday, November 26, 2026 10:00 AM\nTo: Tuan\nSubject: Video",
    "de": "Von: Hakago\nGesendet: Donnerstag, 26. November 2026 10:00\nAn: Tuan\nBetreff: Video",
    "fr": "De : Hakago\nEnvoyé : jeudi 26 novembre 2026 10:00\nÀ : Tuan\nObjet : Vidéo",
    "fr-orange": "Message du : 26/11/2026 10:00\nDe : a@b.example\nA : c@d.example\nCopie à : \nSujet : Vidéo",
    "es": "De: Hakago\nEnviado el: jueves, 26 de noviembre de 2026 10:00\nPara: Tuan\nAsunto: Video",
    "ru": "От: Hakago\nОтправлено: \u200e26\u200e ноября 2026\u200e г. \u200e10\u200e:\u200e00\nКому: Tuan",
    "ja": "差出人: Hakago\n送信日時: 2026年11月26日 10:00\n宛先: Tuan\n件名: x",
    "zh": "发件人: Hakago\n发送时间: 2026年11月26日 10:00\n收件人: Tuan\n主题: x",
    "el": "Από: Hakago\nΣτάλθηκε: Πέμπτη, 26 Νοεμβρίου 2026 10:00\nΠρος: Tuan\nΘέμα: x",
}
NO_BLOCKS = {
    "route": "Từ: Hà Nội\nĐến: Đà Nẵng\nNgày: 26/11/2026",
    "parcel": "Người gửi: Kho A\nNgày gửi: 26/11/2026 10:00\nNgười nhận: Lan (lan@b.example)",
    "letter": "Từ: Lan\nĐến: Hakago\nChủ đề: Khiếu nại",
    "appointment": "Date: Wednesday 3, October 2026\nTime: 7:00am\nAddress: 130 Fox St",
    "codes": "Mã khách hàng: Tuan668\nMã đơn: 012345\nNgày: 26/11/2026",
    "one-field": "Từ: Hakago <support@hakago.example>",
    "sentence": "Từ hôm qua: chưa thấy hàng, gọi 0901234567",
    "address-below-a-blank-line": "Ngày: 26/11/2026\nĐến: 12 Lê Lợi\n\nlan@b.example",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_block_is_found_to_its_last_field(block):
    assert find_block(read_lines(f"{block}\n\nXin gửi video."), 0) == 1 + block.count("\n")


@pytest.mark.parametrize("block", NO_BLOCKS.values(), ids=NO_BLOCKS.keys())
def test_fields_that_prove_nothing_are_no_block(block):
    assert find_block(read_lines(f"{block}\n\nHàng vỡ."), 0) is None


def test_fields_below_a_title_need_no_proof():
    assert find_block(read_lines("Từ: Hakago\nGửi: hôm qua\n\nXin chào"), 0, titled=True) == 2


@pytest.mark.parametrize("role", FIELD_LABELS)
def test_every_label_names_its_role(role):
    for label in FIELD_LABELS[role]:
        if ":" not in label:
            assert read_fields(f"{label.capitalize()} : x").keys() == {role}, label


def test_value_keeps_its_colons():
    assert read_fields("Đã gửi: 26/11/2026 10:00") == {"sent": " 26/11/2026 10:00"}
