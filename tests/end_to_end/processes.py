"""Processes of `attache run` that share one PostgreSQL, and what they say."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.evaluation.processes import kill_all


@dataclass
class Running:
    """A process, and what it has said so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def said(self, *words: str) -> bool:
        """Whether there is a line with all of them."""
        return any(all(word in line for word in words) for line in self.lines)

    async def says(self, *words: str) -> None:
        """Returns once there is."""
        while not self.said(*words):
            assert not self.process.stderr.at_eof(), "it ended: " + "".join(self.lines)
            self.heard.clear()
            await self.heard.wait()

    async def listen(self) -> None:
        while line := await self.process.stderr.readline():
            self.lines.append(line.decode())
            self.heard.set()
        self.heard.set()

    async def kill(self) -> None:
        """All of it at once, and by nobody who could be asked to wait."""
        kill_all(self.process.pid)
        await self.process.wait()


@asynccontextmanager
async def running(url: str, *arguments: str, module: str = "bot", **settings: str):
    """`attache run` with these arguments until the body ends, if it was not killed before."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATTACHE_", "COVERAGE", "COV_"))}
    own = {
        "ATTACHE_DATABASE_URL": url,
        "ATTACHE_HEARTBEAT_SECONDS": "0.5",
        "ATTACHE_LOOK_UP_PROCESSES": "0",  # but where look-ups are what is looked at: it begins sooner
        "PYTHONUTF8": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, "run", *arguments),
        env=kept | own | settings,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    bot = Running(process)
    listening = asyncio.create_task(bot.listen())
    try:
        yield bot
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(30):
                await process.wait()
        finally:
            kill_all(process.pid)
            await listening
