"""A soak from its beginning to its end: a bot at work among feeds, questions, faults and kills, and then an account."""

from __future__ import annotations

import asyncio
import gc
import json
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import database_url, open_engine
from tests.evaluation.crashes.bot import CLOCK, LIGHT
from tests.evaluation.crashes.clock import START, FastClock
from tests.evaluation.crashes.life import BOT as CLOCKED
from tests.evaluation.crashes.life import Life, born, clean_environment
from tests.evaluation.crashes.outside import Time
from tests.evaluation.crashes.seen import Eye
from tests.evaluation.crashes.server import Server
from tests.evaluation.crashes.soundness import Posted, Problem, Stored, at_any_time, in_the_end, vanished
from tests.evaluation.soak.asking import Crowd
from tests.evaluation.soak.following import follow, spread_out
from tests.evaluation.soak.places import DISCORD_FAULTS, SLACK_FAULTS, SoakDiscord, SoakSlack, settings_of
from tests.evaluation.soak.plan import Plan
from tests.evaluation.soak.press import FAULTS, Sites, outlets_for
from tests.evaluation.soak.watching import EVERY, Sample, memory, waiting

REAL = ("bot", "run")
MUCH_LATER = timedelta(hours=26)
"""After so long every feed is due, and nothing is still being sent."""
DEAD_FOR = 0.5
"""Seconds until a bot that was killed is begun again."""
PER_EVENT = 1.75
"""Articles of an event, on average."""
ENDING = 30.0
"""Seconds that a bot may take to end when it is asked to."""


@dataclass(slots=True)
class Found:
    """What a soak has found."""

    seconds: float = 0.0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    starting: list[float] = field(default_factory=list)
    """Seconds from each bot's beginning until both platforms had it."""
    ended_by_themselves: int = 0
    left_behind: int = 0
    tracebacks: int = 0
    logged: Counter[str] = field(default_factory=Counter)
    """Warnings and errors of the bot's log, by level and event."""
    samples: list[Sample] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    """Articles that were read while the time ran."""
    unread: int = 0
    """That waited when the time was over."""
    posted: int = 0
    """Posts while the time ran."""
    post_late: list[float] = field(default_factory=list)
    """How long after its slot each digest was posted, in seconds of the bot's clock."""
    file_mb: float = 0.0
    stored: Counter[str] = field(default_factory=Counter)
    warm_up: float = 0.0


