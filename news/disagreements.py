"""Where articles of one story credit the same words to different speakers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

from news.actors import fold, name_key
from news.answers import Quote
from news.names import NameChange, names_of
from news.statements import Kind, Mode, Speaker

FEWEST = 5
"""Words from which on equal words are taken for one quotation."""
_OVERLAP = 0.8
"""Of the longer quotation's words, how many must be the other's, too."""
_MOST = 500
"""Quotations of a story that are compared; no story has more."""
_COMPARED = 200
"""Words at the beginning of a quotation that are compared."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(r"[“\"„«]([^“”\"„«»]+)[”\"“»]?|(?<!\w)‘((?:[^‘’]|’(?=\w))+)’?(?!\w)")


@dataclass(frozen=True, slots=True)
class Credited:
    """A quotation as one article credits it."""

    mark: int
    """Which article: the number that answers show for it."""
    quote: Quote


@dataclass(frozen=True, slots=True)
class CreditedSide:
    """One speaker, and the articles that name that one."""

    name: str
    """The fullest of the names."""
    told: tuple[Credited, ...]

    @property
    def marks(self) -> tuple[int, ...]:
        """The articles that name this speaker."""
        return tuple(dict.fromkeys(one.mark for one in self.told))


@dataclass(frozen=True, slots=True)
class DisputedQuote:
    """Words that different articles put into different mouths."""

    words: str
    """As the first article has them, verbatim."""
    sides: tuple[CreditedSide, ...]
    """At least two, in the order of their first articles."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A quotation with what it is compared by."""

    credited: Credited
    speaker: Speaker
    words: tuple[str, ...]


def disputed_quotes(
    told: Sequence[Credited], changes: Sequence[NameChange] = ()
) -> tuple[DisputedQuote, ...]:
    """Quotations of nearly the same words that articles credit to different named speakers.

    `changes` are what the workspace was told of names. None where a speaker has no name, where one may speak for
    the other, or where an article credits the words to several.
    """
    heard = [one for credited in told[:_MOST] if (one := _heard(credited)) is not None]
    found = (_disputed([heard[i] for i in group], changes) for group in _same_words(heard))
    return tuple(one for one in found if one is not None)


def _heard(credited: Credited) -> _Heard | None:
    quote = credited.quote
    speaker = quote.speaker
    if speaker is None or speaker.anonymous or not name_key(speaker.name) or quote.mode is not Mode.SPEECH:
        return None
    # Whom a pronoun means is the reader's guess; an article that names nobody there credits nobody.
    if name_key(speaker.name).split()[-1] not in name_key(speaker.mention).split():
        return None
    words = tuple(_WORD.findall(fold(_quoted(quote)).replace("\xad", "")))[:_COMPARED]
    return _Heard(credited, speaker, words) if len(words) >= FEWEST else None


def _quoted(quote: Quote) -> str:
    """What of the words stands inside quotation marks: the longest piece where only some do."""
    if quote.kind is Kind.DIRECT:
        return quote.words
    if quote.kind is Kind.INDIRECT:
        return ""
    return max((found[1] or found[2] for found in _QUOTED.finditer(quote.words)), key=len, default="")


