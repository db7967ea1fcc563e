"""Which sentences make sense alone: whole, no question, and pointing to nothing that only the sentence before tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from news.spans import Span
from news.words import UNSPACED
from summarizer.frames import Frame, Token
from summarizer.furniture import is_furniture
from summarizer.lexicon import listed, words
from summarizer.trimming import is_balanced

SHORT, LONG = 6, 60
"""Words of a sentence that is too little, or too much, to stand in a summary."""
_LOOKED = 40
_NAMES = 0.03
"""Sentences that tell whether names have capitals, and the least share of words inside them that do."""
_WORD = re.compile(rf"{UNSPACED}{{1,2}}|[^\W_]+(?:[’'-][^\W_]+)*")
_POINTS_BACK = listed(
    "he she it they him her them his its their hers theirs this that these those such both so thus hence then there here"
    " therefore another others other neither either instead later earlier afterwards afterward again too also still yet"
    " but and or nor however meanwhile nevertheless nonetheless moreover furthermore consequently otherwise likewise"
    " similarly besides which who whose whom because"
)
_ONE = listed("he she him her his hers himself herself")
_SEVERAL = listed("they them their theirs themselves it its itself")
_SPOKEN_OF = listed("he she him her his they them their he's she's they're it it's")
"""What a quotation begins with that is about somebody whom only the article has named."""
_SINGLE = listed(
    "man woman boy girl mother father son daughter brother sister wife husband teenager child baby king queen victim"
    " suspect player star boss somebody someone anyone anybody everyone whoever who"
)
_WHERE = listed("in at near from")
_OPENERS = listed(
    "when while after before although though as if since despite in on at with during by for from because until once"
    " unlike like following asked speaking"
)
_ALWAYS_SMALL = listed("i we you one two some many most several")
_LINKS = re.compile(
    r"(?:(?:at (?:the|that) (?:same )?time|as a result|in (?:response|turn|contrast|other words|return|doing so)"
    r"|for (?:example|instance|that|this)|by (?:contrast|comparison)|on the other hand|the (?:former|latter)"
    r"|(?:after|before|since|despite|because of|until) (?:that|this|which)),"
    r"|for (?:his|her|its|their) part\b|(?:after|before|by|since|until) then\b"
    r"|(?:among|of|one of|some of|most of|many of|all of|none of) (?:them|those|these)\b)",
    re.IGNORECASE,
)
"""Words that tie a sentence to the one before."""
_THERE = listed("is are was were has have had will would may might could can isn't aren't wasn't weren't")
_ENDED = re.compile(r"[.!。！।۔][ ”\"’'»)\]」』]*$")
_TRAILS_OFF = re.compile(r"(?:\.\.+|…|\. \. \.|\[[.…]+\])[ )\]]*$")


def has_names(frames: Sequence[Frame]) -> bool:
    """Whether the sentences write names with capitals, as some scripts and some feeds do not."""
    pairs = [(a, b) for frame in frames[:_LOOKED] for a, b in pairwise(frame.tokens) if a.word and b.word]
    capital = sum(b.capital and b.lower not in _ALWAYS_SMALL for _, b in pairs)
    return capital >= _NAMES * len(pairs)


def stands_alone(text: str, frame: Frame, span: Span, *, first: bool, names: bool = True) -> bool:
    """Whether what is left of a sentence may be shown without its surroundings.

    `first`: nothing stands before it that it could point back to. `names`: whether names are known by their capitals.
    """
    if frame.bare or not _is_whole(frame):
        return False
    sentence = span.of(text)
    if not SHORT <= len(_WORD.findall(sentence[:2_000])) <= LONG:
        return False
    if (
        _begins_small(sentence)
        or not _is_ended(sentence)
        or not is_balanced(sentence)
        or is_furniture(sentence)
    ):
        return False
    if first:
        return True
    tokens = [token for token in frame.tokens if token.span.start >= span.start]
    return _LINKS.match(sentence) is None and not _points_back(tokens, names=names)


def _begins_small(sentence: str) -> bool:
    """Whether it is the rest of a sentence that was split wrongly."""
    return next((c for c in sentence[:20] if c.isalnum()), "").islower()


def _is_ended(sentence: str) -> bool:
    """Whether it ends as a sentence does; a teaser that trails off may lack its negation, a question says nothing."""
    tail = sentence[-12:]
    return _ENDED.search(tail) is not None and _TRAILS_OFF.search(tail) is None


def _is_whole(frame: Frame) -> bool:
    """Whether it holds no piece of a longer quotation, and none that is never closed."""
    quotations = (t.quotation for t in frame.tokens if t.quotation)
    return all(q.closed and len(q.pieces) == 1 for q in quotations)


def _points_back(tokens: Sequence[Token], *, names: bool) -> bool:
    told = [t for t in tokens if t.word or t.quotation or t.text == ","]
    if told[0].quotation is not None:
        begins = _WORD.search(told[0].text[:40])
        if begins is not None and begins.group().lower() in _SPOKEN_OF:
            return True
    if told[0].lower in _POINTS_BACK:
        return not (told[0].lower == "there" and len(told) > 1 and told[1].lower in _THERE)
    return _is_dangling(told, _ONE, _may_be_one if names else _may_be_several) or _is_dangling(
        told, _SEVERAL, _may_be_several
    )


def _is_dangling(
    told: Sequence[Token], pronouns: frozenset[str], may_be_meant: Callable[[Sequence[Token], int], bool]
) -> bool:
    """Whether a pronoun stands before anything it could mean: `In a statement, he said`."""
    for place, token in enumerate(told):
        if token.lower in pronouns:
            return not _follows(told, place)
        if may_be_meant(told, place):
            return False
    return False


def _follows(told: Sequence[Token], pronoun: int) -> bool:
    """Whether the sentence itself tells at once who is meant: `When he was asked, Bell said`."""
    if told[0].lower not in _OPENERS:
        return False
    comma = next((i for i, t in enumerate(told) if i > pronoun and t.text == ","), len(told))
    return any(_is_name(told, i) for i in range(comma + 1, min(comma + 4, len(told))))


def _may_be_one(told: Sequence[Token], place: int) -> bool:
    """Whether the word names or describes a single person, or something that has `her` own."""
    if told[place].lower in _single():
        return True
    if place and told[place - 1].lower in _WHERE:
        return False
    return _is_name(told, place)


@cache
def _single() -> frozenset[str]:
    """What a single person is called."""
    called = words("titles") | words("nameless")
    return _SINGLE | {word for word in called if not word.endswith(("s", "men", "people"))}


def _may_be_several(told: Sequence[Token], place: int) -> bool:
    """Whether the word may be what `they` or `it` stands for; not in an opening phrase: `After the vote, they`."""
    token = told[place]
    if not token.word or token.lower in words("function_words") or token.lower in _ALWAYS_SMALL:
        return False
    comma = next((i for i, t in enumerate(told) if t.text == ","), None)
    if told[0].lower in _OPENERS and comma is not None and place < comma:
        return comma + 1 < len(told) and told[comma + 1].lower not in _SEVERAL
    return True


def _is_name(told: Sequence[Token], place: int) -> bool:
    token = told[place]
    if not token.capital or token.lower in words("times") or token.lower in words("function_words"):
        return False
    if token.lower in _ALWAYS_SMALL:
        return False
    if place == 0 and len(told) > 1 and not told[1].capital:
        return not token.lower.endswith(("ing", "ed", "ly", "s")) and token.lower not in words("adverbs")
    return True
