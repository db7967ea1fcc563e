"""Messages as Discord embeds: which parts are shown, where each stands, and what is left out for length.

Nothing is cut in two. What does not fit is left out whole, and a line says how much that was. Every part gets
its heading and its sources first, then each part its first words, and so on in turns: a long digest names all
its stories rather than telling half of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import discord

from bot.messages.message import (
    Block,
    Heading,
    Line,
    Link,
    Message,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Text,
    plain,
)
from bot.platforms.discord import limits
from bot.platforms.discord.limits import length
from bot.platforms.discord.markup import escape, is_words, render_line, render_words

ACCENT = 0x2F5D8A
_SPARE = 64
"""Room that is kept for a line which says what was left out."""

_ARTICLES = 1200
"""Length of the list of articles behind one statement; the first is named however long it is."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is shown whole or not at all."""

    text: str
    needed: bool = False
    """Whether the part is not shown without it: sources that its other units refer to."""
    tight: bool = False
    """Whether it follows the line above without a gap."""
    fuller: str = ""
    """What is shown instead, where room is left when everything else has found its own."""


@dataclass(slots=True)
class _Part:
    """One embed being filled."""

    title: str = ""
    head: str = ""
    """What stands first in the description."""
    units: Sequence[_Unit] = ()
    kept: frozenset[int] = field(default=frozenset())

    def description(self, kept: Iterable[int]) -> str:
        chosen = sorted(kept)
        text = self.head
        for unit in (self.units[number] for number in chosen):
            text += (("\n" if unit.tight else "\n\n") if text else "") + unit.text
        return (text + _left_out(len(self.units) - len(chosen))).lstrip()

    def size(self, kept: Iterable[int]) -> int:
        """What it takes of the message's length; too much for anything when the description is too long."""
        described = length(self.description(kept))
        return length(self.title) + (
            described if described <= limits.DESCRIPTION - _SPARE else limits.TOTAL + 1
        )


def render(message: Message, *, key: str | None = None) -> list[discord.Embed]:
    """The message as one to ten embeds within Discord's limits; the last one's footer carries `key`."""
    parts = [part for part in _parts(message) if part.title or part.head or part.units]
    shown = _fill(parts, limits.TOTAL - _SPARE - length(key or ""))
    embeds = [_embed(part) for part in shown]
    missing = _left_out(len(parts) - len(shown), of="part").strip()
    if not embeds:
        embeds = [discord.Embed(description=missing or "Nothing to show.", colour=ACCENT)]
    elif missing:
        embeds[-1].description = f"{embeds[-1].description or ''}\n{missing}".strip()
    if key:
        embeds[-1].set_footer(text=key)
    return embeds


def render_error(sentence: str) -> str:
    """A sentence as a message's plain content."""
    half = limits.CONTENT // 2 - 1  # a character becomes two at most: escaped, or counted as two
    words = sentence.strip()
    return escape(words if len(words) <= half else words[:half] + "…").strip() or "That did not work."


def _fill(parts: Sequence[_Part], room: int) -> list[_Part]:
    """The parts that are shown, each with the units that are."""
    shown: list[_Part] = []
    for part in parts:
        needed = frozenset(number for number, unit in enumerate(part.units) if unit.needed)
        if len(shown) < limits.EMBEDS and part.size(needed) <= room:
            part.kept = needed
            room -= part.size(needed)
            shown.append(part)
    for number in range(max((len(part.units) for part in shown), default=0)):
        for part in shown:
            if number < len(part.units) and number not in part.kept:
                more = part.kept | {number}
                cost = part.size(more) - part.size(part.kept)
                if cost <= room:
                    part.kept = more
                    room -= cost
    for part in shown:
        for number in sorted(part.kept):
            room -= _widen(part, number, room)
    return shown


def _widen(part: _Part, number: int, room: int) -> int:
    """Shows the unit in full if there is room for that; what it takes."""
    unit, before, units = part.units[number], part.size(part.kept), part.units
    if not unit.fuller:
        return 0
    part.units = [*units[:number], replace(unit, text=unit.fuller), *units[number + 1 :]]
    cost = part.size(part.kept) - before
    if cost > room:
        part.units, cost = units, 0
    return cost