class Soak:
    """One bot at a time on one database, and all that happens around it."""

    def __init__(
        self, plan: Plan, url: str, discord: SoakDiscord, slack: SoakSlack, sites: Sites, crowd: Crowd, eye: Eye,
        log: IO[bytes], server: Server | None,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.found = Found()
        self.crowd = crowd
        self._url = url
        self._discord = discord
        self._slack = slack
        self._sites = sites
        self._eye = eye
        self._log = log
        self._server = server
        self._chance = random.Random(f"soak-{plan.seed}")
        self._life: Life | None = None
        self._engine: AsyncEngine
        self._seen = Stored()
        self._lag = 0.0
        self._begun = time.monotonic()
        self._over = START
        """When the time was over, on the bot's clock."""

    @property
    def _time(self) -> Time:
        return self._sites.time

    @property
    def posted(self) -> tuple[Posted, ...]:
        return (*self._discord.posted, *self._slack.posted)

    async def go(self) -> None:
        """All of it."""
        # Whole collections of this process stopped it for a third of a second: they are for while no bot is there.
        thresholds = gc.get_threshold()
        gc.set_threshold(*thresholds[:2], 1_000_000)
        async with open_engine(database_url(self._url)) as self._engine:
            await self._begin()
            try:
                await self._warm_up()
                await self._run()
                self.found.unread = (await waiting(self._engine, self._time.clock.now())).unread
            finally:
                await self._end_life(kill=True)
                gc.unfreeze()
                gc.set_threshold(*thresholds)
        await self._come_to_an_end()

    # a bot's life

    async def _begin(self, *, clocked: bool = False) -> None:
        clock, plain = self._time.clock, self.plan.speed == 1 and not (clocked or self.plan.light)
        environment = clean_environment() | {
            "ATTACHE_DATABASE_URL": self._url,
            **settings_of(self._discord, self._slack),
            "ATTACHE_PRIVATE_HOSTS": ",".join(self._sites.hosts),
            "ATTACHE_HEARTBEAT_SECONDS": "1",
            "ATTACHE_LOG_FORMAT": "json",
            "ATTACHE_LOOK_UP_PROCESSES": "0" if self.plan.light else str(self.plan.look_ups),
        }
        if not plain:
            environment |= {CLOCK: str(clock), LIGHT: "yes" if self.plan.light else ""}
        gc.collect()
        gc.freeze()
        self.crowd.born()
        self._life = await born(REAL if plain else CLOCKED, environment, self._log, self._heard)
        self._starting = asyncio.create_task(self._note_start(self._life))

    async def _note_start(self, life: Life) -> None:
        births = self.crowd.lives.births
        with suppress(TimeoutError):
            async with asyncio.timeout(120):
                while not life.gone.is_set() and not self._is_reached(births):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.02)
        if not life.gone.is_set():
            self.found.starting.append(time.monotonic() - life.begun)

    def _is_reached(self, births: Mapping[str, int]) -> bool:
        """Whether both platforms have it."""
        return self._discord.births > births["discord"] and self._slack.births > births["slack"]

    def _heard(self, line: bytes) -> None:
        """Counts what the log warns of."""
        with suppress(ValueError, AttributeError):
            entry = json.loads(line)
            if entry["level"] in ("warning", "error", "critical"):
                reason = str(entry.get("error") or "")[:120]
                self.found.logged[f"{entry['level']}: {entry['event']}{reason and ': ' + reason}"] += 1
            return
        if not line.startswith((b"attache:", b" ", b"\n")):
            self.found.logged[line.decode(errors="replace").strip()[:160]] += 1

    async def _end_life(self, *, kill: bool) -> None:
        life, self._life = self._life, None
        if life is None:
            return
        self.crowd.died()
        # Whoever has SQLite's file open spares the next bot to make good what the killed one left.
        await self._engine.dispose()
        if kill:
            life.kill(whole=self._chance.random() < 0.5)
        self.found.left_behind += not await life.buried()
        self.found.tracebacks += life.tracebacks
        self._starting.cancel()

    # while the time runs

    async def _warm_up(self) -> None:
        """Until what was there at first has been read, so that nothing is measured of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.plan.warm_up):
                await self._starting
                while not self._life_gone() and not await self._caught_up():  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.5)
        await spread_out(self._url, self._time.clock.now(), self._chance)
        self.found.warm_up = time.monotonic() - self._begun

    async def _caught_up(self) -> bool:
        now = await waiting(self._engine, self._time.clock.now())
        stored = await self._eye.articles()
        return not (now.feeds_late or now.unread) and stored > 0

    def _life_gone(self) -> bool:
        return self._life is None or self._life.gone.is_set()

    async def _run(self) -> None:
        read, posted = await self._eye.read(), len(self.posted)
        self._begun = time.monotonic()
        around = [self._publish(), self._watch(), self._live_on(), self._hurt(), self._tell_lag()]
        tasks = [asyncio.create_task(one) for one in around]
        stopping = asyncio.create_task(asyncio.sleep(self.plan.seconds))
        try:
            async with self.crowd.asking(self.plan.questions):
                done, _ = await asyncio.wait({*tasks, stopping}, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {stopping}:
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self.found.seconds = time.monotonic() - self._begun
        self._over = self._time.clock.now()
        self.found.read, self.found.posted = await self._eye.read() - read, len(self.posted) - posted

    async def _publish(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(self.plan.articles / PER_EVENT))
            self._sites.publish()
            if self._chance.random() < 0.1:
                self._sites.edit()
            if self._chance.random() < 0.005:
                self._sites.closed += 1

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self._discord.forget()
            self._slack.forget()
            if self._life is None:
                continue
            wait = await waiting(self._engine, self._time.clock.now())
            life = self._life
            if life is not None:
                lag, self._lag = self._lag, 0.0
                at, number = time.monotonic() - self._begun, self.crowd.lives.number
                self.found.samples.append(Sample(at, number, memory(life.pid), wait, lag))

    async def _tell_lag(self) -> None:
        """How late this process itself is: it serves what the bot asks, and its times bear that."""
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0.02)
            self._lag = max(self._lag, 1000 * (time.perf_counter() - begun - 0.02))

    async def _live_on(self) -> None:
        """Kills the bot now and then, and begins another; also where one ended by itself."""
        every = self.plan.kills_every
        while True:
            life = self._life
            assert life is not None
            lives_for = None if every is None else every * self._chance.uniform(0.7, 1.3)
            with suppress(TimeoutError):
                async with asyncio.timeout(lives_for):
                    await life.gone.wait()
            self.found.ended_by_themselves += life.gone.is_set()
            self.found.kills += not life.gone.is_set()
            await self._end_life(kill=True)
            await asyncio.sleep(DEAD_FOR)
            await self._begin()

    async def _hurt(self) -> None:
        if not self.plan.faults_every:
            await asyncio.Event().wait()
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / self.plan.faults_every))
            whom = self._chance.choice(("discord", "slack", "feeds", "database"))
            match whom:
                case "discord":
                    fault = self._chance.choice(DISCORD_FAULTS)
                    await self._discord.fail(fault)
                case "slack":
                    fault = self._chance.choice(SLACK_FAULTS)
                    await self._slack.fail(fault)
                case "database" if self._server is not None:
                    fault = "backend ended"
                    await self._server.end_backend(self._chance)
                case _:
                    whom, fault = "feeds", self._chance.choice(FAULTS)
                    self._sites.faults.append(fault)
            self.found.faults[f"{whom} {fault}"] += 1

    # the end

    async def _come_to_an_end(self) -> None:
        """Nothing goes wrong or is published any more, and much time goes by; then all must be as if nothing had happened."""
        self._sites.faults.clear()
        await self._check(alone=True)
        self._discord.calm()
        self._slack.calm()
        self._time.clock = FastClock(self._time.clock.now() + MUCH_LATER, time.monotonic(), 1.0)
        await self._begin(clocked=True)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.plan.patience):
                    while await self._unfinished():  # noqa: ASYNC110 - nobody tells
                        await asyncio.sleep(1)
            assert self._life is not None
            self._life.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(ENDING):
                    await self._life.gone.wait()
        finally:
            await self._end_life(kill=True)
        await self._check(alone=True)
        self.found.problems += in_the_end(self._seen, self.posted, self._sites.expected())
        self._account()

    async def _unfinished(self) -> bool:
        """Whether anything is under way, or comes due just now."""
        now, stored = self._time.clock.now(), await self._look()
        due = any(one.next_due <= now for one in stored.subscriptions)
        open_ = any(one.state in ("claimed", "pending", "sending") for one in stored.deliveries)
        return (
            due or open_ or now.second > 45 or bool(in_the_end(stored, self.posted, self._sites.expected()))
        )

    async def _look(self, *, alone: bool = False) -> Stored:
        """Where a feed's server failed, nobody is to blame for saying so."""
        stored = await self._eye.look(alone=alone)
        blamable = tuple(replace(feed, failing=False) for feed in stored.feeds)
        return replace(stored, feeds=blamable)

    async def _check(self, *, alone: bool) -> None:
        stored = await self._look(alone=alone)
        known = set(self.found.problems)
        handed = self._sites.handed({feed.document for feed in stored.feeds if feed.document})
        found = (*vanished(self._seen, stored), *at_any_time(stored, self.posted, handed))
        self.found.problems += [problem for problem in found if problem not in known]
        self._seen = stored

    def _account(self) -> None:
        stored, at = self._seen, {**self._discord.at, **self._slack.at}
        self.found.post_late = [
            at[one.key] - one.slot.timestamp()
            for one in stored.deliveries
            if at.get(one.key, math.inf) < self._over.timestamp()
        ]
        states = Counter(f"deliveries {one.state}" for one in stored.deliveries)
        self.found.stored = states + Counter(
            {
                "articles": len(stored.articles),
                "edits": sum(one.version - 1 for one in stored.articles),
                "statements": len(stored.statements),
                "stories": len(stored.stories),
                "notices": len(stored.notices),
                "posts": len(self.posted),
                "published": self._sites.written,
            }
        )
        file = Path(self._url.removeprefix("sqlite:///"))
        self.found.file_mb = file.stat().st_size / 1e6 if file.exists() else 0.0


