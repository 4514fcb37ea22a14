"""When a customer says that the parcel came, as customers from North and South say it."""

import unicodedata
from datetime import date

import pytest

from parsers.accents import fold
from parsers.deliveries import find_delivered
from parsers.spelling import view_text
from parsers.statements import read_statements

WEDNESDAY = date(2026, 11, 18)


def find(text, written_on=WEDNESDAY):
    return find_delivered(text, view_text(text), written_on)


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("đặt hàng ngày 10/11, nhận hàng hôm qua", "11-17", None),
        ("Hôm qua mình nhận được hàng nhưng bị vỡ.", "11-17", None),
        ("Hôm qua, mình nhận được hàng.", "11-17", None),
        ("mình đã nhận được đơn hàng vào hôm qua ạ", "11-17", None),
        ("hom qua minh nhan duoc hang bi vo", "11-17", None),
        ("hqua e nhận đc hàng r shop ơi", "11-17", None),
        ("sáng nay shipper giao tới nhà em", "11-18", None),
        ("chiều nay mình nhận hàng thì thấy móp", "11-18", None),
        ("tối qua lúc 8h em mới nhận được hàng", "11-17", "20:00"),
        ("hôm kia hàng về tới", "11-16", None),
        ("Bữa kia hàng về, mà hổm rày bận quá chưa mở", "11-16", None),
        ("Em vừa nhận hàng xong, hộp bị rách", "11-18", None),
        ("mình vừa mới nhận được hàng", "11-18", None),
        ("mới nhận hàng lúc 9h sáng", "11-18", "09:00"),
        ("Nhận hàng ngày 15/11", "11-15", None),
        ("Ngày nhận hàng: 15-11-2026", "11-15", None),
        ("tôi nhận được hàng ngày 15 tháng 11", "11-15", None),
        ("thứ hai vừa rồi tôi nhận hàng", "11-16", None),
        ("cách đây 3 ngày tôi có nhận được kiện hàng", "11-15", None),
        ("tôi nhận hàng 3 hôm trước", "11-15", None),
        ("tuần trước mình có nhận hàng", "11-15", None),
        ("nhận hàng được 3 ngày rồi", "11-15", None),
        ("hàng về được 3 ngày rồi", "11-15", None),
        ("I received the parcel yesterday", "11-17", None),
        ("It arrived on 15 Nov, completely broken", "11-15", None),
        ("The package was delivered this morning", "11-18", None),
        ("received it 2 days ago", "11-16", None),
        ("Mình nhận hàng 15/11. Hôm qua mình nhắn shop mà chưa nhận được phản hồi", "11-15", None),
        ("Hàng nhận ngày 14/11, hôm nay mới mở ra", "11-14", None),
        ("Ngày đặt: 10/11 - Ngày nhận: 14/11", "11-14", None),
        ("mình order hôm 10/11 đến hôm qua mới nhận được hàng", "11-17", None),
        ("Hôm qua mình nhận được hàng mà bị vỡ thì phải làm sao ạ?", "11-17", None),
        ("My order arrived yesterday and the box was open", "11-17", None),
        ("I ordered on 10 November and got it yesterday", "11-17", None),
        ("Hôm qua mình nhận 2/3 sản phẩm", "11-17", None),
        ("nay mình nhận hàng mà thiếu đồ", "11-18", None),
        ("HOM QUA TOI NHAN HANG", "11-17", None),
        ("Hàng giao tới hôm qua", "11-17", None),
        ("mãi hôm qua mới giao tới", "11-17", None),
        ("nhận hàng (hôm qua) thấy thiếu", "11-17", None),
        ("chiều hôm qua shipper giao hàng cho em lúc em đi vắng", "11-17", None),
        ("chiều hôm qua khoảng 3h shipper giao hàng cho em", "11-17", "15:00"),
        ("hàng tôi nhận hôm qua bị lỗi", "11-17", None),
        ("nhận được hàng 12.11.2026", "11-12", None),
        ("Just received my order", "11-18", None),
        ("got my package on Monday", "11-16", None),
        ("Em có nhận được một đôi giày màu đen size 39 từ shop vào ngày hôm qua", "11-17", None),
        ("Shop giao thiếu hàng cho mình hôm qua", "11-17", None),
        ("Shop giao sai mẫu, mình nhận hôm qua", "11-17", None),
        (
            "Dạ em chào shop, em tên Lan, hôm qua em có nhận được kiện hàng mã 012345, lúc khui ra thì ấm bị nứt ạ.",
            "11-17",
            None,
        ),
        ("Shop oi minh nhan hang thu 2 roi ma gio moi mo ra, thieu 2 con oc", "11-16", None),
        ("Sáng nay 9h30 bên giao hàng nhanh giao cho mình, hộp móp méo", "11-18", "09:30"),
        ("Ship giao hồi chiều qua, ba mẹ em nhận giùm", "11-17", None),
        ("Hàng về hôm 16 mà em đi công tác", "11-16", None),
        ("T nhận hàng CN vừa rồi", "11-15", None),
        ("mình mới nhận hàng được 2 bữa", "11-16", None),
        ("Hàng em nhận được 2 hôm rồi, nay khui ra mới thấy bể", "11-16", None),
        ("Em nhận đơn hôm qua nha shop", "11-17", None),
        ("Thời gian nhận hàng: 15/11/2026", "11-15", None),
        ("Nhận hàng lúc 10h sáng ngày 15/11/2026", "11-15", "10:00"),
        ("Tôi nhận được hàng vào 14:30 ngày 15/11/2026.", "11-15", "14:30"),
        ("Hôm qua, ngày 17/11, tôi đã nhận được đơn hàng", "11-17", None),
        ("Đơn hàng 012345 được giao đến nhà tôi thứ Hai, 16/11", "11-16", None),
        ("Đến tận hôm nay em mới nhận được hàng", "11-18", None),
        ("Em đặt hàng từ 10/11 mà hôm nay mới nhận được", "11-18", None),
        ("Mình mới nhận được hàng, hộp bị rách", "11-18", None),
        ("the parcel came yesterday with a broken lid", "11-17", None),
        ("Delivered on 16/11/2026 but the charger is missing", "11-16", None),
        ("We got the order last night", "11-17", None),
        ("I received the order today, and the cup is broken", "11-18", None),
        ("I received my order on Sunday, November 15", "11-15", None),
        ("Em k hiểu sao, hôm qua em nhận được hàng thì thiếu sạc", "11-17", None),
        ("Ngày 16/11 vừa rồi em nhận hàng", "11-16", None),
        ("mình nhận hàng lúc sáng ngày 15", "11-15", None),
        ("Nhận hàng: hôm qua", "11-17", None),
        ("hom qua e nhan dc hang, hop bi mop, thieu day sac", "11-17", None),
        ("chieu nay shipper giao hang toi nha minh", "11-18", None),
        ("toi qua minh nhan hang", "11-17", None),
        ("nhan hang ngay 15/11", "11-15", None),
        ("Nay mình phản ánh đơn hàng 012345 nhận hôm qua", "11-17", None),
        ("Tôi phản ánh ngày 18/11 về việc đơn hàng nhận ngày 15/11", "11-15", None),
        ("Hàng tới tay em hôm qua thì bao bì rách", "11-17", None),
        ("Kính gửi quý công ty, ngày hôm qua gia đình tôi có nhận được kiện hàng", "11-17", None),
        ("Thứ 7 tuần rồi shipper giao hàng", "11-14", None),
        ("Hàng tới hôm thứ ba tuần trước", "11-10", None),
        ("1 tuần trước em có nhận hàng", "11-11", None),
        ("Hồi sáng em nhận hàng", "11-18", None),
        ("Ban nãy shipper mới giao", "11-18", None),
        ("Hôm nay em viết mail này, em vừa nhận hàng", "11-18", None),
        ("Bên vận chuyển giao hàng cho tôi ngày 17/11/2026", "11-17", None),
        ("Mua hôm 10/11, nhận hôm 17/11, dùng được 1 ngày thì hư", "11-17", None),
        ("Shop ơi hôm qua em nhận hàng mà giao thiếu 1 cái nắp", "11-17", None),
        ("Dạ hàng em nhận hôm qua á shop", "11-17", None),
        ("Bưu tá phát hàng cho tôi ngày 15/11, tôi đã ký nhận", "11-15", None),
        ("Em ký nhận hàng hôm qua", "11-17", None),
        ("Hàng đã về tới nhà tôi vào chiều qua", "11-17", None),
        ("Hôm qua 17/11/2026 lúc 10h30 shipper giao hàng tới nhà tôi", "11-17", "10:30"),
        ("I picked up the parcel; it was delivered yesterday at 3pm.", "11-17", "15:00"),
        ("Order 012345 was delivered yesterday, but one mug is broken.", "11-17", None),
        ("Đã nhận hàng 17/11", "11-17", None),
    ],
    ids=lambda value: value,
)
def test_arrival_is_read_with_its_day(text, day, hour):
    delivered = find(text)
    assert delivered is not None
    assert f"{delivered.on:%m-%d}" == day
    assert (f"{delivered.at:%H:%M}" if delivered.at else None) == hour
    assert delivered.words in text


