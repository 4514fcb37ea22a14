"""The words of mail servers that could not deliver: data for the rules of `parsers.bounces`.

Each pattern is a list of phrases, one language a line. They are matched against text whose white space is folded to
single blanks, and none of them can match more than a sentence, so that the time is linear in the text.
"""

import re
from collections.abc import Iterable


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# A mail failed, and the words leave no doubt that it was a mail: enough where only the subject tells of a notice.
# Parcels are undelivered, too, and people complain of that.
MESSAGE_FAILED = _any_of([
    (r"(?:e-?mail|message|nachricht|courriel|mensaje|mensagem|messaggio)s?\b[^.:]{0,60}\b"
    r"(?:could|can|was|has|have|did) ?(?:not|n['’]t) (?:yet )?(?:been |be )?(?:deliver|sent|reach)"),
    r"(?:unable to|cannot|not|n['’]t|failed to) deliver (?:your |the |this |following )*(?:e-?mail|mail|message)",
    r"(?:nachricht|mail)\b[^.:]{0,60} nicht [^.:]{0,20}(?:zugestellt|übermittelt)|message n['’]a (?:pas )?pu",
    r"(?:not|n['’]t) (?:yet )?(?:been |be )?deliver(?:ed)? to (?:the following |these |all |some of its )recipient",
    r"(?:mensaje|correo|mensagem)\b[^.:]{0,30}(?:no|não) (?:se )?(?:pudo|ha podido|pôde|foi) (?:ser )?entreg",
])  # fmt: skip

# A delivery failed, most likely that of a mail: enough beside a sign of a machine in the header.
MAIL_FAILED = _any_of([
    r"undeliver(?:ed|able)|non-?delivery|nondeliverable|(?:returned|failed|rejected) (?:e-?)?mail",
    (r"(?:e-?mail|message)s?\b[^.:]{0,60}\b(?:not|cannot|never|n['’]t|unable)\b[^.:]{0,30}"
    r"\b(?:deliver|sent\b|send\b|reach|accept|transmit|transfer)"),
    (r"(?:un|not |n['’]t )able to deliver|(?:could|can|did|was|were|has|have|been) ?(?:not|n['’]t) (?:yet )?"
    r"(?:been |be )?(?:deliver(?!ed to you)|able to deliver|reach(?:ed)? (?:the|some|your intended))"),
    (r"deliver[ey]ry? (?:of (?:this|your|the) (?:e-?mail|message) )?(?:has |have |was |to the following |of e?mail )"
    r"[^.:]{0,60}(?:fail|abort|delay|postpone)"),
    r"delivery (?:status )?(?:notification|report)|deliver[ey]ry? (?:attempt|failed|failure|error|problem)",
    r"(?:mail|message|e-mail) (?:delivery|system|transport) (?:failed|failure|problem|error|warning|subsystem)",
    r"did not (?:reach|receive) (?:a copy of |this |your |the following )",
    (r"(?:e-?mail|message)\b[^.:]{0,60}\b(?:has been|was|is|have been) [^.:]{0,30}"
    r"(?:reject|return|bounced|delayed|block|postponed)"),
    r"permanent (?:fatal )?(?:delivery )?(?:error|failure)|fatal (?:delivery )?error|transcript of session",
    r"error (?:has |was )?(?:occurred|detected)? ?(?:while|during|processing)",
    r"(?:trouble|problems?|difficult\w*|error) (?:in )?(?:with )?deliver|encountered delivery problems",
    r"unzustellbar|nicht (?:zu(?:ge)?stell|übermittel|ausgeliefert|erreicht)",
    r"non (?:remis|distribu|délivr|delivr)|n['’](?:a|ont) (?:pas )?pu|échec de (?:la )?(?:remise|livraison|distrib)",
    r"no (?:se )?(?:pudo|pudieron|puede|ha podido|ha sido posible|fue|pudo ser) (?:ser )?(?:entreg|enviad)",
    r"não (?:pôde|pode|foi|pôde ser) (?:ser )?entreg|não (?:foi )?entregue",
    r"(?:impossibile|non è stato possibile) (?:recapitare|consegnare)|mancat[oa] (?:recapito|consegna)|non recapitabil",
    r"не (?:может быть |было |был[ао]? |удалось |удаётся )?достав|невозможно доставить|недоставлен|не доставлен",
    r"(?:无法|無法|不能|未能|没有)[^。]{0,12}(?:投递|投遞|送达|送達|发送|發送|递送|到达|傳送)|退信|退回",
    r"(?:投递|投遞|传输|發送|发送|邮件)[^。]{0,6}失[败敗]",
    r"(?:配信|送信|配送|お届け|届け|送達)[^。]{0,12}(?:でき|不能|失敗|ません|エラー)|エラーメール",
    r"(?:전송|배달|전달)[^.]{0,20}(?:실패|못|없)|반송",
    r"(?:thư|e-?mail|tin nhắn|bức thư)[^.:]{0,60}(?:không|chưa)[^.:]{0,30}(?:gửi|chuyển|phát|nhận|đến)",
    r"(?:không|chưa) (?:thể )?(?:gửi|chuyển|phát) (?:được )?(?:thư|e-?mail|tin nhắn)",
    r"thư (?:bị )?(?:trả lại|hoàn lại|hoàn trả)|gửi (?:thư|e-?mail) (?:không thành công|thất bại)",
    r"nie (?:został\w+ |może być |można |mogła zostać |udało się )?(?:dostarcz|doręcz)",
    r"niet (?:worden |kunnen |kon )?(?:afgeleverd|bezorgd|besteld)|onbestelbaar|nebylo možné doručit|nelze doručit",
    r"(?:kunde|kunne|kan) (?:inte|ikke) (?:levere|sendes|skickas|nå)|teslim edile|iletileme|ei voitu toimittaa",
])  # fmt: skip

