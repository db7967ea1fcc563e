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
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_EBCDIC = "<?xml".encode("cp037")
"""How a document of a mainframe begins; its letters are in the same places in all such encodings."""
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})",
    re.IGNORECASE,
)
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Python takes these for text encodings too; no page is written in them, and idna takes quadratic time.
_NO_PAGE = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}

_LOOKED_AT = 100_000
_SAMPLE = 2_000
_TELLING = 24
"""From so many bytes on, there is something to guess by."""
_KANA = re.compile("[\u3041-\u30ff]")
_GUESSABLE = frozenset(
    """
    big5 cp949 euc_kr gb18030 gb2312 koi8-r koi8-u cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp874 iso8859-2
    iso8859-5 iso8859-7 mac-cyrillic
    """.split()  # noqa: SIM905 - as a list of literals it fills a page
)

_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_UNHOLY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
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
    if body.startswith(_EBCDIC):
        in_document = _IN_DOCUMENT.search(body[:400].decode("cp037").encode("latin-1"))
        named = _usable(in_document[1].decode("ascii", "replace")) if in_document and in_document[1] else None
        yield named or "cp037"
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
    """UTF-8 with some broken characters where most are whole, else what the letters look like."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for c in text if c > "\x7f") - broken
    return text if broken <= whole else body.decode(_guess(body), "replace")


def _guess(body: bytes) -> str:
    """The encoding that the letters of a text look like; Western European where nothing speaks for another."""
    sample = b" ".join(part for part in re.split(rb"[<>]+", body[:_LOOKED_AT]) if not part.isascii())[
        :_SAMPLE
    ]
    if _decodes(body, "cp1252") and len(sample) < _TELLING:
        return "cp1252"
    for name in ("euc_jp", "shift_jis"):  # of which charset-normalizer makes Korean
        kana = len(_KANA.findall(sample.decode(name, "ignore")))
        if kana * 4 > len(sample) // 2 and _decodes(body, name):
            return name
    from charset_normalizer import from_bytes

    found = from_bytes(sample, steps=3, chunk_size=512).best()
    guessed = _usable(found.encoding) if found else None
    return guessed if guessed in _GUESSABLE and _decodes(body, guessed) else "cp1252"


def _decodes(body: bytes, name: str | None) -> bool:
    try:
        body.decode(name or "")
    except UnicodeError:
        return False
    return True


def mend(text: str) -> str:
    """The text without characters that neither databases nor XML take.

    Codes 128 to 159 become the Windows characters that were meant: they are mostly quotation marks and dashes.
    """
    return _UNHOLY.sub(lambda found: _C1.get(ord(found[0]), ""), text) if _UNHOLY.search(text) else text


def mend_markup(markup: str) -> str:
    """As `mend`, also for such characters that are written as numbers (`&#147;`)."""
    return mend(
        _C1_REFERENCE.sub(lambda found: _C1[int(found[1], 16) if found[1] else int(found[2])], markup)
    )
