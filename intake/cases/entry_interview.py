"""Asks for a complaint that came by phone or at the counter, in the language of staff, question by question.

What was said is asked for first, so that what can be found in it need only be confirmed. Answers are taken as people
give them: a number of the list, a key, a name with or without accents. Nothing is recorded before the last answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from intake.cases.entry_forms import Form, FormReader
from intake.questions import Questions
from parsers.accents import fold
from tickets.policy import Policy, Words

NOTHING = "-"
_CHANNELS: Mapping[str, Words] = {
    "phone": {"vi": "điện thoại", "en": "telephone"},
    "counter": {"vi": "trực tiếp tại quầy", "en": "in person"},
}
_LEAVE: Mapping[str, Words] = {"yes": {"vi": "có", "en": "yes"}, "no": {"vi": "không", "en": "no"}}
_ASKED: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "start": "Nhấn Enter để nhận nội dung trong ngoặc vuông; ghi dấu - để bỏ trống.\n",
        "channel": "Khách hàng khiếu nại qua đâu?",
        "text": "Khách hàng trình bày những gì? (nhiều dòng cũng được; kết thúc bằng một dòng trống)",
        "subject": "Tóm tắt trong một câu",
        "name": "Tên khách hàng",
        "phone": "Số điện thoại",
        "email": "Địa chỉ email (khách hàng sẽ nhận thư)",
        "customer": "Mã khách hàng",
        "order": "Mã đơn hàng",
        "category": "Loại khiếu nại nào?",
        "delivered": "Khách hàng nhận hàng khi nào? (ví dụ 20/11 15h, hôm qua)",
        "settled": "Đã giải quyết xong ngay tại chỗ?",
        "outcome": "Kết quả giải quyết?",
        "agreed": "Hai bên thống nhất những gì?",
        "receipt": "In phiếu tiếp nhận vào tệp PDF nào? (để trống: không in)",
        "minutes": "In biên bản vào tệp PDF nào? (để trống: không in, biên bản vẫn được lưu trong hồ sơ)",
        "record": "Ghi hồ sơ?",
        "choose": "ghi số thứ tự hoặc tên trong danh sách",
        "needed": "cần ghi nội dung này",
    },
    "en": {
        "start": "Enter alone takes what stands in brackets; - leaves it empty.\n",
        "channel": "How did it come?",
        "text": "What did the customer say? (several lines if need be; an empty line ends it)",
        "subject": "In one sentence",
        "name": "Name of the customer",
        "phone": "Telephone number",
        "email": "E-mail address (the customer is written to)",
        "customer": "Customer code",
        "order": "Order code",
        "category": "Which kind of complaint?",
        "delivered": "When did the parcel come? (such as 20/11 15h, yesterday)",
        "settled": "Was it settled on the spot?",
        "outcome": "With which outcome?",
        "agreed": "What did both sides agree on?",
        "receipt": "Into which PDF file goes the receipt? (empty: none is made)",
        "minutes": "Into which PDF file go the minutes? (empty: they are kept in the file of the case only)",
        "record": "Record it?",
        "choose": "write a number or a name of the list",
        "needed": "this is needed",
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What came out."""

    form: Form
    outcome: str = ""  # of what was settled on the spot
    agreed: str = ""
    paper: str = ""  # the file to write the receipt or the minutes into


