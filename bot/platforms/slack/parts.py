"""What is shown of a message on Slack: its parts with their units, and the lines that tell what is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.messages.wording import counted
from bot.platforms.slack.blocks import Block, Laid, Room, Size, Words, laid, lay, taken


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

    @property
    def characters(self) -> int:
        """How long its words are."""
        return sum(each.characters for each in self.words)


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

    @property
    def shows(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.opens or self.head or self.units)

    def blocks(self) -> list[Block]:
        """As Slack gets it, with what is left out counted."""
        return [] if self._is_bare else [*self.opens, *lay(self._words())]

    def begun(self) -> Laid:
        """What it takes before all units."""
        opened = laid(() if self._is_bare else self.opens)
        return opened.with_words((each.gap, each) for each in self.head)

    def size(self) -> Room:
        """What it takes of the message."""
        return taken(self.blocks())

    @property
    def _is_bare(self) -> bool:
        """Whether it is notes without any note: nothing is parted from what is above then."""
        return self.what == "notes" and not (self.head or self.units or self.more)

    def _words(self) -> list[tuple[str, Words]]:
        """All that is shown of it, one after the other, each with what stands before it."""
        chosen = [self.units[number] for number in sorted(self.kept)]
        words, run = [(each.gap, each) for each in self.head], None
        for unit in chosen:
            words += joined(unit, run)
            run = unit.run
        sources = sum(unit.source for unit in self.units)
        shown = sum(unit.source for unit in chosen)
        words += ending(
            hidden=sources - shown + self.more,
            left=len(self.units) - sources - (len(chosen) - shown),
            listed=bool(chosen) and chosen[-1].source,
        )
        return words


def joined(unit: Unit, run: int | None) -> list[tuple[str, Words]]:
    """The unit's words, each with what stands before it where the unit before is of that run."""
    words = [(each.gap, each) for each in unit.words]
    if unit.run == run:
        words[0] = (unit.joint, unit.words[0])
    return words


@lru_cache
def ending(*, hidden: int, left: int, listed: bool) -> tuple[tuple[str, Words], ...]:
    """Lines that tell how many articles and how much else is not shown."""
    lines = []
    if hidden:
        line = _more_articles(hidden, listed=listed)
        lines.append((line.gap, line))
    if left:
        lines.append(("\n", left_out(left)))
    return tuple(lines)


def left_out(count: int, *, of: str = "") -> Words:
    """How much is not shown, in a line."""
    what = f"{of}{'s' * (count != 1)} " if of else ""
    return Words(f"… {count:,} more {what}left out for length", Size.SMALL)


def _more_articles(count: int, *, listed: bool) -> Words:
    """How many articles are counted only; behind those that are listed, if any is."""
    if listed:
        return Words(f"and {counted(count, 'more article')}", Size.SMALL, gap=" · ")
    return Words(counted(count, "article"), Size.SMALL)
