"""Replies as customers send them, each with exactly what its writer added. The mails are ours."""

import unicodedata

import pytest

from parsers.quotes import strip_reply

NOTICE = """Chào anh/chị,

Hakago đã nhận được khiếu nại HKG-26-000123.
✓ Ảnh sản phẩm
✗ Video mở hộp
Xin gửi thêm trước 09:00 ngày 28/11/2026.

Trân trọng,
Hakago CSKH"""
MARKED = "\n".join(f"> {line}".rstrip() for line in NOTICE.split("\n"))
SENT = "Video mở hộp em gửi kèm ạ."
HEADING = "Vào Th 5, 26 thg 11, 2026 lúc 10:00 Hakago <support@hakago.example> đã viết:"
BLOCK = (
    "Từ: Hakago CSKH <support@hakago.example>\n"
    "Đã gửi: Thứ Năm, 26 tháng 11, 2026 10:00\n"
    "Đến: Trần Tuấn <tuan@khach.example>\n"
    "Chủ đề: [HKG-26-000123] Xin gửi thêm video mở hộp"
)

# A case: name, mail, what is left of it.
GMAIL = [
    (
        "gmail-web",
        f"{SENT}\n\nVào Th 5, 26 thg 11, 2026 vào lúc 10:00 Hakago <support@hakago.example> đã viết:\n\n{MARKED}\n",
        SENT,
    ),
    (
        "gmail-web-folded-before-the-verb",
        f"{SENT}\n\nVào Th 5, 26 thg 11, 2026 vào lúc 10:00 Hakago CSKH <support@hakago.example>\nđã viết:\n\n{MARKED}",
        SENT,
    ),
    (
        "gmail-web-folded-within-the-verb",
        f"{SENT}\n\nVào Th 5, 26 thg 11, 2026 vào lúc 10:00 Hakago <support@hakago.example> đã\nviết:\n\n{MARKED}",
        SENT,
    ),
    (
        "gmail-web-folded-within-the-address",
        f"{SENT}\n\nVào Th 5, 26 thg 11, 2026 vào lúc 10:00 Hakago <\nsupport@hakago.example> đã viết:\n\n{MARKED}",
        SENT,
    ),
    (
        "gmail-app",
        f"{SENT}\n\nVào 10:00, Th 5, 26 thg 11, 2026 Hakago CSKH <support@hakago.example> đã viết:\n{MARKED}",
        SENT,
    ),
    (
        "gmail-sunday",
        f"Dạ em gửi rồi.\n\nVào CN, 29 thg 11, 2026 lúc 21:15 Hakago <support@hakago.example> đã viết:\n\n{MARKED}",
        "Dạ em gửi rồi.",
    ),
    (
        "gmail-html-without-marks",
        f"{SENT}\nEm cảm ơn.\n\n{HEADING}\n\n{NOTICE}",
        f"{SENT}\nEm cảm ơn.",
    ),
    (
        "gmail-signature-above-the-quote",
        (f"{SENT}\n\n-- \nTrần Tuấn\n0901 234 567\n\n{HEADING}\n\n{MARKED}"),
        SENT,
    ),
    (
        "gmail-signature-below-the-quote",
        f"{SENT}\n\n{HEADING}\n\n{MARKED}\n\n-- \n*Tuấn*",
        SENT,
    ),
    (
        "gmail-two-quotes-deep",
        (
            f"{SENT}\n\n{HEADING}\n\n> Xin gửi video.\n>\n"
            "> Vào Th 4, 25 thg 11, 2026 lúc 20:00 <tuan@khach.example> đã viết:\n>\n>> Hàng bị vỡ ạ.\n>> Mã 012345\n"
        ),
        SENT,
    ),
    (
        "gmail-heading-shares-the-last-line",
        f"Em gửi video rồi ạ. {HEADING}\n{MARKED}",
        "Em gửi video rồi ạ.",
    ),
    (
        "gmail-english-interface",
        f"{SENT}\n\nOn Thu, Nov 26, 2026 at 10:00 AM Hakago CSKH <support@hakago.example>\nwrote:\n\n{MARKED}",
        SENT,
    ),
    (
        "gmail-answers-below",
        f"{HEADING}\n\n{MARKED}\n\nEm gửi bên dưới ạ.\nMã 012345",
        "Em gửi bên dưới ạ.\nMã 012345",
    ),
    (
        "gmail-answers-between",
        (
            f"{HEADING}\n\n> Anh nhận hàng ngày nào ạ?\n\n"
            "Hôm qua, khoảng 3 giờ chiều.\n\n> Hộp có bị móp không ạ?\n\nCó, móp một góc.\n"
        ),
        "Hôm qua, khoảng 3 giờ chiều.\n\nCó, móp một góc.",
    ),
    (
        "gmail-answers-above-and-between",
        (f"Em trả lời bên dưới.\n\n{HEADING}\n\n> Mã khách hàng?\nTuan668\n> Mã đơn?\n012345\n"),
        "Em trả lời bên dưới.\n\nTuan668\n\n012345",
    ),
    (
        "gmail-answer-between-heading-and-quote",
        f"{HEADING}\n\nEm không có video ạ.\n\n{MARKED}",
        "Em không có video ạ.",
    ),
]

