"""The names of structural damage, as they stand in a mail's `defects`, each with what it means.

A defect is never an error: the mail was read all the same, as far as it can be.
"""

from collections.abc import Mapping
from typing import Final

DEFECTS: Final[Mapping[str, str]] = {
    "header-missing": "there is text where the header should be; it is read as text",
    "header-malformed": "lines in a header that are no fields; in a text's header they are read as text",
    "sender-doubtful": "From can be read as several addresses; the first is given, nobody is answered",
    "boundary-missing": "a multipart without any boundary; read as plain text",
    "boundary-guessed": "the boundary declared is not the one used; the one used was found",
    "boundary-unclosed": "a multipart that never ends; the mail may have been cut off",
    "encoding-unknown": "a transfer encoding nobody knows; the bytes are kept as they are",
    "base64-missing": "declared as base64 and is none; the bytes are kept as they are",
    "base64-damaged": "letters of a base64 part are lost; its last bytes may be wrong",
    "base64-trailing": "something follows the end of a base64 part; left out",
    "uuencode-damaged": "lines of a uuencoded or yEnc file that cannot be read; left out",
    "uuencode-unfinished": "a uuencoded or yEnc file without its last line; it may have been cut off",
    "tnef-damaged": "a winmail.dat that cannot be opened; kept as it is",
    "charset-unknown": "a charset nobody knows is declared; the text is read in the likeliest one",
    "charset-wrong": "the text is in another charset than the one declared; read in the right one",
    "charset-undecodable": "bytes that mean nothing in the charset; � stands for each",
    "smime-opaque": "encrypted or signed as a whole (S/MIME); what is inside cannot be read",
    "pgp-encrypted": "encrypted (PGP); what is inside cannot be read",
    "limit-parts": "too many parts; the rest is not listed",
    "limit-depth": "parts too deep within each other; the innermost is an attachment",
    "limit-header": "a header too large; the rest of it is not read",
    "limit-decoded": "too large in all; the rest is not kept",
    "limit-text": "too much text; the rest is not read",
    "limit-html": "an HTML text too large to lay out; read without its layout",
    "limit-links": "too many links; the rest is not listed",
    "limit-tnef": "a winmail.dat too large to open; kept as it is",
}
