"""What a message is made of on Discord: parts that become embeds, their units, and which of them find room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from bot.messages.citing import addresses_of, marks_of, split_closing, without_links
from bot.messages.message import (
    Block,
    Heading,
    Line,
    Message,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
)
from bot.messages.wording import counted
from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from bot.platforms.discord.markup import is_words, render_line, render_words

SPARE = 96
"""Room that is kept for lines which say what was left out."""

_ARTICLES = 1200
"""Length of the list of articles behind one statement; the first is named however long it is."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is shown whole or not at all."""

    text: str
    run: int
    """Which units it belongs with: one paragraph's sentences, one list's lines."""
    turn: int = 0
    """When it looks for room, among the units of its part."""
    gap: str = "\n\n"
    """Before it, where it stands first of its run."""
    joint: str = "\n\n"
    """Before it, where it follows another one of its run."""
    cites: frozenset[int] = frozenset()
    """Marks of the sources that must be shown with it."""
    source: bool = False
    """Whether it is a source that other units may refer to."""
    mark: int | None = None
    """What a source is referred to by."""
    fuller: str = ""
    """What is shown instead, where room is left when everything else has found its own."""


@dataclass(slots=True)
class Part:
    """One embed being filled."""

    title: str = ""
    head: str = ""
    """What stands first in the description."""
    what: str = "part"
    """What it is called where it is left out."""
    units: Sequence[Unit] = ()
    more: int = 0
    """Articles behind it that are only counted."""
    kept: frozenset[int] = frozenset()
    _counted: tuple[Sequence[Unit], int] = ((), 0)
    """How many sources there are among some units, which are not counted anew at each try."""

    def description(self, kept: Iterable[int]) -> str:
        chosen = sorted(kept)
        text, run = self.head, None
        for unit in (self.units[number] for number in chosen):
            text += (unit.joint if unit.run == run else unit.gap) + unit.text
            run = unit.run
        sources = self._count_sources()
        shown = sum(self.units[number].source for number in chosen)
        if hidden := sources - shown + self.more:
            text += _more_articles(hidden, listed=bool(chosen) and self.units[chosen[-1]].source)
        return (text + _left_out(len(self.units) - sources - (len(chosen) - shown))).strip()

    def size(self, kept: Iterable[int]) -> int:
        """What it takes of the message's length; too much for anything when the description is too long."""
        described = length(self.description(kept))
        return length(self.title) + (
            described if described <= limits.DESCRIPTION - SPARE else limits.TOTAL + 1
        )

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


def fill(parts: Sequence[Part], room: int) -> list[Part]:
    """The parts that are shown, each with the units that are."""
    shown: list[Part] = []
    for part in _first_ten(parts):
        size = part.size(())
        if size <= room:
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


def _first_ten(parts: Sequence[Part]) -> Sequence[Part]:
    """As many as a message may have; the closing notes, which have no title, are one of them."""
    if len(parts) <= limits.EMBEDS:
        return parts
    if parts[-1].title or parts[-1].head:
        return parts[: limits.EMBEDS]
    return [*parts[: limits.EMBEDS - 1], parts[-1]]


def whole(part: Part) -> list[Part]:
    """The part as one embed after the other, which show all of it. Only what no embed can hold is counted."""
    if part.size(()) > limits.TOTAL:
        part.head = "-# The headline is left out for length"
    units = [_widest(unit) for unit in part.units]
    pages = [replace(part, units=[], more=0)]
    for unit in filter(_fits_alone, units):
        fuller = replace(pages[-1], units=[*pages[-1].units, unit])
        if _fits(fuller):
            pages[-1] = fuller
        else:
            pages.append(Part(what=part.what, units=[unit]))
    for page in pages:
        page.kept = frozenset(range(len(page.units)))
    pages[-1].units = [*pages[-1].units, *(unit for unit in units if not _fits_alone(unit))]
    pages[-1].more = part.more
    return pages


def _fits_alone(unit: Unit) -> bool:
    return _fits(Part(units=[unit]))


def _fits(part: Part) -> bool:
    return part.size(range(len(part.units))) <= limits.TOTAL


def _widest(unit: Unit) -> Unit:
    """The unit in full, unless that alone is too long for an embed."""
    return replace(unit, text=unit.fuller) if 0 < length(unit.fuller) <= limits.DESCRIPTION // 2 else unit


def _in_turns(parts: Sequence[Part], numbers: Iterable[Sequence[int]]) -> Iterator[tuple[Part, int]]:
    """Each part's first unit, then each part's second, and so on."""
    for turn in zip_longest(*numbers):
        yield from ((part, number) for part, number in zip(parts, turn, strict=True) if number is not None)


def _keep(part: Part, number: int, room: int) -> int:
    """Shows the unit with the sources that it refers to if there is room for that; what it takes."""
    more = part.kept | part.with_sources(number)
    cost = part.size(more) - part.size(part.kept)
    if cost > room:
        return 0
    part.kept = more
    return cost


