"""A bot that only posts, in a process of its own, and what it is killed by."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from sqlalchemy import func, select

from bot.jobs.breaker import Breaker
from bot.jobs.deliver import deliver
from bot.ports import Messenger
from bot.settings import Settings
from bot.wiring import App, open_app
from news.channels import DeliveryState
from storage.engine import open_store
from storage.tables import DeliveryRow
from tests.evaluation.crashes.clock import FastClock

SPEED = 60.0
"""How much faster its clock runs: two minutes of looking away are two seconds."""
LONGEST = 900.0
"""Seconds until all is settled."""

Opening = Callable[[App], AbstractAsyncContextManager[Messenger]]


async def post_on(given: Settings, opening: Opening, clock: FastClock, *, told: bool = True) -> None:
    """Posts what is due and what is open, again and again; where it is to be `told`, says `posting` when it begins."""
    async with open_app(given, clock=clock) as app, opening(app) as messenger:
        breakers = {messenger.platform: Breaker()}
        if told:
            sys.stdout.write("posting\n")
            sys.stdout.flush()
        while True:
            await deliver(app.store, app.clock, {messenger.platform: messenger}, breakers)
            await asyncio.sleep(0.1)


async def kill_again_and_again(
    url: str, module: str, *arguments: str, kills: int, seed: int
) -> dict[str, object]:
    """Runs that module with the arguments, killed at random moments; then lets it settle all that is open."""
    chance, begun, died = random.Random(seed), time.monotonic(), 0
    while True:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()
        if died < kills:
            await asyncio.sleep(chance.uniform(0.05, 1.0))
        else:
            await settled(url)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        if died == kills:
            break
        died += 1
    return {"kills": died, "seconds": round(time.monotonic() - begun, 1)}


async def states(url: str) -> dict[str, int]:
    """How many deliveries are in which state."""
    async with open_store(url) as store, store.read() as uow:
        query = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        rows = await uow.deliveries._session.execute(query)
        return dict(rows.all())


async def settled(url: str) -> None:
    """Until something was on its way, and nothing is any more."""
    under_way = {DeliveryState.CLAIMED, DeliveryState.PENDING, DeliveryState.SENDING}
    async with asyncio.timeout(LONGEST):
        while not (found := await states(url)) or under_way & found.keys():  # noqa: ASYNC110 - others settle them
            await asyncio.sleep(0.5)
