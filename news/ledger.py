"""The ledger: where each actor stands on each target, since when, and where reports are at odds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from news.articles import ArticleId
from news.queries import StanceQuery
from news.spans import Span
from news.stances import Position, Stance


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stance with the words and the source that stand behind it."""

    stance: Stance
    words: str
    """The evidence verbatim; ` … ` where the article has words between."""
    sentence: Span
    sentence_words: str
    """The sentence of the article around the evidence."""
    article_id: ArticleId
    article_key: str
    headline: str | None
    outlet: str | None
    url: str | None
    when: datetime
    dated: bool = True
    """Whether `when` is the article's own time."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """A position that an actor held from one time to another."""

    position: Position
    since: datetime
    """When the first article of it was published."""
    until: datetime | None
    """When the next turn began; None for the present one."""
    first: Evidence
    latest: Evidence
    articles: int
    """Articles that report it, copies of others not counted."""
    outlets: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One actor's positions on one target through time."""

    actor: str
    """The name to show: that of the state where actors that speak for one are put together."""
    target: str
    turns: tuple[Turn, ...]
    """Oldest first, at least one; the last one is the present one."""
    otherwise: tuple[Evidence, ...] = ()
    """Reports of another position while the present one holds, too few to change it; newest first."""
    contested: bool = False
    """Whether reports of the same days contradict each other, each with enough evidence."""

    @property
    def present(self) -> Turn:
        """Where the actor stands now."""
        return self.turns[-1]

    @property
    def before(self) -> Turn | None:
        """Where the actor stood before; None while no change is known."""
        return self.turns[-2] if len(self.turns) > 1 else None


