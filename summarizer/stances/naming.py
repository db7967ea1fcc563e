"""The words that name a holder, as those who look up speakers want them."""

from __future__ import annotations

import re

from news.spans import Span
from summarizer.lexicon import listed, words
from summarizer.places import is_people, is_state

_NAME_BEHIND = re.compile(r",\s(?=((?:[A-Z][\w’'.-]*\s){1,3}[A-Z][\w’'-]+),(?!\s(?:and|or|but)\b|\s[A-Z]))")
"""`The Talvenian president[, Maira Kelvasen],`, of at least two words; not the next of a list."""
_DETERMINED = re.compile(r"\b(?:the|an?|this|that|its|their|his|her|our)\s$", re.IGNORECASE)
_NEXT = re.compile(r"\s([a-z][\w’'-]*)")
_NO_NOUN = ("s", "ed", "ly", "ing")
_PAST = listed(
    "also began bought broke brought came caught chose cut did drew fell felt fought found gave got grew had held kept knew led"
    " left let lost made meant met never not now paid put ran rose said saw sent set sold sought spent spoke stood taught then"
    " thought threw told took went withdrew won wrote"
)


def with_name(text: str, span: Span) -> Span:
    """The words with the name in apposition behind them, where they are a role's."""
    if not _is_role(span.of(text)):
        return span
    behind = _NAME_BEHIND.match(text, span.end)
    return span if behind is None else Span(span.start, behind.end(1))


def is_modifier(text: str, span: Span) -> bool:
    """Whether the words are an adjective of what stands behind them, and name nobody: `the [Osmaran] plan`."""
    word, behind = span.of(text), _NEXT.match(text, span.end)
    if behind is None or not _DETERMINED.search(text, max(0, span.start - 8), span.start):
        return False
    following = behind[1]
    if following.endswith(_NO_NOUN) or following in _PAST or following in words("function_words"):
        return False
    return (is_people(word) and not is_state(word)) or _is_of_a_place(word, text)


def _is_of_a_place(word: str, text: str) -> bool:
    """Whether the text names what the word is made of: `Osmaran` where it has Osmara, too."""
    stem = word.removesuffix("n")
    return stem != word and len(stem) > 3 and re.search(rf"(?<!\w){re.escape(stem)}(?!\w)", text) is not None


def _is_role(mention: str) -> bool:
    """Whether the last word is a common one."""
    return mention.split()[-1][:1].islower()