@pytest.mark.parametrize(
    "text",
    [
        "chưa nhận được hàng",
        "mong nhận được phản hồi hôm nay",
        "Đến hôm nay mình vẫn chưa nhận được hàng",
        "Shop báo đã giao hôm qua nhưng mình chưa nhận được hàng",
        "Shop hẹn giao hôm qua",
        "đặt hàng ngày 10/11",
        "Hôm qua tôi gọi shop, bảo hôm nay giao",
        "Hôm qua mình nhắn shop mà chưa nhận được phản hồi",
        "hôm trước mình nhận hàng, hôm nay mới mở ra",
        "Người nhận: Lan, ngày 15/11",
        "tôi nhận hàng ngày 20/11",
        "tôi nhận hàng ngày 10/11, đợt hai nhận hàng ngày 12/11",
        "Có phải hàng đã giao hôm qua không ạ?",
        "Đơn của em giao hôm qua chưa ạ?",
        "nhận được email của shop hôm qua",
        "I received your email yesterday",
        "I haven't received my order, it was supposed to arrive yesterday",
        "Did it arrive yesterday?",
        "Tracking says delivered yesterday but nothing came",
        "chiếc nhẫn hôm qua mình mua bị lỗi",
        "nhân viên giao hàng hôm qua gọi cho tôi",
        "Tôi xác nhận hôm qua đã chuyển khoản",
        "shop chuyển khoản hôm qua, mình nhận được tiền rồi",
        "nhận được 1/2 hàng",
        "Thứ tư mình nhận hàng",
        "Tôi mua hôm qua",
        "khoảng ngày 15/11 nhận hàng",
        "vừa nhận hàng vừa quay video",
        "đặt 2 tuần mới nhận được hàng",
        "hàng tôi đặt hôm qua bị lỗi",
        "I want to receive it today",
        "nếu hôm nay nhận hàng thì",
        "Shop giao cho đơn vị vận chuyển hôm qua",
        "mình mới nhận hàng được mấy bữa",
        "Shop cho em hỏi khi nào nhận được hàng ạ, em đặt hôm 10/11",
        "Em đặt hôm 10/11 mà tới nay chưa thấy giao",
        "Theo hệ thống thì đơn đã giao ngày 15/11",
        "Hôm qua, ngày 16/11, tôi đã nhận được đơn hàng",
        "Tôi cần nhận hàng trong hôm nay",
        "Mong shop giao hàng hôm nay giúp em",
        "Em đặt hàng từ 10/11 mới nhận được",
        "Mình mới nhận được hàng mà 3 ngày sau đã hỏng",
        "I will receive it on 15/11",
        "I did not receive the charger yesterday",
        "Someone from your shop called me yesterday about delivered parcel",
        "Hàng chưa tới, shop hẹn hôm qua",
        "giao hàng không thành công hôm qua",
        "Cảm nhận hôm qua rất tệ",
        "Em không nhận hàng hôm qua vì hộp bị móp",
        "Nhân viên tư vấn hôm qua nói sẽ đổi",
        "dán nhãn hàng hôm qua",
        "toi qua shop nhan hang thi dong cua",
        "hang bi hong hom qua",
        "Ngày 15/11 tôi chuyển tiền, shop đã nhận được tiền",
        "Trong vòng 24h kể từ khi nhận hàng em đã báo",
        "Chính sách: đổi trả trong 7 ngày kể từ ngày nhận hàng",
        "hàng nhận rồi",
        "Em nhận hàng lúc 9h sáng",
        "Hôm nay em viết mail này để khiếu nại đơn hàng em nhận",
        "Dự kiến giao hôm nay",
        "Nhận tại cửa hàng 12/13 Nguyễn Trãi",
        "I expected it to arrive yesterday but it never came",
        "Em muốn hỏi hàng hôm qua giao tới chưa",
        "Em nhận hàng từ hôm bữa",
        "Cho em hỏi sau khi nhận hàng bao lâu thì được đổi? Hôm nay em mới đặt.",
        "Hôm qua em lên shop nhận hàng thì shop kêu hết hàng nên không nhận được",
        "Tôi đã chờ 2 tuần, hôm qua gọi thì bảo đã giao",
        "Mình đã nhận được hàng hôm nay hay hôm qua không nhớ",
        "giao hàng trước ngày 15/11",
        "tôi yêu cầu giao hàng trong ngày hôm nay",
        "Hôm nay tôi không nhận được bất kỳ phản hồi nào",
        "When was it delivered? Yesterday?",
        "The seller shipped it on 10 Nov",
        "My refund arrived yesterday",
        "Your email arrived yesterday",
        "Hôm qua hoàn tiền về tới tài khoản",
        "Nhân viên đến nhà tôi hôm qua",
    ],
    ids=lambda value: value,
)
def test_what_is_no_certain_arrival_gives_no_day(text):
    assert find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Hôm qua mình nhận được hàng nhưng bị vỡ",
        "mình nhận hàng hôm kia",
        "Sáng nay em nhận được hàng",
        "cách đây 3 ngày tôi nhận được kiện hàng",
        "đặt hàng ngày 10/11, nhận hàng hôm qua",
        "Hàng về tới tuần trước",
        "em nhận hàng tối hôm qua",
        "chưa nhận được hàng",
        "mong nhận được phản hồi hôm nay",
    ],
)
def test_accents_and_their_encoding_change_nothing(text):
    days = {
        delivered.on if (delivered := read_statements(form, WEDNESDAY).delivered) else None
        for form in (text, fold(text), text.upper(), unicodedata.normalize("NFD", text), text.replace(" ", "  "))
    }
    assert len(days) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Shop nhắn hôm qua là sẽ đổi",
        "Hôm qua mình nhắn cho shop",
        "Hôm qua nhân viên gọi",
        "Chiếc nhẫn hôm qua",
        "Tôi dán nhãn hôm qua",
        "giáo viên hôm qua",
    ],
)
def test_words_that_only_look_alike_without_accents_are_told_apart(text):
    assert find(text) is None