def _embed(part: _Part) -> discord.Embed:
    return discord.Embed(
        title=part.title or None, description=part.description(part.kept) or None, colour=ACCENT
    )


def _parts(message: Message) -> list[_Part]:
    """A part for the title with what follows it, one a heading, and one for the notes that end the message."""
    opened: list[tuple[_Part, list[Block]]] = [(_headed(message.title), [])]
    blocks, closing = _split_closing(message.blocks)
    for block in blocks:
        if isinstance(block, Heading):
            prefix = "" if block.rank is None else f"{block.rank} · "
            opened.append((_headed(block.line, prefix=prefix, aside=block.aside), []))
        else:
            opened[-1][1].append(block)
    hints: list[Block] = [Note(plain(f"{choice.label}: /{choice.command}")) for choice in message.choices]
    if closing:
        opened.append((_Part(), [*closing, *hints]))
    else:
        opened[-1][1].extend(hints)
    for part, its_blocks in opened:
        part.units = _units(its_blocks)
    return [part for part, _ in opened]


def _split_closing(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """Notes behind the last part's sources belong to the whole message."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1], Note):
        end -= 1
    follows_sources = end > 0 and isinstance(blocks[end - 1], Sources)
    if not follows_sources or not any(isinstance(block, Heading) for block in blocks):
        return blocks, ()
    return blocks[:end], blocks[end:]


def _headed(line: Line, *, prefix: str = "", aside: Line = ()) -> _Part:
    """A heading is the embed's title where it can be: short enough, and words only."""
    beside = _quiet(aside)
    title = render_words(line)
    if is_words(line) and length(prefix + title) <= limits.TITLE:
        return _Part(title=prefix + title if title else "", head=beside)
    headline = render_line(line)
    return _Part(head="\n".join(filter(None, (f"### {prefix}{headline}" if headline else "", beside))))


def _units(blocks: Sequence[Block]) -> tuple[_Unit, ...]:
    cited = any(isinstance(block, Paragraph | Remark | Saying) for block in blocks)
    below = _addresses(blocks)
    return tuple(unit for block in blocks for unit in _units_of(block, cited=cited, below=below) if unit.text)


def _units_of(block: Block, *, cited: bool, below: frozenset[str]) -> Iterable[_Unit]:
    match block:
        case Paragraph(line=line):
            yield _Unit(render_line(_without_links(line, below)))
        case Saying():
            yield _saying(block, below)
        case Remark(line=line):
            yield _Unit(render_line(_without_links(line, below)), tight=True)
        case Note(line=line):
            yield _Unit(_quiet(line), tight=True)
        case Sources(items=items):
            lines = filter(None, (_quiet(item) for item in items))
            for number, text in enumerate(lines):
                yield _Unit(text, needed=cited, tight=number > 0)
        case Heading():
            raise ValueError("a heading begins a part; it does not stand in one")


def _addresses(blocks: Sequence[Block]) -> frozenset[str]:
    """Where the part's sources lead."""
    lines = [line for block in blocks if isinstance(block, Sources) for line in block.items]
    return frozenset(inline.url for line in lines for inline in line if isinstance(inline, Link))


def _without_links(line: Line, below: frozenset[str]) -> Line:
    """Addresses are long: those that the sources below carry are not repeated at each mark."""
    return tuple(
        Text(inline.text) if isinstance(inline, Link) and inline.url in below else inline for inline in line
    )


def _saying(saying: Saying, below: frozenset[str]) -> _Unit:
    """Who, the words, their notes and articles; in full also the sentence that the words stand in."""
    quoted = render_line(saying.words)
    head = (render_line(saying.who), f"> {quoted}" if quoted else "")
    notes = (_quiet(_without_links(saying.notes, below)), *_articles(saying.sources))
    context = _quiet(saying.context)
    text = "\n".join(filter(None, (*head, *notes)))
    return _Unit(text, fuller="\n".join(filter(None, (*head, context, *notes))) if context else "")


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