def _same_words(heard: Sequence[_Heard]) -> Iterator[list[int]]:
    """Groups of quotations with nearly the same words, as indices in order."""
    group = list(range(len(heard)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    first_of: dict[tuple[str, ...], int] = {}
    for index, credited in enumerate(heard):
        group[index] = first_of.setdefault(credited.words, index)
    for one, other in _candidates(heard, first_of.values()):
        first, second = sorted((root(one), root(other)))
        if first != second and _alike(heard[one].words, heard[other].words):
            group[second] = first
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(heard)):
        members[root(index)].append(index)
    yield from members.values()


def _candidates(heard: Sequence[_Heard], indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Those pairs that have two words in a row in common: all that can be alike have."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in indices:
        words = heard[index].words
        pairs = set(pairwise(words))
        for other in sorted({other for pair in pairs for other in having[pair]}):
            yield other, index
        for pair in pairs:
            having[pair].append(index)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the shorter stands whole in the longer, or nearly all words are the same."""
    short, long = sorted((one, other), key=len)
    if f" {' '.join(short)} " in f" {' '.join(long)} ":
        return True
    shared = sum((Counter(short) & Counter(long)).values())
    return shared >= _OVERLAP * len(long)


def _disputed(group: Sequence[_Heard], changes: Sequence[NameChange]) -> DisputedQuote | None:
    sides: list[list[_Heard]] = []
    # Most articles credit one speaker in one way: each two of them are compared once.
    may_be_one = cache(lambda one, other: _may_be_one(one, other, changes))
    for one in group:
        mine = [side for side in sides if any(may_be_one(one.speaker, h.speaker) for h in side)]
        if len(mine) > 1:
            return None  # a name that may be either speaker's: nobody can tell who is meant
        if mine:
            mine[0].append(one)
        else:
            sides.append([one])
    marks = [{one.credited.mark for one in side} for side in sides]
    if len(sides) < 2 or any(a & b for a, b in combinations(marks, 2)):
        return None
    fullest = [max((one.speaker for one in side), key=lambda speaker: len(speaker.name)) for side in sides]
    if not all(_is_told_apart(a, b) for a, b in combinations(fullest, 2)):
        return None
    return DisputedQuote(
        group[0].credited.quote.words,
        tuple(
            CreditedSide(speaker.name, tuple(one.credited for one in side))
            for speaker, side in zip(fullest, sides, strict=True)
        ),
    )


def _may_be_one(one: Speaker, other: Speaker, changes: Sequence[NameChange]) -> bool:
    """Whether the two names may stand for one voice: a person's, or that of whom a person speaks for."""
    names, others = (names_of(changes, speaker.name).names for speaker in (one, other))
    # Doug and Douglas, Trump and Trump Jr., a pair of speakers and one of them: a shared word is enough for a doubt.
    if not _words_of(names).isdisjoint(_words_of(others)):
        return True
    if _speaks_for(one, other) or _speaks_for(other, one):
        return True
    # A state's body, or the state: which of its people spoke is not told.
    same_state = one.state is not None and one.state == other.state
    return same_state and (one.affiliation is None or other.affiliation is None)


def _words_of(names: Sequence[str]) -> set[str]:
    words = {word for name in names for word in name_key(name.replace("\xad", "")).split()}
    return {word for word in words if len(word) > 1 and word not in _NO_NAMES} or words


def _speaks_for(one: Speaker, other: Speaker) -> bool:
    """Whether the first is told to be, or to speak for, the second."""
    last = name_key(other.name).split()[-1]
    behind = name_key(" ".join(part for part in (one.affiliation, one.state, one.mention) if part)).split()
    own = name_key(one.name).split()
    return last in (word for word in behind if word not in own)


def _is_told_apart(one: Speaker, other: Speaker) -> bool:
    """Whether both are persons named in full, or speak for different states."""
    if one.state is not None and other.state is not None and one.state != other.state:
        return True
    return _is_person(one) and _is_person(other)


def _is_person(speaker: Speaker) -> bool:
    parts = speaker.name.split()
    if len(parts) < _FULL or any(not part[0].isupper() or not part.rstrip(".").isalpha() for part in parts):
        return False
    return parts[-1][-1] != "." and not any(name_key(part) in _NO_NAMES for part in parts)


_FULL = 2
"""Words of a name that tells one person from others."""
_NO_NAME_WORDS = """
    department ministry office court campaign camp house senate committee party union university agency police
    government administration commission council bank association bureau times post news herald journal tribune
    telegraph guardian service force forces army navy institute center centre group company corporation inc board
    authority republicans democrats officials former senator representative president secretary speaker minister
    report statement and of for the
    """
_NO_NAMES = frozenset(map(name_key, _NO_NAME_WORDS.split()))
"""Words in the names of bodies, papers and offices, in keys; no person bears them."""