PHONES = [
    (
        "iphone",
        (
            f"{SENT}\n\nĐược gửi từ iPhone của tôi\n\n"
            f"> Vào 26 thg 11, 2026, lúc 10:00, Hakago <support@hakago.example> đã viết:\n> \n{MARKED}"
        ),
        SENT,
    ),
    (
        "iphone-time-first",
        f"Ok\n\nĐã gửi từ iPhone của tôi\n\nVào 10:00, 26 thg 11, 2026, <support@hakago.example> đã viết:\n{MARKED}",
        "Ok",
    ),
    (
        "iphone-marks-lost",
        f"Dạ\n\nĐược gửi từ iPhone của tôi\n\n{HEADING}\n{NOTICE}",
        "Dạ",
    ),
    ("iphone-photos-only", f"\n\nĐược gửi từ iPhone của tôi\n\n{MARKED}", ""),
    ("iphone-no-quote", "Hàng bị vỡ ạ\n\nĐược gửi từ iPhone của tôi", "Hàng bị vỡ ạ"),
    (
        "iphone-words-below-its-line",
        "Hàng vỡ\n\nĐược gửi từ iPhone của tôi\n\nMã đơn 012345",
        "Hàng vỡ\n\nMã đơn 012345",
    ),
    ("ipad-english", f"Sent the video.\n\nSent from my iPad\n\n{MARKED}", "Sent the video."),
    (
        "samsung",
        (
            f"{SENT}\n\n\nĐược gửi từ thiết bị Galaxy của tôi\n\n\n-------- Thư gốc --------\n"
            f"Từ: Hakago CSKH <support@hakago.example>\nNgày: 26/11/2026 10:00 (GMT+07:00)\n"
            f"Đến: tuan@khach.example\nTiêu đề: Xin gửi thêm video\n\n{NOTICE}"
        ),
        SENT,
    ),
    (
        "samsung-other-words",
        (
            f"{SENT}\n\nĐã gửi từ điện thoại thông minh Samsung Galaxy của tôi.\n-------- Tin nhắn gốc --------\n"
            f"Từ: Hakago <support@hakago.example>\nNgày: 26/11/26 10:00\nĐến: t@khach.example\nChủ đề: Video\n{NOTICE}"
        ),
        SENT,
    ),
    (
        "samsung-english",
        (
            f"{SENT}\n\nSent from my Samsung Galaxy smartphone.\n-------- Original message --------\n"
            f"From: Hakago <support@hakago.example>\nDate: 26/11/2026 10:00 (GMT+07:00)\nTo: tuan@khach.example\n"
            f"Subject: Video\n\n{NOTICE}"
        ),
        SENT,
    ),
    ("xiaomi", "Máy không lên nguồn\n\nĐược gửi từ điện thoại Xiaomi của tôi", "Máy không lên nguồn"),
    ("oppo", f"Dạ đây ạ\nGửi từ điện thoại OPPO của tôi\n\n{MARKED}", "Dạ đây ạ"),
    (
        "k9",
        f"{SENT}\n\n-- \nGửi từ thiết bị Android của tôi bằng K-9 Mail. Xin lỗi vì ngắn.\n\nHakago đã viết:\n{MARKED}",
        SENT,
    ),
    ("k9-name-only", f"{SENT}\n\nHakago CSKH đã viết:\n\n{MARKED}", SENT),
    ("k9-name-only-without-marks", f"{SENT}\n\nHakago CSKH đã viết:\n\n{NOTICE}", SENT),
    ("k9-title-and-block", f"{SENT}\n\n-------- Thư gốc --------\n{BLOCK}\n\n{NOTICE}", SENT),
    (
        "android-aosp",
        f"Ok shop\n\n---- Hakago CSKH đã viết ----\n\n{MARKED}",
        "Ok shop",
    ),
    (
        "htc",
        f"{SENT}\n\n----- Reply message -----\nTừ: Hakago <support@hakago.example>\nNgày: 26/11/2026 10:00\n\n{NOTICE}",
        SENT,
    ),
]

