"""Sightings as they are packed, and the turns that they add up to: the rules of `news.ledger`, for very many at once."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from news.ledger import (
    CAREFUL,
    MOST_OTHERWISE,
    NEARBY,
    PREVAILS,
    Bound,
    Course,
    Stretch,
    Tally,
    is_contested,
    turns_in,
)
from news.stances import Position
from storage.ids import COUNT_BITS
from storage.types import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import numpy as np

    Packed = np.ndarray[Any, Any]

SIGHTING = [
    ("moment", "<i8"),
    ("id", "<i8"),
    ("article", "<i8"),
    ("original", "<i8"),
    ("arrived", "<i8"),
    ("outlet", "<i4"),
    ("feed", "<i4"),
    ("position", "<i4"),
]
"""One a stance and feed; times are microseconds, the position is its place in `CAREFUL`. In the order of `_ORDER`."""
NEWEST = [("feed", "<i4"), ("moment", "<i8")]
_ORDER = ("feed", "id", "position", "outlet", "moment")
"""What sightings are sorted by, the last first."""
PERIOD_BITS = COUNT_BITS + 33
"""Of the ids of one page: about a hundred days."""
SHORT = 200
"""Sightings up to which what they add up to is remembered, some kilobytes each."""
_DAY = 86_400_000_000
_NEVER = -(1 << 63)


def unpacked(page: bytes) -> Packed:
    """The sightings of a page."""
    import numpy as np

    return np.frombuffer(page, dtype=SIGHTING)


def packed(sightings: Packed) -> bytes:
    """A page of them."""
    import numpy as np

    order = np.lexsort([sightings[name] for name in _ORDER])
    return sightings[order].tobytes()


def instant(moment: datetime) -> int:
    """Microseconds."""
    return (moment - EPOCH) // MICROSECOND


def outlet_number(key: str) -> int:
    """What an outlet is told apart by; two that have one number count as one, which says less, not more."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "little", signed=True)


