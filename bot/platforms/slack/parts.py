"""What is shown of a message on Slack: its parts with their units, and which of them find room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from bot.messages.wording import counted
from bot.platforms.slack.blocks import Block, Room, Size, Words, lay, taken
from bot.platforms.slack.limits import length

MOST_PARTS = 15
"""In one message: each finds room for a divider, its words and its sources."""
_NOTHING = Room(0, 0)
_SPARED = 200
"""More than is spared when nothing is left out any more, and the line that said so is not there."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is shown whole or not at all."""

    words: tuple[Words, ...]
    run: int = 0
    """Which units it belongs with: one paragraph's sentences, one list's lines."""
    turn: int = 0
    """When it looks for room, among the units of its part."""
    joint: str = "\n"
    """Before it, where it follows another one of its run."""
    cites: frozenset[int] = frozenset()
    """Marks of the sources that must be shown with it."""
    source: bool = False
    """Whether it is a source that other units may refer to."""
    mark: int | None = None
    """What a source is referred to by."""
    fuller: tuple[Words, ...] = ()
    """What is shown instead, where room is left when everything else has found its own."""


@dataclass(slots=True)
class Part:
    """Some blocks being filled."""

    opens: tuple[Block, ...] = ()
    """Blocks before all words: a header, or a line that parts it from what is above."""
    head: tuple[Words, ...] = ()
    what: str = "part"
    """What it is called where it is left out: a story or a part; `notes` are those that end a message."""
    units: Sequence[Unit] = ()
    more: int = 0
    """Articles behind it that are only counted."""
    kept: frozenset[int] = frozenset()
    _counted: tuple[Sequence[Unit], int] = ((), 0)
    """How many sources there are among some units, which are not counted anew at each try."""
    _measured: tuple[Sequence[Unit], frozenset[int], Room] | None = None
    """What it took when it was last measured."""
    _refused: tuple[frozenset[int], Room, int, int] | None = None
    """What was kept, the room, and the run and the length of a unit that found none then."""

    @property
    def shows(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.opens or self.head or self.units)

    def blocks(self, kept: Iterable[int]) -> list[Block]:
        """As Slack gets it, with what is left out counted."""
        chosen = sorted(kept)
        words, run = [(each.gap, each) for each in self.head], None
        for unit in (self.units[number] for number in chosen):
            first, *others = unit.words
            words.append((unit.joint if unit.run == run else first.gap, first))
            words += [(each.gap, each) for each in others]
            run = unit.run
        sources = self._count_sources()
        shown = sum(self.units[number].source for number in chosen)
        if hidden := sources - shown + self.more:
            line = _more_articles(hidden, listed=bool(chosen) and self.units[chosen[-1]].source)
            words.append((line.gap, line))
        if left := len(self.units) - sources - (len(chosen) - shown):
            words.append(("\n", left_out(left)))
        if not words and self.what == "notes":
            return []
        return [*self.opens, *lay(words)]

    def size(self, kept: frozenset[int]) -> Room:
        """What it takes of the message."""
        return taken(self.blocks(kept))

    def now(self) -> Room:
        """What it takes with the units that are kept."""
        last = self._measured
        if last is None or last[0] is not self.units or last[1] != self.kept:
            last = self._measured = (self.units, self.kept, self.size(self.kept))
        return last[2]

    def refuse(self, unit: Unit, needed: int, room: Room) -> None:
        """Remembers that a unit of that length found no room."""
        if not unit.cites and len(self.units) - len(self.kept) > 1:
            self._refused = (self.kept, room, unit.run, needed)

    def refuses(self, unit: Unit, needed: int, room: Room) -> bool:
        """Whether a shorter one of its run found no room, and nothing has changed since: of a long list, most."""
        last = self._refused
        return last is not None and last[:3] == (self.kept, room, unit.run) and needed >= last[3]

    def with_sources(self, number: int) -> frozenset[int]:
        """The unit and the sources that it refers to."""
        cites = self.units[number].cites
        if not cites:
            return frozenset((number,))
        return frozenset((number, *(at for at, unit in enumerate(self.units) if unit.mark in cites)))

    def words_in_turn(self) -> list[int]:
        """The units that look for room one after the other."""
        words = (at for at, unit in enumerate(self.units) if not unit.source)
        return sorted(words, key=lambda at: (self.units[at].turn, at))

    def sources(self) -> list[int]:
        """The sources in order."""
        return [at for at, unit in enumerate(self.units) if unit.source]

    def _count_sources(self) -> int:
        if self._counted[0] is not self.units:
            self._counted = (self.units, sum(unit.source for unit in self.units))
        return self._counted[1]


