"""Sightings as they are packed, and the turns that they add up to: the rules of `news.ledger`, for very many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from news.ledger import (
    CAREFUL,
    MOST_OTHERWISE,
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
PERIOD_BITS = COUNT_BITS + 31
"""Of the ids of one page: about twenty-five days."""
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
class History:
    """What a workspace sees of one actor and one target, in order, each stance once."""

    sightings: Packed

    @classmethod
    def of(cls, pages: Sequence[bytes], feeds: Packed, until: datetime | None = None) -> History | None:
        """The sightings of these feeds, sorted, published before a moment; None where there are none."""
        import numpy as np

        found = np.concatenate([unpacked(page) for page in pages]) if pages else np.zeros(0, dtype=SIGHTING)
        seen = _among(found["feed"], feeds)
        if until is not None:
            seen &= found["moment"] < instant(until)
        found = found[seen]
        found = found[np.argsort(found["moment"], kind="stable")]
        same = found["moment"][1:] == found["moment"][:-1]
        if same.any() and len(pages) > 1:  # of several actors, whose pages are sorted each for itself
            found = found[np.lexsort([found[name] for name in _ORDER])]
        once = np.ones(len(found), dtype=bool)
        once[1:] = found["id"][1:] != found["id"][:-1]
        return cls(found[once]) if len(found) else None

    def before(self, arrived: datetime) -> History | None:
        """What was known before a moment."""
        known = self.sightings[self.sightings["arrived"] < instant(arrived)]
        return History(known) if len(known) else None

    def course(self) -> Course:
        """As `news.ledger.course_of`."""
        reports = _reports(self.sightings)
        lone = bool((reports["outlet"] == reports["outlet"][0]).all())
        days = _days(reports)
        bounds = turns_in(days, lone=lone)
        ends = [*(bound.since for bound in bounds[1:]), None]
        stretches = tuple(_stretch(bound, end, reports) for bound, end in zip(bounds, ends, strict=True))
        present = bounds[-1]
        other = (reports["position"] != CAREFUL.index(present.position)) & (
            reports["moment"] >= present.since
        )
        otherwise = reports["id"][other][: -MOST_OTHERWISE - 1 : -1].tolist()
        return Course(stretches, tuple(otherwise), is_contested(days, present, lone=lone))


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


def _reports(found: Packed) -> Packed:
    """One sighting of each article and position, copies being one with their originals; conditions count before support."""
    import numpy as np

    keep = np.zeros(len(found), dtype=bool)
    conditions, _, support = (found["position"] == place for place in range(len(CAREFUL)))
    for place in range(len(CAREFUL)):
        (own,) = np.nonzero(found["position"] == place)
        _, first = np.unique(found["original"][own], return_index=True)
        keep[own[first]] = True
    if conditions.any() and support.any():
        keep &= ~(support & np.isin(found["original"], found["original"][conditions]))
    return found[keep]


def _days(reports: Packed) -> list[list[Tally]]:
    import numpy as np

    day, position = reports["moment"] // _DAY, reports["position"]
    key = day * len(CAREFUL) + position
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.concatenate(([0], np.nonzero(key[1:] != key[:-1])[0] + 1))
    ends = np.append(starts[1:], len(key))
    moments, outlets = reports["moment"][order], reports["outlet"][order]
    columns = (
        (key[starts] // len(CAREFUL)).tolist(),
        [CAREFUL[place] for place in (key[starts] % len(CAREFUL)).tolist()],
        moments[starts].tolist(),
        moments[ends - 1].tolist(),
        (ends - starts).tolist(),
        zip(
            np.minimum.reduceat(outlets, starts).tolist(),
            np.maximum.reduceat(outlets, starts).tolist(),
            strict=True,
        ),
    )
    days: list[list[Tally]] = []
    for tally in map(Tally, *columns):
        if days and days[-1][0].day == tally.day:
            days[-1].append(tally)
        else:
            days.append([tally])
    return days


def _stretch(bound: Bound, until: int | None, reports: Packed) -> Stretch:
    import numpy as np

    start, stop = np.searchsorted(reports["moment"], [bound.since, until if until is not None else 0])
    some = reports[start : None if until is None else stop]
    own = some[some["position"] == CAREFUL.index(bound.position)]
    first, last = own[0], own[-1]
    return Stretch(
        position=Position(bound.position),
        first=int(first["id"]),
        latest=int(last["id"]),
        since=EPOCH + int(first["moment"]) * MICROSECOND,
        last=EPOCH + int(last["moment"]) * MICROSECOND,
        articles=len(own),
        outlets=len(np.unique(own["outlet"])),
    )
