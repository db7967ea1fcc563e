"""Acknowledgements go out as soon as they are given.

By itself Bolt looks every ten milliseconds whether a listener has acknowledged. With `process_before_response` it awaits
the listener instead, which must then have a part of it go on by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

log = structlog.get_logger(__name__)

Listener = Callable[..., Awaitable[None]]


def until_acknowledged(listener: Listener) -> Callable[..., Awaitable[BoltResponse | None]]:
    """The listener for an app that awaits it: it is awaited until it acknowledges, and goes on behind that.

    One that takes no `ack` is acknowledged at once, by Bolt. A failure before the acknowledgement is raised, a later one
    is logged.
    """
    going_on: set[asyncio.Task[None]] = set()  # the event loop holds no task by itself

    @wraps(listener)  # Bolt gives what the names of the arguments ask for
    async def hear(**given: Any) -> BoltResponse | None:  # noqa: ANN401  # Bolt's own
        said: asyncio.Future[BoltResponse | None] = asyncio.get_running_loop().create_future()
        ack = given.get("ack")

        async def acknowledge(*words: Any, **more: Any) -> BoltResponse:  # noqa: ANN401  # Bolt's own
            assert ack is not None
            response: BoltResponse = await ack(*words, **more)
            if not said.done():
                said.set_result(response)
            return response

        if ack is None:
            said.set_result(None)
        else:
            given["ack"] = acknowledge
        working = asyncio.ensure_future(listener(**given))
        going_on.add(working)
        working.add_done_callback(going_on.discard)
        working.add_done_callback(partial(_ended, said))
        return await said

    return hear


def _ended(said: asyncio.Future[BoltResponse | None], working: asyncio.Task[None]) -> None:
    failure = None if working.cancelled() else working.exception()
    if said.done():
        if failure is not None:
            log.error("slack listener failed", exc_info=failure)
    elif failure is not None:
        said.set_exception(failure)
    else:
        said.set_result(None)
