"""The words around a parcel's arrival: data for `deliveries`.

One pattern finds all verbs that a day can belong to. Its groups say which kind: `arrived` is the parcel's arrival,
`arriving` the bare English verb, which counts only where it is denied ("did not receive"), `other` anything else that
was done on a day. A match without a group only looks like an arrival: "người nhận".
"""

import re
from typing import Final

from parsers.spelling import compile_words, list_spellings

_ME: Final = r"(?:mình|mik|em|tôi|tui|con|cháu|chị|anh|khách|nhà|bên em|bên mình)"
_PARCEL: Final = r"(?:đơn hàng|kiện hàng|gói hàng|thùng hàng|hàng|đơn|kiện|gói|bưu kiện|bưu phẩm|sản phẩm|sp|đồ|sách)"
# What customers receive besides parcels.
_NO_PARCEL: Final = (
    r"(?! (?:được |đc |dc |đủ |thêm |một |1 |bất kỳ |bất cứ |sự |cái |các |những ){0,3}(?:phản hồi|phản ánh"
    r"|hồi âm|hồi đáp"
    r"|trả lời|câu trả lời|mail|email|e-mail|gmail|thư trả|tin nhắn|tin báo|sms|cuộc gọi|cuộc điện|điện thoại"
    r"|thông báo"
    r"|thông tin|tiền|hoàn|lời|hỗ trợ|giúp|mã giảm|mã otp|otp|voucher|quà tặng|hóa đơn|hoá đơn|bill|xác nhận|kết quả"
    r"|yêu cầu|lại|xét|thấy|ra|biết|định|diện|trách|lỗi|giải quyết|giải đáp|link|báo giá|đánh giá|tư vấn|khiếu nại"
    r"|góp ý|giấy báo|giấy tờ|hướng dẫn|bồi thường|bảo hành|gì))"
)
_NO_DELIVERY: Final = (
    r"(?! (?:dịch|diện|tiếp|thông|lưu|ban|hẹn|cho (?:đơn vị|đvvc|bên|vận chuyển|bưu|kho|shipper|ghn|ghtk"
    r"|nhân viên|anh ship)))"
)
_NO_ENGLISH_PARCEL: Final = (
    r"(?! (?:back )?(?:(?:your|the|an?|any|no|this|his|her|their|another|my) )?(?:automatic |automated )?"
    r"(?:e-?mails?|mail|reply|replies|response|answer|message|refund|money|confirmation|call|notification"
    r"|notice|news|sms"
    r"|text|invoice|receipt|tracking|code|update|complaint|request|feedback|letter|link|photos?|videos?|pictures?))"
)
# Nouns and other verbs that only contain the words of an arrival.
_LOOKALIKES: Final = (
    r"(?:người|bên|tên|sđt|sdt|số điện thoại|địa chỉ|điểm|nơi|phiếu|biên bản|video|clip|hạn|thời hạn|lịch|chờ"
    r"|đợi|đơn vị|phí"
    r"|tiền|cước|nhân viên|nv|dịch vụ) (?:nhận(?= (?:hàng|là|[:]))|giao(?: hàng)?|nhận hàng)(?! ?[:\d])"
    r"|người nhận|địa chỉ nhận|giao nhận|nhân (?:viên|dịp|tiện|vật|sự|tạo|đôi)|(?:cá|nguyên|bệnh|tư|công|nạn) nhân"
)
_ARRIVED: Final = (
    rf"nhận{_NO_PARCEL}(?: được| đc| dc| đk)?(?: đủ| trọn)?(?: {_PARCEL})?"
    rf"|giao{_NO_DELIVERY}(?: {_PARCEL})?(?: tới| đến| tận| về| cho {_ME}| xong| thành công){{0,2}}"
    rf"|(?:{_PARCEL}|shipper|ship)(?: của {_ME}| này)?"
    r"(?: (?:cũng|đã|mới|vừa|vẫn|chưa|không|ko|được|bị|ship|giao|chuyển|gửi|mang|đem|đưa)){0,4} (?:tới|đến"
    r"|về)(?! (?:việc|đâu|hạn))"
    r"|(?:về|tới|đến) (?:tới|đến|tay|nơi)(?: tay| nơi| nhà)?|phát hàng|ship (?:tới|đến|về|tận)|shipper (?:đưa|mang|đem)"
    rf"|(?:received|recieved|receved){_NO_ENGLISH_PARCEL}|arrived|delivered|turned up|showed up"
    r"|came(?= (?:today|yesterday|this|on|in the|with|broken|damaged|last))"
    rf"|got{_NO_ENGLISH_PARCEL}(?= (?:my|the|it|this|these|them|mine|your|our|parcel|package|order|delivery"
    rf"|delivered|today|yesterday))"
    r"|(?:delivery|received|receipt|arrival) date|date (?:of (?:delivery|receipt|arrival)|received|delivered)"
)
_ARRIVING: Final = (
    rf"receive{_NO_ENGLISH_PARCEL}|arrive|come|get{_NO_ENGLISH_PARCEL}(?= (?:my|the|it|this|them|anything))"
)
_OTHERS: Final = (
    r"(?:xác|ghi|tiếp|chấp|thừa|cảm|công|đảm|nhìn|phủ) nhận|(?:bàn|hẹn) giao|(?:shop|kho|cửa hàng|công ty"
    r"|bên bạn|you|they)"
    r"(?: đã| có| mới| vừa| cũng| have)? (?:nhận|received|got)|(?:tiền|mail|email|phản hồi|thông báo)"
    r"(?: (?:đã|mới|vừa|cũng|chưa)){0,2} (?:về|tới|đến)(?: tới| đến| nơi)?"
    r"|(?:refund|money|e-?mail|mail|reply|message|invoice|confirmation)(?: (?:just|only|has|was))?"
    r" (?:arrived|delivered|came)|"
    rf"đặt(?: (?:mua|{_PARCEL}))?|mua(?: {_PARCEL})?|chốt(?: đơn)?|thanh toán|chuyển khoản|ck|trả tiền|cọc|xuất kho"
    r"|(?:có|đã|mới|mình|em|tôi|tui|e) (?:order|oder)|(?:order|oder)(?= (?:ngày|hôm|từ|lúc|hàng))|xuất hàng|lấy hàng"
    r"|gửi(?: (?:hàng|mail|email|đơn))?|nh[ắ]n(?: tin)?|nhan tin|gọi|liên hệ|liên lạc|phản ánh|khiếu nại"
    r"|phản hồi|trả lời"
    r"|mở (?:hàng|hộp|ra|thùng|gói)|khui|bóc|đập hộp|kiểm tra|check|dùng|sử dụng|xài|lắp|phát hiện|quay video|chụp"
    r"|bảo hành|hẹn|hứa|kiểm hàng|đổi (?:hàng|mới|lại|trả)|trả hàng"
    r"|ordered|bought|purchased|paid|placed|opened|unpacked|unboxed|shipped|dispatched|sent|emailed|wrote|called"
    r"|contacted|noticed|discovered|used|tried|promised|broke|stopped|order date|date of (?:order|purchase)|bought on"
    r"|invoice date|reported|complained|returned|checked|exchanged|refunded"
)
VERBS: Final = compile_words(rf"{_LOOKALIKES}|(?P<other>{_OTHERS})|(?P<arrived>{_ARRIVED})|(?P<arriving>{_ARRIVING})")
# One of these is in every sentence that tells of an arrival.
MAY_ARRIVE: Final = list_spellings(
    "nhận", "giao", "phát hàng", "ship", "về", "tới", "đến", "received", "recieved", "receved", "receive", "receipt",
    "arriv",
    "deliver", "turned up", "showed up", "came ", "come", "got ", "get ",
)  # fmt: skip
# One of these words, or of what `DECIDES_TOO` finds, is in every sentence that counts for or against an arrival: it
# names a day, says that it was just now, or denies it.
DECIDES: Final = frozenset(list_spellings(
    "ngày", "hôm", "bữa", "tuần", "tháng", "tết", "thứ", "thứhai", "thứba", "thứtư", "thứnăm", "thứsáu", "thứbảy",
    "thứbẩy", "nhật", "cn", "kia", "qua", "wa", "hqua", "hwa", "nay", "hnay", "nãy", "hồi", "lúc", "ban", "trước",
    "đây", "rày", "dạo", "gần", "lâu", "vừa", "mới",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today", "tonight",
    "morning", "afternoon", "evening", "day", "days", "night", "nights", "week", "weeks", "weekend", "month", "months",
    "ago", "recently", "while", "just",
    "không", "ko", "kg", "khg", "hông", "hổng", "hok", "hem", "chưa", "chx", "chả", "chẳng", "đâu", "not", "never",
    "no", "nothing", "neither", "without", "yet", "cannot", "thất", "hụt", "trượt",
))  # fmt: skip
# A number of a day or an hour, no code; "thứ2"; "didn't".
DECIDES_TOO: Final = re.compile(r"(?:(?<![^\W_])|(?<=th[ứưu]))\d{1,3}(?!\d)|20\d\d|n['’]?t(?![^\W_])")

