"""The words that name a holder, as those who look up speakers want them."""

from __future__ import annotations

import re

from news.spans import Span
from summarizer.lexicon import listed, words

_NAME_BEHIND = re.compile(r",\s(?=((?:[A-Z][\w’'.-]*\s){0,3}[A-Z][\w’'-]+),)")
"""`The Talvenian president[, Maira Kelvasen],`"""
_ADJECTIVE = re.compile(r"[A-Z]\w+(?:an|ish|ese)")
_NEXT = re.compile(r"\s([a-z][\w’'-]*)")
_LIKE_A_VERB = ("s", "ed")
_PAST = listed(
    "began bought broke brought came caught chose cut did drew fell felt fought found gave got grew had held kept knew led left"
    " let lost made meant met paid put ran rose said saw sent set sold sought spent spoke stood taught thought threw told took"
    " went withdrew won wrote"
)


def with_name(text: str, span: Span) -> Span:
    """The words with the name in apposition behind them, where they are a role's."""
    if not _is_role(span.of(text)):
        return span
    behind = _NAME_BEHIND.match(text, span.end)
    return span if behind is None else Span(span.start, behind.end(1))


def is_modifier(text: str, span: Span) -> bool:
    """Whether the words are an adjective of what stands behind them, and name nobody: `[Osmaran] plan`."""
    behind = _NEXT.match(text, span.end)
    if behind is None or not _ADJECTIVE.fullmatch(span.of(text)):
        return False
    word = behind[1]
    return not (word.endswith(_LIKE_A_VERB) or word in _PAST or word in words("function_words"))


def _is_role(mention: str) -> bool:
    """Whether the last word is a common one."""
    return mention.split()[-1][:1].islower()
