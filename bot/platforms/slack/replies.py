"""Answers through a `response_url`: to the one who asked, or to all who read the channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.platforms.slack.failures import CONNECTION_FAILURES, NotShown, PerhapsShown, kind_of
from bot.platforms.slack.rendering import Post, render_error

log = structlog.get_logger(__name__)

MOST_USES = 5
"""Slack takes no more answers through one address."""
_TRIES = 3
_LONGEST_WAIT = 30.0
"""Seconds for which Slack's own wish to wait is heeded."""
_AGAIN_AFTER = 0.4
"""Seconds after which it is tried again where Slack could not be reached, or was down."""
_TOO_MANY = 429
_NOT_TAKEN = frozenset({_TOO_MANY, 503})
_ERROR = re.compile(r'(?:\{"ok":\s*false,\s*"error":\s*")?([a-z_]{1,40})(?:"\})?')


class Reply:
    """Where one command or press is answered; good for half an hour."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, limited: Callable[[], None] = lambda: None
    ) -> None:
        """`limited` is called where Slack refuses an answer as one too many."""
        # Without the library's retries: it would show one answer twice where a reply was lost.
        self._client = AsyncWebhookClient(url, session=session, retry_handlers=[])
        self._left = MOST_USES
        self._limited = limited

    async def show(self, post: Post, *, public: bool = False, replace: bool = False) -> None:
        """Shows it to the one who asked or, where it is `public`, to all; or in the place of what was pressed on.

        Raises NotShown.
        """
        # What is replaced stays as public or private as it was: Slack takes the one or the other.
        how: dict[str, Any] = (
            {"replace_original": True}
            if replace
            else {"replace_original": False, "response_type": "in_channel" if public else "ephemeral"}
        )
        await self._send({**post.payload, **how, "unfurl_links": False, "unfurl_media": False})

    async def tell(self, sentence: str) -> None:
        """Tells the one who asked alone, if that can be done."""
        try:
            await self.show(render_error(sentence))
        except NotShown as error:
            log.warning("slack command left unanswered", error=str(error))

    async def _send(self, body: dict[str, Any]) -> None:
        if not self._left:
            raise NotShown("the address for answers is used up")
        self._left -= 1
        for left in reversed(range(_TRIES)):
            try:
                answer = await self._client.send_dict(body)
            except aiohttp.ClientConnectorError as error:  # nothing was sent
                if not left:
                    raise NotShown(f"Slack cannot be reached: {kind_of(error)}") from None
                await asyncio.sleep(_AGAIN_AFTER)
                continue
            except CONNECTION_FAILURES as error:
                raise PerhapsShown(f"no reply from Slack: {kind_of(error)}") from None
            if answer.status_code == _TOO_MANY:
                self._limited()
            if answer.status_code not in _NOT_TAKEN or not left:
                break
            await asyncio.sleep(_seconds(answer))
        if answer.status_code != 200:
            told = _ERROR.fullmatch(answer.body.strip())
            raise NotShown(f"status {answer.status_code}{f': {told[1]}' if told else ''}")


def _seconds(answer: WebhookResponse) -> float:
    named = answer.headers.get("Retry-After")
    if named is None and answer.status_code != _TOO_MANY:
        return _AGAIN_AFTER
    try:
        return min(max(float(named or 1), 0.0), _LONGEST_WAIT)
    except ValueError:
        return 1.0
