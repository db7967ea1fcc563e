"""Files that come with an answer: uploaded where the bot may, else told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.platforms.slack import limits
from bot.platforms.slack.blocks import context, taken
from bot.platforms.slack.failures import SLACK_FAILURES
from bot.platforms.slack.limits import length, shortened
from bot.platforms.slack.markup import escape
from bot.platforms.slack.pacing import TooLate
from bot.platforms.slack.rendering import File, Post
from bot.platforms.slack.retrying import Requests
from bot.platforms.slack.uploads import share

log = structlog.get_logger(__name__)

_AROUND = 200
"""Characters that a block takes beside its words."""


async def hand_over(requests: Requests, user: str, file: File) -> bool:
    """Posts it where only this person and the bot are; whether Slack took it."""
    try:
        opened = await requests.ask(
            "conversations.open", lambda: requests.client.conversations_open(users=user)
        )
        channel = str(opened["channel"]["id"])
    except (*SLACK_FAILURES, TooLate, KeyError, TypeError) as error:
        log.info("slack opens no conversation", user=user, error=str(error))
        return False
    return await share(requests, channel, [file])


def in_words(post: Post, files: Sequence[File]) -> Post:
    """The post with what its pictures show under it, above the buttons, as far as there is room."""
    blocks = list(post.blocks)
    at = next((n for n, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    for file in files:
        room = limits.TOTAL - taken(blocks).characters - _AROUND
        text = shortened(escape(file.description), max(room, 0))
        if len(blocks) < limits.BLOCKS and length(text) > 1:
            blocks.insert(at, context(text))
            at += 1
    return replace(post, blocks=tuple(blocks))


def words_alone(files: Sequence[File]) -> Post:
    """What pictures show, as a post of its own."""
    first, *others = [context(escape(file.description)) for file in files[: limits.BLOCKS]]
    text = shortened(escape(files[0].description), limits.FALLBACK)
    return Post(text, (first, *others))
