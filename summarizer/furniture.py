"""What stands on a page beside the reporting: calls to act, captions, credits, bylines, times of a live report."""

from __future__ import annotations

import re
from functools import cache

from summarizer.lexicon import lines

_SIDE = r"(?:left|right|cent(?:re|er)|above|below|inset|far left|far right|top|bottom|front|back)"
_POINTS = re.compile(
    r"(?:[,(\[]|^)\s?(?:also |both )?(?:pictured|photographed)\b"
    rf"|[(\[] ?{_SIDE}\b(?!-)[^()\[\]]{{0,80}}[)\]]"
    rf"|, ?{_SIDE} ?,? and\b[^.]{{1,60}}, ?{_SIDE}\b",
    re.IGNORECASE,
)
"""What only a reader who sees the picture understands: `Bell (left)`, `Bell, pictured in May, `."""
_CAPTION = re.compile(r"[A-Z][\w’'-]*(?: [\w’'-]+){0,3} ?: (?=[A-Z])")
"""`Under fire: Staff of the harbour have …`, as some papers begin their captions; speakers of transcripts, too."""
_CLOCK = re.compile(
    r"(?:\d{1,2}[:.]\d{2}|\d{1,2}(?= ?[ap]\.?m))\s*(?:[ap]\.?m\.?\s*)?(?:\(?[A-Z]{2,4}\)?(?=\W)\s*)?"
    r"(?:[-–—:|]\s*)?(?=[A-Z“\"‘])"
)
"""`10.15 GMT The minister …`. Spaces belong to what stands before them, so that a thousand are read in one way only."""
_BYLINE = re.compile(
    r"(?:By|Words by|Written by)\s+[A-Z][\w.’'-]*+(?:,?\s+(?:[A-Z][\w.’'-]*+|and|for|in|of|&)){0,14}\W*$"
)
_ADDRESS = re.compile(r"\w@[\w-]{1,60}\.\w")
_GAP = " … "
_LONGEST = 2_000
"""Characters of a sentence that are looked at; a longer one stands in no summary anyway."""


def is_furniture(sentence: str) -> bool:
    """Whether a sentence belongs to the page, or to a picture on it, rather than to the article."""
    sentence = sentence[:_LONGEST].replace("’", "'")
    begins, holds = _phrases()
    return any(pattern.match(sentence) is not None for pattern in (begins, _CAPTION, _CLOCK, _BYLINE)) or any(
        pattern.search(sentence) is not None for pattern in (holds, _POINTS, _ADDRESS)
    )


@cache
def _phrases() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a sentence of the page begins with, and what it holds."""
    found = tuple(lines("furniture.txt"))
    begins = "|".join(_pattern(line[1:]) for line in found if line.startswith("^"))
    holds = "|".join(_pattern(line) for line in found if not line.startswith("^"))
    return re.compile(rf"[^\w“‘\"'«]{{0,8}}(?:{begins})", re.IGNORECASE), re.compile(holds, re.IGNORECASE)


def _pattern(phrase: str) -> str:
    """The phrase as a pattern that ends, and for what stands anywhere begins, with a whole word."""
    inner = r"\b.{0,80}\b".join(re.escape(part) for part in phrase.split(_GAP))
    return (r"\b" if phrase[0].isalnum() else "") + inner + (r"\b" if phrase[-1].isalnum() else "")