class EntryInterview:
    """Asks one member of staff."""

    def __init__(self, questions: Questions, policy: Policy, reader: FormReader, language: str) -> None:
        self._questions = questions
        self._policy = policy
        self._reader = reader
        self._language = language
        self._words = _ASKED[language]

    def ask(self, given: Answers, now: datetime, check_file: Callable[[str], str]) -> Answers | None:
        """Everything, with what was `given` for a guess; None where it is not to be recorded.

        `check_file` raises ValueError where a paper cannot be written into a file. Raises NoMoreAnswers.
        """
        self._questions.say(self._words["start"])
        channel = self._choose("channel", _CHANNELS, given.form.channel)
        text = given.form.text.strip() or self._ask_text("text")
        form = replace(given.form, channel="counter" if channel == "counter" else "phone", text=text)
        form = self._ask_details(self._with_findings(form, now), now)
        outcome = agreed = ""
        if self._confirm("settled", usual="yes" if given.outcome else "no"):
            fitting = {one.key: one.name for one in self._policy.outcomes if one.is_for(form.category)}
            outcome = self._choose("outcome", fitting, given.outcome)
            agreed = given.agreed or self._ask_text("agreed")
        paper = self._ask("minutes" if outcome else "receipt", given.paper, check_file)
        answers = Answers(form=form, outcome=outcome, agreed=agreed, paper=paper)
        return answers if self._confirm("record", usual="yes") else None

    def _with_findings(self, form: Form, now: datetime) -> Form:
        """What can be read in the words, where nothing else was given."""
        entry = self._reader.read(replace(form, email="", delivered=""), now)
        return replace(
            form,
            subject=form.subject or entry.subject.base,
            phone=form.phone or entry.phone or "",
            customer_code=entry.subject.customer_code or "",
            order_code=entry.subject.order_code or "",
            category=entry.subject.category,
            delivered=form.delivered or (entry.delivered.words if entry.delivered else ""),
        )

    def _ask_details(self, form: Form, now: datetime) -> Form:
        def check_day(text: str) -> str:
            self._reader.read_delivered(text, now)
            return text

        kinds = {one.slug: one.name for one in self._policy.categories}
        return replace(
            form,
            subject=self._ask("subject", form.subject),
            name=self._ask("name", form.name),
            phone=self._ask("phone", form.phone),
            email=self._ask("email", form.email, self._reader.read_address),
            customer_code=self._ask("customer", form.customer_code),
            order_code=self._ask("order", form.order_code),
            category=self._choose("category", kinds, form.category),
            delivered=self._ask("delivered", form.delivered, check_day) if self._policy.claim else "",
        )

    def _ask(self, what: str, usual: str, check: Callable[[str], str] = str.strip) -> str:
        def read(answer: str) -> str:
            return "" if answer in {"", NOTHING} else check(answer)

        return self._questions.ask(self._words[what], usual, read)

    def _ask_text(self, what: str) -> str:
        """Lines until an empty one; at least one."""
        self._questions.say(self._words[what])
        lines = self._questions.read_lines()
        while not lines:
            self._questions.say(f"  {self._words['needed']}")
            lines = self._questions.read_lines()
        return "\n".join(lines)

    def _confirm(self, what: str, usual: str) -> bool:
        told = ", ".join(words[self._language] for words in _LEAVE.values())
        answer = self._questions.ask(
            f"{self._words[what]} ({told})", _LEAVE[usual][self._language], lambda text: self._find(text, _LEAVE)
        )
        return answer == "yes"

    def _choose(self, what: str, choices: Mapping[str, Words], usual: str) -> str:
        self._questions.say(self._words[what])
        for number, words in enumerate(choices.values(), start=1):
            self._questions.say(f"  {number:2}  {words.get(self._language) or next(iter(words.values()))}")
        place = str(list(choices).index(usual) + 1) if usual in choices else ""
        return self._questions.ask(" ", place, lambda text: self._find(text, choices))

    def _find(self, text: str, choices: Mapping[str, Words]) -> str:
        """The key that is meant: its number, itself, its name, or how one of them alone begins. Raises ValueError."""
        keys = list(choices)
        if text.isdecimal() and 1 <= int(text) <= len(keys):
            return keys[int(text) - 1]
        wanted = fold(text.strip())
        called = {key: [fold(one) for one in (key, *choices[key].values())] for key in keys}
        exact = [key for key in keys if wanted in called[key]]
        begun = [key for key in keys if wanted and any(name.startswith(wanted) for name in called[key])]
        found = exact or begun
        if len(found) != 1:
            raise ValueError(self._words["choose"])
        return found[0]
