"""Which parts of a message find room on Slack, each with how much of what it holds.

Each try costs what it adds, not what is there already: blocks are written once, when all is decided.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.platforms.slack.blocks import Laid, Room, Size, Words
from bot.platforms.slack.parts import Part, Unit, ending, joined
from bot.platforms.turns import fill_in_turns

MOST_PARTS = 15
"""In one message: each finds room for a divider, its words and its sources."""
_NOTHING = Room(0, 0)
_SPARED = 200
"""More than is spared when nothing is left out any more, and the line that said so is not there."""


def fill(parts: Sequence[Part], room: Room) -> list[Part]:
    """The parts that are shown, each with the units that are."""
    fillings = [Filling(part) for part in _not_too_many(parts)]
    if not _show_all(fillings, room):
        fillings = fill_in_turns(fillings, room, Room.holds)
    return [filling.filled() for filling in fillings]


def whole(part: Part, room: Room) -> list[Part]:
    """The part as one page after the other, which show all of it. Only what no page can hold is counted."""
    if not room.holds(part.size()):
        part.opens, part.head = (), (Words("The headline is left out for length", Size.SMALL),)
    units = [_widest(unit, room) for unit in part.units]
    pages, laid, run = [replace(part, units=[], more=0)], part.begun(), None
    told: list[list[Unit]] = [[]]
    for unit in (unit for unit in units if room.holds(_alone(unit))):
        further = laid.with_words(joined(unit, run))
        if not room.holds(further.room):
            pages.append(Part(what=part.what))
            told.append([])
            further = Laid().with_words(joined(unit, None))
        told[-1].append(unit)
        laid, run = further, unit.run
    for page, its_units in zip(pages, told, strict=True):
        page.units, page.kept = its_units, frozenset(range(len(its_units)))
    pages[-1].units = [*told[-1], *(unit for unit in units if not room.holds(_alone(unit)))]
    pages[-1].more = part.more
    return pages


class _Step(NamedTuple):
    """How far a part is laid out behind one of its units."""

    laid: Laid
    run: int | None = None
    """Of the unit."""
    sources: int = 0
    """How many there are until here."""


class Filling:
    """A part that is being filled, with what it takes so far."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.chosen: list[int] = []
        """The units that are shown, in order."""
        self.sources = [at for at, unit in enumerate(part.units) if unit.source]
        self._shown: set[int] = set()
        self._units = list(part.units)
        self._marked: dict[int | None, list[int]] = {}
        for at in self.sources:
            self._marked.setdefault(part.units[at].mark, []).append(at)
        self._steps = [_Step(part.begun())]
        """Before all units that are shown, and behind each of them."""
        self.size = self._ended(self._steps[0], 0, None)
        """What it takes of the message."""
        self._refused: tuple[int, Room, int, int] | None = None
        """How many units were shown, the room, and the run and the length of one that found none then."""

    def words_in_turn(self) -> list[int]:
        """The units that look for room one after the other."""
        words = (at for at, unit in enumerate(self._units) if not unit.source)
        return sorted(words, key=lambda at: (self._units[at].turn, at))

    def in_full(self) -> tuple[list[Unit], Room]:
        """All its units in full, and what the part takes with them."""
        units = [_fuller(unit) for unit in self._units]
        words: list[tuple[str, Words]] = []
        run: int | None = None
        for unit in units:
            words += joined(unit, run)
            run = unit.run
        listed = bool(units) and units[-1].source
        words += ending(hidden=self.part.more, left=0, listed=listed)
        return units, self._steps[0].laid.with_words(words).room

    def show_all(self, units: list[Unit]) -> None:
        """Shows all of these; nothing is measured any more."""
        self._units, self.chosen = units, list(range(len(units)))

    def keep(self, number: int, room: Room) -> Room:
        """Shows the unit with the sources that it refers to if there is room for that; what it takes."""
        unit = self._units[number]
        if unit.characters > room.characters + _SPARED or self._refuses(unit, room):
            return _NOTHING
        cited = (at for mark in unit.cites for at in self._marked.get(mark, ()))
        added = {number, *cited} - self._shown
        if not added:
            return _NOTHING
        place = bisect(self.chosen, min(added))
        chosen = sorted((*self.chosen[place:], *added))
        steps, size = self._tried(place, chosen)
        cost = size - self.size
        if not room.holds(cost):
            self._refuse(unit, room)
            return _NOTHING
        self._show(place, chosen, steps, size)
        return cost

    def widen(self, number: int, room: Room) -> Room:
        """Shows one of the chosen units in full if there is room for that; what it takes."""
        unit = self._units[number]
        if not unit.fuller:
            return _NOTHING
        self._units[number] = _fuller(unit)
        place = bisect_left(self.chosen, number)
        chosen = self.chosen[place:]
        steps, size = self._tried(place, chosen)
        cost = size - self.size
        if not room.holds(cost):
            self._units[number] = unit
            return _NOTHING
        self._show(place, chosen, steps, size)
        return cost

    def filled(self) -> Part:
        """The part, with what is decided."""
        self.part.units, self.part.kept = self._units, frozenset(self.chosen)
        return self.part

    def _tried(self, place: int, chosen: Sequence[int]) -> tuple[list[_Step], Room]:
        """The steps from a place on with those units, and what the part takes with them."""
        step = self._steps[place]
        steps = []
        for number in chosen:
            unit = self._units[number]
            laid = step.laid.with_words(joined(unit, step.run))
            step = _Step(laid, unit.run, step.sources + unit.source)
            steps.append(step)
        return steps, self._ended(step, place + len(chosen), chosen[-1] if chosen else None)

    def _ended(self, step: _Step, shown: int, last: int | None) -> Room:
        """What the part takes with the lines that tell what is not shown."""
        sources = len(self.sources)
        lines = ending(
            hidden=sources - step.sources + self.part.more,
            left=len(self._units) - sources - (shown - step.sources),
            listed=last is not None and self._units[last].source,
        )
        return step.laid.with_words(lines).room

    def _show(self, place: int, chosen: Sequence[int], steps: Sequence[_Step], size: Room) -> None:
        self.chosen[place:], self._steps[place + 1 :], self.size = chosen, steps, size
        self._shown.update(chosen)

    def _refuse(self, unit: Unit, room: Room) -> None:
        """Remembers that the unit found no room."""
        if not unit.cites and len(self._units) - len(self.chosen) > 1:
            self._refused = (len(self.chosen), room, unit.run, unit.characters)

    def _refuses(self, unit: Unit, room: Room) -> bool:
        """Whether a shorter one of its run found no room, and nothing has changed since: of a long list, most."""
        last = self._refused
        return (
            last is not None and last[:3] == (len(self.chosen), room, unit.run) and unit.characters >= last[3]
        )


def _show_all(fillings: Iterable[Filling], room: Room) -> bool:
    """Shows all parts in full if there is room for that, as there mostly is; whether there was."""
    full = []
    for filling in fillings:
        units, size = filling.in_full()
        if not room.holds(size):
            return False
        room -= size
        full.append((filling, units))
    for filling, units in full:
        filling.show_all(units)
    return True


def _not_too_many(parts: Sequence[Part]) -> Sequence[Part]:
    """As many as a message may have; the closing notes are one of them."""
    if len(parts) <= MOST_PARTS:
        return parts
    if parts[-1].what == "notes":
        return [*parts[: MOST_PARTS - 1], parts[-1]]
    return parts[:MOST_PARTS]


def _fuller(unit: Unit) -> Unit:
    return replace(unit, words=unit.fuller) if unit.fuller else unit


def _widest(unit: Unit, room: Room) -> Unit:
    """The unit in full, unless that alone is too long for a page."""
    full = _fuller(unit)
    return full if room.holds(_alone(full)) else unit


def _alone(unit: Unit) -> Room:
    """What a page takes that shows the unit and nothing else."""
    return Laid().with_words(joined(unit, None)).room
