"""Which characters a stranger's bytes stand for, whatever was declared, and which characters are let in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})",
    re.IGNORECASE,
)
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Python takes these for text encodings too; no page is written in them, and idna takes quadratic time.
_NO_PAGE = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}

_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_C0 = dict.fromkeys([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF])
_C1_REFERENCE = re.compile(r"&#(?:x([89][0-9a-f])|(12[89]|1[345]\d));?", re.IGNORECASE)


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a feed or page; never fails.

    Text that is valid UTF-8 is UTF-8, whatever is declared; else the header's word comes before the document's.
    """
    mark, marked = next((pair for pair in _BOMS if body.startswith(pair[0])), (b"", None))
    if marked is not None:
        return body[len(mark) :].decode(marked, "replace")
    for name in _candidates(body, content_type):
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    return _at_worst(body)


def _candidates(body: bytes, content_type: str | None) -> Iterator[str]:
    declared = [name for name in map(_usable, _declared(body, content_type)) if name]
    if b"\x1b" in body or b"\0" in body:  # UTF-16, ISO-2022-JP: their bytes are valid UTF-8 too
        yield from (name for start, name in _UNMARKED if body.startswith(start))
        yield from declared
    yield "utf-8"
    yield from declared


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    if found := _IN_HEADER.search(content_type or ""):
        yield found[1]
    if in_document := _IN_DOCUMENT.search(body[:4096]):
        yield (in_document[1] or in_document[2]).decode("ascii", "replace")


def _usable(name: str) -> str | None:
    """Python's name of a declared encoding; None when there is none or it is not one of text."""
    try:
        found = codecs.lookup(name).name
        b"a".decode(found, "ignore")  # LookupError for those that are not of text, such as zip
    except (LookupError, ValueError):
        return None
    return None if found in _NO_PAGE else _WIDER.get(found, found)


def _at_worst(body: bytes) -> str:
    """UTF-8 with some broken characters where most are whole, else Western European."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for c in text if c > "\x7f") - broken
    return text if broken <= whole else body.decode("cp1252", "replace")


def mend(text: str) -> str:
    """The text without characters that neither databases nor XML take.

    Codes 128 to 159 become the Windows characters that were meant: they are mostly quotation marks and dashes.
    """
    if text.isprintable():
        return text
    return text.translate(_C0).translate(_C1).encode("utf-8", "ignore").decode("utf-8")


def mend_markup(markup: str) -> str:
    """As `mend`, also for such characters that are written as numbers (`&#147;`)."""
    return mend(
        _C1_REFERENCE.sub(lambda found: _C1[int(found[1], 16) if found[1] else int(found[2])], markup)
    )
