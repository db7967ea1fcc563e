"""Home tabs as they were last published: what was looked up earlier never takes the place of what was looked up later."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.platforms.slack.failures import SLACK_FAILURES
from bot.platforms.slack.pacing import TooLate
from bot.platforms.slack.refusals import Answer
from bot.platforms.slack.retrying import Requests

log = structlog.get_logger(__name__)

_KEPT = 1000
"""Tabs that are remembered."""

View = dict[str, Any]


@dataclass(slots=True)
class _Tab:
    """One person's."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    begun: int = 0
    """How many were begun to be looked up."""
    shown: int = 0
    """Which of them is shown."""
    hash: str | None = None
    """By which Slack knows what is shown."""


class Tabs:
    """Those of everybody."""

    def __init__(self) -> None:
        self._tabs: OrderedDict[tuple[str, str], _Tab] = OrderedDict()

    async def show(
        self,
        requests: Requests,
        team: str,
        user: str,
        look_up: Callable[[], Awaitable[View]],
        known: str | None,
    ) -> None:
        """Looks up what is to be seen by somebody of that workspace and publishes it; `known` is the hash of what is
        there, as Slack told it.

        Where another process has published something meanwhile it is looked up anew, and replaces that.
        """
        tab = self._of(team, user)
        tab.begun += 1
        number, before = tab.begun, tab.shown
        view = await look_up()
        async with tab.turn:
            if tab.shown > number:
                return
            published = await _publish(requests, user, view, tab.hash if tab.shown != before else known)
            if published is _Other:
                tab.begun += 1
                number = tab.begun
                published = await _publish(requests, user, await look_up(), None)
            if isinstance(published, str):
                tab.shown, tab.hash = number, published

    def _of(self, team: str, user: str) -> _Tab:
        tab = self._tabs.setdefault((team, user), _Tab())
        self._tabs.move_to_end((team, user))
        if len(self._tabs) > _KEPT:
            self._tabs.popitem(last=False)
        return tab


class _Other:
    """What is there is something else than was known."""


async def _publish(requests: Requests, user: str, view: View, known: str | None) -> str | type[_Other] | None:
    """The hash of what is shown now; None where Slack did not take it."""
    expected = {"hash": known} if known else {}
    try:
        answer = await requests.ask(
            "views.publish", lambda: requests.client.views_publish(user_id=user, view=view, **expected)
        )
    except (*SLACK_FAILURES, TooLate) as error:
        if known and isinstance(error, SlackApiError) and Answer.of(error).error == "hash_conflict":
            return _Other
        log.warning("slack takes no home tab", user=user, error=str(error) or type(error).__name__)
        return None
    return str((answer.get("view") or {}).get("hash") or "")