@asynccontextmanager
async def soak(plan: Plan, url: str, log: Path, server: Server | None = None) -> AsyncIterator[Soak]:
    """A soak that is ready to go on an empty database."""
    start = datetime.now(UTC) if plan.speed == 1 else START
    clock = Time(FastClock(start, time.monotonic(), plan.speed))
    discord, slack = SoakDiscord(clock), SoakSlack(clock)
    sites = Sites(clock, outlets=outlets_for(plan.feeds), seed=plan.seed)
    async with _served(discord, slack, sites):
        with log.open("ab") as file:
            first_due, guilds = await follow(plan, url, sites, slack, clock.clock.now())
            sites.publish(max(4, plan.feeds // 10))
            crowd = Crowd(discord, slack, sites, guilds=guilds, seed=plan.seed)
            yield Soak(plan, url, discord, slack, sites, crowd, Eye(url, first_due), file, server)


@asynccontextmanager
async def _served(discord: SoakDiscord, slack: SoakSlack, sites: Sites) -> AsyncIterator[None]:
    runners: list[web.BaseRunner] = []
    for fake in (discord, slack):
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.add_routes(fake.routes())
        runners.append(web.AppRunner(application, shutdown_timeout=0.1, access_log=None))
    runners.append(web.ServerRunner(web.Server(sites.handle, access_log=None), shutdown_timeout=0.1))
    try:
        for runner, host in zip(runners, ("127.0.0.1", "127.0.0.1", "0.0.0.0"), strict=True):
            await runner.setup()
            await web.TCPSite(runner, host, 0).start()
        discord.url, slack.url = (f"http://127.0.0.1:{one.addresses[0][1]}" for one in runners[:2])
        sites.port = runners[2].addresses[0][1]
        yield
    finally:
        await discord.settle()
        await slack.settle()
        for runner in runners:
            await runner.cleanup()
