"""Occasions: which statements, of several articles, are one thing that was said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice

from news.articles import ArticleId
from news.statements import Kind, Mode, only_says

REACH = timedelta(days=3)
"""How far apart the articles of one occasion are at most."""
FEWEST = 5
"""Words from which on a part of what was said is told by its words alone."""
_COMPARED = 400
"""Words at the beginning of a statement in which parts of it are looked for."""

Run = int
"""The hash of so many words: what it finds is looked at again, and numbers cost garbage collection nothing."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a statement tells whether another one is of the same occasion."""

    id: int
    article_id: ArticleId
    moment: datetime
    speaker: str
    """The key of the name; empty where nobody is named."""
    anonymous: bool
    kind: Kind
    mode: Mode
    words: str
    """Of the content: folded, without marks, one space between two."""
    cue: str
    """The reporting words in the same way."""
    affiliated: bool = False
    """Whether it is told in whose name."""
    gone: bool = False
    """Whether its article has it no longer."""

    @property
    def named(self) -> bool:
        """Whether the speaker has a name, so that another article can mean the same one."""
        return bool(self.speaker) and not self.anonymous


@dataclass(slots=True, eq=False)
class Gathered:
    """The wordings of one occasion, newest first. The fullest holds all the words of each other one."""

    wordings: list[Wording]
    fullest: Wording
    speaker: str
    newest: datetime

    def one_each(self) -> tuple[Wording, ...]:
        """The fullest wording of each article, the newest article first; where an article has lost words of the
        occasion and has others, both."""
        best: dict[tuple[ArticleId, bool], Wording] = {}
        for wording in self.wordings:
            key = wording.article_id, wording.gone
            known = best.get(key)
            if known is None or _fullness(wording) > _fullness(known):
                best[key] = wording
        best[self.fullest.article_id, self.fullest.gone] = self.fullest
        return tuple(best.values())

    def shown(self) -> Wording:
        """The fullest wording that still stands in its article; where none does, the fullest of all."""
        if not self.fullest.gone:
            return self.fullest
        standing = (wording for wording in self.wordings if not wording.gone)
        return max(standing, key=_fullness, default=self.fullest)


class Gathering:
    """Puts wordings, given newest first, together by occasion.

    Two are of one occasion when the speaker is the same (equal names, or one is the other's surname), they are
    at most three days apart, and either their words are equal or those of a direct quotation stand whole in
    the other one. Reporting words count, save those that only say that something was said: others may deny
    it. Thoughts, intentions and speech stay apart, and so do the named and the nameless.
    """

    def __init__(self) -> None:
        self._all: list[Gathered] = []
        self._equal: defaultdict[tuple[str, ...], list[Gathered]] = defaultdict(list)
        self._holding: dict[Run, tuple[Gathered, ...]] = {}
        """By each run of words that a quotation of the occasion could begin with."""
        self._beginning: dict[Run, list[Gathered]] = {}
        """By the run of words that the occasion's quotation begins with."""
        self._absorbed = 0

    def __len__(self) -> int:
        """How many occasions there are."""
        return len(self._all) - self._absorbed

    def __iter__(self) -> Iterator[Gathered]:
        """The occasions by their newest articles."""
        return (one for one in self._all if one.wordings)

    def page(self, offset: int, limit: int) -> tuple[Gathered, ...]:
        """Some of the occasions; none beyond the last."""
        return tuple(islice(self, offset, offset + limit)) if offset < len(self) else ()

    def settled(self, reached: datetime) -> int:
        """How many occasions, of the first ones, stay as they are when all that is to come is not after `reached`."""
        return sum(1 for one in self if one.newest - reached > REACH)

    def add(self, wording: Wording) -> None:
        """The wording, with those of its occasion; none that was added before may be older."""
        runs = _runs(wording.words)
        home = self._home(wording, runs)
        if home is not None and _fullness(wording) <= _fullness(home.fullest):
            home.wordings.append(wording)
            home.speaker = max(home.speaker, wording.speaker, key=len)
            return
        for part in self._parts(wording, runs):
            home = part if home is None else self._united(home, part)
        if home is None:
            home = Gathered([], wording, wording.speaker, wording.moment)
            self._all.append(home)
        home.wordings.append(wording)
        home.fullest = wording
        home.speaker = max(home.speaker, wording.speaker, key=len)
        self._register(home, runs)

    def _home(self, wording: Wording, runs: Sequence[Run]) -> Gathered | None:
        """Where equal words are already, or all of these among others."""
        for one in self._equal.get(_sameness(wording), ()):
            if _fits(one, wording):
                return one
        if wording.kind is Kind.DIRECT and runs:
            for one in self._holding.get(runs[0], ()):
                if _fits(one, wording) and _holds(one.fullest, wording):
                    return one
        return None

    def _parts(self, wording: Wording, runs: Sequence[Run]) -> list[Gathered]:
        """The occasions whose words all stand in the wording, by their newest articles."""
        if not _may_hold(wording):
            return []
        begun = {id(one): one for run in runs if run in self._beginning for one in self._beginning[run]}
        found = [
            one
            for one in begun.values()
            if one.fullest.kind is Kind.DIRECT and _fits(one, wording) and _holds(wording, one.fullest)
        ]
        return sorted(found, key=lambda one: one.newest, reverse=True)

    def _united(self, one: Gathered, other: Gathered) -> Gathered:
        """Both as one, in the place of the newer; the first alone where their speakers differ."""
        if one is other or not same_name(one.speaker, other.speaker):
            return one
        kept, gone = (one, other) if one.newest >= other.newest else (other, one)
        kept.wordings = sorted((*kept.wordings, *gone.wordings), key=_moment, reverse=True)
        kept.speaker = max(kept.speaker, gone.speaker, key=len)
        gone.wordings = []
        self._absorbed += 1
        return kept

    def _register(self, one: Gathered, runs: Sequence[Run]) -> None:
        """Makes the occasion findable by its fullest wording, which has these runs of words."""
        fullest = one.fullest
        self._equal[_sameness(fullest)].append(one)
        if fullest.kind is Kind.DIRECT and runs:
            self._beginning.setdefault(runs[0], []).append(one)
        if _may_hold(fullest):
            holding = self._holding
            for run in set(runs):
                holding[run] = (*holding[run], one) if run in holding else (one,)


