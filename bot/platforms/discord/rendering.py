"""Messages as Discord embeds: which parts are shown, where each stands, and what is left out for length.

Nothing is cut in two. What does not fit is left out whole, and a line says how much that was. Every part gets
its heading and its first source first, then each part its first words with the sources of these, and so on in
turns: a long digest names all its stories rather than telling half of them. Sources that no words refer to
come last; those without room are counted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import discord

from bot.messages.harmless import harmless
from bot.messages.message import Heading, Message
from bot.messages.wording import counted
from bot.platforms.discord import limits
from bot.platforms.discord.choices import buttons_of
from bot.platforms.discord.filling import fill, whole
from bot.platforms.discord.limits import length, shortened
from bot.platforms.discord.markup import escape, render_line
from bot.platforms.discord.parts import SPARE, Part, Unit, parts_of

ACCENT = 0x2F5D8A


def render(message: Message, *, key: str | None = None) -> list[discord.Embed]:
    """The message as one to ten embeds within Discord's limits.

    The last one's footer carries `key`, or what the message's buttons need to find there.
    """
    footer = key or buttons_of(message.choices).footer
    parts = [part for part in parts_of(message, most=limits.EMBEDS) if part.shows]
    shown = fill(parts, limits.TOTAL - SPARE - length(footer))
    embeds = [_embed(part) for part in shown]
    missing = _missing([part for part in parts if not any(part is one for one in shown)])
    if not embeds:
        embeds = [discord.Embed(description=missing or "Nothing to show.", colour=ACCENT)]
    elif missing:
        embeds[-1].description = f"{embeds[-1].description or ''}\n{missing}".strip()
    if footer:
        embeds[-1].set_footer(text=footer)
    return embeds


def render_thread(
    message: Message, *, key: str
) -> tuple[list[discord.Embed], tuple[list[discord.Embed], ...]]:
    """The message as an opening that names its parts, and a message or more for each of them, where all of it stands.

    The opening's last embed carries `key` in its footer, the messages after it `key-1`, `key-2` and so on.
    """
    opening, *parts = parts_of(message)
    closing = [parts.pop()] if parts and not (parts[-1].title or parts[-1].head) else []
    opening.units = (*opening.units, *_contents(message))
    opened = _fill_embeds([opening, *closing], room=limits.TOTAL - SPARE - length(key))
    if not opened:
        opened = [discord.Embed(description="Nothing to show.", colour=ACCENT)]
    opened[-1].set_footer(text=key)
    told = []
    for number, pages in enumerate(_packed(parts, room=limits.TOTAL - length(key) - SPARE), start=1):
        told.append([_embed(page) for page in pages])
        told[-1][-1].set_footer(text=f"{key}-{number}")
    return opened, tuple(told)


def files(message: Message) -> list[discord.File]:
    """The files that come with the message; each can be sent once.

    They stand beside the embeds, not in one: there Discord shows nobody what a picture says in words.
    """
    return [
        discord.File(
            io.BytesIO(file.content),
            filename=file.name,
            description=shortened(harmless(file.description), limits.DESCRIBED) or None,
        )
        for file in message.attachments
    ]


def render_error(sentence: str) -> str:
    """A sentence as a message's plain content."""
    half = limits.CONTENT // 2 - 1  # a character becomes two at most: escaped, or counted as two
    words = sentence.strip()
    return escape(words if len(words) <= half else words[:half] + "…").strip() or "That did not work."


def _contents(message: Message) -> Iterator[Unit]:
    """A line for each heading."""
    for heading in (block for block in message.blocks if isinstance(block, Heading)):
        rank = f"**{heading.rank}**" if heading.rank is not None else ""
        named = filter(None, (rank, render_line(heading.line), render_line(heading.aside)))
        if text := " · ".join(named):
            yield Unit(text, run=0, joint="\n")


def _fill_embeds(parts: Sequence[Part], *, room: int) -> list[discord.Embed]:
    return [_embed(part) for part in fill([part for part in parts if part.shows], room)]


def _packed(parts: Sequence[Part], *, room: int) -> Iterator[list[Part]]:
    """The embeds of each message: as many of one part as one message takes."""
    for part in parts:
        if not part.shows:
            continue
        pages: list[Part] = []
        taken = 0
        for page in whole(part):
            more = _length(page)
            if taken + more > room or len(pages) == limits.EMBEDS:
                yield pages
                pages, taken = [], 0
            pages.append(page)
            taken += more
        yield pages


def _length(part: Part) -> int:
    return length(part.title) + length(part.description())


def _embed(part: Part) -> discord.Embed:
    return discord.Embed(title=part.title or None, description=part.description() or None, colour=ACCENT)


def _missing(parts: Sequence[Part]) -> str:
    """Which parts found no room at all."""
    stories = sum(part.what == "story" for part in parts)
    told = [counted(stories, "more story", "more stories")] if stories else []
    if others := len(parts) - stories:
        told.append(counted(others, "more part"))
    return f"-# … {' and '.join(told)} left out for length" if told else ""