DESKS = [
    ("outlook-desktop", f"{SENT}\n\n{BLOCK}\n\n{NOTICE}", SENT),
    ("outlook-web", f"{SENT}\n________________________________\n{BLOCK}\n\n{NOTICE}", SENT),
    ("outlook-strong", f"{SENT}\n\n" + BLOCK.replace("Từ:", "*Từ:*").replace("Đến:", "*Đến:*") + f"\n\n{NOTICE}", SENT),
    ("outlook-blank-lines-between", f"{SENT}\n\n" + BLOCK.replace("\n", "\n\n") + f"\n\n{NOTICE}", SENT),
    (
        "outlook-names-only",
        f"{SENT}\n\nTừ: Hakago\nĐã gửi: 26 Tháng Mười Một 2026 10:00\nĐến: Tuấn\nChủ đề: x\n\n{NOTICE}",
        SENT,
    ),
    ("outlook-on-one-line", f"{SENT}\n\n" + BLOCK.replace("\n", " ") + f"\n{NOTICE}", SENT),
    (
        "outlook-many-recipients",
        f"{SENT}\n\n"
        + BLOCK.replace(
            "\nChủ", ";\n Lê Lan <lan@khach.example>;\n Bình <binh@khach.example>\nCc: An <an@a.example>\nChủ"
        )
        + f"\n\n{NOTICE}",
        SENT,
    ),
    (
        "outlook-mobile",
        f"{SENT}\n\nTải Outlook cho iOS<https://aka.ms/o0ukef>\n________________________________\n{BLOCK}\n\n{NOTICE}",
        SENT,
    ),
    ("outlook-android", f"{SENT}\n\nLấy Outlook cho Android<https://aka.ms/AAb9ysg>\n\n{BLOCK}\n\n{NOTICE}", SENT),
    (
        "outlook-mobile-date-label",
        (
            f"{SENT}\n________________________________\nTừ: Hakago <support@hakago.example>\n"
            f"Ngày: Thứ Năm, 26 tháng 11, 2026 lúc 10:00\nĐến: Tuấn <tuan@khach.example>\nChủ đề: Re: Video\n\n{NOTICE}"
        ),
        SENT,
    ),
    (
        "outlook-marked-body",
        f"{SENT}\n\n{BLOCK}\n\n{MARKED}\n\nGửi thêm: tem ở ảnh 2.",
        f"{SENT}\n\nGửi thêm: tem ở ảnh 2.",
    ),
    (
        "outlook-express",
        f"{SENT}\n\n-----Thư gốc-----\nTừ: Hakago\nGửi: hôm qua\nĐến: Tuấn\n\n{NOTICE}",
        SENT,
    ),
    (
        "outlook-english",
        (
            f"{SENT}\n\nFrom: Hakago CSKH [mailto:support@hakago.example]\nSent: Thursday, November 26, 2026 10:00 AM\n"
            f"To: Tuan\nSubject: Video\n\n{NOTICE}"
        ),
        SENT,
    ),
    (
        "yahoo",
        f"{SENT}\n\n\nVào Thứ Năm, tháng 11 26, 2026, 10:00, Hakago CSKH <support@hakago.example> đã viết:\n\n{NOTICE}",
        SENT,
    ),
    (
        "yahoo-iphone",
        (
            f"{SENT}\n\n\nĐược gửi từ Yahoo Mail cho iPhone\n\n\n"
            f"Vào Thứ Năm, tháng 11 26, 2026, 10:00, Hakago <support@hakago.example> đã viết:\n\n{MARKED}"
        ),
        SENT,
    ),
    (
        "yahoo-android-advertisement",
        (
            f"{SENT}\n\nYahoo Mail: Tìm kiếm, Sắp xếp, Chinh phục\n \n"
            f"  Vào 10:00 Thứ Năm, 26 tháng 11 2026, Hakago <support@hakago.example> đã viết:   {MARKED[:0]}\n{NOTICE}"
        ),
        SENT,
    ),
    (
        "zoho",
        (
            f"{SENT}\n\nGửi bằng Zoho Mail\n\n\n---- Vào Thứ Năm, 26 thg 11 2026 10:00:00 +0700 <hotro@hakago.example>"
            f" đã viết ----\n\n{NOTICE}"
        ),
        SENT,
    ),
    ("thunderbird", f"{SENT}\n\nVào 26/11/2026 10:00, Hakago CSKH đã viết:\n{MARKED}", SENT),
    ("thunderbird-answer-below", f"Vào 26/11/2026 10:00 SA, Hakago CSKH viết:\n{MARKED}\n{SENT}\n", SENT),
    ("thunderbird-without-marks", f"{SENT}\n\nVào lúc 10:00 ngày 26/11/2026, Hakago CSKH đã viết:\n{NOTICE}", SENT),
    (
        "apple-mail",
        f"{SENT}\n\n> Vào 26 thg 11, 2026, lúc 10:00, Hakago <support@hakago.example> đã viết:\n> \n{MARKED}\n\n",
        SENT,
    ),
    (
        "qq-mail",
        (
            f'{SENT}\n\n------------------ 原始邮件 ------------------\n发件人: "Hakago" <support@hakago.example>;\n'
            f'发送时间: 2026年11月26日(星期四) 上午10:00\n收件人: "tuan"<tuan@khach.example>;\n主题: Video\n\n{NOTICE}'
        ),
        SENT,
    ),
    (
        "help-desk-line",
        f"{SENT}\n\n## Vui lòng trả lời phía trên dòng này ##\n\n{NOTICE}",
        SENT,
    ),
    ("scanner", f"{SENT}\n\nKhông có virus.www.avast.com<https://www.avast.com/sig>\n\n{MARKED}", SENT),
]