@lru_cache(maxsize=2_000)
def _runs(words: str) -> Sequence[Run]:
    """All that stand in a statement, as far as parts of it are looked for."""
    compared = words.split(None, _COMPARED)[:_COMPARED]
    return tuple(map(hash, zip(*(compared[at:] for at in range(FEWEST)), strict=False)))


def same_name(one: str, other: str) -> bool:
    """Whether the keys of two names are equal, or one is the other's surname."""
    if one == other:
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return bool(short) and " " not in short and long.endswith(f" {short}")


def _fits(one: Gathered, wording: Wording) -> bool:
    """Whether the wording may be of the occasion, its words apart."""
    if not one.wordings or one.newest - wording.moment > REACH:
        return False
    other = one.fullest
    if wording.mode is not other.mode or wording.anonymous is not other.anonymous:
        return False
    if not same_name(one.speaker, wording.speaker):
        return False
    if wording.words.count(" ") + 1 >= FEWEST:
        return True
    # Short answers are the same in many mouths, and one article may well tell of two.
    return wording.named and all(wording.article_id != w.article_id for w in one.wordings)


def _sameness(wording: Wording) -> tuple[str, ...]:
    """Equal for wordings whose words are equal, reporting words included that may turn them."""
    if wording.kind is Kind.DIRECT or only_says(wording.cue):
        return (wording.words.removeprefix("that "),)
    return wording.words.removeprefix("that "), wording.cue


def _may_hold(wording: Wording) -> bool:
    """Whether a quotation that stands in the wording is said in it, not denied."""
    return wording.kind is Kind.DIRECT or (wording.kind is Kind.MIXED and only_says(wording.cue))


def _holds(whole: Wording, part: Wording) -> bool:
    return f" {part.words} " in f" {whole.words} "


def _fullness(wording: Wording) -> tuple[int, bool, int, bool]:
    """More words, then the speaker's own, then the fuller name, then the one that is told in whose name."""
    words = wording.words.removeprefix("that ").count(" ")
    return words, wording.kind is Kind.DIRECT, len(wording.speaker.split()), wording.affiliated


def _moment(wording: Wording) -> datetime:
    return wording.moment
