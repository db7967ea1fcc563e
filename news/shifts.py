"""Shifts: which positions that were taken in a window a digest tells, at which story, and which stand apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from news.actors import name_key
from news.articles import ArticleId
from news.digests import Shift
from news.ledger import Standing
from news.stances import Stance
from news.stories import Reading

MOST = 3
"""Positions that are told at one story."""
MOST_APART = 5
"""Positions that are told at the end of a digest."""
_Key = tuple[str, str, str, float]


def shifts_of(
    taken: Sequence[Standing],
    readings: Sequence[Reading],
    marks: Mapping[ArticleId, int],
    *,
    known: Iterable[Shift] = (),
) -> tuple[Shift, ...]:
    """The positions that the story's marked articles show, changes first; none that is `known`, and none in doubt."""
    told = {_key(shift) for shift in known}
    found = []
    for standing in taken:
        shift = _shift(standing, _marks(standing, readings, marks), within=marks)
        if shift.marks and not standing.contested and _key(shift) not in told:
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


def _shift(standing: Standing, marks: tuple[int, ...] = (), *, within: Collection[ArticleId] = ()) -> Shift:
    """With its newest words, those from `within` the story's articles where these have any."""
    present, before = standing.present, standing.before
    shown = next((e for e in (present.latest, present.first) if e.article_id in within), present.latest)
    return Shift(
        actor=standing.actor,
        target=standing.target,
        position=present.position,
        since=present.since,
        shown=shown,
        marks=marks,
        before=before.position if before else None,
        until=before.latest.when if before else None,
    )


def _marks(
    standing: Standing, readings: Sequence[Reading], marks: Mapping[ArticleId, int]
) -> tuple[int, ...]:
    """Those of the marked articles that have the position."""
    present = standing.present
    bearing = {present.first.article_id, present.latest.article_id}
    shown = (present.first.stance, present.latest.stance)
    bearing |= {r.article.id for r in readings if any(_same(s, shown) for s in r.brief.stances)}
    return tuple(sorted(marks[article_id] for article_id in bearing if article_id in marks))


def _same(stance: Stance, shown: Iterable[Stance]) -> bool:
    """Whether it is the same position of the same actor, however this article calls them."""
    return any(
        (stance.target, stance.owner, stance.position) == (one.target, one.owner, one.position)
        and (
            name_key(stance.actor) == name_key(one.actor)
            or (stance.state is not None and stance.state == one.state)
        )
        for one in shown
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