OURS = [  # customers who write into the mail they answer
    (
        "fills-in-our-list",
        "> ✓ Ảnh sản phẩm\n> ✗ Video mở hộp\nEm gửi rồi, xem tệp video1.mp4\n> ✗ Tem vận chuyển\nMất tem rồi ạ\n",
        "Em gửi rồi, xem tệp video1.mp4\n\nMất tem rồi ạ",
    ),
    ("quote-without-heading", f"{SENT}\n\n{MARKED}", SENT),
    ("marks-without-blank", "Dạ vâng\n\n>Chào anh,\n>Xin gửi video.\n>>Hàng vỡ", "Dạ vâng"),
    ("only-a-quote", MARKED, ""),
    (
        "answer-above-and-below",
        f"Chào Hakago,\n\n{MARKED}\n\nCòn thiếu gì nữa không ạ?",
        "Chào Hakago,\n\nCòn thiếu gì nữa không ạ?",
    ),
    (
        "quote-begins-with-something-forwarded",
        f"Dạ\n\n{HEADING}\n\n> ---------- Forwarded message ---------\n> From: a@b.example\n>\n> Đã giao\n",
        "Dạ",
    ),
    (
        "links-wrapped-without-marks",
        "Vâng\n\n> Xem hướng dẫn (https://hakago.example/a\nphan=2)\n> Xin cảm ơn",
        "Vâng",
    ),
]

