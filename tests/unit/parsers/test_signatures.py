"""Signatures, lines of telephones and programs, footers; and the sentences that look like them."""

import pytest

from parsers.signatures import is_added_line, is_list_footer, is_strict_delimiter, looks_like_signature

ADDED = [
    *("Được gửi từ iPhone của tôi", "Đã gửi từ iPhone của tôi", "Gửi từ iPhone", "Được gửi từ iPad của tôi"),
    *("Được gửi từ Yahoo Mail cho iPhone", "Đã gửi từ Yahoo Mail trên Android", "Gửi từ điện thoại OPPO của tôi"),
    *("Được gửi từ thiết bị Galaxy của tôi", "Đã gửi từ điện thoại thông minh Samsung Galaxy của tôi."),
    *("Được gửi từ điện thoại Xiaomi của tôi", "Gửi từ Samsung Galaxy S23 Ultra của tôi", "Gửi từ Zalo"),
    *("Gửi từ thiết bị di động của tôi", "Được gửi từ Outlook dành cho Android", "Được gửi từ Thư cho Windows"),
    *("Gửi bằng Zoho Mail", "Được gửi bằng K-9 Mail", "Tải Outlook cho iOS<https://aka.ms/o0ukef>"),
    *("Lấy Outlook cho Android", "Nhận Outlook dành cho iOS", "Được gửi từ Gmail cho thiết bị di động"),
    "Gửi từ thiết bị Android của tôi bằng K-9 Mail. Xin thứ lỗi vì sự ngắn gọn.",
    *("Sent from my iPhone", "Sent from my Samsung Galaxy smartphone.", "Sent from my Wiko RIDGE FAB 4G"),
    *("Sent from Mail for Windows", "Sent from Outlook for iOS", "Sent from Yahoo Mail on Android"),
    *("Sent using Zoho Mail", "Sent with Proton Mail secure email.", "Get Outlook for iOS", "*Sent from my iPad*"),
    "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
    *("Von meinem iPhone gesendet", "Gesendet von Outlook für Android", "Outlook für Android beziehen"),
    *("Envoyé de mon iPhone", "Envoyé à partir de Outlook pour iOS<https://aka.ms/x>", "Enviado desde mi iPhone"),
    *("Enviado do meu iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Wysłane z iPhone'a"),
    *("Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta", "Odesláno z iPhonu"),
    *("Отправлено с iPhone", "Надіслано з iPhone", "iPhone'umdan gönderildi", "Στάλθηκε από το iPhone μου"),
    *("נשלח מה-iPhone שלי", "iPhoneから送信", "나의 iPhone에서 보냄", "发自我的iPhone", "從我的 iPhone 傳送"),
    *("Yahoo Mail: Search, Organize, Conquer", "Yahoo Mail: Tìm kiếm, Sắp xếp, Chinh phục"),
    *("Virus-free.www.avast.com<https://www.avast.com/sig>", "Không có virus. www.avast.com"),
]
WRITTEN = [
    *("Được gửi từ Hà Nội ngày 20/11", "Gửi từ kho của shop", "Gửi qua Zalo rồi nhé shop", "Đã gửi qua mail rồi ạ"),
    *("Đã gửi từ mail khác rồi ạ", "Gửi bằng điện thoại nên không có dấu", "Hàng được gửi từ iPhone của tôi bị vỡ"),
    *("Sent from my desk, is much easier then my mobile phone.", "Sent from the phone of my wife yesterday"),
    *("The notification was sent from my iPhone app to all users.", "Tải video lên rồi, shop xem giúp"),
    *("Lấy lại tiền cho em", "Von der Lieferung fehlt ein Teil", "iPhone", "Samsung Galaxy của tôi bị vỡ"),
    *("Xem www.avast.com có báo lỗi gì không mà máy em bật lên là nóng ran cả vỏ vậy shop", ""),
]
FOOTER = "____\nshop mailing list\nshop@lists.example\nhttps://lists.example/listinfo/shop"


@pytest.mark.parametrize("line", ADDED)
def test_line_of_a_program_is_known(line):
    assert is_added_line(line)


@pytest.mark.parametrize("line", WRITTEN)
def test_sentence_of_the_writer_is_not_taken_for_one(line):
    assert not is_added_line(line)


@pytest.mark.parametrize(("line", "is_strict"), [("-- ", True), ("--\u00a0", True), ("-- \r", True), ("--", False)])
def test_delimiter_needs_its_blank_to_be_a_proof(line, is_strict):
    assert is_strict_delimiter(line) is is_strict


@pytest.mark.parametrize(
    ("below", "is_signature"),
    [
        (["Trần Tuấn", "", "0901 234 567"], True),
        ([], True),
        (["Đơn thứ hai thì vỡ kính và thiếu hai ốc vít."], False),
        (["dòng"] * 9, False),
        (["x" * 81], False),
    ],
    ids=["name-and-phone", "nothing", "sentence", "many-lines", "wide-line"],
)
def test_loose_delimiter_is_proved_by_what_follows(below, is_signature):
    assert looks_like_signature(below) is is_signature


def test_footer_of_a_mailing_list_is_known_by_its_words():
    assert is_list_footer(FOOTER.split("\n"))


@pytest.mark.parametrize("text", ["____\nHai món còn lại:\nốc vít", f"{FOOTER}\n" + "dòng\n" * 9, "____\n", "x"])
def test_other_underscores_are_no_footer(text):
    assert not is_list_footer(text.split("\n"))
