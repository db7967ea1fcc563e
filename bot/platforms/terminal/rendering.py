"""How a message looks in a terminal: columns, colours where there are any, and no stranger's text that acts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style as RichStyle
from rich.text import Text as RichText

from bot.messages.harmless import harmless
from bot.messages.message import (
    Block,
    Choice,
    Form,
    Heading,
    Hint,
    Inline,
    Line,
    Link,
    Message,
    Moment,
    Note,
    Paragraph,
    Place,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
)
from bot.messages.wording import counted, local

INDENT = 3
NARROWEST = 24
TWO_COLUMNS = 70
"""From how many columns on things stand beside each other."""
_GAP = 3
_SHORT_NOTES = 30
_SHORT_SOURCE = 44
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STYLES = {Style.PLAIN: "", Style.STRONG: "bold", Style.QUIET: "dim", Style.VERBATIM: "green"}
_MARK = re.compile(r"\[\d+\]")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)

Lines = list[RichText]


def render(message: Message, *, width: int, color: bool) -> str:
    """The message as text; with `color`, for a terminal, else without any escape sequence."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="auto" if color else None,
        legacy_windows=False,
    )
    show(message, console, width=width)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def show(message: Message, console: Console, *, width: int | None = None) -> None:
    """Prints the message; the console decides on colours and hyperlinks, and on the width where none is given."""
    hyperlinks = console.color_system is not None
    page = _Page(console, max(width or console.width, NARROWEST), message.timezone, hyperlinks)
    for line in page.lines(message):
        line.rstrip()
        # Lines are wrapped by now, and an address longer than one must not be broken.
        console.print(line, soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class _Page:
    """Lays blocks out in lines."""

    console: Console
    width: int
    timezone: str
    hyperlinks: bool
    """Whether words can be followed. Addresses are written out all the same: copies and multiplexers lose links."""

    def lines(self, message: Message) -> Lines:
        """The whole message."""
        lines = self._wrapped(self._text(message.title, zone=True), self.width)
        ranked = any(isinstance(b, Heading) and b.rank is not None for b in message.blocks)
        indent = INDENT if ranked else 0
        previous: type[Block] | None = None
        for kind, group in groupby(message.blocks, type):
            blocks = list(group)
            if previous is None or kind in (Heading, Note):
                lines.append(RichText())
            lines += self._group(blocks, indent)
            previous = kind
        for file in message.attachments:
            told = RichText(f"{harmless(file.name)}: a terminal shows no files", "dim")
            lines += [RichText(), *self._wrapped(told, self.width)]
        if message.choices:
            lines += [RichText(), *(self._choice(choice) for choice in message.choices)]
        return lines

    def _group(self, blocks: Sequence[Block], indent: int) -> Lines:
        """Blocks of one kind that follow each other."""
        sayings = [block for block in blocks if isinstance(block, Saying)]
        if sayings:
            return self._sayings(sayings, indent)
        others = (block for block in blocks if not isinstance(block, Saying))
        return [line for block in others for line in self._block(block, indent)]

    def _block(self, block: Heading | Paragraph | Remark | Sources | Note, indent: int) -> Lines:
        match block:
            case Heading():
                return self._heading(block)
            case Paragraph():
                told = RichText(" ").join(map(self._running, (block.line, *block.further)))
                return _indented(self._wrapped(told, self.width - indent), indent)
            case Remark():
                return _hanging(self._wrapped(self._running(block.line), self.width - indent - 4), indent)
            case Sources():
                return self._sources(block, indent)
            case Note():
                text = self._running(block.line)
                text.stylize_before("dim")
                return self._wrapped(text, self.width)

    def _heading(self, heading: Heading) -> Lines:
        rank = "" if heading.rank is None else str(heading.rank).ljust(INDENT - 1) + " "
        text, aside = self._text(heading.line), self._text(heading.aside)
        text.stylize_before("bold")
        beside = aside.cell_len and self.width >= TWO_COLUMNS and aside.cell_len <= self.width // 3
        room = self.width - len(rank) - (aside.cell_len + _GAP if beside else 0)
        lines = _indented(self._wrapped(text, room), len(rank))
        first = RichText.assemble((rank, "bold magenta"), lines[0][len(rank) :])
        if beside:
            first.append(" " * (self.width - first.cell_len - aside.cell_len))
            first.append_text(aside)
        under = [] if beside or not aside else _indented(self._wrapped(aside, room), len(rank))
        return [first, *lines[1:], *under]

    def _sayings(self, sayings: Sequence[Saying], indent: int) -> Lines:
        """Who on the left and the words on the right, in columns that fit all of them; else one above the other."""
        whos = [self._text(saying.who) for saying in sayings]
        two = self.width >= TWO_COLUMNS
        column = min(max(who.cell_len for who in whos), (self.width - indent) // 3)
        lines: Lines = []
        for saying, who in zip(sayings, whos, strict=True):
            inset = indent + (column + _GAP if two else 2)
            told = self._told(saying, self.width - inset)
            if two:
                lines += _beside(_indented(self._wrapped(who, column), indent), told, inset)
            else:
                lines += [
                    *_indented(self._wrapped(who, self.width - indent), indent),
                    *_indented(told, inset),
                ]
            if self._apart(saying) and saying is not sayings[-1]:
                lines.append(RichText())
        return lines

    def _told(self, saying: Saying, width: int) -> Lines:
        """The words, what stands around them, their notes behind or under them, and the articles."""
        text, notes = self._text(saying.words), self._text(saying.notes)
        notes.stylize_before("dim")
        if not self._apart(saying):
            return self._wrapped(RichText("  ").join([text, notes]) if notes else text, width)
        lines = self._wrapped(text, width)
        if saying.context:
            context = self._text(saying.context)
            context.stylize_before("dim")
            lines += _indented(self._wrapped(context, width - 2), 2)
        links = [i for i in saying.notes if isinstance(i, Link) and _hides(i)]
        notes = self._text(tuple(i for i in saying.notes if i not in links))
        notes = notes[: len(notes.plain.rstrip(" ·"))]
        notes.stylize_before("dim")
        lines += self._wrapped(notes, width)
        for link in links:
            lines += [*self._wrapped(self._text((link,)), width), *self._addresses([link])]
        for source in saying.sources:
            lines += [*self._wrapped(self._text(source), width), *self._addresses(source)]
        return lines

    def _apart(self, saying: Saying) -> bool:
        """Whether there is so much behind the words that it stands under them."""
        return bool(saying.context or saying.sources) or self._text(saying.notes).cell_len > _SHORT_NOTES

    def _sources(self, sources: Sources, indent: int) -> Lines:
        """Each on a line of its own with its address behind it, or under it where one does not fit.

        Short ones without any address share lines.
        """
        more: Line = (Text(f"and {counted(sources.more, 'more article')}", Style.QUIET),)
        listed = (*sources.items, more) if sources.more else sources.items
        items = [self._text(item) for item in listed]
        addresses = [self._addresses(source) for source in listed]
        if not any(addresses) and all(item.cell_len <= _SHORT_SOURCE for item in items):
            return self._flowing(items, indent)
        rows = [RichText("  ").join([item, *own]) for item, own in zip(items, addresses, strict=True)]
        if all(indent + row.cell_len <= self.width for row in rows):
            return _indented(rows, indent)
        lines: Lines = []
        for item, own in zip(items, addresses, strict=True):
            lines += _hanging(self._wrapped(item, self.width - indent - 4), indent)
            lines += _indented(own, indent + 4)
        return lines

    def _flowing(self, items: Iterable[RichText], indent: int) -> Lines:
        lines: Lines = []
        for item in items:
            if lines and lines[-1].cell_len + _GAP + item.cell_len <= self.width:
                lines[-1].append(" " * _GAP).append_text(item)
            else:
                lines += _hanging(self._wrapped(item, self.width - indent - 4), indent)
        return lines

    def _choice(self, choice: Choice) -> RichText:
        return RichText.assemble((f"{harmless(choice.label)}  ", "dim"), harmless(choice.command))

    def _running(self, line: Line) -> RichText:
        """As `_text`; addresses stand behind their words, save those of marks like [1]."""
        parts: list[Inline] = []
        for inline in line:
            parts.append(inline)
            if isinstance(inline, Link) and _hides(inline):
                parts.append(Text(f" ({inline.url})"))
        return self._text(tuple(parts))

    def _text(self, line: Line, *, zone: bool = False) -> RichText:
        text = RichText()
        for inline in line:
            match inline:
                case Text():
                    text.append(harmless(inline.text), _STYLES[inline.style])
                case Link():
                    text.append(harmless(inline.text), self._link_style(inline))
                case Moment():
                    text.append(self._moment(inline, zone=zone))
                case Place() | Hint():
                    text.append(harmless(inline.text))
        return text

    def _link_style(self, link: Link) -> RichStyle:
        followed = link.url if self.hyperlinks and _is_address(link.url) else None
        return RichStyle(color="cyan" if followed else None, link=followed)

    def _moment(self, moment: Moment, *, zone: bool) -> str:
        name = moment.timezone or self.timezone
        at = local(moment.at, name)
        clock = f"{at.hour:02}:{at.minute:02}"
        if moment.form is Form.TIME:
            return clock
        day = f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"
        if moment.form is Form.DAY:
            return day
        return f"{day}, {clock} {harmless(name)}" if zone or moment.timezone else f"{day}, {clock}"

    def _addresses(self, line: Iterable[Inline]) -> Lines:
        """The addresses behind the line's words, each whole."""
        links = (i for i in line if isinstance(i, Link) and _hides(i))
        return [RichText(harmless(link.url), RichStyle(dim=True) + self._link_style(link)) for link in links]

    def _wrapped(self, text: RichText, width: int) -> Lines:
        return list(text.wrap(self.console, max(width, 8), overflow="fold"))


def _hides(link: Link) -> bool:
    """Whether its address stands nowhere else: a mark's is among the sources."""
    return link.text != link.url and _MARK.fullmatch(link.text) is None


def _is_address(url: str) -> bool:
    """Whether a terminal may be given it to open: a web address with nothing in it that acts."""
    return _WEB.fullmatch(url) is not None and harmless(url) == url


def _indented(lines: Iterable[RichText], indent: int) -> Lines:
    return [RichText.assemble(" " * indent, line) for line in lines]


def _hanging(lines: Sequence[RichText], indent: int) -> Lines:
    """The first line at the indent, the others four columns further in."""
    return [*_indented(lines[:1], indent), *_indented(lines[1:], indent + 4)]


def _beside(left: Lines, right: Lines, inset: int) -> Lines:
    """Two columns; the right one begins at `inset`."""
    rows: Lines = []
    for one, other in zip_longest(left, right):
        row = one or RichText()
        if other is not None:
            row.append(" " * (inset - cell_len(row.plain))).append_text(other)
        rows.append(row)
    return rows
