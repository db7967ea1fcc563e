"""The bot's work, round after round."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.connections import breakers_for_all
from news.errors import AttacheError

if TYPE_CHECKING:
    from bot.jobs.breaker import Breaker
    from bot.jobs.collect import Shelf
    from bot.jobs.retention import Retention
    from bot.ports import Messenger
    from bot.wiring import App
    from news.channels import Platform


class Rounds:
    """The bot's work, round after round; what fails is told once, tried again with the next beat, and told when it works."""

    def __init__(
        self,
        app: App,
        messengers: Mapping[Platform, Messenger],
        breakers: Mapping[Platform, Breaker] | None = None,
    ) -> None:
        from bot.jobs.lease import Lease
        from bot.jobs.rereading import Rereader

        self._app = app
        self._messengers = messengers
        self._shelf: Shelf = {}
        self._breakers = breakers or breakers_for_all()
        self._turn = Lease(app.store, app.clock, "posting")
        self._failing: dict[str, str] = {}
        self._retention = _retention(app)
        self._reread = Rereader(app.store, app.understanding)

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
            done = await collect(app.store, app.reader, app.clock, shelf=self._shelf)
            await plan_notices(app.store, app.clock)
            if done.feeds:
                structlog.get_logger("attache").info(
                    "intake", feeds=done.feeds, failed=done.failed, articles=done.articles
                )

    async def read(self) -> None:
        """One round of reading: what intake brought is understood and put into stories."""
        import structlog

        from bot.jobs.brief import catch_up

        async with self._accounted_for("reading"):
            done = await catch_up(self._app.store, self._app.understanding, self._app.clock)
            if done:
                structlog.get_logger("attache").info("reading", articles=done)

    async def reread(self) -> None:
        """Some articles that were read before a target was there get their positions for it."""
        import structlog

        async with self._accounted_for("rereading"):
            done = await self._reread()
            if done:
                structlog.get_logger("attache").info("rereading", articles=done)

    async def deliver(self) -> None:
        """One round of posting: what is due is composed, what is open is sent; then notices are."""
        from bot.jobs.deliver import deliver
        from bot.jobs.notices import send_notices

        app = self._app
        async with self._accounted_for("posting"):
            await deliver(app.store, app.clock, self._messengers, self._breakers, self._turn.hold)
            if await self._turn.hold():
                await send_notices(app.store, app.clock, self._messengers, self._breakers)

    async def leave(self) -> None:
        """At the end: another process may post at once."""
        async with self._accounted_for("posting"):
            await self._turn.give_back()

    async def tidy(self) -> None:
        """Once a day: what is too old is taken away."""
        import structlog

        if self._retention is None:
            return
        async with self._accounted_for("retention"):
            done = await self._retention()
            if not done.nothing:
                structlog.get_logger("attache").info("retention", **asdict(done))

    @asynccontextmanager
    async def _accounted_for(self, work: str) -> AsyncIterator[None]:
        import structlog

        log = structlog.get_logger("attache")
        try:
            yield
        except AttacheError as error:
            if self._failing.get(work) != str(error):
                log.error("failed, it is tried again with each beat", work=work, error=str(error))
            self._failing[work] = str(error)
        except Exception:
            log.exception("broke, it is tried again with the next beat", work=work)
        else:
            if self._failing.pop(work, None) is not None:
                log.info("works again", work=work)


def _retention(app: App) -> Retention | None:
    """What takes away what is too old; None where everything is kept."""
    from bot.jobs.retention import Retention
    from bot.settings import keeps

    keep = keeps(app.settings)
    return None if keep is None else Retention(app.store, app.understanding, app.clock, keep)
