"""The outbox: many posts at one time, in turns between those they are for, one after the other in each channel."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog

from bot.courtesy import Pause, at_once
from bot.jobs.breaker import Breaker
from bot.jobs.keeping import STORE_FAILS
from bot.jobs.posting import Delivered, Messengers, Outcome, Post, settle
from bot.ports import UNCOUNTED, Meter
from news.channels import DeliveryState
from news.errors import NotFound

if TYPE_CHECKING:
    from bot.ports import Clock
    from news.channels import Channel, Platform

log = structlog.get_logger(__name__)

WORKERS = 32
"""Posts under way at one time: at 49 a second, enough where an answer takes half a second."""

Breakers = Mapping["Platform", Breaker]


class Outbox:
    """Posts are put in while others are on their way; leaving it waits for all of them.

    Posts for one workspace take turns with those for others, so that one with many channels holds up nobody.
    Leaving raises StoreError and its kinds, once the store failed: the rest stays as the store has it.
    """

    def __init__(
        self,
        messengers: Messengers,
        clock: Clock,
        breakers: Breakers | None = None,
        meter: Meter = UNCOUNTED,
        pause: Pause = at_once,
    ) -> None:
        self._messengers = messengers
        self._meter = meter
        self._pause = pause
        self._breakers = breakers or {platform: Breaker() for platform in messengers}
        self._clock = clock
        self._waiting: dict[object, dict[Channel, deque[Post]]] = {}
        """By whom they are for and where they go, who waits longest for a turn first."""
        self._busy: dict[Channel, Post] = {}
        """Where somebody is posting, and what: others leave these channels to them."""
        self._workers: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._sent = self._failed = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.clear()
        if isinstance(error, asyncio.CancelledError):  # they had their time to finish: the store knows them
            await self._cancel()
        try:
            while self._workers:
                await asyncio.wait(self._workers)
        except asyncio.CancelledError:
            await self._cancel()
            raise
        if error is None and self._failure is not None:
            raise self._failure

    @property
    def delivered(self) -> Delivered:
        """What became of those that are through."""
        return Delivered(self._sent, self._failed)

    @property
    def works(self) -> bool:
        """Whether the store has not failed so far."""
        return self._failure is None

    @property
    def posts(self) -> Iterator[Post]:
        """Those that are in here: what waits, and what is on its way."""
        yield from self._busy.values()
        for channels in self._waiting.values():
            for waiting in channels.values():
                yield from waiting

    def put(self, post: Post) -> None:
        """Has the post brought as far as it gets today, unless it is in here already."""
        if self._failure is not None or self._has(post):
            return
        self._waiting.setdefault(post.group, {}).setdefault(post.channel, deque()).append(post)
        if len(self._workers) < WORKERS:
            self._start()

    def clear(self) -> None:
        """Takes out what nobody has begun with."""
        self._waiting.clear()

    async def idle(self, *, within: float) -> bool:
        """Whether everything is through after so many seconds at most."""
        if self._workers:
            await asyncio.wait(self._workers, timeout=within)
        return not self._workers

    def _has(self, post: Post) -> bool:
        there = [*self._waiting.get(post.group, {}).get(post.channel, ())]
        if post.channel in self._busy:
            there.append(self._busy[post.channel])
        return any(one.key == post.key for one in there)

    def _start(self) -> None:
        worker = asyncio.create_task(self._work())
        self._workers.add(worker)
        worker.add_done_callback(self._done)

    async def _cancel(self) -> None:
        self.clear()
        for worker in self._workers:
            worker.cancel()
        if self._workers:
            await asyncio.wait(self._workers)

    def _done(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled() and (error := worker.exception()) is not None and self._failure is None:
            self._failure = error
            self.clear()
        if self._free() is not None:  # put in when this one had just looked
            self._start()

    async def _work(self) -> None:
        while self._free() is not None:
            await self._pause()  # nobody has begun with it yet, and it may still be taken out
            post = self._next()
            if post is None:
                return
            self._busy[post.channel] = post
            try:
                with structlog.contextvars.bound_contextvars(**post.ids):
                    await self._settle(post)
            finally:
                del self._busy[post.channel]

    def _next(self) -> Post | None:
        """The first one of who has waited longest for a turn, where nobody posts right now and the platform may be asked.

        What is passed over, as its platform is down, stays as the store has it.
        """
        now = self._clock.now()
        while (free := self._free()) is not None:
            post = self._take(*free)
            if self._breakers[post.channel.platform].allows(now):
                return post
        return None

    def _take(self, group: object, channel: Channel) -> Post:
        channels = self._waiting.pop(group)
        posts = channels.pop(channel)
        post = posts.popleft()
        if posts:
            channels[channel] = posts  # behind the others
        if channels:
            self._waiting[group] = channels
        return post

    def _free(self) -> tuple[object, Channel] | None:
        """Whose turn it is, and in which channel."""
        for group, channels in self._waiting.items():
            for channel in channels:
                if channel not in self._busy:
                    return group, channel
        return None

    async def _settle(self, post: Post) -> None:
        breaker = self._breakers[post.channel.platform]
        try:
            outcome = await settle(post, self._messengers[post.channel.platform])
        except STORE_FAILS as error:
            breaker.untried()
            self._failure = error  # the others fare no better; each stays as the store has it
            self.clear()
        except NotFound as error:  # its workspace was forgotten meanwhile
            breaker.untried()
            log.info("post is not wanted any more", post=post.key, reason=str(error))
        except Exception:  # one post that cannot be settled must not hold up the others
            breaker.untried()
            log.exception("post not settled", post=post.key)
        except BaseException:
            breaker.untried()
            raise
        else:
            self._note(breaker, outcome)
            if outcome.state is not None:
                late = max(self._clock.now() - post.since, timedelta())
                self._meter.settled(post.channel.platform, post.kind, outcome.state, late)

    def _note(self, breaker: Breaker, outcome: Outcome) -> None:
        if outcome.away:
            was_open = breaker.is_open
            breaker.failed(self._clock.now())
            if breaker.is_open and not was_open:
                log.warning("the platform is down; what is to be posted waits", reason=outcome.away)
        elif outcome.asked:
            if breaker.is_open:
                log.info("the platform is there again")
            breaker.worked()
        else:
            breaker.untried()
        self._sent += outcome.state is DeliveryState.SENT
        self._failed += outcome.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