DENIED: Final = compile_words(
    r"không|ko|kg|khg|h[ôổ]ng|hong(?= (?:nhận|thấy|có|được))|hok|hem|chưa|chx|chả|chẳng|đâu có|not|never|no"
    r"|nothing|neither|without|yet to"
    r"|\w{2,6}n['’]?t|cannot"
)
FAILED: Final = compile_words(
    r"(?:hàng |đơn )?(?:không|ko|chưa) (?:thành công|được|đến|tới|về)|thất bại|hụt|không thành|trượt"
)
# "mong nhận được hàng hôm nay", "hẹn giao hôm qua", "nếu", "để": nothing that happened.
NOT_YET: Final = compile_words(
    r"mong|muốn|hy vọng|hi vọng|sẽ|nếu|để|cần|dự kiến|hẹn|hứa|bao giờ|khi nào|chừng nào|trước khi|yêu cầu"
    r"|đề nghị|định|lẽ ra"
    r"|đáng lẽ|phải được|đáng ra|hope|hoping|expect(?:ed|ing)?|will|would|should|if|want|wish|supposed|due"
    r"|scheduled|promised"
    r"|estimated|when will|going to|before|until|waiting|could|can|may|might"
)
# What somebody else says of the parcel: "shop báo đã giao", "tracking says delivered".
REPORTED: Final = compile_words(
    r"(?:shop|hệ thống|app|ứng dụng|shipper|ship|bưu điện|bưu cục|bưu tá|bên|web|trang|trạng thái|tracking|đơn"
    r"|đơn hàng|nhân viên|nv"
    r"|tin nhắn|ghn|ghtk|viettel|shopee|lazada|tiktok|vận chuyển|đvvc)(?: \w{1,8}){0,3} (?:báo|bảo|nói|ghi|hiện"
    r"|hiển thị|cập nhật"
    r"|xác nhận|thông báo|kêu)|ghi (?:là|nhận)|^\W*(?:báo|bảo|nói|kêu)|says|said|shows|shown|marked|claims?"
    r"|status"
)
HEARSAY: Final = compile_words(r"theo (?:hệ thống|app|shop|bưu|tracking|đơn vị|như)|trạng thái|tracking|according to")
# "vừa nhận hàng": today, where nothing else is said.
JUST_NOW: Final = compile_words(r"vừa mới|mới vừa|vừa|just")
ONLY_NOW: Final = compile_words(
    r"(?:mình|mik|mk|em|tôi|tui|con|cháu|chị|anh|bên em|e|m|giờ|bây giờ) (?:cũng )?mới|^\s*mới"
)
ANY_LENGTH: Final = compile_words(
    r"(?:\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|vài|mấy|cả|two|three|a) (?:ngày|hôm|tuần|tháng|bữa"
    r"|lần|days?|weeks?|months?)"
)
QUESTION: Final = compile_words(
    r"(?:chưa|không|ko|k|hông|hok|hả|à|phải không|đúng không)(?: (?:ạ|vậy|shop|ad|nhỉ|bạn|em|anh|chị|thế|nhé"
    r"|z))*\s*\?*$"
)
ENGLISH_QUESTION: Final = compile_words(r"^\W*(?:so |and )?(?:did|has|have|was|were|is|does|do|when|why|where|what)")
BREAKS: Final = compile_words(
    r"nhưng|nhg|mà|thì|và|nên|vì|d[o]|xong|rồi|c[ò]n|sau đó|tuy nhiên|but|and|then|because|so|though|although"
    r"|however|which"
)
EMPTY_WORDS: Final = compile_words(
    r"ạ|nha|nhé|là|the|at|on|dạ|vâng|cụ thể|chính xác|tức|đó|ấy|vào|lúc|shop|ơi|chào|hi|hello|thưa|thưa shop"
    r"|well|actually"
)
