"""Where a sentence mentions actors: the two that are asked about, pronouns for them, and others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from summarizer.lexicon import listed, words
from summarizer.places import state_at

SOURCE, TARGET = "source", "target"
_FIRST = listed("i we me us my our mine ours myself ourselves")
_THIRD = listed("he she they it him her them his their its hers theirs himself herself themselves itself who whom whose")
_COMMON_IN_NAMES = listed(
    "the of and for in on a an party parties house white states united national department committee court supreme federal"
    " association union group board council agency bank act law new news post times institute university american"
    " president senator governor minister mayor justice judge secretary general chief sen rep gov mr mrs ms dr jr sr"
    " director north south east west bill street city county state district league front commission center centre"
    " government people public first world international security foreign defense defence health care administration"
)
"""Words that alone do not tell whose name it is."""
_OTHER_NAMES = {"republican": ("gop",), "democratic": ("dems",), "european": ("eu",)}
_LEAST = 4
_PRONOUN_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean an actor."""

    start: int
    end: int
    actor: str
    """`SOURCE`, `TARGET`, or another actor's word."""
    weight: float = 1.0
    guessed: bool = False
    """Whether it is a pronoun that may mean either of two named actors."""


def find_mentions(
    tokens: Sequence[str], source: Sequence[str], target: Sequence[str]
) -> list[Mention]:
    """Mentions in the order of the words; a pronoun may mean either of the two."""
    lower = [token.lower() for token in tokens]
    actors: list[str | None] = [None] * len(tokens)
    for actor, names in ((TARGET, target), (SOURCE, source)):
        for at in _named(tokens, lower, names):
            actors[at] = actor
    for at, token in enumerate(tokens):
        if actors[at] is None and _is_name(tokens, lower, at):
            actors[at] = token.lower()
    found = list(_runs(actors))
    known = {mention.actor for mention in found}
    found += _pronouns(lower, actors, known | ({SOURCE} if not source else set()), bool(source))
    return sorted(found, key=lambda mention: mention.start)


def _named(tokens: Sequence[str], lower: Sequence[str], names: Iterable[str]) -> set[int]:
    """The words that mean somebody of these names."""
    at: set[int] = set()
    for name in names:
        parts = name.lower().replace(".", "").split()
        size = len(parts)
        plain = [word.replace(".", "") for word in lower]
        at.update(
            i for start in range(len(lower) - size + 1) if plain[start : start + size] == parts
            for i in range(start, start + size)
        )  # fmt: skip
        single = [part for part in parts if part not in _COMMON_IN_NAMES and len(part) > 2]
        at.update(
            i for i, token in enumerate(tokens)
            if token[:1].isupper() and any(_is_same(plain[i], part) for part in single)
        )  # fmt: skip
        short = "".join(part[0] for part in name.replace("-", " ").split() if part[0].isupper())
        if len(short) > 1:
            at.update(i for i, token in enumerate(tokens) if token.replace(".", "") == short)
        state = state_at(name)
        if state:
            at.update(i for i, token in enumerate(tokens) if token[0].isupper() and _state(token) == state)
    return at


@cache
def _state(token: str) -> str | None:
    return state_at(token)


def _is_same(word: str, part: str) -> bool:
    """Whether a word is part of a name, or its adjective or plural: `Talvenian`, `Democrats`."""
    if word == part or word in _OTHER_NAMES.get(part, ()):
        return True
    if len(part) < _LEAST or len(word) < _LEAST:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(word, part, strict=False)) if a != b), min(len(word), len(part)))
    return shared >= max(5, len(part) - 2) or (shared == len(part) and len(word) <= shared + 3)


def _is_name(tokens: Sequence[str], lower: Sequence[str], at: int) -> bool:
    if not tokens[at][0].isupper() or lower[at] in words("function_words") or lower[at] in _FIRST | _THIRD:
        return False
    first = at == 0 or tokens[at - 1] in '"“‘.:—'
    return not first or (at + 1 < len(tokens) and tokens[at + 1][:1].isupper())


def _runs(actors: Sequence[str | None]) -> Iterable[Mention]:
    """Neighbouring words of one actor as one mention; words of others in a row are one other actor."""
    start = 0
    while start < len(actors):
        actor = actors[start]
        end = start + 1
        if actor is not None:
            other = actor not in (SOURCE, TARGET)
            while end < len(actors) and actors[end] is not None and (
                actors[end] == actor or (other and actors[end] not in (SOURCE, TARGET))
            ):  # fmt: skip
                actor = actors[end] or actor
                end += 1
            if other and end < len(actors) and actors[end] in (SOURCE, TARGET):
                start = end
                continue
            yield Mention(start, end, actor)
        start = end


def _pronouns(lower: Sequence[str], actors: Sequence[str | None], known: set[str], speaks: bool) -> Iterable[Mention]:
    both = speaks and {SOURCE, TARGET} <= known
    for at, word in enumerate(lower):
        if actors[at] is not None:
            continue
        if word in _FIRST:
            if not speaks:
                continue
            yield Mention(at, at + 1, SOURCE, 1.0)
        elif word in _THIRD:
            if TARGET not in known or SOURCE in known:
                yield Mention(at, at + 1, TARGET, _PRONOUN_WEIGHT if TARGET in known else 0.8, both)
            if speaks and (SOURCE not in known or TARGET in known):
                yield Mention(at, at + 1, SOURCE, _PRONOUN_WEIGHT if SOURCE in known else 0.8, both)
