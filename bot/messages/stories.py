"""The list of stories: which articles tell the same event."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.message import Block, Form, Heading, Link, Message, Moment, Note, Sources, Text, plain
from news.articles import Article
from news.stories import Story


def stories_message(stories: Sequence[Story], timezone: str) -> Message:
    """Each story's name and its articles, newest first."""
    if not stories:
        hint = Note(plain("Widen the time with since, or see all of them with --all."))
        return Message(plain("No story in this time"), (hint,), timezone=timezone)
    blocks: list[Block] = []
    for rank, story in enumerate(stories, start=1):
        blocks.append(Heading(plain(story.name), rank=rank))
        blocks.append(Sources(tuple(_line(reading.article) for reading in story.readings)))
    title = f"{len(stories)} {'story' if len(stories) == 1 else 'stories'}"
    return Message(plain(title), tuple(blocks), timezone=timezone)


def _line(article: Article) -> tuple[Text | Link | Moment, ...]:
    words = article.title or article.key
    head: Text | Link = Link(words, article.url) if article.url else Text(words)
    return (
        Text(f"{article.outlet or 'unknown outlet'}, "),
        Moment(article.published, Form.FULL) if article.published else Text("no date"),
        Text("  "),
        head,
    )