FORWARDED = [
    (
        "gmail",
        (
            f"Nhờ shop xem giúp.\n\n---------- Forwarded message ---------\nTừ: Kho A <kho@kho.example>\n"
            f"Date: Th 5, 26 thg 11, 2026 lúc 10:00\nSubject: Giao hàng\nTo: <tuan@khach.example>\n\n{NOTICE}"
        ),
        None,
    ),
    ("gmail-vietnamese", f"Đây ạ\n\n---------- Thư được chuyển tiếp ----------\n{BLOCK}\n\n{MARKED}\n", None),
    ("yahoo", f"----- Thư đã chuyển tiếp -----\n{BLOCK}\n\n{NOTICE}\n\n-- \nKho A", None),
    (
        "apple",
        "Xem giúp em\n\nBắt đầu thư được chuyển tiếp:\n\n> Từ: Kho A <a@kho.example>\n> Ngày: 26/11/2026\n>\n> Đã giao",
        None,
    ),
    (
        "apple-all-marked",
        "Xem giúp em\n\n> Begin forwarded message:\n>\n> From: Kho A <kho@kho.example>\n>\n> Đã giao",
        None,
    ),
    ("block-alone", f"{BLOCK}\n\n{NOTICE}", None),
    (
        "below-the-writers-line",
        f"Xem giúp em\n\nĐược gửi từ iPhone của tôi\n\n-------- Thư chuyển tiếp --------\n{BLOCK}\n\nĐã giao",
        f"Xem giúp em\n\n-------- Thư chuyển tiếp --------\n{BLOCK}\n\nĐã giao",
    ),
    (
        "inside-a-quote-is-a-quote",
        (
            "Dạ\n\nVào Th 5, 26 thg 11, 2026 lúc 10:00 Lan <lan@hakago.example> đã viết:\n\n> Chị xem nhé\n> \n"
            "> ---------- Forwarded message ---------\n> From: a@b.example\n"
        ),
        "Dạ",
    ),
]

