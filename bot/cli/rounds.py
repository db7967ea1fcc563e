"""The bot's work, round after round."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.cli.connections import breakers_for_all
from bot.roles import INTAKE, JOBS, REREADING, STORIES, Role
from news.errors import AttacheError

if TYPE_CHECKING:
    from bot.jobs.breaker import Breaker
    from bot.jobs.collect import Shelf
    from bot.jobs.retention import Retention
    from bot.ports import Messenger, ReadingJobs
    from bot.wiring import App
    from news.channels import Platform

HOURLY = timedelta(hours=1)
"""How often what stays broken is told."""
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
"""What differs in the words of one failure from beat to beat: an id, a place in memory."""
ALONE: Mapping[Role, tuple[str, ...]] = {
    Role.ALL: (INTAKE, JOBS, STORIES, REREADING),
    Role.BOT: (),
    Role.READER: (INTAKE, JOBS),
    Role.WORKER: (JOBS, STORIES, REREADING),
}


def posting(platform: Platform) -> str:
    """What posting to the platform is called among what one process does at a time."""
    return f"posting to {platform}"


class Rounds:
    """The bot's work, round after round; what fails is told once, tried again with the next beat, and told when it works."""

    def __init__(
        self,
        app: App,
        messengers: Mapping[Platform, Messenger],
        breakers: Mapping[Platform, Breaker] | None = None,
        *,
        jobs: ReadingJobs | None = None,
    ) -> None:
        from bot.jobs.in_turn import TurnReader
        from bot.jobs.lease import Leases
        from bot.jobs.reading import JobReader
        from bot.jobs.rereading import Rereader
        from bot.jobs.timekeeping import Timekeeping

        self._app = app
        self._messengers = messengers
        self._shelf: Shelf = {}
        self._breakers = breakers or breakers_for_all()
        self.leases = Leases(app.store, [*ALONE[app.settings.role], *map(posting, messengers)])
        """What no two processes do at one time."""
        self._failing: dict[str, _Failing] = {}
        self._retention = _retention(app)
        self._intake_times = Timekeeping(app.store, app.clock)
        self._posting_times = Timekeeping(app.store, app.clock)
        self._reread = Rereader(app.store, app.understanding)
        self._jobs = jobs
        self._reader = JobReader(app.store, app.understanding, app.clock)
        self._in_turn = TurnReader(app.store, app.understanding, app.clock)

    @property
    def shares_reading(self) -> bool:
        """Whether articles are handed out to whoever reads; else they are read in turn by `read`."""
        return self._jobs is not None

    @property
    def retains(self) -> bool:
        """Whether anything is ever taken away."""
        return self._retention is not None

    async def take_in(self) -> None:
        """One round of intake: due feeds, and what is to be told of them."""
        import structlog

        from bot.jobs.collect import collect
        from bot.jobs.notices import plan_notices

        app = self._app
        async with self._accounted_for("intake"):
            if not await self.leases.hold(INTAKE):
                return
            await self._intake_times()
            done = await collect(
                app.store,
                app.reader,
                app.clock,
                shelf=self._shelf,
                meter=app.watch.meter,
                pause=app.courtesy.pause("intake"),
            )
            await plan_notices(app.store, app.clock)
            if done.feeds:
                structlog.get_logger("attache").info("intake", **asdict(done))

    async def read(self) -> None:
        """One round of reading: what intake brought is understood and put into stories."""
        import structlog

        from bot.jobs.brief import catch_up

        async with self._accounted_for("reading"):
            app = self._app
            may_place = partial(self.leases.hold, STORIES)
            done = await catch_up(app.store, app.understanding, app.clock, may_place, self._in_turn)
            if done:
                structlog.get_logger("attache").info("reading", articles=done)

    async def offer(self) -> None:
        """Makes jobs of what is unread."""
        from bot.jobs.reading import offer_unread

        assert self._jobs is not None
        async with self._accounted_for("jobs"):
            await offer_unread(self._app.store, self._jobs)

    async def hand_out(self) -> None:
        """Likewise, and takes back what was left behind by who died."""
        from bot.jobs.reading import offer_unread, take_back

        app, jobs = self._app, self._jobs
        assert jobs is not None
        async with self._accounted_for("jobs"):
            for job in await jobs.forgotten():
                await jobs.drop(job)
            if await self.leases.hold(JOBS):
                await take_back(app.store, jobs, app.clock, await jobs.left_behind())
                await offer_unread(app.store, jobs)

    async def do_jobs(self) -> None:
        """Reads articles of jobs until it is cancelled, or that fails."""
        assert self._jobs is not None
        async with self._accounted_for("reading"):
            # One more than can be read at one time, so that no core waits for the store between two articles.
            await self._jobs.work(self._reader, at_once=self._app.understanding.at_once + 1)

    async def put_together(self) -> bool:
        """Puts into stories what was read; whether nothing waits to be read any more, as far as is known."""
        import structlog

        from bot.jobs.brief import cluster

        app, waiting = self._app, True
        async with self._accounted_for("stories"):
            if done := self._reader.done:
                self._reader.done = 0
                structlog.get_logger("attache").info("reading", articles=done)
            async with app.store.read() as uow:
                waiting = bool(await uow.articles.waiting(1))
            if await self.leases.hold(STORIES):
                await cluster(app.store, app.understanding, app.clock)
        return not waiting

    async def reread(self) -> None:
        """Some articles that were read before a target was there get their positions for it."""
        import structlog

        async with self._accounted_for("rereading"):
            if not await self.leases.hold(REREADING):
                return
            done = await self._reread()
            if done:
                structlog.get_logger("attache").info("rereading", articles=done)

    async def deliver(self) -> None:
        """One round of posting: what is due is composed, what is open is sent."""
        from bot.jobs.deliver import deliver

        app = self._app
        async with self._accounted_for("posting"):
            ours = {
                platform: messenger
                for platform, messenger in self._messengers.items()
                if await self.leases.hold(posting(platform))
            }
            if not ours:
                return
            await self._posting_times()

            async def may_post() -> bool:
                return all([await self.leases.hold(posting(platform)) for platform in ours])

            meter = app.watch.meter
            await deliver(app.store, app.clock, ours, self._breakers, may_post, meter, app.courtesy)

    async def may_post(self) -> None:
        """Waits until this process is the one that posts, to one of its platforms at least."""
        await self.leases.won([posting(platform) for platform in self._messengers])

    async def tidy(self, *, at_once: bool = False) -> None:
        """Once a day, or `at_once`: what is too old is taken away."""
        import structlog

        if self._retention is None:
            return
        async with self._accounted_for("retention"):
            if not await self.leases.hold(INTAKE):
                return
            done = await self._retention(at_once=at_once)
            if not done.nothing:
                structlog.get_logger("attache").info("retention", **asdict(done))

    @asynccontextmanager
    async def _accounted_for(self, work: str) -> AsyncIterator[None]:
        import structlog

        log, begun, outcome = structlog.get_logger("attache"), time.monotonic(), "failed"
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it is told
            self._tell(work, error)
        else:
            outcome = "done"
            if self._failing.pop(work, None) is not None:
                log.info("works again", work=work)
        finally:
            self._app.watch.meter.beat(work, outcome, time.monotonic() - begun)

    def _tell(self, work: str, error: Exception) -> None:
        """What was told before is not told again with each beat; what nobody foresaw is, once an hour, without its trace."""
        import structlog

        log, now = structlog.get_logger("attache"), self._app.clock.now()
        known = isinstance(error, AttacheError)
        what = str(error) if known else _NUMBER.sub("#", f"{type(error).__name__}: {error}")
        before = self._failing.get(work)
        if before is not None and before.what == what and (known or now - before.told < HOURLY):
            return
        if known:
            log.error("failed, it is tried again with each beat", work=work, error=what)
        elif before is None or before.what != what:
            log.error("broke, it is tried again with each beat", work=work, exc_info=error)
        else:
            log.error("is still broken, it is tried again with each beat", work=work, error=str(error))
        self._failing[work] = _Failing(what, now)


@dataclass(frozen=True, slots=True)
class _Failing:
    """How a work fails, and when that was told."""

    what: str
    told: datetime


def _retention(app: App) -> Retention | None:
    """What takes away what is too old; None where everything is kept."""
    from bot.jobs.retention import Retention
    from bot.settings import keeps

    keep = keeps(app.settings)
    return None if keep is None else Retention(app.store, app.understanding, app.clock, keep)
