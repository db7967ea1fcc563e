"""Figures: amounts, counts, shares and lengths of time that articles give, and where articles give different ones."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from news.spans import Span


class FigureKind(StrEnum):
    """What sort of thing a figure measures."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"


class Bound(StrEnum):
    """What a figure says of its value: that it is the value, or on which side of it."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE = "more"
    AT_MOST = "at_most"
    LESS = "less"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value that an article gives for something."""

    kind: FigureKind
    value: float
    """A date is a number of the form 20241105, or 1105 where the text names no year."""
    unit: str
    """A currency's code, a length of time such as `day`; empty for counts."""
    span: Span
    """The figure's words, with what hedges them: `more than $40 million`."""
    clause: Span
    """The sentence around it: a shorter piece might lose who says so, or a condition."""
    head: str
    """The noun that is measured, normalised: `package`; empty where the text names none beside the figure."""
    event: str = ""
    """What happens to it, normalised: `kill` for `killed`, `died` and `dead`."""
    actor: str = ""
    """Who does that, as a name's key."""
    beside: tuple[str, ...] = ()
    """The words that stand with the noun, normalised: `russian`, `drone`."""
    names: tuple[str, ...] = ()
    """Keys of the names in the clause."""
    words: tuple[str, ...] = ()
    """The clause's other words that carry meaning, normalised."""
    when: tuple[str, ...] = ()
    """Years in the clause, and `past` where it looks back."""
    supposed: bool = False
    """Whether the clause only supposes, asks or plans."""
    what: tuple[Span, ...] = ()
    """Words of the article that say what the figure is of."""
    bound: Bound = Bound.EXACT
    until: float | None = None
    """The upper end of a range."""
    whole: float | None = None
    """Of how many, where the figure is a part, or the whole itself: 28 for both numbers in `22 of 28`."""


@dataclass(frozen=True, slots=True)
class Account:
    """What one article of a story gives."""

    mark: int
    """Which article: the number that answers show for it."""
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One value, and who gives it."""

    value: float
    told: tuple[tuple[int, Figure], ...]
    """Marks of articles with their figures; at least one."""

    @property
    def marks(self) -> tuple[int, ...]:
        """The articles that give this value."""
        return tuple(mark for mark, _ in self.told)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different values for one thing."""

    mark: int
    """The article whose words say what the thing is."""
    what: tuple[Span, ...]
    sides: tuple[Side, ...]
    """At least two, in the order of their first articles."""


_MOST = 600
"""Figures of a story that are compared; no story has more."""
_FARTHEST = 3.0
"""How many times as large one value may be as another for the same thing."""
_ROUND_FROM = 100.0
"""From so many on, a count may be a rounded one: 700 for 725."""
_ABOUT = 0.1
"""How far a value may be from one that is said to be near it."""


def disagreements(accounts: Sequence[Account]) -> tuple[Disagreement, ...]:
    """Things for which different articles give different values; give the oldest first, for sides keep that order.

    Told of the same thing are figures of one kind with the same noun and enough else in common. None where an
    article gives both values, where one value covers the other (`more than 700` and 725) or rounds it, or where an
    article has two figures that may be meant.
    """
    figures = [(account.mark, figure) for account in accounts for figure in account.figures]
    found = (_between([figures[i] for i in group]) for group in _same_things(figures))
    told = [one for one in found if one is not None]
    given = {account.mark: account.figures for account in accounts}
    return tuple(one for one in told if not _gives_both(one, given))


