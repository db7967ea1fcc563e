"""Which parts of a message find room on Discord, each with how much of what it holds.

Each try costs what it adds, not what is there already: descriptions are written once, when all is decided.
"""

from __future__ import annotations

import operator
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace

from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from bot.platforms.discord.parts import Part, Unit, ending, gap_between, room_for
from bot.platforms.turns import fill_in_turns


def fill(parts: Sequence[Part], room: int) -> list[Part]:
    """The parts that are shown, each with the units that are."""
    shown = fill_in_turns(map(Filling, _first_ten(parts)), room, operator.ge)
    return [part.filled() for part in shown]


def whole(part: Part) -> list[Part]:
    """The part as one embed after the other, which show all of it. Only what no embed can hold is counted."""
    if part.size() > limits.TOTAL:
        part.head = "-# The headline is left out for length"
    units = [_widest(unit) for unit in part.units]
    page, told = replace(part, units=[], more=0), list[Unit]()
    pages, described = [page], length(page.head)
    for unit in filter(_fits_alone, units):
        gap = gap_between(told[-1] if told else None, unit, bare=not page.head)
        described += length(gap) + length(unit.text)
        if room_for(page.title, described) > limits.TOTAL:
            page, told = Part(what=part.what), []
            pages.append(page)
            described = _alone(unit)
        told.append(unit)
        page.units, page.kept = told, frozenset(range(len(told)))
    page.units = [*told, *(unit for unit in units if not _fits_alone(unit))]
    page.more = part.more
    return pages


class Filling:
    """A part that is being filled, with what it takes so far."""

    def __init__(self, part: Part) -> None:
        self.chosen: list[int] = []
        """The units that are shown, in order."""
        self.sources = [at for at, unit in enumerate(part.units) if unit.source]
        self._part = part
        self._units = list(part.units)
        self._lengths = [length(unit.text) for unit in part.units]
        self._marked: dict[int | None, list[int]] = {}
        for at in self.sources:
            self._marked.setdefault(part.units[at].mark, []).append(at)
        self._shown: set[int] = set()
        self._listed = 0
        """How many sources are shown."""
        self._described = length(part.head)
        """The description's length, but for the lines that tell what is not shown."""
        self.size = self._measured()
        """What it takes of the message's length."""

    def words_in_turn(self) -> list[int]:
        """The units that look for room one after the other."""
        words = (at for at, unit in enumerate(self._units) if not unit.source)
        return sorted(words, key=lambda at: (self._units[at].turn, at))

    def keep(self, number: int, room: int) -> int:
        """Shows the unit with the sources that it refers to if there is room for that; what it takes."""
        cited = (at for mark in self._units[number].cites for at in self._marked.get(mark, ()))
        added = {number, *cited} - self._shown
        before = self._described, self._listed
        places = [self._insert(at) for at in sorted(added)]
        size = self._measured()
        cost = size - self.size
        if cost > room:
            for place in reversed(places):
                del self.chosen[place]
            self._described, self._listed = before
            return 0
        self._shown |= added
        self.size = size
        return cost

    def widen(self, number: int, room: int) -> int:
        """Shows one of the chosen units in full if there is room for that; what it takes."""
        unit, before = self._units[number], self._described
        if not unit.fuller:
            return 0
        self._described += length(unit.fuller) - self._lengths[number]
        size = self._measured()
        cost = size - self.size
        if cost > room:
            self._described = before
            return 0
        self._units[number] = replace(unit, text=unit.fuller)
        self.size = size
        return cost

    def filled(self) -> Part:
        """The part, with what is decided."""
        self._part.units, self._part.kept = self._units, frozenset(self.chosen)
        return self._part

    def _insert(self, number: int) -> int:
        """Shows the unit; its place among the chosen ones."""
        place = bisect(self.chosen, number)
        above = self.chosen[place - 1] if place else None
        self._described += self._gap(above, number) + self._lengths[number]
        if place < len(self.chosen):
            below = self.chosen[place]
            self._described += self._gap(number, below) - self._gap(above, below)
        self._listed += self._units[number].source
        self.chosen.insert(place, number)
        return place

    def _gap(self, above: int | None, number: int) -> int:
        unit = None if above is None else self._units[above]
        return length(gap_between(unit, self._units[number], bare=not self._part.head))

    def _measured(self) -> int:
        """What the part takes with the lines that tell what is not shown."""
        sources = len(self.sources)
        lines = ending(
            hidden=sources - self._listed + self._part.more,
            left=len(self._units) - sources - (len(self.chosen) - self._listed),
            listed=bool(self.chosen) and self._units[self.chosen[-1]].source,
        )
        if not (self._part.head or self.chosen):
            lines = lines.lstrip()
        return room_for(self._part.title, self._described + length(lines))


def _first_ten(parts: Sequence[Part]) -> Sequence[Part]:
    """As many as a message may have; the closing notes, which have no title, are one of them."""
    if len(parts) <= limits.EMBEDS:
        return parts
    if parts[-1].title or parts[-1].head:
        return parts[: limits.EMBEDS]
    return [*parts[: limits.EMBEDS - 1], parts[-1]]


def _alone(unit: Unit) -> int:
    """The length of a description that shows the unit and nothing else."""
    return length(gap_between(None, unit, bare=True)) + length(unit.text)


def _fits_alone(unit: Unit) -> bool:
    return room_for("", _alone(unit)) <= limits.TOTAL


def _widest(unit: Unit) -> Unit:
    """The unit in full, unless that alone is too long for an embed."""
    return replace(unit, text=unit.fuller) if 0 < length(unit.fuller) <= limits.DESCRIPTION // 2 else unit
