"""What may be left off a sentence in a summary: whence it was sent, a joint to the sentence before, a credit.

What is left is one piece of the text. Nothing is ever taken from inside a sentence or from its claims: who says so, a
negation, a condition and a doubt stay. Where a rule is in doubt the sentence stays whole.
"""

from __future__ import annotations

import re

from news.spans import Span
from summarizer.layout import find_datelines

_AGENCIES = (
    "AA|AAP|AFP|ANI|ANSA|AP|APA|Associated Press|BBC(?: News)?|Bloomberg(?: News)?|CBS(?: News)?|CNBC|CNN(?:Money| Business)?"
    "|CP|dpa|DPA|EFE|Fox News|IANS|Interfax|JTA|KUNA|Kyodo|MENA|NBC(?: News)?|NNA|NPR|PA|PTI|Reuters|RFE/RL|SPA|TASS"
    "|The Canadian Press|UPI|WAM|Xinhua|Yonhap"
)
_BULLET = re.compile(r"(?:[•▪●■◦‣·*]|--?|[–—])\s+")
_TAG = re.compile(r"(?:BREAKING(?: NEWS)?|EXCLUSIVE|UPDATED?|DEVELOPING|JUST IN)(?: \d)?\s*[:|–—-]\s*")
_SENT = re.compile(
    r"(?:[A-Z][\w’'.-]*(?:[ /][A-Z][\w’'.-]*){0,3}(?:, [A-Z][\w.]*(?: [A-Z]\w*)?(?: \d{1,2})?){0,2} ?)?"
    rf"\( ?(?:{_AGENCIES}) ?\)\s*(?:--?|[–—])?\s*"
)
"""`Oldhaven (AP) — `, `(CNN)`. No mark both joins words and stands in one: hyphens in thousands would be tried in all ways."""
_JOINT = re.compile(
    r"(?:But|And|Yet"
    r"|(?:However|Meanwhile|Moreover|Furthermore|Additionally|Besides|Nevertheless|Nonetheless|Also|Still"
    r"|In addition|In the meantime|At the same time|On top of that),)\s+"
)
_BEGINS = re.compile(r"[“‘\"'«„]?[^\W_]")
_CREDIT = re.compile(
    r"(?:\[\d{1,3}\]"
    rf"|[(\[] ?(?:{_AGENCIES}|Getty(?: Images)?) ?[)\]]"
    r"|[(\[] ?(?:Photo|Picture|Image|Photograph|Credit|Source|Video|Pic|Reporting|Writing|Editing|Additional reporting"
    r"|With reporting|With inputs?)(?: by| from| courtesy| credit|:)[^()\[\]\n]{0,150}[)\]])\s*$"
)
_TAIL = 180
"""Characters at the end that a credit stands within."""
_CREDITS = 3
_STOPS = (".", "!", "”", '"', "’", "'")
_DASH = re.compile(r" (?:--?|[–—])(?=\s)|[–—]")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))


def trim(text: str, span: Span) -> Span:
    """The part of a sentence that stands in a summary; the sentence itself where nothing can be left off."""
    start, end = _front(text, span), _back(text, span)
    if start >= end:
        return span
    trimmed = Span(start, end).trimmed(text)
    if is_balanced(span.of(text)) and not is_balanced(trimmed.of(text)):
        return span
    return trimmed


def is_balanced(sentence: str) -> bool:
    """Whether as many quotation marks and brackets close as open."""
    if sentence.count('"') % 2:
        return False
    return all(sentence.count(opens) == sentence.count(closes) for opens, closes in _PAIRS)


def _front(text: str, span: Span) -> int:
    start = span.start
    for pattern in (_BULLET, _TAG):
        start = _after(pattern.match(text, start, span.end), text, start, span.end)
    sent = _SENT.match(text, start, span.end)
    if sent is None:
        start = _after_dateline(text, Span(start, span.end))
    else:
        start = _after(sent, text, start, span.end)
    return _after(_JOINT.match(text, start, span.end), text, start, span.end)


def _after(found: re.Match[str] | None, text: str, start: int, end: int) -> int:
    """The place behind what was found, if a sentence can begin there."""
    if found is None or not _begins(text, found.end(), end):
        return start
    return found.end()


def _begins(text: str, start: int, end: int) -> bool:
    """Whether what begins here looks like the beginning of a sentence: not in lower case."""
    found = _BEGINS.match(text, start, end)
    return found is not None and not found.group()[-1].islower()


def _after_dateline(text: str, span: Span) -> int:
    """The place behind `OLDHAVEN, Aug. 12 (Wire) -- `; not inside `NORDEN — Ostmark’s league — said`."""
    datelines = find_datelines(text, (span,))
    if not datelines or not _begins(text, datelines[0].end, span.end):
        return span.start
    return span.start if len(_DASH.findall(text, datelines[0].end, span.end)) % 2 else datelines[0].end


def _back(text: str, span: Span) -> int:
    """The end without credits, if a sentence ends before them."""
    end = span.end
    for _ in range(_CREDITS):
        since = max(span.start, end - _TAIL)
        opens = max(text.rfind("(", since, end), text.rfind("[", since, end))
        if opens < 0 or _CREDIT.match(text, opens, end) is None:
            break
        end = Span(span.start, opens).trimmed(text).end
    return end if end == span.end or text[span.start : end].endswith(_STOPS) else span.end
