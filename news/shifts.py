"""Shifts: which positions that were taken in a window a digest tells, at which story, and which stand apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from news.actors import name_key
from news.articles import Article, ArticleId
from news.digests import Shift
from news.ledger import Evidence, Standing
from news.sentences import sentence_around
from news.spans import words_of
from news.stances import Stance
from news.stories import Reading

MOST = 3
"""Positions that are told at one story."""
MOST_APART = 5
"""Positions that are told at the end of a digest."""
_Key = tuple[str, str, str, float]
_Taken = Mapping[Hashable, Sequence[tuple[int, int, Stance, Article]]]
"""What articles report, by `_names`: the article's place, the newest first, the stance's in it, and the two."""


def shifts_of(
    taken: Sequence[Standing],
    readings: Sequence[Reading],
    marks: Mapping[ArticleId, int],
    *,
    known: Iterable[Shift] = (),
) -> tuple[Shift, ...]:
    """The positions that the story's marked articles show, changes first; none that is `known`, and none in doubt."""
    if not taken:
        return ()
    told = {_key(shift) for shift in known}
    bearing = _taken_in(reading for reading in readings if reading.article.id in marks)
    found = []
    for standing in taken:
        if standing.contested:
            continue
        if shown := _bearing(standing, bearing, marks):
            shift = _shift(standing, shown, marks)
            if _key(shift) not in told:
                found.append((_rank(standing), shift))
    return tuple(shift for _, shift in sorted(found, key=lambda each: each[0])[:MOST])


def shifts_apart(taken: Sequence[Standing], told: Collection[Shift]) -> tuple[Shift, ...]:
    """Changes that no story tells of, those that most articles have first."""
    known = {_key(shift) for shift in told}
    found = [
        (_rank(standing), shift)
        for standing in taken
        if standing.before is not None
        and not standing.contested
        and _key(shift := _shift(standing)) not in known
    ]
    return tuple(shift for _, shift in sorted(found, key=lambda each: each[0])[:MOST_APART])


def _shift(
    standing: Standing, bearing: Sequence[Evidence] = (), marks: Mapping[ArticleId, int] | None = None
) -> Shift:
    """With the first of the words that the story's own articles have."""
    present, before = standing.present, standing.before
    numbers = {(marks or {})[evidence.article_id] for evidence in bearing}
    return Shift(
        actor=standing.actor,
        target=standing.target,
        position=present.position,
        since=present.since,
        shown=next(iter(bearing), present.latest),
        marks=tuple(sorted(numbers)),
        before=before.position if before else None,
        until=before.latest.when if before else None,
    )


def _taken_in(readings: Iterable[Reading]) -> _Taken:
    found = defaultdict[Hashable, list[tuple[int, int, Stance, Article]]](list)
    newest_first = sorted(readings, key=lambda reading: reading.article.when, reverse=True)
    for at, reading in enumerate(newest_first):
        for place, stance in enumerate(reading.brief.stances):
            for name in _names(stance):
                found[name].append((at, place, stance, reading.article))
    return found


def _bearing(standing: Standing, taken: _Taken, marks: Mapping[ArticleId, int]) -> Sequence[Evidence]:
    """What of the marked articles shows the position: the words that the ledger shows first, then one of each other article."""
    present = standing.present
    shown = (present.latest,) if present.latest == present.first else (present.latest, present.first)
    found = [evidence for evidence in shown if evidence.article_id in marks]
    known = {evidence.article_id for evidence in found}
    names = {name for evidence in shown for name in _names(evidence.stance)}
    reported = [one for name in names for one in taken.get(name, ())]
    for _, _, stance, article in sorted(reported, key=itemgetter(0, 1)):
        if article.id not in known and article.when >= present.since:
            known.add(article.id)
            found.append(_evidence(stance, article))
    return found


def _names(stance: Stance) -> Iterator[Hashable]:
    """What it has in common with the same position of the same actor, however another article calls them."""
    yield stance.target, stance.owner, stance.position, name_key(stance.actor)
    if stance.state is not None:
        yield stance.target, stance.owner, stance.position, (stance.state,)


def _evidence(stance: Stance, article: Article) -> Evidence:
    sentence = sentence_around(article.text, stance.evidence)
    return Evidence(
        stance,
        words_of(article.text, stance.evidence),
        sentence,
        sentence.of(article.text),
        article.id,
        article.key,
        article.title,
        article.outlet,
        article.url,
        article.when,
        dated=article.published is not None,
        version=article.version,
    )


def _key(shift: Shift) -> _Key:
    return shift.actor, shift.target, shift.position, shift.since.timestamp()


def _rank(standing: Standing) -> tuple[float | str, ...]:
    """Changes before what is new, then what most outlets and articles have, then the newest."""
    present = standing.present
    return (
        standing.before is None,
        -present.outlets,
        -present.articles,
        -present.since.timestamp(),
        standing.actor,
        standing.target,
    )
