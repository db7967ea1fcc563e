"""A message as parts for Slack: how each of its blocks is written, and what stands large or small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.messages.citing import MARK, addresses_of, marks_of, split_closing, without_links
from bot.messages.message import (
    Block,
    Heading,
    Inline,
    Line,
    Link,
    Message,
    Note,
    Paragraph,
    Remark,
    Saying,
    Sources,
    Style,
    Text,
)
from bot.platforms.slack import blocks as slack
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import APART, Size, Words, divider, header, section
from bot.platforms.slack.limits import length
from bot.platforms.slack.markup import Markup, bold, is_words, italic
from bot.platforms.slack.parts import Part, Unit, left_out

SHORT_NOTES = 30
"""Characters of notes that stand beside a name; longer ones stand under the words."""
_ARTICLES = 1200
"""Length of the list of articles behind one statement; the first is named however long it is."""
_PARTED = "\n\n"
_LONG_LINES = 120
"""Characters that the lines of a list have on average where they are parted by more than their ends."""


def parts_of(message: Message, *, most: int | None = None) -> list[Part]:
    """A part for the title with what follows it, one a heading, and one for the notes that end the message.

    With `most`, those beyond so many that show anything are only opened, but for the last one.
    """
    return _Reader(Markup(message.timezone), _is_ranked(message)).parts(message, most=most)


def contents_of(message: Message) -> Iterator[Unit]:
    """A line for each heading."""
    markup = Markup(message.timezone)
    for heading in (block for block in message.blocks if isinstance(block, Heading)):
        rank = f"*{heading.rank}*" if heading.rank is not None else ""
        named = filter(None, (rank, markup.line(heading.line), markup.line(heading.aside)))
        if text := " · ".join(named):
            yield Unit((Words(text),))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Writes the blocks of one message."""

    markup: Markup
    ranked: bool
    """Whether it tells stories."""

    def parts(self, message: Message, *, most: int | None) -> list[Part]:
        """All of them."""
        opened: list[tuple[Part, list[Block]]] = [(self._titled(message.title), [])]
        blocks, closing = split_closing(message.blocks)
        for block in blocks:
            if isinstance(block, Heading):
                opened.append((self._headed(block), []))
            else:
                opened[-1][1].append(block)
        if closing:
            opened.append((Part(self._parted(), what="notes"), [*closing]))
        shown = 0
        for part, its_blocks in opened:
            if most is not None and shown >= most and part.shows and part is not opened[-1][0]:
                continue
            part.units = self._units(its_blocks, listed=part.what != "story")
            part.more = sum(block.more for block in its_blocks if isinstance(block, Sources))
            shown += part.shows
        return [part for part, _ in opened]

    def _titled(self, title: Line) -> Part:
        """Of stories, a header, and what it does not take in small under it; else a line in bold."""
        strong = [inline for inline in title[:1] if isinstance(inline, Text) and inline.style is Style.STRONG]
        words = title if is_words(title) else tuple(strong)
        shown = self.markup.words(words)
        if not self.ranked or not 0 < length(shown) <= limits.HEADER:
            return Part(self._bold(title))
        rest = self.markup.line(title[len(words) :]).removeprefix("· ")
        return Part((header(shown),), (Words(rest, Size.SMALL),) if rest else ())

    def _bold(self, title: Line) -> tuple[slack.Block, ...]:
        """A title that has no bold words is bold as a whole."""
        text = self.markup.line(title)
        if not any(isinstance(inline, Text) and inline.style is Style.STRONG for inline in title):
            text = bold(text)
        return (section(text),) if text else ()

    def _headed(self, heading: Heading) -> Part:
        """Of a story, its headline with the counts under it, to which its words are joined."""
        rank, what = ("", "part") if heading.rank is None else (f"{heading.rank} · ", "story")
        line = tuple(
            replace(one, style=Style.PLAIN) if isinstance(one, Text) else one for one in heading.line
        )
        headline = self.markup.line(line)
        aside = self.markup.line(heading.aside)
        text = "\n".join(filter(None, (bold(rank + headline) if headline else "", italic(aside))))
        if self.ranked:
            return Part(self._parted(), (Words(text),) if text else (), what=what)
        return Part((section(text),) if text else (), what=what)

    def _parted(self) -> tuple[slack.Block, ...]:
        """Stories are parted from each other, and from the notes under them."""
        return (divider(),) if self.ranked else ()

    def _units(self, blocks: Sequence[Block], *, listed: bool) -> tuple[Unit, ...]:
        """What the blocks show; where nothing refers to their sources and they are no story's, these are a list to read."""
        cited = any(isinstance(block, Paragraph | Remark | Saying) for block in blocks)
        below = addresses_of(blocks)
        units: list[Unit] = []
        said = run = 0
        for before, block in zip((None, *blocks), blocks, strict=False):
            # Remarks that follow each other stand together, as the lines of one list do.
            alike = before is None or type(before) is type(block)
            run += not (isinstance(block, Remark) and isinstance(before, Remark))
            said += isinstance(block, Saying)
            if isinstance(block, Sources) and listed and not cited:
                units += self._listed(block.items, run)
                continue
            units += self._units_of(block, run=run, turn=said, cited=cited, below=below, apart=not alike)
        return tuple(unit for unit in units if unit.words)

    def _listed(self, items: Sequence[Line], run: int) -> Iterator[Unit]:
        """A list to read; an empty line parts what is above it from what is below, and long lines are parted always."""
        lines = [self.markup.line(item) for item in items]
        long = sum(map(len, lines)) > _LONG_LINES * len(lines)
        for before, line in zip(("", *lines), lines, strict=False):
            parted = long or not before
            if line:
                yield Unit((Words(line),), run, joint=_PARTED if parted else "\n")

    def _units_of(
        self, block: Block, *, run: int, turn: int, cited: bool, below: frozenset[str], apart: bool
    ) -> Iterable[Unit]:
        """A statement looks for room in its `turn`; with the first one do remarks, with the next ones further sentences.

        Those `apart` have more room above them than a line's end.
        """
        match block:
            case Paragraph(line=line, further=further):
                for number, sentence in enumerate((line, *further)):
                    words = self._large(without_links(sentence, below), apart=apart)
                    later = number + 1 if number else 0
                    yield Unit(words, run, later, joint=" ", cites=marks_of(sentence))
            case Saying():
                yield self._saying(block, run=run, turn=turn, below=below, apart=apart)
            case Remark(line=line):
                words = self._large(without_links(line, below), apart=apart)
                yield Unit(words, run, min(turn, 1), cites=marks_of(line))
            case Note(line=line):
                yield Unit(self._small(line, apart=apart), run)
            case Sources(items=items) if cited:
                for item in items:
                    mark = next(iter(marks_of(item[:1])), None)
                    yield Unit(self._small(item, apart=apart), run, joint=" · ", source=True, mark=mark)
            case Sources(items=items):
                yield from (Unit(self._small(item, apart=apart), run) for item in items)
            case Heading():
                raise ValueError("a heading begins a part; it does not stand in one")

    def _large(self, line: Line, *, apart: bool) -> tuple[Words, ...]:
        text = self.markup.line(line)
        return (Words(text, gap=_above(Size.LARGE, apart=apart)),) if text else ()

    def _small(self, line: Line, *, apart: bool = False) -> tuple[Words, ...]:
        text = self.markup.line(line)
        return (Words(text, Size.SMALL, _above(Size.SMALL, apart=apart)),) if text else ()

    def _saying(self, saying: Saying, *, run: int, turn: int, below: frozenset[str], apart: bool) -> Unit:
        """Who, the words, their notes and articles; in full also the sentence that the words stand in."""
        notes = without_links(saying.notes, below)
        short = not saying.sources and self._is_short(notes)
        beside = self.markup.line(notes) if short else ""
        who = " · ".join(filter(None, (self.markup.line(saying.who), beside)))
        quoted = self.markup.line(saying.words)
        large = "\n".join(filter(None, (who, f"> {quoted}" if quoted else "")))
        head = (Words(large, gap=_above(Size.LARGE, apart=apart)),) if large else ()
        under = () if short else self._small(notes)
        after = (*under, *self._articles(saying.sources))
        context = self._small(saying.context)
        words, fuller = (*head, *after), (*head, *context, *after) if context else ()
        if apart and not head:
            words, fuller = _parted(words), _parted(fuller)
        return Unit(words, run, turn, cites=marks_of(saying.notes), fuller=fuller)

    def _is_short(self, notes: Line) -> bool:
        """Whether they are marks and a word or two."""
        return all(map(_is_quiet, notes)) and len(self.markup.words(notes)) <= SHORT_NOTES

    def _articles(self, sources: Sequence[Line]) -> Iterator[Words]:
        """A line for each article; addresses can be so long that some must be counted instead."""
        room = _ARTICLES
        for number, line in enumerate(map(self.markup.line, sources)):
            room -= length(line)
            if number and room < 0:
                yield left_out(len(sources) - number, of="article")
                return
            if line:
                yield Words(line, Size.SMALL)


def _is_quiet(inline: Inline) -> bool:
    """Whether it is a mark, blank, or a word on how something was said."""
    match inline:
        case Text(style=Style.QUIET):
            return True
        case Text(text=text) | Link(text=text):
            return not text.strip() or MARK.fullmatch(text) is not None
        case _:
            return False


def _above(size: Size, *, apart: bool) -> str:
    """What stands above words of that size; where they are apart, a blank line, or for small ones the beginning of a block."""
    if not apart:
        return "\n"
    return APART if size is Size.SMALL else _PARTED


def _parted(words: tuple[Words, ...]) -> tuple[Words, ...]:
    """The words, apart from what is above them."""
    if not words:
        return ()
    first, *others = words
    return (replace(first, gap=_above(first.size, apart=True)), *others)


def _is_ranked(message: Message) -> bool:
    return any(isinstance(block, Heading) and block.rank is not None for block in message.blocks)
