"""The parts a customer misses, in his own words: "thiếu 2 ốc vít và sách hướng dẫn", "missing the charger".

A list begins behind a word of lacking and goes on, over commas, "và" and lines with dashes, until something else than a
part follows. Only what is named counts: "thiếu hàng" and "giao thiếu sản phẩm" name nothing, "thiếu trách nhiệm" is no
part. Pure, never raises.
"""

import re
from collections.abc import Iterator
from typing import Final

from parsers.accents import has_any
from parsers.spelling import compile_words, list_spellings, loosen

_MAY_LACK: Final = list_spellings(
    "thiếu", "không", "hông", "chưa", "ko", "kg", "k ", "missing", "without", "lack", "include", "no ", "n't"
)
_LACKS: Final = compile_words(
    r"(?P<sure>(?:(?:giao|bị|còn|gửi|ship) )?thiếu(?: mất| đi)?(?: (?:của )?(?:mình|em|tôi|tui|khách))?"
    r"|(?:is |are |was |were |am )?missing|lacks|lacking)"
    r"|(?:không|ko|kg|k|hông|chưa) (?:có|thấy|kèm|kèm theo|đi kèm)|without|(?:does not|doesn['’]t|did not"
    r"|didn['’]t) (?:include|contain|have|come with)"
    r"|(?:not included|no)(?= [a-z])"
)
_NOT_LACKING: Final = compile_words(
    r"(?:không|ko|k|kg|hông|chưa|chẳng|đừng|not|nothing|có) (?:bị |hề |is |are )?$|nothing is $"
)
# "thiếu các món sau:" and the like, before the list.
_HEAD: Final = re.compile(
    loosen(
        r"\s{0,2}(?:(?:những|các|mấy|một số|1 số|vài|the following|following|these|my|from my order|in the box)\s+)?"
        r"(?:(?:món|thứ|phụ kiện|linh kiện|chi tiết|đồ|hàng|sản phẩm|sp|items?|parts?|pieces|accessories|things)\s*)?"
        r"(?:(?:sau đây|sau|như sau|gồm|bao gồm|là|gồm có)\s*)?[:]\s*"
    )
)
_BULLET: Final = re.compile(r"\s*(?:\n\s*|(?<=\s)|(?<=:))(?:[-+*>]|\d{1,2}[.)])\s*")
_STOP: Final = re.compile(r"[,;&+\n]|[.](?=\s|$)|[!?:()]|\s(?:-+|\d{1,2}[.)])\s")
_AND: Final = compile_words(r"và|với|cùng với|cùng|lẫn|and|or|hoặc|plus|as well as")
_SENTENCE_END: Final = re.compile(r"[.!?:()]")
# Where a part ends though no comma follows.
_CUT: Final = compile_words(
    r"ạ(?! \w)|nha|nhé|nhe|ah|[à]|rồi|r|nên|mà|nhưng|vì|do|thì|trong|so với|như|theo|đi kèm|kèm theo|shop|ad"
    r"|mong|đề nghị|yêu cầu|nhờ|xin"
    r"|của (?:mình|em|tôi|shop)|in the (?:box|package|parcel)|from|so|but|which|please|when|though|in my"
    r"|in your|as|that|are missing"
    r"|is missing|included"
)
# A stretch with one of these is no part but the next statement.
_TALK: Final = compile_words(
    r"shop|em|mình|tôi|tui|anh|chị|bạn|gửi|giúp|mong|không|ko|chưa|đã|được|đc|nhờ|xin|vui lòng|bị|thì|muốn"
    r"|đ[ổ]i|hoàn|giao|nhận|xử lý"
    r"|phản hồi|cần|hãy|sẽ|rất|quá|móp|vỡ|bể|rách|hỏng|trầy|lỗi|sai|ai|nào|gì|please|i|we|you|it|they|my|is|was"
    r"|were|will|can|could|need|want|broken|damaged|the box is"
)
_QUANTITY: Final = re.compile(
    loosen(
        r"(?:\d{1,3}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|one|two|three|four|five|six|a pair of|a|an|the"
        r"|my)\s+(?:[^\W\d]|\d)"
    )
)
_PART_NOUN: Final = compile_words(
    r"sạc|củ sạc|cục sạc|bộ sạc|cáp|dây|nguồn|adapter|pin|remote|điều khiển|ốc|vít|đinh|bulong|bu lông|sách"
    r"|hướng dẫn|nắp|ống|tai nghe"
    r"|phiếu|thẻ|tem|hóa đơn|hoá đơn|túi|bao|khăn|chân|đế|móc|khóa|khoá|chìa|bút|cục|cái|chiếc|bộ|quà|giá đỡ"
    r"|kẹp|nút|bánh|tay|vỏ|ổ|que|que thử"
    r"|muỗng|đũa|thìa|lõi|lọc|phích|thanh|tấm|hộp|jack|usb|ron|gioăng|quai|dép|giày|áo|quần|tất|vớ|kính|mũ|nón"
    r"|charger|cable|cord|battery|batteries"
    r"|screws?|manual|instructions?|remote|adapter|lid|cap|box|strap|bolts?|nuts?|plug|case|warranty card"
    r"|invoice|receipt|accessor(?:y|ies)"
)
# What one may lack that is no part, or that names none.
_NO_PART: Final = compile_words(
    r"hàng|hàng hóa|hàng hoá|sản phẩm|sp|đơn|đơn hàng|đồ|món|thứ|phụ kiện|linh kiện|số lượng|số|trách nhiệm"
    r"|tôn trọng|chuyên nghiệp|chính xác"
    r"|sót|tiền|ý thức|tinh thần|uy tín|hiểu biết|nhiều|trung thực|minh bạch|thiện chí|lịch sự|thông tin"
    r"|nhiệt tình|nghiêm túc|kiên nhẫn|đạo đức"
    r"|thành ý|hợp tác|rõ ràng|trước|sau|tháng|thật|thốn|quyết đoán|cái|chiếc|con|bộ|hộp|thùng|kiện|phần"
    r"|chi tiết|nữa|đủ|gì|hết|thái độ"
    r"|items?|parts?|pieces?|things?|package|parcel|order|product|something|one|some|again|accessories|goods"
    r"|reply|response|answer|idea|way|reason|problem"
)
_ARTICLE: Final = re.compile(r"(?:the|an?|my|your|its|some|any|all)\s+")
_BEFORE_MISSING: Final = re.compile(
    r"(?:the|my|an?|one|two|three|\d{1,2})\s((?:[a-z]{1,15}\s){0,3}?[a-z]{2,15})\s(?:is|are|was|were)\s(?:also\s)?$"
)
_ENDS: Final = re.compile(r"\s*(?:[.,;!?)\n]|$|from\b|in\b|and\b|but\b)")
_MOST_LISTS: Final = 20
_MOST_PARTS: Final = 30
_LONGEST: Final = 60  # characters of one part
_MOST_WORDS: Final = 8


