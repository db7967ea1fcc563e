"""Names of actors: which a workspace was told are one actor's and which are not, and whom an asked name finds."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from news.actors import RELATING, name_key
from news.errors import InputError

NameChangeId = NewType("NameChangeId", int)

LONGEST_NAME = 100
MOST_NAMES = 50
"""Names of one actor, and names that are set apart from one."""


class Relation(StrEnum):
    """`same`: the name is another one of the actor's; `apart`: it is not the actor's."""

    SAME = "same"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class NameChange:
    """What a workspace was told of a name and an actor; statements stay as they are."""

    id: NameChangeId
    actor: str
    """The actor's main name, where the two are the same."""
    name: str
    relation: Relation
    made: datetime

    @property
    def keys(self) -> tuple[str, str]:
        """What the actor's name and the other one are compared by."""
        return name_key(self.actor), name_key(self.name)


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did: changes that stand no longer, and older ones that stand again."""

    taken_back: tuple[NameChange, ...] = ()
    restored: tuple[NameChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ActorNames:
    """What a name stands for in a workspace."""

    main: str
    """The name to show."""
    names: tuple[str, ...]
    """All names, the asked one among them; the main one first."""
    apart: tuple[str, ...] = ()
    """Names that are not the actor's."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom an asked name finds, in keys."""

    names: ActorNames
    within: tuple[str, ...] = ()
    """Names whose words are all in a speaker's."""
    alone: tuple[str, ...] = ()
    """Names that are a speaker's whole: short forms of others, which somebody else may share."""
    surnames: tuple[str, ...] = ()
    """Surnames that, standing alone, are the actor's unless another one of that surname speaks."""
    apart: tuple[str, ...] = ()
    """Names whose speakers are somebody else."""

    def among(self, speakers: Iterable[str]) -> Sought:
        """The same, less the surnames of others who speak under a full name: `speakers` are keys of names."""
        taken = {key.split()[-1] for key in speakers if key and not self._bears(key)}
        return replace(self, surnames=tuple(word for word in self.surnames if word not in taken))

    def _bears(self, speaker: str) -> bool:
        """Whether a full name may be the actor's: as long as nothing speaks against it, `A. Bell` is Anna Bell."""
        known = (*self.within, *self.alone)
        return speaker not in self.apart and any(_agree(speaker.split(), key.split()) for key in known)


def checked_name(text: str) -> str:
    """A name as it is kept. Raises InputError."""
    name = " ".join(text.split())
    if not name_key(name):
        raise InputError("A name needs a letter or a digit: give both names.")
    if len(name) > LONGEST_NAME:
        raise InputError(f"A name has at most {LONGEST_NAME} characters: shorten it.")
    return name


def pair_of(one: str, other: str) -> tuple[str, str]:
    """What two names are a pair by, in whichever order; changes of one pair replace each other."""
    first, second = sorted((name_key(one), name_key(other)))
    return first, second


def names_of(changes: Sequence[NameChange], asked: str) -> ActorNames:
    """All names of the actor who goes by `asked`, as the changes tell.

    `same` reaches on from name to name, but never to a name that is apart from one it has reached; what was
    told later goes first. The main name is the one that is nobody's other name.
    """
    told = _Told.of(changes)
    return told.names(told.reach(name_key(asked)), asked)


def mains_of(changes: Sequence[NameChange]) -> Mapping[str, str]:
    """The main name of each actor that has several, by the key of each of them."""
    told, found = _Told.of(changes), dict[str, str]()
    for key in told.links:
        if key not in found:
            names = told.names(told.reach(key), told.spelling[key])
            for name in names.names:
                found.setdefault(name_key(name), names.main)
    return found


def links_between(changes: Sequence[NameChange], actor: str, name: str) -> tuple[NameChange, ...]:
    """The changes that make `name` another name of `actor`, directly or by names between; none when it is not."""
    told, (start, key) = _Told.of(changes), (name_key(actor), name_key(name))
    around = told.reach(start, without=key) if start != key else frozenset()
    return tuple(c for c in told.same if key in c.keys and around.intersection(c.keys))


def seek(changes: Sequence[NameChange], asked: str) -> Sought:
    """Whom `asked` finds: speakers with all its words, and those by the actor's other names.

    A part of a name that was told (`Bell`, where Anna Bell has another name) finds what the whole one finds.
    """
    told, key = _Told.of(changes), name_key(asked)
    if not key:
        return Sought(ActorNames(asked, (asked,)))
    if key in told.spelling or not (wholes := told.holding(key)):
        return _sought(told.names(told.reach(key), asked))
    actors = [told.names(told.reach(whole), whole) for whole in wholes]
    names = dict.fromkeys((asked, *(name for actor in actors for name in actor.names)))
    apart = dict.fromkeys(n for actor in actors for n in actor.apart if not longer(name_key(n), key))
    if max(len(names), len(apart)) > MOST_NAMES:
        return _sought(ActorNames(asked, (asked,)))
    main = actors[0].main if len({actor.main for actor in actors}) == 1 else asked
    return _sought(ActorNames(main, tuple(names), tuple(apart)), key)


def longer(key: str, *others: str) -> bool:
    """Whether a key has all the words of one of the others, and more."""
    words = set(key.split())
    return any(set(other.split()) < words for other in others)


