"""Whether a mail may be a mail server's notice: what anything but its text says.

Ordinary mail, which is nearly all, need not be read any closer; `parsers.bounces` reads what may be one.
"""

import re
from typing import Final

from parsers.robots import is_mail_server
from parsers.structure import Structure

# Subjects that mail servers give to notices; none of them may stand behind "Re:" or "Fwd:".
NOTICE_SUBJECT: Final = re.compile("|".join([
    r"undeliver(?:ed|able)|non-?delivery|returned (?:e-?)?mail|failure notice|failure delivery|delivery failure",
    r"deliver[ey]ry? (?:status )?(?:notification|report|problem|error|warning|has failed|failed)",
    r"(?:mail|message|e-?mail)\b.{0,80}\b(?:not|cannot|n['’]t) (?:be )?(?:deliver|sent)|delivery incomplete",
    r"(?:mail|message) (?:delivery|system|transport|error)\b|(?:message|mail) (?:delayed|returned|rejected|status)",
    r"error (?:sending|delivering) (?:your )?(?:e-?mail|message|mail)|message you sent (?:was )?(?:blocked|rejected)",
    r"thông báo (?:về )?trạng thái (?:gửi|chuyển)",
    r"état de (?:la )?remise|estado de entrega|stato (?:del recapito|consegna)",
    r"failed mail|mail fail(?:ed|ure)|nondeliver|rejected mail|automatically rejected|rejected:",
    r"unzustellbar|nicht zustellbar|unzustellbarkeit|zustellung (?:fehlgeschlagen|nicht)|fehlgeschlagen",
    r"non (?:remis|distribu|délivr)|échec de (?:la )?(?:remise|livraison)|no se puede entregar|no entregado|devuelto",
    r"não (?:é possível entregar|entregue)|mancato recapito|non recapitabile|impossibile recapitare",
    r"недостав|не доставлено|退信|(?:投递|传输|发送|邮件).{0,6}失败|無法(?:傳遞|投遞|送達)|配信(?:不能|エラー)|반송",
    r"(?:thư|e-?mail) (?:bị )?(?:trả lại|hoàn lại)",
    r"(?:không|chưa) (?:thể )?(?:gửi|chuyển|phát) (?:được )?(?:thư|e-?mail)",
    r"(?:thư|e-?mail) (?:của bạn )?(?:không|chưa) (?:thể )?(?:được )?(?:gửi|chuyển|phát)|thông báo (?:gửi )?thư lỗi",
    r"onbestelbaar|niet bezorgd|nedoručiteln|niedostarcz|kunde inte levereras|ikke leveret|teslim edilemedi",
]), re.IGNORECASE)  # fmt: skip


def may_be_notice(structure: Structure, subject: str) -> bool:
    """Whether anything but the text speaks for a notice; ordinary mail need not be read any closer."""
    return (
        NOTICE_SUBJECT.search(subject) is not None
        or is_mail_server(structure.headers)
        or "x-failed-recipients" in structure.headers
        or report_type(structure) != ""
    )


def report_type(structure: Structure) -> str:
    """The report-type of the mail (RFC 6522 §3), "" for a mail that is no report."""
    own = (part for part in structure.parts if not part.within_mail)  # not those of a mail that is attached
    kinds = [part.content_type for part in own if part.parent_type == "multipart/report"]
    if not kinds and "report" not in structure.content_type:
        return ""
    for name in ("delivery-status", "disposition-notification", "feedback-report"):
        declared = structure.parameters.get("report-type", "").lower() if "report" in structure.content_type else ""
        if declared == name or any(kind.endswith(name) for kind in kinds):
            return name
    return ""