def find_missing_parts(text: str, view: str) -> tuple[str, ...]:
    """The parts named in `text`, as written, each once; `view` is its `view_text`."""
    if not has_any(view, _MAY_LACK):
        return ()
    found: dict[str, str] = {}
    done = 0
    for number, lack in enumerate(_LACKS.finditer(view)):
        if number >= _MOST_LISTS or len(found) >= _MOST_PARTS:
            break
        if lack.start() < done or _NOT_LACKING.search(view, max(0, lack.start() - 12), lack.start()):
            continue
        for start, end in _read_list(view, lack):
            found.setdefault(view[start:end], " ".join(text[start:end].split()))
            done = end
    return tuple(found.values())


def _read_list(view: str, lack: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The spans of the parts behind one word of lacking."""
    if lack.group().endswith("missing") and _ENDS.match(view, lack.end()):
        subject = _BEFORE_MISSING.search(view, max(0, lack.start() - 50), lack.end() - len("missing"))
        if subject and not _is_unnamed(subject[1]):
            yield _strip_article(view, subject.start(), subject.end(1))
            return
    head = _HEAD.match(view, lack.end())
    at = head.end() if head else lack.end()
    is_sure = bool(lack["sure"] or head)
    for number in range(_MOST_PARTS):
        bullet = _BULLET.match(view, at) if head or number else None
        at = bullet.end() if bullet else at
        start, end, after = _find_stretch(view, at)
        if not _is_part(view, start, end, is_sure=is_sure, is_listed=bool(bullet)):
            return
        yield start, end
        is_sure = is_sure or number > 0
        if after is None:
            return
        at = after


def _find_stretch(view: str, at: int) -> tuple[int, int, int | None]:
    """The next part from `at`: where it begins and ends, and where the list goes on, None if it does not."""
    while at < len(view) and view[at] in " \xa0":
        at += 1
    limit = min(len(view), at + _LONGEST + 1)
    stop = _STOP.search(view, at, limit)
    joint = _AND.search(view, at, stop.start() if stop else limit)
    end = joint.start() if joint else stop.start() if stop else limit
    cut = _CUT.search(view, at, end)
    after: int | None = joint.end() if joint else stop.end() if stop else None
    if cut:
        end, after = cut.start(), None
    elif stop and not joint and not _goes_on(view, stop):
        after = None
    elif stop and not joint and stop.group() not in ",;&+":
        after = stop.start()
    start, end = _strip_article(view, at, end)
    while end > start and not view[end - 1].isalnum() and view[end - 1] != '"':
        end -= 1
    return start, end, after


def _goes_on(view: str, stop: re.Match[str]) -> bool:
    if _SENTENCE_END.match(stop.group()):
        return False
    return stop.group() in ",;&+" or _BULLET.match(view, stop.start()) is not None


def _strip_article(view: str, start: int, end: int) -> tuple[int, int]:
    article = _ARTICLE.match(view, start, end)
    return (article.end() if article else start), end


def _is_part(view: str, start: int, end: int, *, is_sure: bool, is_listed: bool) -> bool:
    words = view[start:end]
    if not words or len(words) > _LONGEST or len(words.split()) > _MOST_WORDS or _is_unnamed(words):
        return False
    if is_listed:
        return True
    if _TALK.search(words):
        return False
    return is_sure or bool(_QUANTITY.match(words)) or bool(_PART_NOUN.match(words))


def _is_unnamed(words: str) -> bool:
    """Whether nothing is left that would name a part."""
    rest = words
    quantity = _QUANTITY.match(words)
    if quantity:
        rest = words[quantity.end() - 1 :]
    first = _NO_PART.match(rest)
    if first is None:
        return not re.search(r"[^\W\d_]{2}", rest)
    left = rest[first.end() :].strip()
    # "1 cái nắp" names one, "hàng" and "trách nhiệm với khách" do not.
    names_one = (quantity and not _NO_PART.match(left)) or _PART_NOUN.match(rest)
    return not left or not names_one