def test_wrapped_line_is_read_on():
    text = "Kính gửi quý công ty, tôi là khách hàng lâu năm của shop, tôi nhận được hàng\nhôm qua và thấy hộp bị móp."
    delivered = find(text)
    assert delivered is not None
    assert delivered.on == date(2026, 11, 17)
    assert delivered.words == "nhận được hàng\nhôm qua"


def test_two_lines_of_a_list_are_two_statements():
    assert find("Nhận hàng\nHôm qua mua") is None


@pytest.mark.parametrize(
    ("text", "written_on", "on"),
    [
        ("nhận hàng 28/12", date(2027, 1, 5), date(2026, 12, 28)),
        ("nhận hàng ngày 29/2", date(2028, 3, 1), date(2028, 2, 29)),
        ("nhận hàng hôm 28", date(2027, 3, 2), date(2027, 2, 28)),
        ("nhận hàng hôm qua", date(2027, 1, 1), date(2026, 12, 31)),
        ("nhận hàng chủ nhật", date(2026, 11, 16), date(2026, 11, 15)),
        ("nhận hàng tháng trước", date(2027, 3, 2), date(2027, 2, 28)),
        ("nhận hàng tuần trước", date(2027, 1, 4), date(2027, 1, 3)),
    ],
)
def test_missing_year_month_and_week_are_the_latest_past(text, written_on, on):
    delivered = find(text, written_on)
    assert delivered is not None
    assert delivered.on == on


@pytest.mark.parametrize("written_on", [date.min, date(1, 1, 2), date.max])
@pytest.mark.parametrize(
    "text", ["hôm qua", "hôm kia", "tuần trước", "tháng trước", "29/2", "thứ hai", "999 ngày trước", "hôm 31"]
)
def test_ends_of_the_calendar_are_no_error(text, written_on):
    find(f"nhận hàng {text}", written_on)
