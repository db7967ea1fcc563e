"""Which articles tell of one event: clustering by shared words and names within a few days."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from news.actors import name_key
from news.articles import ArticleId
from news.stories import Assignment, Member, StoryId
from summarizer.lexicon import words

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_USED = 3_000
"""Characters of an article that are compared: the news comes first, background later."""
_TITLE_COUNTS = 3
_NAME_COUNTS = 2
_WINDOW = timedelta(days=3)
_PRIOR_ARTICLES, _PRIOR_SHARE = 60.0, 0.02
"""What is assumed before any article is seen: so many, of which this share has any given word. With two articles
every word then weighs alike, with hundreds the counted frequencies decide."""
_THRESHOLD = 0.16
"""Of the average cosine; chosen on the development data, see docs/evaluation.md."""


@dataclass(slots=True)
class _Group:
    """A story while articles are put to it."""

    story_id: StoryId | None
    founder: ArticleId
    rows: list[int]


class Clusterer:
    """Puts articles of one event together: deterministic, a step at a time, nothing ever moves."""

    def __init__(self, *, threshold: float = _THRESHOLD, window: timedelta | None = _WINDOW) -> None:
        self._threshold = threshold
        self._window = window

    def assign(self, new: Sequence[Member], known: Sequence[Member]) -> tuple[Assignment, ...]:
        """One assignment for each new member, in their order; known members keep their story."""
        if not new:
            return ()
        members = [*known, *new]
        similar = _similarities(members, len(known))
        groups = _groups(known)
        made: dict[int, Assignment] = {}
        order = sorted(
            range(len(known), len(members)), key=lambda i: (members[i].when, members[i].article_id)
        )
        for row in order:
            made[row] = self._place(row, members, similar[row - len(known)], groups)
        return tuple(made[row] for row in range(len(known), len(members)))

    def _place(
        self, row: int, members: Sequence[Member], similar: Sequence[float], groups: list[_Group]
    ) -> Assignment:
        member = members[row]
        best, best_group = 0.0, None
        for group in groups:
            near = [r for r in group.rows if self._near(members[r].when, member.when)]
            average = math.fsum(similar[r] for r in near) / len(near) if near else 0.0
            if average > best:
                best, best_group = average, group
        if best_group is None or best < self._threshold:
            groups.append(_Group(None, member.article_id, [row]))
            return Assignment(member.article_id, with_article=member.article_id)
        best_group.rows.append(row)
        if best_group.story_id is not None:
            return Assignment(member.article_id, story_id=best_group.story_id)
        return Assignment(member.article_id, with_article=best_group.founder)

    def _near(self, one: datetime, other: datetime) -> bool:
        return self._window is None or abs(one - other) <= self._window


def _groups(known: Sequence[Member]) -> list[_Group]:
    by_story: dict[StoryId, list[int]] = defaultdict(list)
    for row, member in enumerate(known):
        if member.story_id is not None:
            by_story[member.story_id].append(row)
    return [_Group(story_id, known[rows[0]].article_id, rows) for story_id, rows in sorted(by_story.items())]


def _similarities(members: Sequence[Member], first: int) -> list[list[float]]:
    """The cosine of each member from `first` on with every member."""
    vectors = _vectors(members)
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, vector in enumerate(vectors):
        for word, weight in vector.items():
            holders[word].append((row, weight))
    similar = []
    for vector in vectors[first:]:
        cosines = [0.0] * len(members)
        for word, weight in vector.items():
            for row, other in holders[word]:
                cosines[row] += weight * other
        similar.append(cosines)
    return similar


def _vectors(members: Sequence[Member]) -> list[dict[str, float]]:
    """Unit vectors: sublinear counts, weighted by how few articles share a word."""
    stop = words("function_words")
    bags = [_bag(member, stop) for member in members]
    shared = Counter(word for bag in bags for word in bag)
    total = len(members) + _PRIOR_ARTICLES
    weights = {
        word: max(0.0, math.log(total / (n + _PRIOR_ARTICLES * _PRIOR_SHARE))) for word, n in shared.items()
    }
    return [_unit({w: (1 + math.log(n)) * weights[w] for w, n in bag.items()}) for bag in bags]


def _unit(vector: dict[str, float]) -> dict[str, float]:
    length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _bag(member: Member, stop: frozenset[str]) -> Counter[str]:
    """Words of title and text; those of the title and names count more, names under one spelling."""
    bag = Counter[str]()
    title = member.title or ""
    text = member.text[:_USED]
    if title and text.startswith(title):
        text = text[len(title) :]
    for part, times in ((title, _TITLE_COUNTS), (text, 1)):
        for found in _WORD.finditer(part):
            word = found.group()
            lower = word.lower()
            if lower in stop or len(word) < 2:
                continue
            capital = word[0].isupper()
            key = name_key(word) or lower
            bag[_stem(lower) if not capital else key] += times * (_NAME_COUNTS if capital else 1)
    return bag


def _stem(word: str) -> str:
    """The word without the commonest endings, for comparing."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
