"""Searches through a channel or a thread for posts of ours: one that Slack does not answer at once goes on where it stopped.

Of some apps Slack takes one look a minute, of fifteen messages. So a search may take several tries, and whoever asks is
told nothing before it is complete. Between two tries another process may post: so what is newest is read in the last one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.refusals import Answer, Gone
from bot.platforms.slack.retrying import Requests
from news.channels import Channel
from news.errors import DeliveryUnknown

LOOK_THROUGH = 1000
"""Messages of a channel that are looked through for a lost post."""
PAGE = 200
"""Messages that are asked for at one time; Slack may give fewer."""
LONGEST_LOOK = 15.0
"""Seconds that one try of a search may take: others wait to be posted, and where Slack wants a longer rest a later try
goes on."""
_KEPT = 1000
"""Searches that are remembered."""
_STALE = frozenset({"invalid_cursor"})


@dataclass(slots=True)
class Search:
    """How far one has come."""

    cursor: str | None = None
    since: str | None = None
    """Older messages than that are looked through already, where some are."""
    newest: str | None = None
    """The `ts` of the newest message seen so far."""
    seen: int = 0
    known: set[str] = field(default_factory=set)
    """Keys of posts that were found in a thread."""
    found: str | None = None
    """The `ts` of what was looked for in a channel, once it is known."""

    def again(self) -> None:
        """It begins anew; what it found stays."""
        self.cursor, self.seen = None, 0

    def saw(self, messages: list[dict[str, Any]]) -> bool:
        """Notes a page; whether the newest message seen so far is in it."""
        if not messages:
            return False
        newest = max((str(message["ts"]) for message in messages), key=float)
        if self.newest is not None and float(newest) < float(self.newest):
            return False
        self.newest = newest
        return True

    def go_on_with_newer(self) -> None:
        """What there was is looked through; what came since it was begun is next."""
        self.cursor, self.since = None, self.newest


class Searches:
    """Those that are not over. After a restart they begin anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Search] = OrderedDict()

    def of(self, *what: str) -> Search:
        """The search for that, begun or not."""
        search = self._kept.setdefault(what, Search())
        self._kept.move_to_end(what)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return search

    def over(self, *what: str) -> None:
        """It is complete, or nobody wants to know any more."""
        self._kept.pop(what, None)


async def history(
    requests: Requests, channel: Channel, search: Search, *, oldest: str | None = None, ts: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """The messages of a channel since `oldest`, or of the thread on the one with that `ts`, from where `search` stopped.

    It ends when all were seen that were there as this try began. Raises DeliveryUnknown where there are more than can be
    looked through, and Gone where there is no such thread.
    """
    has_newest = search.cursor is None  # an earlier try's page shows nothing that was posted since
    while True:
        page = await _page(requests, channel.external_id, search, search.since or oldest, ts)
        has_newest |= search.saw(page["messages"])
        for message in page["messages"]:
            yield message
        search.seen += len(page["messages"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor and not page.get("has_more"):
            if has_newest:
                return
            search.go_on_with_newer()
            has_newest = True
            continue
        if not cursor or search.seen >= LOOK_THROUGH:
            raise DeliveryUnknown(
                f"Channel {channel.external_id} has too many messages to look for a lost post: look there."
            )
        search.cursor = cursor


async def _page(
    requests: Requests, channel: str, search: Search, oldest: str | None, ts: str | None
) -> dict[str, Any]:
    try:
        answer = await _asked(requests, channel, search, oldest, ts)
    except SlackApiError as error:
        told = Answer.of(error)
        if ts and told.is_gone:
            raise Gone from error
        if search.cursor is None or told.error not in _STALE:
            raise
        search.again()
        answer = await _asked(requests, channel, search, oldest, ts)
    if not isinstance(answer.data, dict):
        raise TypeError("no page")
    return answer.data


async def _asked(
    requests: Requests, channel: str, search: Search, oldest: str | None, ts: str | None
) -> AsyncSlackResponse:
    method = "conversations.replies" if ts else "conversations.history"
    asked = {
        "channel": channel, "cursor": search.cursor, "oldest": oldest, "ts": ts, "limit": PAGE,
        "include_all_metadata": True,
    }  # fmt: skip
    given = {name: value for name, value in asked.items() if value is not None}
    return await requests.ask(method, lambda: requests.client.api_call(method, http_verb="GET", params=given))
