"""What waits for what when a process starts, and no longer than it may."""

from __future__ import annotations

import asyncio

from bot.cli import beats
from bot.cli.beats import beats_of
from bot.roles import Role


class Rounds:
    """Counts rounds; something always waits to be read."""

    shares_reading, retains = True, False

    def __init__(self):
        self.delivered = 0

    async def may_post(self):
        pass

    async def deliver(self):
        self.delivered += 1

    async def put_together(self):
        return False

    async def _nothing(self):
        pass

    take_in = offer = hand_out = do_jobs = reread = tidy = _nothing


async def test_digests_wait_for_a_long_backlog_once_and_not_with_every_beat(monkeypatch):
    monkeypatch.setattr(beats, "PATIENCE", 0.2)
    rounds = Rounds()
    work = beats_of(Role.ALL, rounds, asyncio.Event())
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await work["posting"]()
    waited = loop.time() - begun
    assert (rounds.delivered, waited >= 0.2) == (1, True)
    monkeypatch.setattr(beats, "PATIENCE", 1000)
    async with asyncio.timeout(20):
        await work["posting"]()
    assert rounds.delivered == 2