# What else a mail server says of an address it does not serve: enough beside the name of a mail server.
ADDRESS_FAILED = _any_of([
    (r"(?:user|recipient|address|addressee|mailbox|account|host|domain|inbox|name)s?\b[^.]{0,60}"
    r"\b(?:unknown|not (?:exactly )?(?:found|exist|known|listed|recogni[sz]ed|accept|available|valid|match|allowed)"
    r"|rejected|invalid|disabled|full|inactive|unavailable|suspended|discontinued|no longer|n['’]t (?:exist|have)"
    r"|exceed|over (?:disk )?quota|temporarily over|reached|failed|were affected)"),
    (r"(?:unknown|invalid|no such|illegal|bad|failed|undeliverable|unrouteable|non-?existent|wrong)\s"
    r"(?:final delivery )?(?:user|recipient|address|mailbox|host|domain|name)"),
    r"(?:over|quota|limit)\s?(?:quota|exceeded|violation)|mail(?:box|folder)? (?:is |space )?(?:full|not enough)",
    r"(?:no|not have an?|n['’]t have an?) (?:valid recipient|mailbox here|[\w.-]{1,60} account)",
    r"following (?:recipient|address|user)|failed to deliver|rejected|fail(?:ed|ure)\b|unable to (?:relay|send)",
    r"did not (?:exactly )?match|try again|(?:will|to) retry",
    r"could not (?:be )?(?:find|found|send|sent|deliver|reach)|giving up|refused",
    r"\b[45]\d\d[ -]#?[45]\.\d|smtp error|rcpt to|returned (?:because|to)|not be expanded|timed? ?out|delayed",
    r"(?:unbekannt|existiert nicht|voll\b|inconnu|n['’]existe pas|no existe|desconocid|inesistente|não existe)",
    r"(?:не существует|не найден|переполнен|заблокирован|недоступен|отклонен)",
    r"不存在|已满|不明|存在しません|拒绝|拒否|被拒|존재하지",
    r"không (?:tồn tại|hợp lệ|tìm thấy|có thật|chính xác)|hộp thư (?:đã )?đầy|vượt quá dung lượng|bị từ chối",
])  # fmt: skip