@dataclass(frozen=True, slots=True)
class _Told:
    """The changes that count, by what they say; the latest first."""

    same: tuple[NameChange, ...]
    apart: tuple[NameChange, ...]
    spelling: Mapping[str, str]
    """How a key is written."""
    links: Mapping[str, list[str]]
    walls: Mapping[str, set[str]]

    @classmethod
    def of(cls, changes: Iterable[NameChange]) -> _Told:
        latest: dict[tuple[str, str], NameChange] = {}
        for change in sorted(changes, key=lambda c: (c.made, c.id), reverse=True):
            pair = pair_of(change.actor, change.name)
            if all(pair) and pair[0] != pair[1]:
                latest.setdefault(pair, change)
        spelling: dict[str, str] = {}
        links: defaultdict[str, list[str]] = defaultdict(list)
        walls: defaultdict[str, set[str]] = defaultdict(set)
        for (one, other), change in latest.items():
            for key, name in zip(change.keys, (change.actor, change.name), strict=True):
                spelling.setdefault(key, name)
            if change.relation is Relation.SAME:
                links[one].append(other)
                links[other].append(one)
            else:
                walls[one].add(other)
                walls[other].add(one)
        same = tuple(c for c in latest.values() if c.relation is Relation.SAME)
        apart = tuple(c for c in latest.values() if c.relation is Relation.APART)
        return cls(same, apart, spelling, links, walls)

    def reach(self, start: str, *, without: str | None = None) -> frozenset[str]:
        """The keys that are the same as `start`, nearest first."""
        reached, waiting = {start}, deque([start])
        while waiting:
            for key in self.links.get(waiting.popleft(), ()):
                passed = key in reached or key == without or len(reached) == MOST_NAMES
                if not passed and not self.walls.get(key, set()) & reached:
                    reached.add(key)
                    waiting.append(key)
        return frozenset(reached)

    def names(self, reached: frozenset[str], asked: str) -> ActorNames:
        """The reached keys as they are written."""
        inside = [change for change in self.same if reached.issuperset(change.keys)]
        others = {change.keys[1] for change in inside}
        heads = [change.actor for change in inside if change.keys[0] not in others]
        main = (heads or [change.actor for change in inside] or [asked])[0]
        ordered = map(
            name_key, (main, *(name for c in reversed(inside) for name in (c.actor, c.name)), asked)
        )
        written = tuple(self.spelling.get(key, asked) for key in dict.fromkeys(ordered))
        return ActorNames(written[0], written, self._apart(reached))

    def holding(self, key: str) -> list[str]:
        """Keys of other names that have all the words of `key`, and more; in the order in which they were told."""
        return list(dict.fromkeys(k for c in reversed(self.same) for k in c.keys if longer(k, key)))

    def _apart(self, reached: frozenset[str]) -> tuple[str, ...]:
        """Who asks a general name is shown the special ones, although they may not be meant by it: all Bells
        by `Bell`, also where a bare Bell is not Anna Bell."""
        found = []
        for change in reversed(self.apart):
            actor, name = change.keys
            if actor in reached and name not in reached:
                found.append(change.name)
            elif name in reached and actor not in reached and not longer(actor, name):
                found.append(change.actor)
        return tuple(dict.fromkeys(found))[:MOST_NAMES]


_TITLE_WORDS = """
    mr mrs ms miss dr sir lord lady dame prof professor father pastor bishop archbishop cardinal pope rabbi imam sheikh
    king queen prince princess emperor emir sultan president premier prime vice chancellor minister secretary ambassador
    envoy commissioner governor senator representative congressman congresswoman mp mayor speaker leader chairman
    chairwoman director general lieutenant colonel major captain admiral marshal sergeant officer judge prosecutor
    spokesman spokeswoman spokesperson
    """
_TITLES = frozenset(map(name_key, _TITLE_WORDS.split()))
"""Words before a surname that tell no two people of that surname apart, in keys."""
_BEFORE_GIVEN_NAMES = frozenset(
    ("pope", "king", "queen", "prince", "princess", "emperor", "emir", "sultan", "sheikh")
)
"""Those that are a part of what somebody is called: `Pope Francis` is no other Francis."""


def without_title(name: str) -> str:
    """The name without the titles before it: `Marlow` of `President Marlow`; as it is where nobody's name would be left."""
    words = name.split()
    while len(words) > 1 and name_key(words[0]) in _TITLES - _BEFORE_GIVEN_NAMES:
        del words[0]
    left = bool(words) and words[0].lower() not in RELATING and name_key(words[0]) not in _TITLES
    return " ".join(words) if left else name


def _sought(names: ActorNames, asked: str | None = None) -> Sought:
    """Where one name is a part of another, the short one counts alone: the long one says who is meant.

    Except for `asked`, which is no told name: whoever asks a part wants all who have it.
    """
    keys = tuple(dict.fromkeys(map(name_key, names.names)))
    alone = tuple(key for key in keys if key != asked and any(longer(other, key) for other in keys))
    within = tuple(key for key in keys if key not in alone)
    apart = tuple(dict.fromkeys(map(name_key, names.apart)))
    full = [key.split() for key in within if " " in key]
    surnames = dict.fromkeys(words[-1] for words in full)
    return Sought(
        names,
        within,
        tuple(key for key in alone if key not in apart),
        tuple(word for word in surnames if word not in (*apart, *keys)),
        apart,
    )


def _agree(speaker: Sequence[str], name: Sequence[str]) -> bool:
    """Whether two names of one surname may be one person's: all words of the shorter are in the longer.

    An initial stands for the word that it begins, and a title says nothing.
    """
    one, other = ([word for word in words[:-1] if word not in _TITLES] for words in (speaker, name))
    few, many = sorted((one, other), key=len)
    return speaker[-1] == name[-1] and all(any(_same_word(a, b) for b in many) for a in few)


def _same_word(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
