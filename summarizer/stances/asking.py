"""Asking: which targets a passage is read for, and in whose company.

The reader tells near targets apart by each other, so what it finds on one depends on those beside it. They are chosen so that an
article has the same stances whoever else follows what: targets that are built in are read among all that are, each target of
a workspace among the nearest of those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from news.targets import BUILT_IN, Target
from summarizer.clauses import words_in
from summarizer.stances.meaning import Meanings
from summarizer.stances.passages import Passage

_NAMED = 0.3
"""How much of a wording of a target must stand in a sentence for its passage to be read for it or those beside it."""
_LIKE = 0.33
"""How like a target (a cosine) one of its sentences must be."""
_TOGETHER = 4
"""So many targets are read together: with more, hardly anything is found besides and each passage costs a third more."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Targets, by their places, of which the nearest are read together."""

    named: tuple[int, ...]
    """Of which one must be named."""
    first: tuple[int, ...]
    """Which is read for in any case."""
    company: tuple[int, ...]
    told: frozenset[int]
    """Whose positions are asked for."""


class Asked:
    """Targets that positions are asked for, ready to be compared with passages."""

    def __init__(self, targets: Sequence[Target]) -> None:
        common = [target for target in targets if target.owner is None]
        is_built_in = all(target in BUILT_IN for target in common)
        company = BUILT_IN if is_built_in else tuple(common)
        own = [target for target in targets if target.owner is not None]
        self._meanings = Meanings((*company, *own))
        beside = tuple(range(len(company)))
        told = frozenset(at for at in beside if company[at] in common)
        self._groups = [_Group(beside, (), beside, told)] if told else []
        self._groups += [
            _Group((at,), (at,), beside if is_built_in else (), frozenset([at]))
            for at in range(len(company), len(company) + len(own))
        ]

    def of(self, text: str, passage: Passage) -> Iterator[list[tuple[Target, bool]]]:
        """The targets that the passage is read for together, a few, and which of them are told."""
        words = [words_in(text, sentence) for sentence in passage.sentences]
        near = [self._meanings.near(held) for held in words]
        groups = [g for g in self._groups if any(row[at] >= _NAMED for row in near for at in g.named)]
        if not groups:
            return
        like = self._meanings.like([sentence.of(text) for sentence in passage.sentences])
        for group in groups:
            ranked = sorted(group.company, key=lambda at: -like[at])
            picked = [at for at in (*group.first, *ranked) if like[at] >= _LIKE][:_TOGETHER]
            if group.told.intersection(picked):
                yield [(self._meanings.targets[at], at in group.told) for at in picked]


@lru_cache(maxsize=200)
def asked_for(targets: tuple[Target, ...]) -> Asked:
    """The targets ready to be compared, made once: the same few sets come with every article."""
    return Asked(targets)