def _same_things(figures: Sequence[tuple[int, Figure]]) -> Iterator[list[int]]:
    """Groups of figures for one thing, at most one value an article, as indices in order."""
    alike: dict[int, dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    compared = [_Compared.of(figure) for _, figure in figures[:_MOST]]
    for one, other in _comparisons(figures):
        mark, other_mark = figures[one][0], figures[other][0]
        score = _likeness(compared[one], compared[other]) if mark != other_mark else 0.0
        if score > 0:
            alike[one][other_mark][other] = score
            alike[other][mark][one] = score
    # A pair counts where each is the other's likest in that article, and no other value there comes near.
    pairs = {
        (one, best)
        for one, marks in alike.items()
        for scores in marks.values()
        for best in (_clearly_best(scores, figures),)
        if best is not None
    }
    return _components(sorted(p for p in pairs if p[::-1] in pairs and p[0] < p[1]))


def _comparisons(figures: Sequence[tuple[int, Figure]]) -> Iterator[tuple[int, int]]:
    """Pairs of figures with the same noun, and of sums of money where one has none."""
    groups: dict[tuple[FigureKind, str, str], list[int]] = defaultdict(list)
    for index, (_, figure) in enumerate(figures[:_MOST]):
        groups[figure.kind, figure.unit, figure.head].append(index)
    for (kind, unit, head), indices in groups.items():
        yield from combinations(indices, 2)
        if kind is FigureKind.MONEY and not head:
            named = (i for (k, u, h), held in groups.items() if (k, u) == (kind, unit) and h for i in held)
            yield from ((min(i, j), max(i, j)) for j in named for i in indices)


def _clearly_best(scores: dict[int, float], figures: Sequence[tuple[int, Figure]]) -> int | None:
    """The likest figure, unless one of another value is nearly as like."""
    best = max(scores, key=lambda index: (scores[index], -index))
    value = figures[best][1].value
    near = (index for index, score in scores.items() if score > scores[best] / 2)
    return None if any(figures[index][1].value != value for index in near) else best


def _components(pairs: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    group: dict[int, list[int]] = {}
    for one, other in pairs:
        joined = [*group.get(one, [one])]
        if other not in joined:
            joined += group.get(other, [other])
        for index in joined:
            group[index] = joined
    seen: set[int] = set()
    for members in group.values():
        if members[0] not in seen:
            seen.update(members)
            yield sorted(members)


def _between(told: Sequence[tuple[int, Figure]]) -> Disagreement | None:
    """The values of one thing as sides; None where they may all be one."""
    values: dict[int, set[float]] = defaultdict(set)
    for mark, figure in told:
        values[mark].add(figure.value)
    if any(len(of_one) > 1 for of_one in values.values()):
        return None
    kept = [
        one
        for one in told
        if not any(one[1].value != other.value and may_be_one(one[1], other) for _, other in told)
    ]
    sides: dict[float, list[tuple[int, Figure]]] = {}
    for mark, figure in kept:
        side = sides.setdefault(figure.value, [])
        if mark not in (other for other, _ in side):
            side.append((mark, figure))
    if len(sides) < 2:
        return None
    mark, figure = min(kept, key=lambda one: _plainness(one[1]))
    return Disagreement(mark, figure.what, tuple(Side(value, tuple(side)) for value, side in sides.items()))


def _plainness(figure: Figure) -> tuple[bool, bool, int]:
    """Which words say best what is meant: those in one piece, with an owner's name, the longest."""
    owned = bool(figure.actor) and figure.event not in HARMS
    return len(figure.what) != 1, not owned, -sum(map(len, figure.what))


def _gives_both(one: Disagreement, given: dict[int, tuple[Figure, ...]]) -> bool:
    """Whether an article of one side has another side's value, too, whatever it says it of."""
    first = one.sides[0].told[0][1]
    for side, other in ((a, b) for a in one.sides for b in one.sides if a is not b):
        for mark in side.marks:
            for figure in given[mark]:
                same = figure.kind == first.kind and figure.unit == first.unit
                if same and (figure.value == other.value or _is_sum(other.value, side, figure)):
                    return True
    return False


def _is_sum(value: float, side: Side, figure: Figure) -> bool:
    """Whether the other side's value is what this side gives in two parts: 2.5 and 1.5 million for 4 million."""
    return any(
        told.clause == figure.clause and math.isclose(value, told.value + figure.value)
        for _, told in side.told
    )


def reach(figure: Figure) -> tuple[float, float]:
    """The values that the figure's words allow."""
    return _reach(figure.kind, figure.bound, figure.value, figure.until)


@lru_cache(maxsize=10_000)
def _reach(kind: FigureKind, bound: Bound, value: float, until: float | None) -> tuple[float, float]:
    match bound:
        case Bound.AT_LEAST | Bound.MORE:
            return value, math.inf
        case Bound.AT_MOST | Bound.LESS:
            return -math.inf, value
        case Bound.RANGE:
            return value, until if until is not None else value
        case Bound.ABOUT:
            return value * (1 - _ABOUT), value * (1 + _ABOUT)
    if kind in (FigureKind.COUNT, FigureKind.DURATION, FigureKind.DATE) and abs(value) < _ROUND_FROM:
        return value, value
    half = _step(value) / 2
    return value - half, value + half


def _step(value: float) -> float:
    """What a rounded number was rounded to: 10 for 750, 100 for 700."""
    step = 1e-3
    while step < abs(value) and math.isclose(value / (step * 10), round(value / (step * 10)), abs_tol=1e-9):
        step *= 10
    return step


def may_be_one(one: Figure, other: Figure) -> bool:
    """Whether both figures may be true of one thing: equal, one the other's rounding, or within its bounds."""
    if one.kind is FigureKind.DATE and min(one.value, other.value) < _WITH_YEAR:
        return one.value % _WITH_YEAR == other.value % _WITH_YEAR
    low, high = reach(one)
    other_low, other_high = reach(other)
    return _within(other.value, low, high) or _within(one.value, other_low, other_high)


_WITH_YEAR = 10_000
"""From so much on, a date names its year."""


def _within(value: float, low: float, high: float) -> bool:
    return low <= value <= high


@dataclass(frozen=True, slots=True)
class _Compared:
    """A figure with its words as sets."""

    figure: Figure
    names: frozenset[str]
    beside: frozenset[str]
    words: frozenset[str]
    actor: frozenset[str]

    @classmethod
    def of(cls, figure: Figure) -> _Compared:
        """Made once for each figure, which is compared with many."""
        words = map(frozenset, (figure.names, figure.beside, figure.words, figure.actor.split()))
        return cls(figure, *words)


def likeness(one: Figure, other: Figure) -> float:
    """How much the two say that they are of the same thing; 0 where they must be taken for different ones."""
    return _likeness(_Compared.of(one), _Compared.of(other))


def _likeness(first: _Compared, second: _Compared) -> float:
    one, other = first.figure, second.figure
    if one.kind is not other.kind or one.unit != other.unit or one.whole != other.whole:
        return 0.0
    if not _comparable(one, other):
        return 0.0
    names, beside = first.names & second.names, first.beside & second.beside
    if not _same_noun(one, other, names) or _set_apart(first, second, names, beside):
        return 0.0
    words = (first.words & second.words) - beside
    event = bool(one.event) and one.event == other.event
    if not _enough(one.kind, names, words, beside, harm=one.event in HARMS):
        return 0.0
    return 2.0 * len(names) + 2.0 * len(beside) + len(words) + 2.0 * event + 2.0 * (one.head == other.head)


def _enough(
    kind: FigureKind,
    names: AbstractSet[str],
    words: AbstractSet[str],
    beside: AbstractSet[str],
    *,
    harm: bool,
) -> bool:
    """Whether so much is shared beyond the noun that one thing is meant."""
    alike = len(words) + len(beside)
    match kind:
        case FigureKind.COUNT if harm:
            return len(names) + alike >= 1
        case FigureKind.COUNT:
            return len(names) + alike >= (2 if names else _MANY)
        case FigureKind.MONEY:
            return bool(names) or alike >= _MANY
        case FigureKind.DATE:
            return len(names) >= 2 and len(names) + alike >= 4
    return len(names) + alike >= _MANY


def _same_noun(one: Figure, other: Figure, names: AbstractSet[str]) -> bool:
    """`names` are those that both have."""
    if one.kind is FigureKind.DATE:
        return one.head == other.head and bool(one.event) and one.event == other.event
    if one.head == other.head:
        return bool(one.head)
    # `a rescue worth $410 million`, `will put $390 million into the bank`: then the names must say it all.
    nameless = one.kind is FigureKind.MONEY and "" in (one.head, other.head)
    return nameless and len(names) >= _MANY


def _set_apart(
    first: _Compared, second: _Compared, names: AbstractSet[str], beside: AbstractSet[str]
) -> bool:
    """Whether something tells that two things are meant: other actors, other names, another time, a supposition.

    `names` and `beside` are what both have.
    """
    one, other = first.figure, second.figure
    if one.event != other.event and (one.event in HARMS or other.event in HARMS):
        return True
    if one.supposed != other.supposed or not _may_meet(one.when, other.when):
        return True
    if one.beside and other.beside and not beside:
        return True
    if first.actor.isdisjoint(second.actor) and one.actor and other.actor:
        return True
    alone, other_alone = len(first.names) - len(names), len(second.names) - len(names)
    return bool(one.names and other.names) and len(names) <= min(alone, other_alone)


def _may_meet(times: Sequence[str], others: Sequence[str]) -> bool:
    """Whether times that clauses name leave open that they are the same."""
    if times == others:
        return True
    if ("past" in times) != ("past" in others):
        return False
    years, other_years = set(times) - {"past"}, set(others) - {"past"}
    return not years or not other_years or bool(years & other_years)


_MANY = 3
"""Names that two clauses share where no noun ties them, and words where no name does."""
HARMS = frozenset(("kill", "injure", "arrest", "miss", "displace"))
"""What happens to people: such figures are compared by it."""


def _comparable(one: Figure, other: Figure) -> bool:
    if one.kind is FigureKind.DATE:
        return True
    few, many = abs(one.value), abs(other.value)
    if few > many:
        few, many = many, few
    return few == many or (few > 0 and many / few <= _FARTHEST)
