"""Why an order is not carried out, in the words of staff: what is wrong, and what would be right."""

from collections.abc import Mapping

_STATES: Mapping[str, Mapping[str, str]] = {
    "awaiting_evidence": {"vi": "chờ khách hàng bổ sung", "en": "waiting for evidence"},
    "open": {"vi": "đang xử lý", "en": "open"},
    "awaiting_customer": {"vi": "chờ khách hàng", "en": "waiting for the customer"},
    "awaiting_seller": {"vi": "chờ người bán", "en": "waiting for the seller"},
    "awaiting_approval": {"vi": "chờ phê duyệt", "en": "waiting for approval"},
    "resolved": {"vi": "đã giải quyết", "en": "resolved"},
    "closed": {"vi": "đã đóng", "en": "closed"},
}
_THINGS: Mapping[str, Mapping[str, str]] = {  # that an order can name
    "address": {"vi": "địa chỉ email", "en": "address"},
    "category": {"vi": "loại khiếu nại", "en": "kind of complaint"},
    "deadline": {"vi": "thời hạn", "en": "deadline"},
    "department": {"vi": "bộ phận", "en": "department"},
    "figure": {"vi": "số liệu", "en": "figure"},
    "flag": {"vi": "dấu", "en": "mark"},
    "language": {"vi": "ngôn ngữ", "en": "language"},
    "moment": {"vi": "thời điểm", "en": "moment"},
    "outcome": {"vi": "kết quả", "en": "outcome"},
    "past moment": {"vi": "thời điểm đã qua", "en": "past moment"},
    "score": {"vi": "điểm hài lòng", "en": "score"},
    "slot": {"vi": "mục chứng cứ", "en": "piece of evidence"},
    "staff": {"vi": "nhân viên", "en": "member of staff"},
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "no-ticket": {"vi": "không có hồ sơ {number}", "en": "there is no ticket {number}"},
    "not-staff": {
        "vi": "{email} không phải là nhân viên; trong cấu hình có: {known}",
        "en": "{email} is no member of staff; the config names: {known}",
    },
    "unknown-command": {
        "vi": "không có lệnh {name!r}; các lệnh: {known}",
        "en": "there is no command {name!r}; the commands are: {known}",
    },
    "managers-only": {
        "vi": "lệnh {command} chỉ dành cho quản lý",
        "en": "only a manager may {command}",
    },
    "wrong-state": {
        "vi": "không thể {command} khi hồ sơ {state}",
        "en": "{command} is not possible while the ticket is {state}",
    },
    "wrong-arguments": {"vi": "cách dùng: {usage}", "en": "usage: {usage}"},
    "no-outcome": {
        "vi": "cần nêu kết quả: resolve KẾT_QUẢ; có thể dùng: {known}. Không cần nêu khi khách hàng đã xác nhận"
        " phương án (khách hàng đồng ý qua điện thoại: confirm)",
        "en": "say the outcome: resolve OUTCOME, one of: {known}. It is left out where the customer has confirmed one"
        " (he agreed by phone: confirm)",
    },
    "no-text": {
        "vi": "lệnh {command} cần có nội dung",
        "en": "{command} needs words",
    },
    "no-reason": {
        "vi": "lệnh {command} cần có lý do: --text TỆP, hoặc --text - để gõ trực tiếp",
        "en": "{command} needs a reason: --text FILE, or --text - to type it",
    },
    "unknown-value": {
        "vi": "không có {what} {value!r}; có thể dùng: {known}",
        "en": "there is no {what} {value!r}; right would be one of: {known}",
    },
    "nobody-there": {
        "vi": "chưa có nhân viên nào ở {department}; thêm [[staff]] trong config.toml",
        "en": "nobody works in {department}; add a [[staff]] to config.toml",
    },
    "wrong-value": {
        "vi": "{value!r} không phải là {what}; ví dụ đúng: {example}",
        "en": "{value!r} is no {what}; right would be: {example}",
    },
    "no-evidence": {
        "vi": "hồ sơ chưa có gì cho mục {slot}",
        "en": "nothing has come for {slot} yet",
    },
    "no-customer-address": {
        "vi": "hồ sơ không có địa chỉ email của khách hàng",
        "en": "the ticket has no address of the customer",
    },
    "no-seller": {
        "vi": "hồ sơ chưa có người bán; thêm bằng lệnh: seller ĐỊA_CHỈ_EMAIL",
        "en": "the ticket has no seller yet; add one: seller ADDRESS",
    },
    "no-clock": {
        "vi": "hồ sơ không có thời hạn {clock} đang chạy",
        "en": "the ticket has no running deadline {clock}",
    },
    "not-later": {
        "vi": "thời hạn mới ({new}) không muộn hơn thời hạn hiện tại ({old})",
        "en": "the new deadline ({new}) is not later than the present one ({old})",
    },
    "too-late": {
        "vi": "chính sách chỉ cho phép gia hạn đến {longest}",
        "en": "the policy allows no deadline later than {longest}",
    },
    "needs-approval": {
        "vi": "kết quả {outcome} cần quản lý phê duyệt: dùng lệnh propose {outcome}",
        "en": "{outcome} needs the approval of a manager: use propose {outcome}",
    },
    "no-proposal": {
        "vi": "hồ sơ không có đề xuất nào đang chờ",
        "en": "the ticket has no outcome that waits for approval",
    },
    "own-proposal": {
        "vi": "không ai tự phê duyệt đề xuất của mình",
        "en": "nobody approves what he proposed himself",
    },
    "no-manager": {
        "vi": 'không có quản lý nào khác để phê duyệt; thêm [[staff]] với role = "manager" trong config.toml',
        "en": 'there is no other manager to approve it; add a [[staff]] with role = "manager" to config.toml',
    },
    "no-answer-since": {
        "vi": "hồ sơ đã ghi nhận khách hàng không đồng ý và chưa có lần trả lời mới; bước tiếp theo: second-answer",
        "en": "it is known that the customer does not agree, and no answer was sent since; next comes: second-answer",
    },
    "no-offer": {
        "vi": "hồ sơ không có phương án nào đang chờ khách hàng xác nhận",
        "en": "no outcome waits for the customer's confirmation",
    },
    "no-rounds-left": {
        "vi": "chính sách cho tối đa {rounds} lần trả lời; bước tiếp theo: authority",
        "en": "the policy allows {rounds} answers; what is left is: authority",
    },
    "no-first-answer": {
        "vi": "chưa có lần trả lời thứ nhất; dùng resolve hoặc propose",
        "en": "there was no first answer yet; use resolve or propose",
    },
    "offer-stands": {
        "vi": "khách hàng đã nhận một kết quả; ghi nhận câu trả lời trước: confirm hoặc disagree (đã đồng ý: resolve)",
        "en": "the customer has an outcome already; record the answer first: confirm, disagree; agreed: resolve",
    },
    "no-disagreement": {
        "vi": "khách hàng chưa phản đối lần trả lời trước; nếu khách hàng phản đối qua điện thoại: disagree",
        "en": "the customer has not disagreed with the answer before; if he did on the phone: disagree",
    },
    "rounds-left": {
        "vi": "mới trả lời {given} trên {rounds} lần theo chính sách; dùng second-answer trước",
        "en": "only {given} of the policy's {rounds} answers were given; use second-answer first",
    },
    "not-computed": {
        "vi": "chưa tính mức bồi thường: dùng lệnh compensate trước",
        "en": "no amount was computed yet: use compensate first",
    },
    "no-compensation": {
        "vi": "chính sách này không có quy định bồi thường",
        "en": "this policy has no rules of compensation",
    },
    "wrong-figures": {"vi": "{mistakes}", "en": "{mistakes}"},
    "is-exempt": {
        "vi": "không được bồi thường: {reasons}",
        "en": "no compensation is due: {reasons}",
    },
    "not-exempt": {
        "vi": "không có trường hợp miễn trừ nào: theo chính sách, mức bồi thường là {amount}",
        "en": "no exemption holds: by the policy, the compensation is {amount}",
    },
    "is-set": {"vi": "{what} đã có sẵn", "en": "{what} is set already"},
    "is-not-set": {"vi": "{what} chưa có", "en": "{what} is not set"},
    "not-in-category": {
        "vi": "loại khiếu nại này không có mục {slot}",
        "en": "this kind of complaint does not ask for {slot}",
    },
    "is-suspended": {"vi": "{email} đang bị tạm dừng tiếp nhận", "en": "{email} is suspended already"},
}


class Refused(Exception):
    """An order that is not carried out; nothing of it is."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        assert code in _WORDS, f"no words for the refusal {code}"
        self.code = code
        self.facts = facts

    def words(self, language: str) -> str:
        """The reason, in the language of staff."""
        told = {name: _in(name, value, language) for name, value in self.facts.items()}
        return _WORDS[self.code][language].format(**told)

    def __str__(self) -> str:
        return self.words("en")


def _in(name: str, value: object, language: str) -> object:
    """Words in several languages, a state or a thing, in the one asked for; anything else as it is."""
    known = {"what": _THINGS, "state": _STATES}.get(name, {})
    words = value if isinstance(value, Mapping) else known.get(str(value))
    return words[language] if words else value
