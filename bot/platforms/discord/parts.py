"""What a message is made of on Discord: parts that become embeds, and their units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

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

    @property
    def shows(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.title or self.head or self.units)

    def description(self) -> str:
        """As Discord gets it, with what is left out counted."""
        chosen = [self.units[number] for number in sorted(self.kept)]
        texts, above = [self.head], None
        for unit in chosen:
            texts += (gap_between(above, unit, bare=not self.head), unit.text)
            above = unit
        sources = sum(unit.source for unit in self.units)
        shown = sum(unit.source for unit in chosen)
        lines = ending(
            hidden=sources - shown + self.more,
            left=len(self.units) - sources - (len(chosen) - shown),
            listed=above is not None and above.source,
        )
        return "".join((*texts, lines)).strip()

    def size(self) -> int:
        """What it takes of the message's length."""
        return room_for(self.title, length(self.description()))


def room_for(title: str, described: int) -> int:
    """What an embed takes of the message's length; too much for anything when the description is too long."""
    return length(title) + (described if described <= limits.DESCRIPTION - SPARE else limits.TOTAL + 1)


def gap_between(above: Unit | None, unit: Unit, *, bare: bool) -> str:
    """What stands between two units, or above the first one; where nothing else is there, nothing blank does."""
    if above is not None:
        return unit.joint if above.run == unit.run else unit.gap
    return unit.gap.lstrip() if bare else unit.gap


@lru_cache
def ending(*, hidden: int, left: int, listed: bool) -> str:
    """Lines that tell how many articles and how much else is not shown."""
    return (_more_articles(hidden, listed=listed) if hidden else "") + _left_out(left)


def parts_of(message: Message, *, most: int | None = None) -> list[Part]:
    """A part for the title with what follows it, one a heading, and one for the notes that end the message.

    With `most`, those beyond so many that show anything are only opened, but for the last one.
    """
    opened: list[tuple[Part, list[Block]]] = [(_headed(message.title), [])]
    blocks, closing = split_closing(message.blocks)
    for block in blocks:
        if isinstance(block, Heading):
            opened.append((_headed(block.line, rank=block.rank, aside=block.aside), []))
        else:
            opened[-1][1].append(block)
    if closing:
        opened.append((Part(), [*closing]))
    shown = 0
    for part, its_blocks in opened:
        if most is not None and shown >= most and part.shows and part is not opened[-1][0]:
            continue
        part.units = _units(its_blocks, listed=part.what != "story")
        part.more = sum(block.more for block in its_blocks if isinstance(block, Sources))
        shown += part.shows
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
        case Saying():
            yield _saying(block, run=run, turn=turn, below=below)
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


def _saying(saying: Saying, *, run: int, turn: int, below: frozenset[str]) -> Unit:
    """Who, the words, their notes and articles; in full also the sentence that the words stand in."""
    quoted = render_line(saying.words)
    head = (render_line(saying.who), f"> {quoted}" if quoted else "")
    notes = (_quiet(without_links(saying.notes, below)), *_articles(saying.sources))
    context = _quiet(saying.context)
    text = "\n".join(filter(None, (*head, *notes)))
    fuller = "\n".join(filter(None, (*head, context, *notes))) if context else ""
    return Unit(text, run, turn, cites=marks_of(saying.notes), fuller=fuller)


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