@dataclass(frozen=True, slots=True)
class Columns:
    """Sightings by what they tell, each array as long as the others."""

    moment: Packed
    id: Packed
    article: Packed
    original: Packed
    arrived: Packed
    outlet: Packed
    position: Packed

    def at(self, which: Packed | slice) -> Columns:
        """Some of them."""
        return Columns(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class History:
    """What a workspace sees of one actor and one target, in order, each stance once."""

    sightings: Columns

    @classmethod
    def of(
        cls, pages: Sequence[bytes], feeds: Packed, until: datetime | None = None, *, merge: bool = True
    ) -> History | None:
        """The sightings of these feeds, published before a moment; None where there are none.

        The pages of one pair follow each other; those of several have to be merged.
        """
        import numpy as np

        found = np.frombuffer(b"".join(pages), dtype=SIGHTING)
        seen = _among(found["feed"], feeds)
        if until is not None:
            seen &= found["moment"] < instant(until)
        (which,) = np.nonzero(seen)
        if merge:
            which = which[_in_order(*(found[name][which] for name in ("moment", "outlet", "id")))]
        number = found["id"][which]
        once = np.ones(len(which), dtype=bool)
        once[1:] = number[1:] != number[:-1]
        which = which[once]
        return cls(Columns(*(found[name][which] for name in Columns.__slots__))) if len(which) else None

    def __len__(self) -> int:
        return len(self.sightings.id)

    def before(self, arrived: datetime) -> History | None:
        """What was known before a moment."""
        known = self.sightings.at(self.sightings.arrived < instant(arrived))
        return History(known) if len(known.id) else None

    @property
    def has_several_positions(self) -> bool:
        """Whether more than one is reported: without that there is no turn."""
        position = self.sightings.position
        return bool((position != position[0]).any())

    def course(self) -> Course:
        """As `news.ledger.course_of`."""
        if len(self) > SHORT:
            return _course(self.sightings)
        return _known_course(*(getattr(self.sightings, name).tobytes() for name in Columns.__slots__))


@lru_cache(maxsize=300)
def _known_course(*columns: bytes) -> Course:
    """Of a short history: many digests put together the same."""
    import numpy as np

    kinds = dict(SIGHTING)
    each = zip(Columns.__slots__, columns, strict=True)
    return _course(Columns(*(np.frombuffer(column, dtype=kinds[name]) for name, column in each)))


def _course(sightings: Columns) -> Course:
    reports = _reports(sightings)
    lone = bool((reports.outlet == reports.outlet[0]).all())
    days = _Days(reports)
    bounds = turns_in(days, lone=lone, settled=days.settled)
    ends = [*(bound.since for bound in bounds[1:]), None]
    stretches = tuple(_stretch(bound, end, reports) for bound, end in zip(bounds, ends, strict=True))
    present = bounds[-1]
    other = (reports.position != CAREFUL.index(present.position)) & (reports.moment >= present.since)
    otherwise = reports.id[other][: -MOST_OTHERWISE - 1 : -1].tolist()
    return Course(stretches, tuple(otherwise), is_contested(days, present, lone=lone))


def _in_order(moment: Packed, outlet: Packed, number: Packed) -> Packed:
    """The order by moment, outlet and number."""
    import numpy as np

    order = np.argsort(moment, kind="stable")  # quick, for there are few runs
    same = moment[order[1:]] == moment[order[:-1]]
    tied = np.zeros(len(order), dtype=bool)
    tied[1:] |= same
    tied[:-1] |= same
    some = order[tied]
    order[tied] = some[np.lexsort((number[some], outlet[some], moment[some]))]
    return order


def newest_among(feeds: Sequence[bytes], followed: Packed) -> list[int | None]:
    """Of each the moment of the newest stance in one of the followed feeds; None where there is none."""
    import numpy as np

    found = np.frombuffer(b"".join(feeds), dtype=NEWEST)
    of = np.repeat(np.arange(len(feeds)), [len(some) // found.itemsize for some in feeds])
    seen = _among(found["feed"], followed)
    newest = np.full(len(feeds), _NEVER)
    np.maximum.at(newest, of[seen], found["moment"][seen])
    return [None if moment == _NEVER else moment for moment in newest.tolist()]


def _among(values: Packed, sorted_: Packed) -> Packed:
    """Whether each value is one of those, which are sorted."""
    import numpy as np

    if not len(sorted_):
        return np.zeros(len(values), dtype=bool)
    known = np.zeros(int(sorted_[-1]) + 2, dtype=bool)
    known[sorted_] = True
    return known[np.minimum(values, len(known) - 1)]


def _reports(found: Columns) -> Columns:
    """One sighting of each article and position, copies being one with their originals; conditions count before support."""
    import numpy as np

    article = found.article
    shared = np.ones(len(article), dtype=bool)
    if (article[1:] >= article[:-1]).all():  # as nearly always; then few others need to be looked at closely
        same = article[1:] == article[:-1]
        shared[:] = copies = found.original != article
        shared[1:] |= same
        shared[:-1] |= same
        originals = np.unique(found.original[copies])
        marks = np.zeros(len(article) + 1, dtype=np.int64)
        np.add.at(marks, np.searchsorted(article, originals), 1)
        np.add.at(marks, np.searchsorted(article, originals, side="right"), -1)
        shared |= np.cumsum(marks)[:-1] > 0
    (which,) = np.nonzero(shared)
    keep = ~shared
    keep[which[_first_reports(found.original[which], found.position[which])]] = True
    return found if keep.all() else found.at(keep)


def _first_reports(original: Packed, position: Packed) -> Packed:
    """Which sightings are the first of their original and position, and count."""
    import numpy as np

    order = np.lexsort((position, original))  # stable: what came first stays so
    of, place = original[order], position[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (of[1:] != of[:-1]) | (place[1:] != place[:-1])
    order, of, place = order[first], of[first], place[first]
    if not len(order):
        return order
    support = place == CAREFUL.index(Position.SUPPORTS)
    conditions = of[place == CAREFUL.index(Position.CONDITIONAL)]
    kept: Packed = order[~(support & np.isin(of, conditions))]
    return kept


class _Days(Sequence[Sequence[Tally]]):
    """The tallies of each day, made when they are asked for: of most days nobody asks."""

    def __init__(self, reports: Columns) -> None:
        import numpy as np

        places = len(CAREFUL)
        key = reports.moment // _DAY * places + reports.position
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.concatenate(([0], np.nonzero(key[1:] != key[:-1])[0] + 1))
        self._ends = np.append(starts[1:], len(key)) - 1
        self._moments, outlets = reports.moment[order], reports.outlet[order]
        self._least, self._most = np.minimum.reduceat(outlets, starts), np.maximum.reduceat(outlets, starts)
        self._starts, key = starts, key[starts]
        self._position, day = key % places, key // places
        first = np.concatenate(([0], np.nonzero(day[1:] != day[:-1])[0] + 1))
        self._day, self._bounds = day[first], np.append(first, len(day))
        counts = np.zeros((len(first), places), dtype=np.int64)
        counts[np.cumsum(np.isin(np.arange(len(day)), first)) - 1, self._position] = self._ends - starts + 1
        self._unsettled = [some.tolist() for some in _unsettled(self._day, counts)]

    def __len__(self) -> int:
        return len(self._day)

    def __getitem__(self, at: int) -> Sequence[Tally]:  # type: ignore[override]
        at = range(len(self))[at]
        day = int(self._day[at])
        return [self._tally(day, one) for one in range(self._bounds[at], self._bounds[at + 1])]

    def settled(self, position: Position, at: int) -> int:
        """The first day from `at` on that may end a turn of the position."""
        unsettled = self._unsettled[CAREFUL.index(position)]
        place = bisect_left(unsettled, at)
        return unsettled[place] if place < len(unsettled) else len(self)

    def _tally(self, day: int, one: int) -> Tally:
        start, end = int(self._starts[one]), int(self._ends[one])
        return Tally(
            day,
            CAREFUL[int(self._position[one])],
            int(self._moments[start]),
            int(self._moments[end]),
            end - start + 1,
            (int(self._least[one]), int(self._most[one])),
        )


def _unsettled(day: Packed, counts: Packed) -> Iterator[Packed]:
    """Of each position the days on which nobody reports it, or others as often in the last few days that they may prevail."""
    import numpy as np

    total = np.concatenate((np.zeros((1, counts.shape[1]), dtype=np.int64), np.cumsum(counts, axis=0)))
    recent = total[1:] - total[np.searchsorted(day, day - NEARBY)]
    for place in range(counts.shape[1]):
        others = np.delete(recent, place, axis=1).max(axis=1)
        yield np.nonzero((counts[:, place] == 0) | (others >= PREVAILS * recent[:, place]))[0]


def _stretch(bound: Bound, until: int | None, reports: Columns) -> Stretch:
    import numpy as np

    start, stop = np.searchsorted(reports.moment, [bound.since, until if until is not None else 0]).tolist()
    time = slice(start, None if until is None else stop)
    own = reports.position[time] == CAREFUL.index(bound.position)
    number, moment = reports.id[time][own], reports.moment[time][own]
    return Stretch(
        position=bound.position,
        first=int(number[0]),
        latest=int(number[-1]),
        since=EPOCH + int(moment[0]) * MICROSECOND,
        last=EPOCH + int(moment[-1]) * MICROSECOND,
        articles=len(number),
        outlets=_different(reports.outlet[time][own]),
    )


def _different(values: Packed) -> int:
    """How many different values there are; a set would take thirty times as long."""
    import numpy as np

    ordered = np.sort(values)
    return int(len(values) > 0) + int(np.count_nonzero(ordered[1:] != ordered[:-1]))
