"""A campaign: a bot at work is killed again and again, or its database server is, and each time all is looked at."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tests.discord.fake import settings_of
from tests.evaluation.crashes.bot import CLOCK, FAULT, LIGHT
from tests.evaluation.crashes.databases import Database
from tests.evaluation.crashes.life import Births, Life
from tests.evaluation.crashes.outside import Discord, Press, Watch, Watches
from tests.evaluation.crashes.progress import LOST, WentOn, wait_for_work
from tests.evaluation.crashes.seen import Eye
from tests.evaluation.crashes.server import WAYS, Server
from tests.evaluation.crashes.soundness import (
    Fault,
    Problem,
    Stored,
    at_any_time,
    counted_only,
    in_the_end,
    vanished,
)

AIMS = ("starting", "working", "asked", "writing", "writing", "post came", "post taken", "post answered")
"""When there is a kill; they take turns, in an order of chance."""
LONGEST_LIFE = 6.0
"""Seconds that a bot lives at most once its work goes on, where the moment that it is to be killed at does not come."""
BACKLOG = 6
"""Articles that wait to be read at most: the wire waits for the bot where the machine is slow."""
MUCH_LATER = timedelta(days=2)
"""After so long every feed is due, and nothing is still being sent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done, and how."""

    kills: int
    servers: int = 0
    seed: int = 1
    aims: tuple[str, ...] = AIMS
    outlets: int = 24
    events: float = 0.4
    """Events a second, each in one to three outlets; there are a third as many edits."""
    fresh: float = 0.15
    """Which share of bots begins from nothing and not as a fork."""
    patience: float = 60.0
    """Seconds that the end may take to be reached."""
    light: bool = False
    """Whether the bot reads by a rule of one line, and in its own process."""
    fault: str = ""
    """How the bot is broken on purpose."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a bot's work went on that was begun after a kill."""

    fresh: bool
    starting: float
    """Seconds from its beginning until it said that it runs."""
    then: WentOn


@dataclass(slots=True)
class Found:
    """What a campaign has found."""

    kills: Counter[str] = field(default_factory=Counter)
    alone: int = 0
    """Kills of the bot's own process alone, not of its workers."""
    recoveries: list[Recovery] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """Seconds that bots lived that were killed before their work went on."""
    ended_by_themselves: int = 0
    left_behind: int = 0
    """Bots of whom a process outlived them."""
    tracebacks: int = 0
    midway: Counter[str] = field(default_factory=Counter)
    """What stood half done in the stores that were looked at between a kill and the next beginning."""
    looks: int = 0
    servers: Counter[str] = field(default_factory=Counter)
    servers_back: list[WentOn] = field(default_factory=list)
    """Since the server took connections again."""
    bots_ended: int = 0
    """Bots that did not live on without their database, or did not work on."""
    loads: list[float] = field(default_factory=list)
    """How many processes wanted a core, at each look."""
    problems: list[Problem] = field(default_factory=list)
    counted_only: int = 0
    """Articles that digests may have counted without naming them."""
    stored: Counter[str] = field(default_factory=Counter)
    """What there was in the end."""
    seconds: float = 0.0