WHOLE = [  # nothing of these may go
    (
        "complaint",
        "Chào shop,\n\nHàng sai màu.\nMã khách hàng: Tuan668\nMã đơn: 012345\n\nTrân trọng,\nTrần Tuấn\n0901234567",
    ),
    ("closing", "Nhờ shop xử lý giúp.\n\nTrân trọng,\nLan\n"),
    ("parcel-route", "Từ: Kho Hà Nội\nĐến: Đà Nẵng\nNgày: 26/11/2026\nNgười nhận: Tuấn\nĐến giờ vẫn chưa có hàng."),
    (
        "parcel-label",
        "Tem ghi:\nNgười gửi: Shop A\nNgày gửi: 26/11/2026 10:00\nNgười nhận: Tuấn (tuan@khach.example)\nsai tên.",
    ),
    ("time-and-place", "Hẹn đổi hàng:\nNgày: 26/11/2026\nGiờ: 10:00\nĐến: 12 Lê Lợi"),
    ("comparison", "Chờ lâu quá\n>30 ngày rồi chưa có hàng"),
    ("emoticons", "Hàng đẹp\n>.< nhưng vỡ\n>_< buồn quá"),
    ("arrows", "Bấm nút -> không lên\n=> lỗi nguồn"),
    ("dashes-between-things", "Đơn 1: thiếu ốc.\n--\nĐơn 2: vỡ kính, đã quay video đầy đủ.\n--\nĐơn 3: sai màu."),
    ("dashes-as-bullets", "Em thấy:\n-- hộp móp\n-- kính vỡ\nMong shop đổi."),
    ("drawn-line", "Đơn 012345\n-----\nThiếu 2 ốc vít\n=====\nCảm ơn"),
    ("shop-wrote-in-words", "Trên trang ghi rõ, người bán đã viết:\nhàng chính hãng 100%\nmà em nhận hàng giả."),
    ("chat-retold", "Hôm 26/11 lúc 10:00 em nhắn, shop trả lời:\nkhông đổi được"),
    ("address-in-sentence", "Em đã gửi mail cho support@hakago.example lúc 10:00 ngày 26/11/2026:\nkhông ai trả lời"),
    ("sent-from-a-place", "Được gửi từ Hà Nội ngày 20/11 mà nay chưa tới"),
    ("sent-by-zalo", "Gửi qua Zalo rồi nhé shop"),
    ("sent-from-other-mail", "Đã gửi từ mail khác rồi ạ"),
    ("sent-from-phone-in-sentence", "Sent from my phone, the photos were too big"),
    ("bare-address-of-warehouse", "Gửi từ kho của shop"),
    ("from-in-sentence", "Đơn từ: Hakago, mua ngày 26/11/2026"),
    ("question-of-time", "Vào 10:00 ngày 26/11/2026 em nhận hàng.\nTrong hộp có:\n1 máy, 0 sạc"),
    ("english-on", "On Monday 23 November the parcel came.\nOn opening it I found this:\na broken screen"),
    ("letter-head", "Kính gửi: Hakago\nTừ: Trần Tuấn (tuan@khach.example)\nChủ đề: Khiếu nại\n\nHàng vỡ."),
    ("markdown-rule", "Một\n\n---\n\nHai\n\n***\n\nBa"),
    ("feedback-form", "----- Ý kiến của bạn -----\nHàng tốt"),
    ("names-in-list", "Người mua: Tuấn\nSố máy: 0901234567\nNội dung: vỡ"),
    ("forward-in-words", "Em chuyển tiếp thư của kho, shop xem giúp:"),
]

REPLIES = [*GMAIL, *PHONES, *DESKS, *OURS]


def _ids(cases):
    return [case[0] for case in cases]


@pytest.mark.parametrize(("mail", "left"), [case[1:] for case in REPLIES], ids=_ids(REPLIES))
def test_reply_is_what_the_writer_added(mail, left):
    assert strip_reply(mail, forwarded=False) == left


@pytest.mark.parametrize(("mail", "left"), [case[1:] for case in REPLIES], ids=_ids(REPLIES))
def test_decomposed_letters_make_no_difference(mail, left):
    decomposed = strip_reply(unicodedata.normalize("NFD", mail), forwarded=False)
    assert unicodedata.normalize("NFC", decomposed) == left


@pytest.mark.parametrize(("mail", "left"), [case[1:] for case in FORWARDED], ids=_ids(FORWARDED))
def test_what_is_forwarded_to_us_stays(mail, left):
    assert strip_reply(mail) == (mail if left is None else left)


@pytest.mark.parametrize("mail", [case[1] for case in WHOLE], ids=_ids(WHOLE))
def test_what_the_writer_wrote_stays_whole(mail):
    assert strip_reply(mail, forwarded=False) == mail


@pytest.mark.parametrize("mail", [case[1] for case in WHOLE], ids=_ids(WHOLE))
def test_a_quote_below_takes_nothing_of_the_writers_words(mail):
    if ">" not in mail.replace("->", "").replace("=>", ""):
        assert strip_reply(f"{mail.rstrip()}\n\n{HEADING}\n\n{MARKED}") == mail.rstrip()
