"""Messages as posts on Slack: which parts are shown, where each stands, and what is left out for length.

Nothing is cut in two. What does not fit is left out whole, and a line says how much that was. Every part gets
its heading and its first source first, then each part its first words with the sources of these, and so on in
turns: a long digest names all its stories rather than telling half of them. Sources that no words refer to
come last; those without room are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.messages.harmless import harmless
from bot.messages.message import Heading, Line, Message, Paragraph, Saying
from bot.messages.wording import counted
from bot.platforms.slack import limits
from bot.platforms.slack.blocks import Block, Room, context, section, taken
from bot.platforms.slack.buttons import actions
from bot.platforms.slack.filling import MOST_PARTS, fill, whole
from bot.platforms.slack.limits import length, shortened
from bot.platforms.slack.markup import Markup, escape
from bot.platforms.slack.parts import Part
from bot.platforms.slack.units import contents_of, parts_of

_SPARE = Room(250, 1)
"""Kept for the line that says which parts were left out, and for a key."""
_EMPTY = "Nothing to show."


@dataclass(frozen=True, slots=True)
class Post:
    """One message as Slack takes it."""

    text: str
    """What notifications and screen readers tell instead of the blocks: escaped, and short."""
    blocks: tuple[Block, ...]

    @property
    def payload(self) -> dict[str, object]:
        """The arguments of a post."""
        return {"text": self.text, "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a message."""

    name: str
    content: bytes
    description: str
    """Of a picture, the same in words; at most 1,000 characters, empty for other files."""


def render(message: Message, *, key: str | None = None) -> tuple[Post, ...]:
    """The message as one post within Slack's limits; its first block has `key` for its id."""
    buttons = actions(message.choices)
    room = Room(limits.TOTAL, limits.BLOCKS) - _SPARE - taken(buttons)
    return (_post(_fallback(message), [*_filled(parts_of(message, most=MOST_PARTS), room), *buttons], key),)


def render_thread(message: Message, *, key: str) -> tuple[Post, tuple[tuple[str, Post], ...]]:
    """The message as an opening that names its parts, and a reply or more for each of them, where all of it stands.

    The opening's first block has `key` for its id, the replies are called `key-1`, `key-2` and so on.
    """
    room = Room(limits.TOTAL, limits.BLOCKS) - _SPARE
    opening, *parts = parts_of(message)
    closing = [parts.pop()] if parts and parts[-1].what == "notes" else []
    opening.units = (*opening.units, *contents_of(message))
    for part in closing:
        part.opens = ()
    opened = _post(_fallback(message), _filled([opening, *closing], room), key)
    told: list[tuple[str, Post]] = []
    for page, text in _pages(message, parts, room):
        name = f"{key}-{len(told) + 1}"
        told.append((name, _post(text, page.blocks(), name)))
    return opened, tuple(told)


def render_error(sentence: str) -> Post:
    """A sentence that tells why something did not work."""
    words = harmless(sentence).strip() or "That did not work."
    return _post(words, [section(_within(words, limits.SECTION))], None)


def files(message: Message) -> tuple[File, ...]:
    """The files that come with the message."""
    return tuple(
        File(file.name, file.content, shortened(harmless(file.description), limits.DESCRIBED))
        for file in message.attachments
    )


def _post(text: str, blocks: Sequence[Block], key: str | None) -> Post:
    first, *others = blocks
    if key:
        first = {**first, "block_id": shortened(key, limits.BLOCK_ID)}
    return Post(_within(text, limits.FALLBACK), (first, *others))


def _filled(parts: Sequence[Part], room: Room) -> list[Block]:
    """The blocks of what finds room."""
    there = [part for part in parts if part.shows]
    shown = fill(there, room)
    blocks = [block for part in shown for block in part.blocks()]
    if missing := _missing([part for part in there if not any(part is one for one in shown)]):
        blocks.append(context(missing))
    return blocks or [section(_EMPTY)]


def _pages(message: Message, parts: Sequence[Part], room: Room) -> Iterator[tuple[Part, str]]:
    """The replies in a thread, each with its words for notifications."""
    markup = Markup(message.timezone)
    headings = [block for block in message.blocks if isinstance(block, Heading)]
    for part, heading in zip(parts, headings, strict=True):
        rank = f"{heading.rank} · " if heading.rank is not None else ""
        text = f"{rank}{markup.words(heading.line)}".strip() or _EMPTY
        part.opens = tuple(block for block in part.opens if block["type"] != "divider")  # nothing is above it
        if part.shows:
            yield from ((page, text) for page in whole(part, room))


def _missing(parts: Sequence[Part]) -> str:
    """Which parts found no room at all."""
    stories = sum(part.what == "story" for part in parts)
    told = [counted(stories, "more story", "more stories")] if stories else []
    if others := len(parts) - stories:
        told.append(counted(others, "more part"))
    return f"… {' and '.join(told)} left out for length" if told else ""


def _fallback(message: Message) -> str:
    """The title, and the headlines or the first words under it."""
    markup = Markup(message.timezone)
    title = markup.words(message.title, zone=True)
    lines = list(filter(None, (markup.words(line) for line in _telling(message))))
    return ": ".join(filter(None, (title, "; ".join(lines)))) or _EMPTY


def _telling(message: Message) -> Iterator[Line]:
    """The lines that say most of what the message is about."""
    headings = [
        block.line for block in message.blocks if isinstance(block, Heading) and block.rank is not None
    ]
    if headings:
        yield from headings
        return
    for block in message.blocks:
        if isinstance(block, Saying):
            yield block.words
            return
        if isinstance(block, Paragraph):
            yield block.line
            return


def _within(words: str, most: int) -> str:
    """As much of the words as fits when it is escaped."""
    room = most
    while length(text := escape(shortened(words, room))) > most:
        room -= length(text) - most if room > 2 * (length(text) - most) else room // 2
    return text
