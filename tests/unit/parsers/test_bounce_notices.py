"""Notices of real mail servers in their own words: who failed, and whether for good."""

import pytest

from parsers.bounces import read_bounce
from tests.unit.parsers.bounce_mails import make_notice, make_part

LAN = "lan@khach.example"
MAI = "mai@khach.example"

# name, subject, text, recipients, permanent
NOTICES = [
    (
        "qmail",
        "failure notice",
        """Hi. This is the qmail-send program at mx.mailhost.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<lan@khach.example>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 <lan@khach.example>: user unknown
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <support@shop.example>
To: other@elsewhere.example
""",
        [LAN],
        True,
    ),
    (
        "postfix",
        "Undelivered Mail Returned to Sender",
        """This is the mail system at host mx.mailhost.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<lan@khach.example>: host mx.khach.example[192.0.2.1] said: 452 4.2.2 <lan@khach.example>
    Over quota (in reply to RCPT TO command)

<mai@khach.example>: host mx.khach.example[192.0.2.1] said: 452 4.2.2 Over quota
""",
        [LAN, MAI],
        False,
    ),
    (
        "exim",
        "Mail delivery failed: returning message to sender",
        """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  lan@khach.example
    (generated from info@forwarder.example)
    SMTP error from remote mail server after RCPT TO:<lan@khach.example>:
    550 No such user

------ This is a copy of the message, including all the headers. ------

Return-path: <support@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "exim delayed",
        "Warning: message 1aBcDe-0001 delayed 24 hours",
        """This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.mailhost.example.

The message identifier is:     1aBcDe-0001
The subject of the message is: Your complaint

The address to which the message has not yet been delivered is:

  lan@khach.example

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals.
""",
        [LAN],
        False,
    ),
    (
        "1&1 with a quoted address",
        "Mail delivery failed: returning message to sender",
        """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

"lan@khach.example":
SMTP error from remote server after RCPT command:
host: mx.khach.example
5.1.1 <lan@khach.example>... User Unknown

--- The header of the original message is following. ---
""",
        [LAN],
        True,
    ),
    (
        "sendmail 5 transcript",
        "Returned mail: User unknown",
        """   ----- Transcript of session follows -----
While talking to mx.khach.example:
>>> MAIL From:<support@shop.example>
<<< 250 ok
>>> RCPT To:<lan@khach.example>
<<< 550 <lan@khach.example>, User Unknown
550 <lan@khach.example>... User unknown

   ----- Unsent message follows -----
Received: by mx.mailhost.example
To: other@elsewhere.example
""",
        [LAN],
        True,
    ),
    (
        "Exchange 5.5",
        "Undeliverable: Your complaint",
        """Your message

  To:      Nguyen Lan
  Subject: Your complaint
  Sent:    Thu, 19 Nov 2026 16:51:51 +0700

did not reach the following recipient(s):

c=US;a= ;p=KHACH;o=HN;dda:SMTP=lan@khach.example; on Thu, 19 Nov 2026 16:51:52 +0700
    The recipient name is not recognized
        The MTS-ID of the original message is: c=us;a= ;p=khach;l=HN-026111
    MSEXCH:IMS:KHACH:HN:MAIN 0 (000C05A6) Unknown Recipient
""",
        [LAN],
        True,
    ),
    (
        "Exchange 2007 and Microsoft 365",
        "Undeliverable: Your complaint",
        """Delivery has failed to these recipients or groups:

lan@khach.example<mailto:lan@khach.example>
The email address you entered couldn't be found. Please check the recipient's email address.

Diagnostic information for administrators:

Generating server: mail.khach.example

lan@khach.example
#550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup ##

Original message headers:

Received: from mail.shop.example (192.0.2.8) by mail.khach.example
Message-ID: <ack-1@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "Domino",
        "DELIVERY FAILURE: User lan (lan@khach.example) not listed in Domino Directory",
        """Your message

  Subject: Your complaint

was not delivered to:

  lan@khach.example

because:

  User lan (lan@khach.example) not listed in Domino Directory
""",
        [LAN],
        True,
    ),
    (
        "Notes",
        "DELIVERY FAILURE",
        """------- Failure Reasons  --------

User not listed in public Name & Address Book
lan@khach.example

------- Returned Message --------

To: other@elsewhere.example
""",
        [LAN],
        True,
    ),
    (
        "GroupWise",
        "Message status - undeliverable",
        """The message that you sent was undeliverable to the following:
	lan@khach.example (user not found)

Possibly truncated original message follows:

Received: from mail.shop.example
""",
        [LAN],
        True,
    ),
    (
        "Gmail",
        "Delivery Status Notification (Failure)",
        """** Address not found **

Your message wasn't delivered to lan@khach.example because the address couldn't be found, or is unable to receive mail.

Learn more here: https://support.google.example/mail/?p=NoSuchUser

The response was:

550 5.1.1 The email account that you tried to reach does not exist.
""",
        [LAN],
        True,
    ),
    (
        "Gmail delayed",
        "Delivery Status Notification (Delay)",
        """** Delivery incomplete **

There was a temporary problem delivering your message to lan@khach.example. Gmail will retry for 46 more hours.
You'll be notified if the delivery fails permanently.
""",
        [LAN],
        False,
    ),
    (
        "Google of old",
        "Delivery Status Notification (Failure)",
        """Delivery to the following recipient failed permanently:

     lan@khach.example

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server for the recipient domain.

   ----- Original message -----

To: other@elsewhere.example
""",
        [LAN],
        True,
    ),
    (
        "Yahoo",
        "Failure Notice",
        """Sorry, we were unable to deliver your message to the following address.

<lan@khach.example>:
554: delivery error: dd This user doesn't have a khach.example account (lan@khach.example) [0]

---------- Forwarded message ----------
Message-ID: <ack-1@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "Zoho",
        "Undelivered Mail Returned to Sender",
        """This message was created automatically by mail delivery software.
 A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

lan@khach.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <lan@khach.example>... User Unknown
""",
        [LAN],
        True,
    ),
    (
        "Courier",
        "NOTICE: mail delivery status.",
        """This is a delivery status notification from mx.mailhost.example,
running the Courier mail server, version 0.65.2.

The original message was received on Thu, 19 Nov 2026 23:34:45 +0700
from mail.shop.example (mail.shop.example [::ffff:192.0.2.8])

---------------------------------------------------------------------------

                           UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<lan@khach.example>:
    mx.khach.example [192.0.2.1]:
>>> RCPT TO:<lan@khach.example>
<<< 550 5.1.1 User Unknown
""",
        [LAN],
        True,
    ),
    (
        "OpenSMTPD",
        "Delivery status notification: error",
        """    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

lan@khach.example: 550 5.2.2 <lan@khach.example>... Mailbox Full

    Below is a copy of the original message:

Received: from mail.shop.example
""",
        [LAN],
        True,
    ),
    (
        "OpenSMTPD delayed",
        "Delivery status notification: warning",
        """    A message is delayed for more than 4 hours for the following
    list of recipients:

lan@khach.example: No route to host

    Please note that this is only a temporary failure report.
""",
        [LAN],
        False,
    ),
    (
        "DragonFly",
        "Mail delivery failed",
        """This is the DragonFly Mail Agent v0.13 at mx.mailhost.example.

There was an error delivering your mail to <lan@khach.example>.

mx.khach.example [192.0.2.1] did not like our RCPT TO:
550 5.1.1 <lan@khach.example>: user unknown

Original message headers follow.

Received: from shop
""",
        [LAN],
        True,
    ),
    (
        "James",
        "Delivery failure",
        """Hi. This is the James mail server at mx.mailhost.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out. Below
I include the list of recipients and the reason why I was unable to deliver
your message.

Failed recipient(s):
lan@khach.example

Error message:
550 Requested action not taken: no such user here
""",
        [LAN],
        True,
    ),
    (
        "SMTP32 of IMail",
        "Undeliverable Mail",
        """Unknown user: lan@khach.example

RCPT TO generated following response:
553 5.3.0 <lan@khach.example>... Addressee unknown, relay=[192.0.2.9]

Original message follows.

To: other@elsewhere.example
""",
        [LAN],
        True,
    ),
    (
        "IMail quota",
        "Undeliverable Mail",
        "User mailbox exceeds allowed size: lan@khach.example\n\nOriginal message follows.\n\nTo: x@other.example\n",
        [LAN],
        True,
    ),
    (
        "MailEnable",
        "Message Delivery Failure",
        """MailEnable: Message could not be delivered to some recipients.
The following recipient(s) could not be reached:

        Recipient: [SMTP:lan@khach.example]
        Reason: Remote SMTP Server Returned: 550 mailbox unavailable or not local.

Message headers follow:
""",
        [LAN],
        True,
    ),
    (
        "MailMarshal",
        "Undeliverable Mail: \"Your complaint\"",
        """Your message:
   From:    support@shop.example
   Subject: Your complaint

Could not be delivered because of

550 5.1.1 User unknown

The following recipients were affected:
    lan@khach.example

Additional Information
======================
Original Sender:    <support@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "MailFoundry",
        "Message delivery has failed",
        """Unable to deliver message to: <lan@khach.example>
Delivery failed for the following reason:
Server mx.khach.example[192.0.2.1] failed with: 550 <lan@khach.example> No such user here

This has been a permanent failure.  No further delivery attempts will be made.
""",
        [LAN],
        True,
    ),
    (
        "m-FILTER",
        "failure notice",
        """mx.mailhost.example

-------server message
550 5.1.1 unknown user <lan@khach.example>

-------SMTP command
RCPT TO:<lan@khach.example>

-------original message
Return-Path: <support@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "Barracuda",
        "**Message you sent blocked by our bulk email filter**",
        """Your message to:
lan@khach.example

was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:

Subject: Your complaint
""",
        [LAN],
        True,
    ),
    (
        "SurfControl",
        "Delivery failure",
        """Your message could not be sent.
A transcript of the attempts to send the message follows.
The number of attempts made: 1
Addressed To: lan@khach.example

Thu 19 Nov 2026 23:34:45 +0700
Failed to send to identified host,
lan@khach.example: [192.0.2.1], 550 5.1.1 user unknown

The message you sent is attached
""",
        [LAN],
        True,
    ),
    (
        "Post.Office",
        "Mail System Error - Returned Mail",
        """This Message was undeliverable due to the following reason:

Each of the following recipients was rejected by a remote mail server.
The reasons given by the server are included to help you determine why
each recipient was rejected.

    Recipient: <lan@khach.example>
    Reason:    5.1.1 <lan@khach.example>... User Unknown

Please reply to Postmaster@mailhost.example
if you feel this message to be in error.
""",
        [LAN],
        True,
    ),
    (
        "Sun Messaging Server",
        "Delivery Notification: Delivery has failed",
        """This report relates to a message you sent with the following header fields:

  Message-id: <ack-1@shop.example>
  Date: Thu, 19 Nov 2026 23:34:45 +0700
  From: Shop <support@shop.example>
  To: info@alias.example
  Subject: Your complaint

Your message cannot be delivered to the following recipients:

  Recipient address: lan@khach.example
  Reason: Remote SMTP server has rejected address
  Diagnostic code: smtp;550 5.1.1 <lan@khach.example>... User Unknown
""",
        [LAN],
        True,
    ),
    (
        "PowerMTA",
        "Delivery report",
        """Hello, this is the mail server on mx.mailhost.example.

I am sending you this message to inform you on the delivery status of a
message you previously sent.  Immediately below you will find a list of
the affected recipients.

  <lan@khach.example>
    delivery failed; will not continue trying

""",
        [LAN],
        True,
    ),
    (
        "SendGrid",
        "Undelivered Mail Returned to Sender",
        """This is an automatically generated message from SendGrid.

I'm sorry to have to tell you that your message was not able to be delivered to one of its intended recipients.

If you require assistance with this, please contact SendGrid support.

shop:000000:<lan@khach.example> : 550 5.1.1 <lan@khach.example>... User Unknown
""",
        [LAN],
        True,
    ),
    (
        "Amazon SES",
        "Delivery Status Notification (Failure)",
        """An error occurred while trying to deliver the mail to the following recipients:
lan@khach.example
""",
        [LAN],
        True,
    ),
    (
        "XMail",
        "Error sending message [1272.8] from [mailhost.example]",
        """[00] XMail bounce: Rcpt=[lan@khach.example];Error=[550 5.1.1 User unknown]

[01] Error sending message [1272.8] from [mailhost.example].

ID:        <S1>
Mail From: <support@shop.example>
Rcpt To:   <lan@khach.example>
""",
        [LAN],
        True,
    ),
    (
        "MDaemon",
        "Permanent Delivery Failure",
        """YOUR MESSAGE WAS NOT DELIVERED!

The following addresses did NOT receive a copy of your message:

> lan@khach.example

--- Session Transcript ---
 MAIL From:<support@shop.example> SIZE=1861
 RCPT To:<lan@khach.example>
 552 Message for <lan@khach.example> would exceed mailbox quota
--- End Transcript ---
""",
        [LAN],
        True,
    ),
    (
        "CommuniGate",
        "Undeliverable mail: Your complaint",
        """Failed to deliver to '<lan@khach.example>'
SMTP module(domain khach.example) reports:
 host mx.khach.example says:
 550 5.1.1 User unknown
""",
        [LAN],
        True,
    ),
    (
        "hMailServer",
        "Undeliverable: Your complaint",
        """Your message did not reach some or all of the intended recipients.

   Sent: Thu, 19 Nov 2026 16:57:55 +0700
   Subject: Your complaint

The following recipient(s) could not be reached:

lan@khach.example
   Error Type: SMTP
   Remote server (192.0.2.1) issued an error.
   hMailServer sent: RCPT TO:<lan@khach.example>
   Remote server replied: 550 5.1.1 User unknown

hMailServer
""",
        [LAN],
        True,
    ),
    (
        "SMTP gateway that counts errors",
        "There was an error sending your mail",
        """We had trouble delivering your message. Full details follow:

Subject: 'Your complaint'
Date: 'Thu, 19 Nov 2026 23:34:45 +0700'

1 error(s):

SMTP Server <mx.khach.example> rejected recipient <lan@khach.example>
  (following RCPT command). It responded as follows: [550 5.1.1 User unknown]
""",
        [LAN],
        True,
    ),
    (
        "docomo",
        "Mail System Error - Returned Mail",
        """次のあて先へのメッセージはエラーのため送信できませんでした。

<lan@khach.example>:
550 Unknown user lan@khach.example
""",
        [LAN],
        True,
    ),
    (
        "ezweb",
        "Mail System Error - Returned Mail",
        """The user(s) account is disabled.

<lan@khach.example>: 550 user unknown

--
Message-ID: <ack-1@shop.example>
""",
        [LAN],
        True,
    ),
    (
        "KDDI",
        "Mail failure",
        """ Your mail sent on: Thu, 19 Nov 2026 11:04:47 +0900
  Could not be delivered to: <lan@khach.example>
  As their mailbox is full.
""",
        [LAN],
        True,
    ),
    (
        "biglobe",
        "Returned mail: Non-delivered",
        """   ----- The following addresses had delivery problems -----
lan@khach.example

   ----- Non-delivered information -----
The number of messages in recipient's mailbox exceeded the local limit.
""",
        [LAN],
        True,
    ),
    (
        "QQ in Chinese",
        "系统退信/Systems bounce",
        """抱歉，您的邮件被退回来了……
原邮件信息：
时间 2026-11-19 11:04:47
主题 Your complaint

无法发送到 lan@khach.example
退信原因 收件人邮件地址（lan@khach.example）不存在，邮件无法送达。
""",
        [LAN],
        True,
    ),
    (
        "Mail.ru in Russian",
        "Ваше сообщение не доставлено. Mail failed.",
        """Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

lan@khach.example
user not found

****************************************************
""",
        [LAN],
        True,
    ),
    (
        "German",
        "Nachricht konnte nicht zugestellt werden",
        """Ihre Nachricht konnte nicht zugestellt werden an:

lan@khach.example

Grund: 550 Empfänger unbekannt
""",
        [LAN],
        True,
    ),
    (
        "German Exchange",
        "Unzustellbar: Ihre Beschwerde",
        """Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:

lan@khach.example
Der Empfänger wurde nicht gefunden. Die Nachricht wurde nicht zugestellt.

Diagnoseinformationen für Administratoren:

Generierender Server: mail.khach.example

lan@khach.example
#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
""",
        [LAN],
        True,
    ),
    (
        "French",
        "Non remis : Votre réclamation",
        """Échec de la remise pour ces destinataires ou groupes :

lan@khach.example
L'adresse de messagerie entrée est introuvable.
""",
        [LAN],
        True,
    ),
    (
        "Vietnamese Microsoft 365",
        "Không thể gửi thư: Khiếu nại của bạn",
        """Không gửi được thư của bạn đến lan@khach.example.

Không tìm thấy lan tại khach.example, hoặc hộp thư không tồn tại.
""",
        [LAN],
        True,
    ),
    (
        "Vietnamese host",
        "Thư bị trả lại",
        """Đây là thông báo tự động từ hệ thống thư điện tử.

Thư của bạn không thể gửi đến người nhận sau:

Người nhận: lan@khach.example
Lý do: 550 5.2.2 Hộp thư đã đầy
""",
        [LAN],
        True,
    ),
    (
        "Gmail in Vietnamese",
        "Delivery Status Notification (Failure)",
        """** Không tìm thấy địa chỉ **

Thư của bạn chưa được gửi đến lan@khach.example vì không tìm thấy địa chỉ này hoặc địa chỉ này không thể nhận thư.
""",
        [LAN],
        True,
    ),
    (
        "RFC 3464 fields in the text",
        "Delivery failed",
        """The mail could not be delivered.

Final-Recipient: rfc822; lan@khach.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
""",
        [LAN],
        True,
    ),
    (
        "whom the returned mail was for",
        "Mail could not be delivered",
        """The following mail could not be delivered.
Reason: Exceeded Maximum Delivery Attempts.

----- Original message -----
From: support@shop.example
To: Lan <lan@khach.example>
""",
        [LAN],
        True,
    ),
    (
        "AOL names the user only",
        "Mail Delivery Problem",
        """Your mail to the following recipients could not be delivered because they are not accepting mail from
support@shop.example:
	lan88
""",
        ["lan88@mx.mailhost.example"],
        True,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "text", "recipients", "permanent"), [case[1:] for case in NOTICES], ids=[case[0] for case in NOTICES]
)
def test_notice_names_who_failed_and_whether_for_good(subject, text, recipients, permanent):
    bounce = read_bounce(make_notice(), subject, text)

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == recipients
    assert {one.permanent for one in bounce.recipients} == {permanent}


def test_failed_recipients_header_wins_over_the_text():
    mail = make_notice(("x-failed-recipients", "lan@khach.example, mai@khach.example"))

    bounce = read_bounce(mail, "Mail delivery failed", "The following address failed:\n\n  alias@elsewhere.example\n")

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == [LAN, MAI]
    assert bounce.rule == "failed-recipients-header"


def test_reason_and_status_are_the_words_beside_each_address():
    text = """Your message could not be delivered.

<lan@khach.example>: host said: 550 5.1.1 no such user

<mai@khach.example>: host said: 452 4.2.2 mailbox is full
"""
    bounce = read_bounce(make_notice(), "Undelivered Mail Returned to Sender", text)

    assert bounce is not None
    assert [(one.status, one.permanent, one.reason) for one in bounce.recipients] == [
        ("5.1.1", True, "host said: 550 5.1.1 no such user"),
        ("4.2.2", False, "host said: 452 4.2.2 mailbox is full"),
    ]


def test_addresses_of_the_server_and_of_ourselves_are_no_recipients():
    text = """Your message from support@shop.example could not be delivered to lan@khach.example.

Please contact postmaster@mx.mailhost.example or helpdesk@mailhost.example for help.
support@shop.example
"""
    bounce = read_bounce(make_notice(), "Delivery failure", text)

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == [LAN]


def test_notice_without_a_servers_name_is_known_by_its_subject_and_words():
    text = "Your message could not be delivered to the following user:\n\n<lan@khach.example>\n"

    assert read_bounce(make_notice(sender="admin@khach.example"), "Non-Delivery: Khiếu nại", text) is not None


PEOPLE = [
    ("parcel not delivered", "Delivery failure", "My parcel could not be delivered to lan@khach.example. Call me."),
    ("parcel in Vietnamese", "Giao hàng thất bại", "Đơn 012345 chưa được giao, liên hệ mai@khach.example giúp em."),
    (
        "asks about a notice",
        "Re: Undelivered Mail Returned to Sender",
        "Em nhận được thư này là sao ạ?\n\n> Your message could not be delivered to:\n> <mai@khach.example>: unknown",
    ),
    (
        "forwards a notice",
        "Fwd: Delivery Status Notification (Failure)",
        "Gửi cho shop không được ạ.\n\nYour message wasn't delivered to mai@khach.example because the address …",
    ),
    ("gives another address", "Delivery problem", "Delivery failed twice. My husband's address: mai@khach.example"),
    ("undelivered parcel", "Undelivered", "My parcel is undelivered. Address: mai@khach.example, 12 Hàng Bài."),
    ("writes of mails", "Không nhận được hàng", "Your message was not delivered to mai@khach.example, you say."),
]


@pytest.mark.parametrize(("subject", "text"), [case[1:] for case in PEOPLE], ids=[case[0] for case in PEOPLE])
def test_what_a_person_writes_of_failed_deliveries_is_no_bounce(subject, text):
    assert read_bounce(make_notice(sender="Lan <lan@khach.example>"), subject, text) is None


def test_server_that_returns_a_mail_is_understood_in_any_language():
    mail = make_notice(("return-path", "<>"), parts=(make_part("message/rfc822", "To: lan@khach.example\n"),))

    bounce = read_bounce(mail, "Ujumbe", "Ujumbe wako haukuweza kufika kwa:\n\nlan@khach.example\n")

    assert bounce is not None
    assert [one.email for one in bounce.recipients] == [LAN]


@pytest.mark.parametrize(
    "text",
    [
        "Delivery report: your message was delivered to lan@khach.example.",
        "Your message has been successfully relayed to the following recipients:\n\n<lan@khach.example>",
        "Thư của bạn đã được gửi thành công đến lan@khach.example.",
    ],
)
def test_notice_of_success_in_words_is_no_bounce(text):
    assert read_bounce(make_notice(), "Delivery report", text) is None


def test_words_of_a_mail_server_without_a_failure_are_no_bounce():
    text = "Chào bạn, chúng tôi sẽ bảo trì máy chủ lúc 23 giờ. Hỏi: hotro@mailhost.example"

    assert read_bounce(make_notice(), "Bảo trì", text) is None


@pytest.mark.parametrize(
    ("name", "structure", "text"),
    [
        (
            "in the returned mail",
            make_notice(parts=(make_part("message/rfc822", "To: x\r\nMessage-ID:\r\n <a@b>\r\n"),)),
            "",
        ),
        ("in the returned header", make_notice(parts=(make_part("text/rfc822-headers", "Message-Id: <a@b>\n"),)), ""),
        (
            "in a part without a proper type",
            make_notice(parts=(make_part("application/x-mail", "Message-ID: <a@b>"),)),
            "",
        ),
        ("in the text", make_notice(), "--- Below this line is a copy of the message.\n\nMessage-ID: <a@b>\n"),
        ("in the thread", make_notice(("references", "<first@b> <a@b>")), ""),
        ("as what it answers", make_notice(("in-reply-to", "<a@b>"), ("references", "<first@b>")), ""),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "\n" not in value else "",
)
def test_message_id_of_what_bounced_is_found(name, structure, text):
    notice = f"Your message could not be delivered to:\n\n<lan@khach.example>\n\n{text}"

    bounce = read_bounce(structure, "Undelivered mail", notice)

    assert bounce is not None
    assert bounce.original_message_id == "<a@b>"


def test_own_message_id_of_the_notice_is_not_taken_for_the_original():
    mail = make_notice(("message-id", "<own@mx>"), parts=(make_part("text/plain", "Message-ID: <own@mx>"),))

    bounce = read_bounce(mail, "Undelivered mail", "Your message could not be delivered to:\n\n<lan@khach.example>\n")

    assert bounce is not None
    assert bounce.original_message_id is None


def test_notice_from_nobody_is_a_servers():
    bounce = read_bounce(make_notice(sender="<>"), "Mail Error", "undeliverable to lan@khach.example")

    assert bounce is not None
