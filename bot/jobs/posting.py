"""Posting: brings what is to be told to its channel, once or accounted for, whatever it is.

A post is marked `sending` before the platform hears of it, so that after a crash we know to ask the platform
before posting again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.jobs import stopwatch
from bot.jobs.keeping import STORE_FAILS
from news.channels import DeliveryState
from news.errors import ChannelLost, DeliveryError, DeliveryUnknown, PlatformAway

if TYPE_CHECKING:
    from bot.messages.message import Message
    from bot.ports import Messenger
    from news.channels import Channel, Platform

log = structlog.get_logger(__name__)

ATTEMPTS = 14
"""How often a post is tried before it counts as failed: with the pauses below, for about four hours."""
PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(minutes=30)
"""Before the second try; it doubles with each."""
ABANDONED = timedelta(minutes=2)
"""After so long nobody is still sending what is marked as being sent."""
STOPPED = ABANDONED.total_seconds() / 2
"""Seconds after its claim in which a post must have been begun; the process was stopped, or its machine slept."""

Messengers = Mapping["Platform", "Messenger"]


class Tried(Protocol):
    """Something on its way, and how that has gone so far."""

    @property
    def state(self) -> DeliveryState: ...
    @property
    def touched(self) -> datetime:
        """When its state was last set."""
        ...

    @property
    def attempts(self) -> int: ...


class Post(Tried, Protocol):
    """One message on its way to one channel, as the store has it."""

    @property
    def channel(self) -> Channel: ...
    @property
    def key(self) -> str:
        """What the platform is told to recognise it by."""
        ...

    @property
    def group(self) -> object:
        """Whom it is for: those of one take turns with those of others."""
        ...

    @property
    def kind(self) -> str:
        """`digest` or `notice`."""
        ...

    @property
    def ids(self) -> Mapping[str, int]:
        """What logs name it by: whose it is, and which delivery or notice."""
        ...

    @property
    def since(self) -> datetime:
        """A moment before which it was not posted."""
        ...

    async def message(self) -> Message | None:
        """What was being posted; None where it is one message that is there or not."""
        ...

    async def claim(self) -> tuple[Post, Message] | None:
        """Marks it as being sent, one attempt more; None when somebody else has it in hand, or nothing is to be told."""
        ...

    async def mark(
        self,
        state: DeliveryState,
        *,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> bool:
        """Sets the state; whether it was still ours to set."""
        ...

    async def give_up(self, error: DeliveryError) -> None:
        """Before it counts as failed: what it held is to be told in another way, where there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    failed: int = 0


def is_due(tried: Tried, now: datetime) -> bool:
    """Whether it is time to try: at once at first, then after pauses that grow."""
    since = abs(now - tried.touched)  # a clock that was set back makes nobody wait until it is there again
    if tried.state is DeliveryState.SENDING:
        return since >= ABANDONED
    if tried.attempts == 0:
        return True
    pause: timedelta = min(PAUSE * 2 ** (min(tried.attempts, 12) - 1), LONGEST_PAUSE)
    return since >= pause


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one post."""

    state: DeliveryState | None
    """The state that it got to; None when another process has it in hand."""
    asked: bool = False
    """Whether the platform answered."""
    away: str = ""
    """Why the platform seems to be down."""


async def settle(post: Post, messenger: Messenger) -> Outcome:
    """Brings the post as far as it gets today."""
    if post.state is not DeliveryState.SENDING:
        return await _send(post, messenger)
    try:
        receipt = await messenger.find(post.channel, key=post.key, after=post.since)
    except (DeliveryUnknown, ChannelLost) as error:
        return Outcome(await _mark(post, DeliveryState.UNKNOWN, error=str(error)), asked=True)
    except DeliveryError as error:
        # Whether it is there is not known yet. That it is looked for is no try of it, and as it may be there, what it
        # holds is told again by nobody.
        waiting = DeliveryState.UNKNOWN if error.permanent else DeliveryState.SENDING
        return Outcome(await _mark(post, waiting, error=str(error)), asked=True, away=_away(error))
    return await (_send(post, messenger) if receipt is None else _complete(post, messenger, receipt))


async def _complete(post: Post, messenger: Messenger, receipt: str) -> Outcome:
    """What was found lacks nothing any more."""
    try:
        if (message := await post.message()) is not None:
            await messenger.complete(post.channel, message, key=post.key, receipt=receipt)
    except DeliveryError as error:
        away = _away(error)
        attempts = post.attempts if away else post.attempts + 1
        state = await _try_later(post, error, DeliveryState.SENDING, attempts)
        return Outcome(state, asked=True, away=away)
    return Outcome(await _mark(post, DeliveryState.SENT, receipt=receipt), asked=True)


async def _send(post: Post, messenger: Messenger) -> Outcome:
    attempts, begun = post.attempts, stopwatch.seconds()
    taken = await post.claim()
    if taken is None:
        return Outcome(None)
    claimed, message = taken
    if stopwatch.seconds() - begun > STOPPED:
        # By now another process may have looked for it, and posted it: so do we, and not before it would.
        log.warning("stopped while it was being posted, will look for the post", post=claimed.key)
        return Outcome(DeliveryState.SENDING)
    try:
        receipt = await messenger.send(claimed.channel, message, key=claimed.key)
    except DeliveryUnknown as error:
        log.warning("answer lost, will look for the post", post=claimed.key, error=str(error))
        return Outcome(DeliveryState.SENDING, asked=True, away=str(error))
    except PlatformAway as error:
        # It was not the post's fault: while the platform is down no try of it counts.
        state = await _mark(claimed, DeliveryState.PENDING, error=str(error), attempts=attempts)
        return Outcome(state, asked=True, away=str(error))
    except DeliveryError as error:
        return Outcome(await _try_later(claimed, error, DeliveryState.PENDING), asked=True)
    try:
        return Outcome(await _mark(claimed, DeliveryState.SENT, receipt=receipt), asked=True)
    except STORE_FAILS:
        log.warning("posted, but the store could not note it; the post will be looked for", post=claimed.key)
        raise


def _away(error: DeliveryError) -> str:
    """Why the platform seems to be down, if that is it."""
    return str(error) if isinstance(error, PlatformAway) else ""


async def _try_later(
    post: Post, error: DeliveryError, waiting: DeliveryState, attempts: int | None = None
) -> DeliveryState | None:
    """Waits in that state, unless trying again cannot help."""
    if not error.permanent and post.attempts < ATTEMPTS:
        return await _mark(post, waiting, error=str(error), attempts=attempts)
    await post.give_up(error)
    return await _mark(post, DeliveryState.FAILED, error=str(error))


async def _mark(
    post: Post,
    state: DeliveryState,
    *,
    receipt: str | None = None,
    error: str | None = None,
    attempts: int | None = None,
) -> DeliveryState | None:
    marked = await post.mark(state, receipt=receipt, error=error, attempts=attempts)
    level = log.warning if error else log.info
    level("post", post=post.key, state=str(state), error=error)
    return state if marked else None
