"""Pacing: no more requests a second than Discord takes from one bot; discord.py itself keeps no account of them all."""

from __future__ import annotations

import asyncio

RATE = 49.0
"""Requests a second: one less than Discord's limit, for what it counts as a second is not ours."""


class Pacer:
    """Lets requests through one by one, evenly; who comes first goes first."""

    def __init__(self, rate: float = RATE) -> None:
        self._between = 1 / rate
        self._next = 0.0

    async def turn(self) -> None:
        """Returns when the request may be made."""
        now = asyncio.get_running_loop().time()
        # Taken before it waits: those behind wait for the next one.
        mine = max(now, self._next)
        self._next = mine + self._between
        if mine > now:
            await asyncio.sleep(mine - now)
