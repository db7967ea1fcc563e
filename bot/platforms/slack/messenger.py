"""Posts to Slack's channels and direct messages, and what became of one that may have been lost.

A message in parts is an opening and a thread on it, with a reply a part. All of them bear keys in their metadata, so
that what a crash or a lost answer left behind is found and added to: Slack itself takes a post twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.message import Message
from bot.platforms.slack import limits
from bot.platforms.slack.limits import shortened
from bot.platforms.slack.pacing import LONGEST, Pacer
from bot.platforms.slack.refusals import Gone, NoThreads, Refusals, begun
from bot.platforms.slack.rendering import Post, files, render, render_thread
from bot.platforms.slack.retrying import Requests
from bot.platforms.slack.searching import LONGEST_LOOK, Searches, history
from bot.platforms.slack.uploads import share
from news.addresses import SLACK_CHANNEL, SLACK_MEMBER
from news.channels import Channel, Platform
from news.errors import ChannelLost, PlatformAway

log = structlog.get_logger(__name__)

DELIVERY = "attache_delivery"
"""The type of the metadata that a post bears; its payload is the key."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far our clock may be ahead of Slack's."""
_CHANNEL = re.compile(SLACK_CHANNEL)
_PERSON = re.compile(f"@({SLACK_MEMBER})")


class Clients(Protocol):
    """Who speaks for us in which workspace."""

    async def of(self, channel: Channel) -> AsyncWebClient:
        """The client of the workspace for which the channel is posted to, the same one as long as its token is.

        Raises DeliveryError: ChannelLost where we are in no such workspace.
        """
        ...

    def revoked(self, client: AsyncWebClient) -> None:
        """Slack says that its token is of no use any more."""
        ...


@dataclass(frozen=True, slots=True)
class _Us:
    """Who we are in a workspace."""

    bot: str
    user: str

    def wrote(self, message: dict[str, Any]) -> bool:
        return message.get("bot_id") == self.bot if self.bot else message.get("user") == self.user


