"""What a customer asks for: another one, his money, or a repair. What he says he does not want is not asked for."""

import re
from typing import Final

from parsers.facts import Request
from parsers.spelling import compile_words, list_spellings

_NOT: Final = compile_words(
    r"(?:không|ko|kg|k|khg|hông|hok|đừng|chẳng|chả|khỏi|chưa|thay vì|not|no|n['’]?t|don['’]?t|doesn['’]?t"
    r"|instead of|rather than|without)"
    r"(?: (?:cần|muốn|đòi|yêu cầu|phải|xin|được|đc|nhận|hề|có|cho|chịu|want|need|asking for|ask for|asking|a|an"
    r"|any|to|the|looking for|have|get)){0,3}\s*$"
)
_LOOKBACK: Final = 40  # characters
_LONGEST: Final = 80  # characters of a request; more than it can have on either side of a hint
_CLAUSE_END: Final = re.compile(r"[.,;!?\n]")
_MAY_ASK: Final = list_spellings(
    "đổi", "hoàn", "trả", "bảo hành", "sửa", "mới", "refund", "money", "exchang", "replac", "repair", "fix", "one"
)
# A match without a group only looks like a request: "thay đổi", "phiếu bảo hành".
_ASKS: Final = compile_words(
    r"(?:thay|trao) đổi|(?:phiếu|thẻ|tem|hết|sổ|còn|giấy|thời gian|thời hạn|chính sách) (?:bảo hành|đổi trả)"
    r"|chỉnh sửa"
    r"|(?P<exchange>đổi (?:giúp |giùm |dùm |hộ |cho |sang |lấy |em |mình |tôi |tui |lại |luôn ){0,4}(?:hàng|mới"
    r"|lại|trả|cái"
    r"|chiếc|con|bộ|đôi|áo|quần|giày|sản phẩm|sp|size|màu|mẫu|1|một|khác|cho|giúp|giùm|dùm|em|mình|tôi)"
    r"(?! (?:ý|địa chỉ|số|tên|mật khẩu))|(?:được|xin|muốn|cho|yêu cầu|cần|đề nghị) (?:em |mình |tôi |khách )?đổi"
    r"(?! (?:ý|địa chỉ|số|tên|mật khẩu))|(?:gửi|giao|ship)(?: \w{1,7}){0,4}? (?:cái|hàng|sản phẩm|con|chiếc"
    r"|bộ) mới|1 đổi 1"
    r"|một đổi một|exchanged?|replace(?:ments?|d)?|(?:send|get)(?: \w{1,8}){0,3} (?:new|another) one)"
    r"|(?P<refund>hoàn(?: (?:lại|trả))*(?: \w{1,6}){0,3} tiền|hoàn (?:tiền|trả|phí)"
    r"|trả(?: lại)?(?: \w{1,6}){0,2} tiền(?! hàng)"
    r"|(?:muốn|xin|yêu cầu|cho|được) (?:em |mình |tôi )?trả (?:lại )?(?:hàng|sản phẩm|đơn)|refund(?:ed)?|money back)"
    r"|(?P<repair>bảo hành(?! (?:\d|vàng|chính hãng|trọn đời))"
    r"|sửa (?:chữa|giúp|giùm|dùm|lại|cho|máy|hộ|hàng)(?! (?:đơn|địa chỉ|thông tin))|repair(?:ed)?"
    r"|fix(?:ed)?(?= (?:it|this|them|the|or)))"
)


def find_requests(view: str) -> tuple[Request, ...]:
    """The requests in a text of which `view` is the `view_text`, each once, in order."""
    return tuple(find_asking(view))


def find_asking(view: str) -> dict[Request, slice]:
    """The requests, and where the words stand that first ask for each."""
    hints = [word for word in _MAY_ASK if word in view]
    if not hints:
        return {}
    begin = max(0, min(map(view.find, hints)) - _LONGEST)
    end = max(map(view.rfind, hints)) + _LONGEST
    found: dict[Request, slice] = {}
    for ask in _ASKS.finditer(view, begin, end):
        name = _name(ask)
        before = _CLAUSE_END.split(view[max(0, ask.start() - _LOOKBACK) : ask.start()])[-1]
        if name and not _NOT.search(before):
            found.setdefault(name, slice(*ask.span()))
    return found


def _name(ask: re.Match[str]) -> Request | None:
    if ask["exchange"]:
        return "exchange"
    if ask["refund"]:
        return "refund"
    return "repair" if ask["repair"] else None