@dataclass(frozen=True, slots=True)
class StandingPage:
    """Some of all standings that match, those with the newest articles first."""

    query: StanceQuery
    standings: tuple[Standing, ...]
    total: int

    @property
    def more(self) -> bool:
        """Whether there is a next page."""
        return self.query.offset + len(self.standings) < self.total


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEARBY = 3
"""Days that are the same few days: reports that lie no further apart are weighed against each other."""
PREVAILS = 2
"""How many times as many articles of the same days a position needs to take the place of one that is still reported."""
MOST_OTHERWISE = 5
"""Reports of another position that are shown, the newest."""
CAREFUL = (Position.CONDITIONAL, Position.OPPOSES, Position.SUPPORTS)
"""Which position is taken where as many articles of one day report each."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """That an article reports a position."""

    when: datetime
    position: Position
    outlet: str
    """Its key; empty where nobody knows it, which is one outlet like any other."""
    original: int
    """The article whose words these are: that of which it is a copy, else itself."""
    id: int
    """Names the stance, and decides nothing."""
    confidence: float = 1.0


class Tally(NamedTuple):
    """What the articles of one day report of one position."""

    day: int
    position: Position
    first: int
    """The instant of the first of them; in whatever unit, as long as all have the same."""
    last: int
    articles: int
    outlets: tuple[Any, Any]
    """The least and the greatest of their keys: two outlets differ here if any do."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A turn as sightings tell it; it ends where the next one begins."""

    position: Position
    first: int
    """The stance that is its first report."""
    latest: int
    since: datetime
    last: datetime
    """When the latest was published."""
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class Course:
    """One actor's positions on one target as sightings tell them: a standing before its evidence is read."""

    stretches: tuple[Stretch, ...]
    otherwise: tuple[int, ...]
    """Stances."""
    contested: bool

    def ends(self) -> tuple[datetime | None, ...]:
        """When each turn ends."""
        return (*(turn.since for turn in self.stretches[1:]), None)


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a turn begins."""

    position: Position
    since: int
    """The instant of its first report."""
    day: int


def course_of(sightings: Iterable[Sighting]) -> Course | None:
    """The turns that sightings of one actor and one target add up to, in whatever order they come; None without any.

    1. Copies of one article are one report, at the time and by the outlet of the first of them. Of an article that both
       supports and sets conditions the conditions count. One that both supports and opposes reports both.
    2. The reports of one day (UTC) are weighed together, so that no order within a day means anything.
    3. Two different outlets are *enough evidence*; where only one outlet ever reports the pair, two of its articles at
       different times are.
    4. The first position that is reported is the first turn, from one report on, for it contradicts nothing. If it never
       gets enough evidence, and what takes its place was first reported in the same few days (`NEARBY`), it was a slip and
       no turn.
    5. Another position begins a turn once there is enough evidence of it on days after the last report of the present one;
       or, while both are reported, once of the same few days there is enough evidence of it and it has at least `PREVAILS`
       times as many articles. The turn is dated by the first of these reports.
    6. All else that differs is a report `otherwise`. Where the newest few days have enough evidence of the present
       position and of another one that was still reported after it began, and neither prevails, the standing is
       *contested*.
    """
    reports = _reports(sightings)
    if not reports:
        return None
    days = _days(reports)
    lone = len({one.outlet for one in reports}) == 1
    bounds = turns_in(days, lone=lone)
    ends = [bound.since for bound in bounds[1:]]
    stretches = tuple(
        _stretch(bound, until, reports) for bound, until in zip(bounds, [*ends, None], strict=True)
    )
    present = bounds[-1]
    other = [r for r in reports if r.position is not present.position and _instant(r) >= present.since]
    otherwise = tuple(one.id for one in other[: -MOST_OTHERWISE - 1 : -1])
    return Course(stretches, otherwise, is_contested(days, present, lone=lone))


def is_news(before: Course | None, after: Course, *, first: bool = False) -> bool:
    """Whether what came between tells of a turn, or of a contradiction, that was not known; with `first`, also whether it
    tells of what was not known at all. A turn that is only dated anew is none, nor is an older one before all that were
    known."""
    if before is None:
        return first or len(after.stretches) > 1
    known = list(zip(before.stretches, before.ends(), strict=True))
    turns = list(zip(after.stretches, after.ends(), strict=True))[1:]
    new = any(not any(_meet(turn, old) for old in known) for turn in turns)
    return new or (after.contested and not before.contested)


_Ended = tuple[Stretch, datetime | None]


def _meet(one: _Ended, other: _Ended) -> bool:
    """Whether two turns are of one position and of one time."""
    (turn, end), (old, old_end) = one, other
    return (
        turn.position is old.position
        and (end is None or old.since < end)
        and (old_end is None or turn.since < old_end)
    )


def turns_in(
    days: Sequence[Sequence[Tally]],
    *,
    lone: bool,
    settled: Callable[[Position, int], int] | None = None,
) -> tuple[Bound, ...]:
    """Where turns begin; `days` has the tallies of each day that has any, oldest first.

    `settled` tells for who goes through very many days: the first of them from a place on that may end a turn of a
    position. All before it report that position, and no other one prevails.
    """
    sweep, at = _Sweep(lone), 0
    while at < len(days):
        sweep.take(days[at])
        at += 1
        if settled is not None and sweep.is_sure:
            following = settled(sweep.bounds[-1].position, at) - NEARBY - 1
            if (
                following > at
            ):  # what lies further back than that from the next such day does not matter there
                sweep.forget()
                at = following
    return tuple(sweep.bounds)


def is_contested(days: Sequence[Sequence[Tally]], present: Bound, *, lone: bool) -> bool:
    """Whether the newest few days have enough evidence of another position, too, that is still reported."""
    since = days[-1][0].day - NEARBY
    found: dict[Position, list[Tally]] = {}
    renewed = set[Position]()
    for at in range(len(days) - 1, -1, -1):
        tallies = days[at]
        if tallies[0].day < since:
            break
        for tally in tallies:
            if tally.last >= present.since:
                renewed.add(tally.position)
            found.setdefault(tally.position, []).append(tally)
    own = [tally for tally in found.get(present.position, ()) if tally.day >= present.day]
    return _enough(own, lone=lone) and any(
        _enough(found[other], lone=lone) and PREVAILS * _articles(found[other]) > _articles(own)
        for other in renewed - {present.position}
    )


class _Sweep:
    """Goes through the days, and remembers no more of them than may still matter."""

    def __init__(self, lone: bool) -> None:
        self.bounds: list[Bound] = []
        self._lone = lone
        self._recent: dict[Position, deque[Tally]] = {position: deque() for position in Position}
        self._articles = dict.fromkeys(Position, 0)
        """Of what is remembered of each."""
        self._seen = 0
        """The last day with a report of the present position."""
        self._all: list[Tally] | None = []
        """Of the first turn, until it has enough evidence."""

    def take(self, tallies: Sequence[Tally]) -> None:
        day = tallies[0].day
        if not self.bounds:
            self._begin(tallies)
        present = self.bounds[-1].position
        others = []
        for tally in tallies:
            self._recent[tally.position].append(tally)
            self._articles[tally.position] += tally.articles
            if tally.position is present:
                self._seen = day
                if self._all is not None:
                    self._all.append(tally)
                    self._all = None if _enough(self._all, lone=self._lone) else self._all
            else:
                others.append(tally.position)
        if others:
            self._forget(present, day)
            self._weigh(present, others, day)

    @property
    def is_sure(self) -> bool:
        """Whether there is enough evidence of the present turn."""
        return self._all is None

    def forget(self) -> None:
        """Begins anew in the present turn."""
        for position, tallies in self._recent.items():
            tallies.clear()
            self._articles[position] = 0

    def _begin(self, tallies: Sequence[Tally]) -> None:
        first = max(tallies, key=lambda t: (t.articles, -CAREFUL.index(t.position)))
        self.bounds.append(Bound(first.position, first.first, first.day))

    def _forget(self, present: Position, day: int) -> None:
        for position, tallies in self._recent.items():
            while tallies and tallies[0].day < day - NEARBY:
                if position is not present and tallies[0].day > self._seen:
                    break
                self._articles[position] -= tallies.popleft().articles

    def _weigh(self, present: Position, others: Sequence[Position], day: int) -> None:
        own = PREVAILS * self._articles[present]
        ready = []
        for position in others:
            if self._seen == day and self._articles[position] < own:
                continue  # as nearly always where much is reported
            recent = self._against(position)
            after = [tally for tally in recent if tally.day > self._seen]
            prevails = _articles(recent) >= own and _enough(recent, lone=self._lone)
            if prevails or _enough(after, lone=self._lone):
                ready.append((_articles(recent), -CAREFUL.index(position), position))
        if ready:
            self._turn(max(ready)[-1], day)

    def _against(self, position: Position) -> list[Tally]:
        """What speaks for another position than the present one, and came after that began, if that is sure of its turn."""
        begun = self.bounds[-1].day if self._all is None else 0
        return [tally for tally in self._recent[position] if tally.day > begun]

    def _turn(self, position: Position, day: int) -> None:
        first = self._against(position)[0]
        if self._all is not None and first.day <= self._all[-1].day + NEARBY:
            self.bounds.pop()  # one report, contradicted at its own time
        self.bounds.append(Bound(position, first.first, first.day))
        self._all, self._seen = None, day


def _enough(tallies: Collection[Tally], *, lone: bool) -> bool:
    if not tallies:
        return False
    if lone:
        return min(t.first for t in tallies) != max(t.last for t in tallies)
    return bool(min(t.outlets[0] for t in tallies) != max(t.outlets[1] for t in tallies))


def _articles(tallies: Iterable[Tally]) -> int:
    return sum(tally.articles for tally in tallies)


def _reports(sightings: Iterable[Sighting]) -> list[Sighting]:
    """One sighting of each article and position, in order."""
    firsts: dict[tuple[int, Position], Sighting] = {}
    for one in sightings:
        known = firsts.get((one.original, one.position))
        if known is None or _order(one) < _order(known):
            firsts[one.original, one.position] = one
    return sorted(
        (
            one
            for (original, position), one in firsts.items()
            if position is not Position.SUPPORTS or (original, Position.CONDITIONAL) not in firsts
        ),
        key=_order,
    )


def _order(one: Sighting) -> tuple[datetime, str, int, float, int]:
    return one.when, one.outlet, CAREFUL.index(one.position), -one.confidence, one.id


def _days(reports: Iterable[Sighting]) -> list[list[Tally]]:
    days: list[list[Tally]] = []
    for day, some in groupby(reports, key=lambda one: one.when.toordinal()):
        by_position: dict[Position, list[Sighting]] = {}
        for one in some:
            by_position.setdefault(one.position, []).append(one)
        days.append([_tally(day, by_position[p]) for p in CAREFUL if p in by_position])
    return days


def _tally(day: int, some: Sequence[Sighting]) -> Tally:
    outlets = [one.outlet for one in some]
    return Tally(
        day, some[0].position, _instant(some[0]), _instant(some[-1]), len(some), (min(outlets), max(outlets))
    )


def _stretch(bound: Bound, until: int | None, reports: Sequence[Sighting]) -> Stretch:
    own = [
        one
        for one in reports
        if one.position is bound.position
        and _instant(one) >= bound.since
        and (until is None or _instant(one) < until)
    ]
    return Stretch(
        bound.position,
        own[0].id,
        own[-1].id,
        own[0].when,
        own[-1].when,
        len(own),
        len({one.outlet for one in own}),
    )


def _instant(one: Sighting) -> int:
    """Microseconds."""
    return (one.when - _EPOCH) // timedelta(microseconds=1)