class SlackMessenger:
    """Sends to Slack. With `several` workspaces, one that does not let us in holds up no other: its channels are lost.

    A lone one counts as all of Slack, and what is to be posted waits until it lets us in.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        several: bool = False,
        pacer: Pacer | None = None,
        worded: Callable[[Message], Message] = lambda message: message,
    ) -> None:
        """`worded` puts the commands that a message names as they are called in the workspace."""
        self._worded = worded
        self._clients = clients
        self._refusals = Refusals(several)
        self._pacer = pacer or Pacer()
        self._several = several
        self._searches = Searches()
        self._us: WeakKeyDictionary[AsyncWebClient, _Us] = WeakKeyDictionary()

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    async def send(self, channel: Channel, message: Message, *, key: str) -> str:
        """Posts, and returns the post's `ts`. Slack does not know keys: look for a post before sending it again.

        Raises ChannelLost where nothing can be posted any more, DeliveryError, permanent where Slack will not take
        it the next time either, PlatformAway when Slack is down or does not let us in, and DeliveryUnknown when the
        answer was lost.
        """
        message = self._worded(message)
        requests, channel = await self._reach(channel)
        if not message.threaded:
            receipt = await self._post(requests, channel, _named(_rendered(message), key), key)
            await share(requests, channel.external_id, files(message))
            return receipt
        opening, parts = render_thread(message, key=key)
        receipt = await self._post(requests, channel, opening, key)
        with begun():
            await self._add_parts(requests, channel, message, key=key, receipt=receipt, parts=parts)
        await share(requests, channel.external_id, files(message), thread=receipt)
        return receipt

    async def find(self, channel: Channel, *, key: str, after: datetime) -> str | None:
        """The `ts` of our post with this key; None when it was surely not posted.

        Raises DeliveryUnknown where that cannot be told, and DeliveryError where asking again goes on with the search.
        """
        requests, channel = await self._reach(channel, LONGEST_LOOK)
        search = self._searches.of(channel.external_id, key)
        if search.found is not None:
            return search.found
        since = f"{max((after - CLOCKS_DIFFER).timestamp(), 0.0):.6f}"
        with self._refusals.looking(channel):
            us = await self._who_we_are(requests)
            async for message in history(requests, channel, search, oldest=since):
                if us.wrote(message) and key in _keys(message):
                    search.found = str(message["ts"])  # what is to be added to it may take several tries
                    return search.found
        self._searches.over(channel.external_id, key)
        return None

    async def complete(self, channel: Channel, message: Message, *, key: str, receipt: str) -> None:
        """Posts the parts that a thread lacks. Raises as `send`."""
        message = self._worded(message)
        _, parts = render_thread(message, key=key)
        requests, channel = await self._reach(channel)
        search = self._searches.of(channel.external_id, key, receipt)
        known = search.known
        try:
            with self._refusals.looking(channel):
                us = await self._who_we_are(requests)
                async for reply in history(requests, channel, search, ts=receipt):
                    if us.wrote(reply):
                        known.update(_keys(reply))
                    if all(name in known for name, _ in parts):
                        return
        except Gone:
            log.info("what was begun was taken away by somebody", post=key)
            return
        self._searches.over(channel.external_id, key, receipt)  # what is added now it has not seen
        missing = tuple((name, post) for name, post in parts if name not in known)
        await self._add_parts(requests, channel, message, key=key, receipt=receipt, parts=missing)

    async def _reach(self, channel: Channel, longest: float = LONGEST) -> tuple[Requests, Channel]:
        """What asks there, and the channel; somebody (`@U1`) is reached in the conversation with them alone."""
        person = _PERSON.fullmatch(channel.external_id)
        if person is None and not _CHANNEL.fullmatch(channel.external_id):
            raise ChannelLost(
                f"{channel.external_id!r} is no Slack channel: use the channel's id, which begins with C, D or G."
            )
        client = await self._clients.of(channel)
        if client.session is not None and client.session.closed:  # the library would open another one
            raise PlatformAway("Slack is not connected: try again when it is.")
        requests = Requests.begin(
            client,
            self._pacer,
            longest,
            workspace=channel.workspace if self._several else None,
            revoked=lambda: self._clients.revoked(client),
        )
        if person is None:
            return requests, channel
        with self._refusals.reaching(channel):
            opened = await requests.ask(
                "conversations.open", lambda: client.conversations_open(users=person[1])
            )
            return requests, replace(channel, external_id=str(opened["channel"]["id"]))

    async def _post(
        self, requests: Requests, channel: Channel, post: Post, key: str, *, thread: str | None = None
    ) -> str:
        """Posts to the channel, or to a `thread` of ours."""
        within = {"thread_ts": thread} if thread else {}
        with self._refusals.posting(channel, within=thread is not None):
            answer = await requests.post(
                channel.external_id,
                **post.payload,
                **within,
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
            )
            return _ts(answer["ts"])

    async def _add_parts(
        self,
        requests: Requests,
        channel: Channel,
        message: Message,
        *,
        key: str,
        receipt: str,
        parts: Collection[tuple[str, Post]],
    ) -> None:
        """What the thread on the opening lacks; where no thread may be, the opening becomes the whole message."""
        try:
            for name, post in parts:
                await self._post(requests, channel, post, name, thread=receipt)
        except Gone:
            log.info("what was begun was taken away by somebody", post=key)
        except NoThreads:
            await self._become_whole(requests, channel, _named(_rendered(message), key), key, receipt)

    async def _become_whole(
        self, requests: Requests, channel: Channel, post: Post, key: str, receipt: str
    ) -> None:
        arguments = {
            "channel": channel.external_id,
            "ts": receipt,
            **post.payload,
            "metadata": _metadata(key),
        }
        try:
            with self._refusals.posting(channel, within=True):
                await requests.ask(
                    "chat.update", lambda: requests.client.api_call("chat.update", json=arguments)
                )
        except Gone:
            log.info("what was begun was taken away by somebody", post=key)

    async def _who_we_are(self, requests: Requests) -> _Us:
        us = self._us.get(requests.client)
        if us is None:
            answer = await requests.ask("auth.test", requests.client.auth_test)
            us = _Us(str(answer.get("bot_id") or ""), str(answer["user_id"]))
            self._us[requests.client] = us
        return us


@lru_cache(maxsize=16)
def _rendered(message: Message) -> Post:
    """Its blocks, with room for any key: the channels of many workspaces are told the same."""
    (post,) = render(message)
    return post


def _named(post: Post, key: str) -> Post:
    first, *others = post.blocks
    return Post(post.text, ({**first, "block_id": shortened(key, limits.BLOCK_ID)}, *others))


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": DELIVERY, "event_payload": {"key": key}}


def _keys(message: dict[str, Any]) -> Iterator[str]:
    """The keys that a message bears: in its metadata, and as the name of its first block."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == DELIVERY:
        yield str((metadata.get("event_payload") or {}).get("key"))
    for block in (message.get("blocks") or [])[:1]:
        yield str(block.get("block_id"))


def _ts(value: object) -> str:
    """Raises ValueError for what is no message's."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]+\.[0-9]+", value):
        raise ValueError("no ts")
    return value