# The mail still waits in a queue (RFC 3464 §2.3.3 "delayed").
MAIL_DELAYED = _any_of([
    r"not yet been (?:delivered|sent|able)|(?:has|have|is|been|was) (?:been )?(?:delayed|postponed)",
    r"(?:message|mail|delivery|e-?mail)\b[^.:]{0,40}\bdelayed|delayed (?:mail|message|delivery)",
    r"delivery (?:incomplete|delay)",
    r"\((?:delay|delayed|warning)\)|warning message only|this is (?:just |only )?a warning|delivery warning",
    r"(?:will|shall) (?:be retried|continue (?:to|for|until)|retry|keep trying|try (?:again|to deliver|for))",
    r"(?<!no further delivery )(?<!no further )attempts? will (?:continue|be made)",
    r"still being retried|will be (?:retried|attempted|made) (?:again|for|until)",
    r"there was a temporary problem|temporary (?:problem|failure) (?:while )?delivering",
    r"(?:verzögert|verspätet)|weitere zustellversuche|noch nicht zugestellt|retardé|a été différé|retrasad|en ritardo",
    r"atrasad|задерж|пока не доставлен|будут продолжены|(?:延迟|延遲|遅延|遅れ|再試行|重试|지연)",
    r"(?:thư|e-?mail)[^.:]{0,40}(?:bị trì hoãn|bị chậm|đang chờ gửi|chưa gửi được)|sẽ (?:tiếp tục )?thử (?:gửi )?lại",
])  # fmt: skip

# The mail arrived; servers say so on request (RFC 3461 §4.1 "NOTIFY=SUCCESS"), some in words only.
MAIL_DELIVERED = _any_of([
    r"\b(?:was|has been|were|have been) (?:successfully )?(?:delivered|relayed) (?:to|successfully)",
    r"successfully (?:delivered|relayed)|successful delivery|đã được (?:gửi|chuyển|phát) (?:thành công )?(?:đến|tới)",
])  # fmt: skip

# A line after which the returned mail stands; "the message returned below" of Postfix and qmail is none.
RETURNED_MAIL_FOLLOWS = _any_of([
    (r"^\W*(?:the |your |an? |first |possibly |truncated |this is |here is |here are |included is |below is |below )*"
    r"(?:original|returned|unsent|undelivered|old|source|forwarded|rejected|non-delivered|sent) "
    r"(?:e-?mail|message|mail|information)"
    r"(?: (?:text|headers?|details|body|follows?|is|attached|included|below|was|suppressed|returned|reads"
    r"|from|summary))*\W*$"),
    (r"(?:copy|part|lines|headers?|text|summary|body|beginning|message header|message text|message headers)"
    r" of (?:the|your|this) (?:\w+ ){0,4}?(?:e-?mail|message|mail)\b"),
    r"^\W*(?:message|mail|original) (?:header|text|body|headers|contents?) ?(?:\(|follow|is|suppressed)",
    r"original message (?:follow|below)|below (?:this|the next) line|your message reads|header of the source mail",
    r"this is a copy of (?:the|your)|(?:message|mail) (?:you sent )?(?:follows|is attached|is as follows)|follows:?-+$",
    r"initial part of the message|start of returned|original message as received",
    r"^\W{2,}.*(?:mensaje|mensagem|messaggio|nachricht|message|сообщени\w+|письм\w+) (?:original|d.origine)",
    r"^\W{2,}.*(?:原信件|原邮件|原郵件|以下是|元のメッセージ|オリジナル|копия|thư gốc|bản sao)",
    r"^-{3,} ?(?:original|ursprüngliche|thư gốc|forwarded)",
])  # fmt: skip

# Fields that stand at the beginning of a line only where a returned mail begins.
RETURNED_HEADER = re.compile(
    r">? ?(?:Received|Return-Path|Delivered-To|X-Original-To|DKIM-Signature|Message-ID):", re.IGNORECASE
)