def _widen(part: Part, number: int, room: int) -> int:
    """Shows the unit in full if there is room for that; what it takes."""
    unit, before, units = part.units[number], part.size(part.kept), part.units
    if not unit.fuller:
        return 0
    part.units = [*units[:number], replace(unit, text=unit.fuller), *units[number + 1 :]]
    cost = part.size(part.kept) - before
    if cost > room:
        part.units, cost = units, 0
    return cost


def parts_of(message: Message) -> list[Part]:
    """A part for the title with what follows it, one a heading, and one for the notes that end the message."""
    opened: list[tuple[Part, list[Block]]] = [(_headed(message.title), [])]
    blocks, closing = split_closing(message.blocks)
    for block in blocks:
        if isinstance(block, Heading):
            opened.append((_headed(block.line, rank=block.rank, aside=block.aside), []))
        else:
            opened[-1][1].append(block)
    if closing:
        opened.append((Part(), [*closing]))
    for part, its_blocks in opened:
        part.units = _units(its_blocks, listed=part.what != "story")
        part.more = sum(block.more for block in its_blocks if isinstance(block, Sources))
    return [part for part, _ in opened]


def _headed(line: Line, *, rank: int | None = None, aside: Line = ()) -> Part:
    """A heading is the embed's title where it can be: short enough, and words only."""
    beside = _quiet(aside)
    prefix, what = ("", "part") if rank is None else (f"{rank} · ", "story")
    title = render_words(line)
    if is_words(line) and length(prefix + title) <= limits.TITLE:
        return Part(title=prefix + title if title else "", head=beside, what=what)
    headline = render_line(line)
    head = "\n".join(filter(None, (f"### {prefix}{headline}" if headline else "", beside)))
    return Part(head=head, what=what)


def _units(blocks: Sequence[Block], *, listed: bool) -> tuple[Unit, ...]:
    """What the blocks show; where nothing refers to their sources and they are no story's, these are a list to read."""
    cited = any(isinstance(block, Paragraph | Remark | Saying) for block in blocks)
    below = addresses_of(blocks)
    units: list[Unit] = []
    said = run = 0
    for before, block in zip((None, *blocks), blocks, strict=False):
        # Remarks that follow each other stand together, as the lines of one list do.
        run += not (isinstance(block, Remark) and isinstance(before, Remark))
        said += isinstance(block, Saying)
        if isinstance(block, Sources) and listed and not cited:
            units += [Unit(render_line(item), run, joint="\n") for item in block.items]
            continue
        units += _units_of(block, run=run, turn=said, cited=cited, below=below)
    return tuple(unit for unit in units if unit.text)


def _units_of(block: Block, *, run: int, turn: int, cited: bool, below: frozenset[str]) -> Iterable[Unit]:
    """A statement looks for room in its `turn`; with the first one do remarks, with the next ones further sentences."""
    match block:
        case Paragraph(line=line, further=further):
            for number, sentence in enumerate((line, *further)):
                text = render_line(without_links(sentence, below))
                later = number + 1 if number else 0
                yield Unit(text, run, later, joint=" ", cites=marks_of(sentence))
        case Saying(notes=notes):
            yield replace(_saying(block, below), run=run, turn=turn, cites=marks_of(notes))
        case Remark(line=line):
            text = render_line(without_links(line, below))
            yield Unit(text, run, min(turn, 1), joint="\n", cites=marks_of(line))
        case Note(line=line):
            yield Unit(_quiet(line), run, gap="\n")
        case Sources(items=items) if cited:
            for item in items:
                mark = next(iter(marks_of(item[:1])), None)
                yield Unit(render_line(item), run, gap="\n\n-# ", joint=" · ", source=True, mark=mark)
        case Sources(items=items):
            yield from (Unit(_quiet(item), run, joint="\n") for item in items)
        case Heading():
            raise ValueError("a heading begins a part; it does not stand in one")


def _saying(saying: Saying, below: frozenset[str]) -> Unit:
    """Who, the words, their notes and articles; in full also the sentence that the words stand in."""
    quoted = render_line(saying.words)
    head = (render_line(saying.who), f"> {quoted}" if quoted else "")
    notes = (_quiet(without_links(saying.notes, below)), *_articles(saying.sources))
    context = _quiet(saying.context)
    text = "\n".join(filter(None, (*head, *notes)))
    return Unit(text, 0, fuller="\n".join(filter(None, (*head, context, *notes))) if context else "")


def _articles(sources: Sequence[Line]) -> Iterable[str]:
    """A line for each article; addresses can be so long that some must be counted instead."""
    room = _ARTICLES
    for number, line in enumerate(map(_quiet, sources)):
        room -= length(line)
        if number and room < 0:
            yield _left_out(len(sources) - number, of="article").strip()
            return
        yield line


def _quiet(line: Line) -> str:
    text = render_line(line)
    return f"-# {text}" if text else ""


def _left_out(count: int, *, of: str = "") -> str:
    what = f"{of}{'s' * (count != 1)} " if of else ""
    return f"\n-# … {count:,} more {what}left out for length" if count > 0 else ""


def _more_articles(count: int, *, listed: bool) -> str:
    """How many articles are counted only; behind those that are listed, if any is."""
    return f" · and {counted(count, 'more article')}" if listed else f"\n\n-# {counted(count, 'article')}"