class Campaign:
    """One bot at a time on one database."""

    def __init__(
        self, plan: Plan, database: Database, births: Births, discord: Discord, press: Press, eye: Eye
    ) -> None:
        self.plan = plan
        self.found = Found()
        self.seen = Stored()
        self._database = database
        self._births = births
        self._discord = discord
        self._press = press
        self._eye = eye
        self._chance = random.Random(f"kills-{plan.seed}")

    async def kill_bots(self) -> None:
        """So many bots are killed, one after the other, while the wire goes on."""
        turns: list[str] = []
        async with self._publishing():
            for number in range(1, self.plan.kills + 1):
                turns = turns or self._chance.sample(self.plan.aims, len(self.plan.aims))
                await self._live_and_die(turns.pop())
                if number % 3 == 0:
                    await self._check(alone=True)
                    self._note_midway()

    async def kill_servers(self, server: Server) -> None:
        """The bot lives on while its server is killed again and again."""
        life = await self._begin(fresh=True)
        try:
            async with self._publishing():
                await self._at_work(life)
                for number in range(self.plan.servers):
                    await self._lose(server, WAYS[number % len(WAYS)])
                    took = await self._at_work(life)
                    self.found.servers_back.append(took)
                    if took.anything is None:
                        self.found.bots_ended += 1
                        await self._bury(life)
                        life = await self._begin(fresh=True)
                        await self._at_work(life)
                    await self._check()
        finally:
            await self._bury(life)

    async def come_to_an_end(self) -> None:
        """Nothing new is published, and much time goes by; then all must be as if nobody had ever been killed."""
        self._discord.time.clock = self._discord.time.clock.ahead(MUCH_LATER)
        life = await self._begin(fresh=False)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.plan.patience):
                    while self._unfinished(await self._eye.look()):  # noqa: ASYNC110 - nobody tells
                        await asyncio.sleep(0.2)
            life.stop()
            try:
                async with asyncio.timeout(LOST):
                    await life.gone.wait()
            except TimeoutError:
                self.found.problems.append(Problem(Fault.UNSOUND, "the bot did not end when it was asked to"))
        finally:
            await self._bury(life)
        await self._check(alone=True)
        self.found.problems += self._unfinished(self.seen)
        self.found.counted_only = counted_only(self.seen)
        states = Counter(f"deliveries {one.state}" for one in self.seen.deliveries)
        self.found.stored = states + Counter(
            {
                "articles": len(self.seen.articles),
                "edits": sum(one.version - 1 for one in self.seen.articles),
                "entries": len(self.seen.entries),
                "statements": len(self.seen.statements),
                "stories": len(self.seen.stories),
                "notices": len(self.seen.notices),
                "posts": len(self._discord.posted),
            }
        )

    # A bot's life

    async def _live_and_die(self, aim: str) -> None:
        life = await self._begin(fresh=self._chance.random() < self.plan.fresh)
        whole = self._chance.random() < 0.5
        from_the_start = aim == "starting" or self._chance.random() < 0.4
        worked = asyncio.Event()
        recovering = asyncio.create_task(self._recover(life, worked))
        tasks = []
        try:
            if from_the_start:
                tasks.append(asyncio.create_task(self._strike(aim, lambda: life.kill(whole=whole))))
            await worked.wait()
            if not life.gone.is_set():
                await self._check()
            if not from_the_start:
                tasks.append(asyncio.create_task(self._strike(aim, lambda: life.kill(whole=whole))))
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_LIFE):
                    await life.gone.wait()
            self.found.ended_by_themselves += life.gone.is_set() and not life.killed
        finally:
            for task in tasks:
                task.cancel()
            self._press.watches = self._discord.watches = Watches()
            life.kill(whole=whole)
            await self._bury(life)
            await recovering
        self.found.kills[aim] += 1
        self.found.alone += not whole

    async def _strike(self, aim: str, kill: Callable[[], None]) -> None:
        """Kills at such a moment, once it comes."""
        chance, reached = self._chance, asyncio.Event()
        watches, left = self._discord.watches, chance.randint(1, 4)
        match aim:
            case "post came":
                watches.post_came = Watch(left, kill)
                return
            case "post taken":
                watches.post_taken = Watch(left, kill)
                return
            case "post answered":
                watches.post_answered = Watch(left, reached.set)
                await reached.wait()
            case "asked":
                self._press.watches.asked = Watch(2 * left, reached.set)
                await reached.wait()
            case "writing":
                for _ in range(2 * left):
                    await asyncio.sleep(0.002)
                    await self._database.written()
            case _:
                await asyncio.sleep(chance.uniform(0, 3))
        await asyncio.sleep(chance.choice((0, 0.003, 0.03, 0.2)) * chance.random())
        kill()

    async def _begin(self, *, fresh: bool) -> Life:
        discord, clock = self._discord, self._discord.time.clock
        discord.posts.clear()
        return await self._births.begin(
            {
                "ATTACHE_DATABASE_URL": self._database.url,
                **settings_of(discord),
                "ATTACHE_PRIVATE_HOSTS": ",".join(self._press.hosts),
                "ATTACHE_HEARTBEAT_SECONDS": "0.5",
                CLOCK: str(clock),
                FAULT: self.plan.fault,
                LIGHT: "yes" if self.plan.light else "",
                "ATTACHE_LOOK_UP_PROCESSES": "0" if self.plan.light else "1",
            },
            fresh=fresh,
        )

    async def _bury(self, life: Life) -> None:
        life.kill()
        self.found.left_behind += not await life.buried()
        self.found.tracebacks += life.tracebacks

    # Whether work goes on

    async def _at_work(self, life: Life) -> WentOn:
        await life.said_running()
        return await wait_for_work(life, self._database, self._discord.posts, asyncio.Event())

    async def _recover(self, life: Life, worked: asyncio.Event) -> None:
        """Notes how its work goes on; sets `worked` when it does, or when the bot has ended."""
        running = await life.said_running()
        if running is None:
            worked.set()
            self.found.waited.append(time.monotonic() - life.begun)
            return
        then = await wait_for_work(life, self._database, self._discord.posts, worked)
        if then.anything is None:
            self.found.waited.append(time.monotonic() - life.begun)
        elif self.found.kills:  # the first has nothing to recover from
            self.found.recoveries.append(Recovery(life.fresh, running - life.begun, then))

    async def _lose(self, server: Server, way: str) -> None:
        """The server breaks down at some moment; returns when it can be reached again."""
        moment = asyncio.create_task(self._moment())
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await moment
        server.break_down(way)
        self.found.servers[way] += 1
        if server.is_down:
            await asyncio.sleep(self._chance.choice((0, 1, 4)) * self._chance.random())
            server.start()
        await (await server.connect()).close()

    async def _moment(self) -> None:
        """One that is worth a crash."""
        reached = asyncio.Event()
        match self._chance.choice(("any", "writing", "asked", "post")):
            case "writing":
                await self._database.written()
            case "asked":
                self._press.watches.asked = Watch(self._chance.randint(1, 6), reached.set)
                await reached.wait()
            case "post":
                self._discord.watches.post_answered = Watch(1, reached.set)
                await reached.wait()
            case _:
                await asyncio.sleep(self._chance.uniform(0, 2))
        await asyncio.sleep(self._chance.choice((0, 0.003, 0.03)) * self._chance.random())

    # What is looked at

    async def _check(self, *, alone: bool = False) -> None:
        """Looks at all that there is; with `alone`, no bot lives."""
        stored = await self._eye.look(alone=alone)
        self.found.looks += 1
        self.found.loads.append(os.getloadavg()[0])
        known = set(self.found.problems)
        handed = self._press.handed({feed.document for feed in stored.feeds if feed.document})
        posted = tuple(self._discord.posted)
        found = (*vanished(self.seen, stored), *at_any_time(stored, posted, handed))
        self.found.problems += [problem for problem in found if problem not in known]
        self.seen = stored

    def _unfinished(self, stored: Stored) -> tuple[Problem, ...]:
        return in_the_end(stored, tuple(self._discord.posted), self._press.expected())

    def _note_midway(self) -> None:
        """What the last look found half done."""
        states = Counter(one.state for one in (*self.seen.deliveries, *self.seen.notices))
        self.found.midway.update({state: states[state] for state in ("pending", "sending")})
        self.found.midway["not read"] += sum(a.briefed < a.version for a in self.seen.articles)
        self.found.midway["in no story"] += sum(a.story is None for a in self.seen.articles)

    @asynccontextmanager
    async def _publishing(self) -> AsyncIterator[None]:
        """While the body runs, the wire goes on."""

        async def publish() -> None:
            chance = random.Random(f"wire-{self.plan.seed}")
            while True:
                await asyncio.sleep(chance.expovariate(self.plan.events))
                waiting = sum(a.briefed < a.version for a in self.seen.articles)
                if waiting > BACKLOG:
                    continue
                self._press.publish()
                if chance.random() < 1 / 3:
                    self._press.edit()
                if chance.random() < 1 / 20:
                    self._press.closed += 1

        task = asyncio.create_task(publish())
        try:
            yield
        finally:
            task.cancel()
