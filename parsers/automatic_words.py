"""The words and header fields of mail that no person wrote: data for the rules of `parsers.automatic`."""

import re

# What mail programs put before the subject of an automatic answer; a colon (or its wide form) must follow.
ANSWER_PREFIX = re.compile(
    r"\s*(?:"
    r"automatic(?:ally)? (?:reply|response|answer)|auto[- ]?(?:reply|response|responder|answer|resp)"
    r"|out[ -]of[ -](?:the[ -])?office(?: auto[- ]?reply)?|ooo|vacation(?: reply| response)?|away from (?:the )?office"
    r"|(?:thư |tin nhắn )?trả lời tự động|tự động trả lời|thư tự động|phản hồi tự động|vắng mặt"
    r"|automatische (?:antwort|beantwortung)|autom\. antwort|abwesend|abwesenheits(?:notiz|nachricht|assistent)"
    r"|réponse automatique|absence du bureau|absent du bureau|message d[’']absence"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|resposta autom[aá]tica|fora do escrit[oó]rio"
    r"|risposta automatica|fuori sede|automatisch antwoord|afwezig|odpowiedź automatyczna|automatická odpověď"
    r"|autosvar|automatiskt? svar|frånvaro|automaattinen vastaus|otomatik yanıt|balasan otomatis"
    r"|автоматический ответ|автоответ|автоматична відповідь"
    r"|自动(?:回复|答复)|自動(?:回覆|回復|返信|応答)|자동 ?(?:회신|응답)"
    r")\s*[:：]",
    re.IGNORECASE,
)

# The same said in other words: counts only beside a sign in the header, people write such subjects too.
ANSWER_WORDS = re.compile(
    r"auto[- ]?(?:matic )?(?:re(?:ply|sponse)|answer)|out[ -]of[ -](?:the[ -])?office|on vacation|on (?:annual )?leave"
    r"|away from (?:my|the) (?:mail|office|desk)|thank you for (?:contacting|your (?:e-?mail|message))"
    r"|we (?:have )?received"
    r"|trả lời tự động|tự động (?:trả lời|phản hồi)|vắng mặt|nghỉ phép|đi công tác|đã nhận được (?:thư|e-?mail|yêu cầu)"
    r"|abwesen|im urlaub|nicht im büro|absent|absence|en congé|ausencia|vacaciones|f[ée]rias|assente|vakantie|afwezig"
    r"|отпуск|отсутств|автоответ|自动回复|自動返信|不在|休暇|부재",
    re.IGNORECASE,
)

# Challenge-response filters ask the sender to prove that he is a person.
CHALLENGE_WORDS = re.compile(
    r"(?:please )?(?:confirm|verify) (?:that )?(?:you(?:r (?:message|e-?mail))?|e-?mail delivery)\b.{0,40}"
    r"(?:human|person|delivery|sent|message)|action required to deliver|sender (?:verification|confirmation)"
    r"|\[(?:boxbe|spamarrest|sender verification)\b"
    r"|(?:message|mail) (?:is )?(?:waiting|awaiting|held) for (?:your )?confirm"
    r"|xác (?:nhận|minh) người gửi",
    re.IGNORECASE,
)

# Fields that responders add; "no" and "false" as the value take it back.
ANSWER_FIELDS = frozenset(
    (
        "x-autoreply",
        "x-auto-reply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponse",
        "x-autoresponder",
        "x-mail-autoreply",
        "x-vacation",
        "x-away-message",
        "x-email-autoreply",
        "x-ebay-mailtracker-autoreply",
        "x-ms-exchange-autoreply",
    )
)
CHALLENGE_FIELDS = frozenset(("x-tmda-confirm", "x-boxbe-challenge", "x-spamarrest-challenge", "x-challenge-response"))
MACHINE_FIELDS = frozenset(("x-cron-env", "x-fc-machinegenerated", "x-mailgen", "x-list-administrivia"))
