"""Requests to Slack: each in its turn, made again where Slack surely did not act, and never where it may have."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.pacing import LONGEST, POST, Pacer
from bot.platforms.slack.refusals import REVOKED, Answer

ANSWER = 20.0
"""Seconds that Slack has for an answer; a shared session has no time-out of the client's."""
_READ_AGAIN_AFTER = 0.2


class ReadingAgain(AsyncConnectionErrorRetryHandler):
    """Reads once more where the connection broke off; a post may have arrived, and is never made again."""

    def __init__(self) -> None:
        super().__init__(1, FixedValueRetryIntervalCalculator(_READ_AGAIN_AFTER))

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if request.method != "GET":
            return False
        return await super()._can_retry_async(state=state, request=request, response=response, error=error)


def retry_handlers() -> list[AsyncRetryHandler]:
    """What the library may try again by itself; limits of rate are `Requests`' own."""
    return [ReadingAgain()]


def make_client(
    token: str | None, session: aiohttp.ClientSession, base_url: str | None = None
) -> AsyncWebClient:
    """A client that shares the session, which is the caller's to close; `base_url` is Slack's own by default."""
    return AsyncWebClient(
        token,
        base_url=base_url or AsyncWebClient.BASE_URL,
        session=session,
        timeout=int(ANSWER),
        retry_handlers=retry_handlers(),
    )


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests to one workspace for one purpose, all of them before `until`, by the pacer's clock."""

    client: AsyncWebClient
    pacer: Pacer
    until: float
    workspace: str
    """Whose share of requests they are of."""
    revoked: Callable[[], None] | None = None
    """Told when Slack says that the client's token is of no use any more."""

    @classmethod
    def begin(
        cls,
        client: AsyncWebClient,
        pacer: Pacer,
        longest: float = LONGEST,
        *,
        workspace: str | None = None,
        revoked: Callable[[], None] | None = None,
    ) -> Requests:
        """They have so many seconds from now on; without a `workspace` there is one, that of the token."""
        return cls(client, pacer, pacer.now() + longest, workspace or client.token or "", revoked)

    async def post(self, channel: str, **arguments: object) -> AsyncSlackResponse:
        """Posts a message. Raises TooLate, and what the library raises: SlackApiError and its connection's errors."""

        async def post() -> AsyncSlackResponse:
            return await self.client.api_call(POST, json={"channel": channel, **arguments})

        return await self._until_taken(POST, channel, post)

    async def ask(
        self, method: str, request: Callable[[], Awaitable[AsyncSlackResponse]]
    ) -> AsyncSlackResponse:
        """Any other request, made once more after Slack refused it as one too many. Raises likewise."""
        return await self._until_taken(method, "", request)

    async def turn(self, method: str, channel: str = "") -> None:
        """Returns when the request may be made; raises TooLate."""
        if method == POST:
            await self.pacer.post(self.workspace, channel, self.until)
        else:
            await self.pacer.ask(self.workspace, method, self.until)

    async def _until_taken(
        self, method: str, channel: str, request: Callable[[], Awaitable[AsyncSlackResponse]]
    ) -> AsyncSlackResponse:
        while True:
            await self.turn(method, channel)
            try:
                async with asyncio.timeout(ANSWER):
                    return await request()
            except SlackApiError as error:
                answer = Answer.of(error)
                if answer.error in REVOKED and self.revoked is not None:
                    self.revoked()
                if not answer.is_limit:
                    raise
                self.pacer.limited(self.workspace, method, channel, answer.retry_after)
