"""Where a sentence mentions actors: the two that are asked about, pronouns for them, and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from summarizer.lexicon import listed, words
from summarizer.places import state_at
from summarizer.stances.polar import words_of

SOURCE, TARGET = "source", "target"
FIRST = listed("i we me us my our mine ours myself ourselves")
_SUBJECTS = listed("he she they who")
_THIRD = listed(
    "he she they it him her them his their its hers theirs himself herself themselves itself who whom whose"
)
_COMMON_IN_NAMES = listed(
    "the of and for in on a an party parties house white states united national department committee court supreme federal"
    " association union group board council agency bank act law new news post times institute university american"
    " president senator governor minister mayor justice judge secretary general chief sen rep gov mr mrs ms dr jr sr"
    " director north south east west bill street city county state district league front commission center centre"
    " government people public first world international security foreign defense defence health care administration"
)
"""Words that alone do not tell whose name it is."""
_OTHER_NAMES = {"republican": ("gop",), "democratic": ("dems",), "european": ("eu",)}
_LEAST, _TELLING, _ENDING = 4, 5, 3
"""Letters of the shortest word that is compared by its beginning, of the shortest beginning, of the longest ending."""
_DEFINITE = listed("the his her their its this that")

_LONGEST_NAME = 200
_SHARES = {
    (True, True, "role"): (0.0, 0.0),
    (True, True, "subject"): (0.5, 0.5),
    (True, True, "object"): (0.5, 0.5),
    (True, False, "role"): (0.6, 0.0),
    (True, False, "subject"): (0.5, 0.5),
    (True, False, "object"): (0.8, 0.2),
    (False, True, "role"): (0.0, 0.6),
    (False, True, "subject"): (0.2, 0.8),
    (False, True, "object"): (0.5, 0.4),
    (False, False, "role"): (0.7, 0.3),
    (False, False, "subject"): (0.3, 0.7),
    (False, False, "object"): (0.7, 0.3),
}
"""Whether source and target are named, and a word's form, to how likely it means the target and the source."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean an actor."""

    start: int
    end: int
    actor: str
    """`SOURCE`, `TARGET`, or another actor's word."""
    weight: float = 1.0
    guessed: bool = False
    """Whether it is a pronoun or a role, which may mean either of the two."""


def find_mentions(tokens: Sequence[str], source: Sequence[str], target: Sequence[str]) -> list[Mention]:
    """Mentions in the order of the words; a pronoun or a role such as `the senator` may mean either of the two."""
    lower = [token.lower() for token in tokens]
    actors: list[str | None] = [None] * len(tokens)
    for actor, names, other in ((TARGET, target, source), (SOURCE, source, target)):
        for at in _named(tokens, lower, names, other):
            actors[at] = actor
    for at, token in enumerate(tokens):
        if actors[at] is None and _is_name(tokens, lower, at):
            actors[at] = token.lower()
    found = list(_runs(actors))
    known = {mention.actor for mention in found}
    found += _guesses(lower, actors, speaks=bool(source), named=known)
    return sorted(found, key=lambda mention: mention.start)


def _named(
    tokens: Sequence[str], lower: Sequence[str], names: Iterable[str], other: Iterable[str]
) -> set[int]:
    """The words that mean somebody of these names, and not of the others."""
    plain = [word.replace(".", "") for word in lower]
    others = frozenset(part for name in other for part in _telling(name[:_LONGEST_NAME]))
    found: set[int] = set()
    for name in (name[:_LONGEST_NAME] for name in names):
        telling = _telling(name)
        found.update(_in_full(plain, name), _by_a_part(tokens, plain, (telling - others) or telling))
        short, state = _initials(name), _state(name)
        for at, token in enumerate(tokens):
            if token[0].isupper() and (token.replace(".", "") == short or (state and _state(token) == state)):
                found.add(at)
    return found


def _in_full(plain: Sequence[str], name: str) -> Iterator[int]:
    parts = [part.lower().replace(".", "") for part in words_of(name)]
    for start in range(len(plain) - len(parts) + 1):
        if plain[start : start + len(parts)] == parts:
            yield from range(start, start + len(parts))


def _by_a_part(
    tokens: Sequence[str], plain: Sequence[str], telling: Iterable[tuple[str, bool]]
) -> Iterator[int]:
    for at, token in enumerate(tokens):
        capital = token[0].isupper()
        if any((capital or not needed) and _is_same(plain[at], part) for part, needed in telling):
            yield at


def _initials(name: str) -> str | None:
    """`NC` of `Northern Compact`."""
    initials = "".join(part[0] for part in name.replace("-", " ").split() if part[0].isupper())
    return initials if len(initials) > 1 else None


@lru_cache(maxsize=1_024)
def _telling(name: str) -> frozenset[tuple[str, bool]]:
    """The words of a name that tell alone whose it is, and whether each has a capital: the last one if none is rare."""
    parts = [
        (part.lower().replace(".", ""), part[0].isupper()) for part in words_of(name) if part[0].isalnum()
    ]
    rare = [(part, capital) for part, capital in parts if part not in _COMMON_IN_NAMES and len(part) > 2]
    return frozenset(rare or parts[-1:])


@lru_cache(maxsize=8_192)
def _state(token: str) -> str | None:
    return state_at(token)


def _is_same(word: str, part: str) -> bool:
    """Whether a word is part of a name, or its adjective or plural: `Talvenian`, `Democrats`."""
    if word == part or word in _OTHER_NAMES.get(part, ()):
        return True
    if len(part) < _LEAST or len(word) < _LEAST:
        return False
    shared = next(
        (i for i, (a, b) in enumerate(zip(word, part, strict=False)) if a != b), min(len(word), len(part))
    )
    return shared >= max(_TELLING, len(part) - 2) or (shared == len(part) and len(word) <= shared + _ENDING)


def _is_name(tokens: Sequence[str], lower: Sequence[str], at: int) -> bool:
    if not tokens[at][0].isupper() or lower[at] in words("function_words") or lower[at] in FIRST | _THIRD:
        return False
    first = at == 0 or tokens[at - 1] in '"“‘.:—'
    return not first or (at + 1 < len(tokens) and tokens[at + 1][:1].isupper())


def _runs(actors: Sequence[str | None]) -> Iterator[Mention]:
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


def _guesses(
    lower: Sequence[str], actors: Sequence[str | None], *, speaks: bool, named: set[str]
) -> Iterator[Mention]:
    """Pronouns and roles, as either of the two; an actor who is named nowhere is likelier meant."""
    source_named, target_named = not speaks or SOURCE in named, TARGET in named
    for at, word in enumerate(lower):
        if actors[at] is not None:
            continue
        if word in FIRST:
            if speaks:
                yield Mention(at, at + 1, SOURCE)
            continue
        role = word in _roles() and at > 0 and lower[at - 1] in _DEFINITE
        if not role and word not in _THIRD:
            continue
        form = "role" if role else "subject" if word in _SUBJECTS else "object"
        for actor, weight in zip((TARGET, SOURCE), _SHARES[source_named, target_named, form], strict=True):
            if weight and (actor == TARGET or speaks):
                yield Mention(at, at + 1, actor, weight, guessed=True)


@cache
def _roles() -> frozenset[str]:
    return words("titles") | words("nameless") | words("bodies")
