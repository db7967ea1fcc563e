"""What comes twice is answered once: Slack sends again what it thinks nobody heard."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

KEPT = 600.0
"""Seconds: Slack sends an event again until five minutes later."""
MOST = 20_000
"""Ids that are kept at once."""


class Handled(Protocol):
    """What was handled in the last minutes; with several processes on one app, by any of them."""

    async def first(self, id: str) -> bool:  # noqa: A002
        """Whether nobody asked for this id before; from now on somebody has."""
        ...


class Recently:
    """What this process handled."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic, kept: float = KEPT) -> None:
        self._now = now
        self._kept = kept
        self._ids: OrderedDict[str, float] = OrderedDict()

    async def first(self, id: str) -> bool:  # noqa: A002
        """As `Handled.first`."""
        now = self._now()
        while self._ids and (len(self._ids) >= MOST or next(iter(self._ids.values())) <= now - self._kept):
            self._ids.popitem(last=False)
        if id in self._ids:
            return False
        self._ids[id] = now
        return True


def id_of(body: Mapping[str, Any]) -> str:
    """What is the same each time that something comes: empty where Slack gives it no such id.

    The id of a Socket Mode envelope is none: over HTTP there is no envelope, and another process may hear it.
    """
    return str(body.get("event_id") or body.get("trigger_id") or "")