def fill(parts: Sequence[Part], room: Room) -> list[Part]:
    """The parts that are shown, each with the units that are."""
    parts = _not_too_many(parts)
    if _show_all(parts, room):
        return list(parts)
    shown: list[Part] = []
    for part in parts:
        size = part.now()
        if room.holds(size):
            room -= size
            shown.append(part)
    firsts = (part.sources()[:1] for part in shown)
    words = (part.words_in_turn() for part in shown)
    others = (part.sources()[1:] for part in shown)
    for part, number in chain(_in_turns(shown, firsts), _in_turns(shown, words), _in_turns(shown, others)):
        room -= _keep(part, number, room)
    for part in shown:
        for number in sorted(part.kept):
            room -= _widen(part, number, room)
    return shown


def _show_all(parts: Sequence[Part], room: Room) -> bool:
    """Shows every unit in full if there is room for that, as there mostly is; whether there was."""
    full = []
    for part in parts:
        units = [_fuller(unit) for unit in part.units]
        full.append(replace(part, units=units, kept=frozenset(range(len(units)))))
        size = full[-1].now()
        if not room.holds(size):
            return False
        room -= size
    for part, shown in zip(parts, full, strict=True):
        part.units, part.kept = shown.units, shown.kept
    return True


def _fuller(unit: Unit) -> Unit:
    return replace(unit, words=unit.fuller) if unit.fuller else unit


def whole(part: Part, room: Room) -> list[Part]:
    """The part as one page after the other, which show all of it. Only what no page can hold is counted."""
    if not room.holds(part.now()):
        part.opens, part.head = (), (Words("The headline is left out for length", Size.SMALL),)
    units = [_widest(unit, room) for unit in part.units]
    pages = [replace(part, units=[], more=0)]
    for unit in (unit for unit in units if _fits(Part(units=[unit]), room)):
        fuller = replace(pages[-1], units=[*pages[-1].units, unit])
        if _fits(fuller, room):
            pages[-1] = fuller
        else:
            pages.append(Part(what=part.what, units=[unit]))
    for page in pages:
        page.kept = frozenset(range(len(page.units)))
    pages[-1].units = [*pages[-1].units, *(unit for unit in units if not _fits(Part(units=[unit]), room))]
    pages[-1].more = part.more
    return pages


def _not_too_many(parts: Sequence[Part]) -> Sequence[Part]:
    """As many as a message may have; the closing notes are one of them."""
    if len(parts) <= MOST_PARTS:
        return parts
    if parts[-1].what == "notes":
        return [*parts[: MOST_PARTS - 1], parts[-1]]
    return parts[:MOST_PARTS]


def _fits(part: Part, room: Room) -> bool:
    return room.holds(part.size(frozenset(range(len(part.units)))))


def _widest(unit: Unit, room: Room) -> Unit:
    """The unit in full, unless that alone is too long for a page."""
    full = _fuller(unit)
    return full if _fits(Part(units=[full]), room) else unit


def _in_turns(parts: Sequence[Part], numbers: Iterable[Sequence[int]]) -> Iterator[tuple[Part, int]]:
    """Each part's first unit, then each part's second, and so on."""
    for turn in zip_longest(*numbers):
        yield from ((part, number) for part, number in zip(parts, turn, strict=True) if number is not None)


def _keep(part: Part, number: int, room: Room) -> Room:
    """Shows the unit with the sources that it refers to if there is room for that; what it takes."""
    unit = part.units[number]
    needed = sum(length(each.text) for each in unit.words)
    if needed > room.characters + _SPARED or part.refuses(unit, needed, room):
        return _NOTHING
    more = part.kept | part.with_sources(number)
    cost = part.size(more) - part.now()
    if not room.holds(cost):
        part.refuse(unit, needed, room)
        return _NOTHING
    part.kept = more
    return cost


def _widen(part: Part, number: int, room: Room) -> Room:
    """Shows the unit in full if there is room for that; what it takes."""
    unit, before, units = part.units[number], part.now(), part.units
    if not unit.fuller:
        return _NOTHING
    part.units = [*units[:number], replace(unit, words=unit.fuller), *units[number + 1 :]]
    cost = part.now() - before
    if not room.holds(cost):
        part.units = units
        return _NOTHING
    return cost


def left_out(count: int, *, of: str = "") -> Words:
    """How much is not shown, in a line."""
    what = f"{of}{'s' * (count != 1)} " if of else ""
    return Words(f"… {count:,} more {what}left out for length", Size.SMALL)


def _more_articles(count: int, *, listed: bool) -> Words:
    """How many articles are counted only; behind those that are listed, if any is."""
    if listed:
        return Words(f"and {counted(count, 'more article')}", Size.SMALL, gap=" · ")
    return Words(counted(count, "article"), Size.SMALL)
