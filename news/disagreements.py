"""Where articles of one story credit the same words to different speakers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise

from news.actors import fold, name_key
from news.answers import Quote
from news.names import NameChange, names_of
from news.statements import Kind, Mode, Speaker, Statement

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
class _Voice:
    """A speaker with what it is compared by, as keys."""

    called: frozenset[str]
    """The words in all names that the speaker is known to have."""
    last: str
    """The name's last word; empty where nobody can be credited."""
    behind: frozenset[str]
    """The words that say for whom the speaker speaks."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A quotation with what it is compared by."""

    credited: Credited
    speaker: Speaker
    words: tuple[str, ...]
    text: str
    """The words, a space around each."""
    voice: _Voice


def disputed_quotes(
    told: Sequence[Credited], changes: Sequence[NameChange] = ()
) -> tuple[DisputedQuote, ...]:
    """Quotations of nearly the same words that articles credit to different named speakers.

    `changes` are what the workspace was told of names. None where a speaker has no name, where one may speak for
    the other, or where an article credits the words to several.
    """
    voice = cache(lambda speaker: _voice(speaker, changes))  # an article's speakers say several things each
    heard = [one for credited in told[:_MOST] if (one := _heard(credited, voice)) is not None]
    found = (_disputed([heard[i] for i in group]) for group in _same_words(heard) if len(group) > 1)
    return tuple(one for one in found if one is not None)


def is_compared(told: Quote | Statement) -> bool:
    """Whether it has quoted words that somebody with a name said."""
    if told.kind is Kind.INDIRECT or told.mode is not Mode.SPEECH:
        return False
    return told.speaker is not None and not told.speaker.anonymous


def _heard(credited: Credited, voice: Callable[[Speaker], _Voice]) -> _Heard | None:
    quote = credited.quote
    speaker = quote.speaker
    if speaker is None or not is_compared(quote) or not voice(speaker).last:
        return None
    words = _words_in(_quoted(quote))
    if len(words) < FEWEST:
        return None
    return _Heard(credited, speaker, words, f" {' '.join(words)} ", voice(speaker))


@lru_cache(maxsize=1_000)  # a story is told to many channels
def _words_in(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text).replace("\xad", "")))[:_COMPARED]


def _voice(speaker: Speaker, changes: Sequence[NameChange]) -> _Voice:
    own = name_key(speaker.name).split()
    # Whom a pronoun means is the reader's guess; an article that names nobody there credits nobody.
    last = own[-1] if own and own[-1] in name_key(speaker.mention).split() else ""
    parts = (part for part in (speaker.affiliation, speaker.state, speaker.mention) if part)
    return _Voice(
        called=frozenset(_words_of(names_of(changes, speaker.name).names)),
        last=last,
        behind=frozenset(name_key(" ".join(parts)).split()).difference(own),
    )


def _quoted(quote: Quote) -> str:
    """What of the words stands inside quotation marks: the longest piece where only some do."""
    if quote.kind is Kind.DIRECT:
        return quote.words
    return max((found[1] or found[2] for found in _QUOTED.finditer(quote.words)), key=len, default="")


def _same_words(heard: Sequence[_Heard]) -> Iterator[list[int]]:
    """Groups of quotations with nearly the same words, as indices in order."""
    group = list(range(len(heard)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for one, other in _candidates(heard):
        if root(one) != root(other) and _alike(heard[one], heard[other]):
            first, second = sorted((root(one), root(other)))
            group[second] = first
    members: dict[int, list[int]] = defaultdict(list)
    for index in range(len(heard)):
        members[root(index)].append(index)
    yield from members.values()


def _candidates(heard: Sequence[_Heard]) -> Iterator[tuple[int, int]]:
    """Pairs that have two words in a row in common: all that can be alike have."""
    having: dict[tuple[str, str], int] = defaultdict(int)  # one bit a quotation
    for index, one in enumerate(heard):
        pairs = set(pairwise(one.words))
        earlier = 0
        for pair in pairs:
            earlier |= having[pair]
            having[pair] |= 1 << index
        yield from ((other, index) for other in range(index) if earlier >> other & 1)


def _alike(one: _Heard, other: _Heard) -> bool:
    """Whether the shorter stands whole in the longer, or nearly all words are the same."""
    short, long = sorted((one, other), key=lambda heard: len(heard.words))
    if short.text in long.text:
        return True
    most = len(long.words) - len(set(long.words).difference(short.words))
    wanted = _OVERLAP * len(long.words)
    return most >= wanted and sum((Counter(short.words) & Counter(long.words)).values()) >= wanted


def _disputed(group: Sequence[_Heard]) -> DisputedQuote | None:
    sides: list[list[_Heard]] = []
    for one in group:
        mine = [side for side in sides if any(_may_be_one(one, other) for other in side)]
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


def _may_be_one(one: _Heard, other: _Heard) -> bool:
    """Whether the two names may stand for one voice: a person's, or that of whom a person speaks for."""
    # Doug and Douglas, Trump and Trump Jr., a pair of speakers and one of them: a shared word is enough for a doubt.
    mine, theirs = one.voice, other.voice
    if not mine.called.isdisjoint(theirs.called):
        return True
    if theirs.last in mine.behind or mine.last in theirs.behind:
        return True
    # A state's body, or the state: which of its people spoke is not told.
    same_state = one.speaker.state is not None and one.speaker.state == other.speaker.state
    return same_state and (one.speaker.affiliation is None or other.speaker.affiliation is None)


def _words_of(names: Sequence[str]) -> set[str]:
    words = {word for name in names for word in name_key(name.replace("\xad", "")).split()}
    return {word for word in words if len(word) > 1 and word not in _NO_NAMES} or words


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
