"""Scenarios in a terminal: the real shell, with lines that come and answers that are caught."""

from __future__ import annotations

import asyncio
import io
import queue
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout, suppress

import pytest

from bot.platforms.terminal.messenger import TerminalMessenger
from bot.platforms.terminal.output import rendered
from bot.platforms.terminal.shell import converse
from bot.ports import Desk
from news.channels import Channel, Platform
from tests.bot.hostile import acting
from tests.scenarios.drivers import Driver, Shown, even

LOCAL = "local"


class Keyboard:
    """Standard input: a line that is asked for is there as soon as it was typed."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._loop = asyncio.get_running_loop()
        self._wanted = asyncio.Semaphore(0)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        """For the shell, in a thread of its own."""
        self._loop.call_soon_threadsafe(self._wanted.release)
        return self._lines.get()

    async def wanted(self) -> None:
        """Returns when the shell has answered what was typed, and asks for more."""
        async with asyncio.timeout(10):
            await self._wanted.acquire()

    def type(self, line: str) -> None:
        self._lines.put(line + "\n")

    def leave(self) -> None:
        self._lines.put("")


class Terminal:
    """Implements `Driver`."""

    platform = Platform.TERMINAL

    def __init__(self, keyboard: Keyboard, out: io.StringIO, error: io.StringIO) -> None:
        self._keyboard, self._out, self._error = keyboard, out, error
        self._posts: list[Shown] = []
        self._last = ""
        self.messenger = TerminalMessenger(lambda message: self._posts.append(_shown(rendered(message))))

    async def say(self, line: str) -> Shown:
        for stream in (self._out, self._error):
            stream.seek(0)
            stream.truncate()
        self._keyboard.type(line)
        await self._keyboard.wanted()
        told = self._error.getvalue()
        assert bool(told) != bool(self._out.getvalue()), "an answer or an error, and not both"
        self._last = told or self._out.getvalue()
        return _shown(self._last, alone=bool(told))

    async def press(self, button: str) -> Shown:
        """The word for older ones; anything else is the line that is written under the answer."""
        if button == "Older":
            return await self.say("more")
        line = re.search(rf"^{re.escape(button)}  (.+)$", self._last, re.MULTILINE)
        assert line is not None, f"nothing is called {button}"
        return await self.say(line[1])

    async def picture(self) -> str:
        return even(self._last)

    async def posts(self) -> list[Shown]:
        return self._posts


def _shown(text: str, *, alone: bool = False) -> Shown:
    return Shown(even(text), alone, tuple(acting(text)))


@asynccontextmanager
async def opened(desk: Desk, _: str) -> AsyncIterator[Driver]:
    """The shell at work."""
    keyboard, out, error = Keyboard(), io.StringIO(), io.StringIO()
    workspace = await desk.workspace(Platform.TERMINAL, LOCAL)
    with redirect_stdout(out), redirect_stderr(error), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", keyboard)
        shell = asyncio.create_task(converse(desk, workspace, Channel(Platform.TERMINAL, LOCAL)))
        try:
            await keyboard.wanted()
            yield Terminal(keyboard, out, error)
        finally:
            keyboard.leave()
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await shell
