"""Answers through a `response_url`: to the one who asked, or to all who read the channel."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.failures import CONNECTION_FAILURES, NotShown
from bot.platforms.slack.rendering import Post, render_error

log = structlog.get_logger(__name__)

MOST_USES = 5
"""Slack takes no more answers through one address."""
_TRIES = 3
_LONGEST_WAIT = 30.0
"""Seconds for which Slack's own wish to wait is heeded."""


class Reply:
    """Where one command or press is answered; good for half an hour."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        # Without the library's retries: it would show one answer twice where a reply was lost.
        self._client = AsyncWebhookClient(url, session=session, retry_handlers=[])
        self._left = MOST_USES

    async def show(self, post: Post, *, public: bool = False, replace: bool = False) -> None:
        """Shows it to the one who asked or, where it is `public`, to all; or in the place of what was pressed on.

        Raises NotShown.
        """
        kind = "in_channel" if public else "ephemeral"
        quiet = {"unfurl_links": False, "unfurl_media": False}
        await self._send({**post.payload, "response_type": kind, "replace_original": replace, **quiet})

    async def tell(self, sentence: str) -> None:
        """Tells the one who asked alone, if that can be done."""
        try:
            await self.show(render_error(sentence))
        except NotShown as error:
            log.warning("slack command left unanswered", error=str(error.__cause__ or error))

    async def _send(self, body: dict[str, Any]) -> None:
        if not self._left:
            raise NotShown("the address for answers is used up")
        self._left -= 1
        for attempt in range(_TRIES):
            try:
                answer = await self._client.send_dict(body)
            except CONNECTION_FAILURES as error:
                raise NotShown(f"Slack cannot be reached: {error}") from error
            if answer.status_code != 429:
                break
            if attempt < _TRIES - 1:
                await asyncio.sleep(_seconds(answer.headers.get("Retry-After")))
        if answer.status_code != 200:
            raise NotShown(f"status {answer.status_code}: {answer.body[:200]}")


def _seconds(named: str | None) -> float:
    try:
        return min(max(float(named or 1), 0.0), _LONGEST_WAIT)
    except ValueError:
        return 1.0
