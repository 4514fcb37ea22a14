"""The voice: words rendered from templates, mails composed by the rules of RFC 5322 and delivered by SMTP."""
