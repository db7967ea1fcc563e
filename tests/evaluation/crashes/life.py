"""One life of the bot: a process group that is begun, heard and killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from tests.evaluation.processes import kill_all, processor_seconds

Process = subprocess.Popen[bytes]
Heard = Callable[[bytes], object]

BOT = ("tests.evaluation.crashes.bot",)
"""The module that is `attache run` on a clock that it is told, with its arguments."""

RUNNING = b"attache: running"
PATIENCE = 10.0
"""Seconds that what a killed bot leaves behind may take to end."""


class Life:
    """A bot from its beginning to its end."""

    def __init__(
        self,
        pid: int,
        words: asyncio.StreamReader,
        log: IO[bytes],
        begun: float,
        process: Process | None,
        heard: Heard | None = None,
    ) -> None:
        log.write(f"--- {pid} {'forked' if process is None else 'fresh'}\n".encode())
        self.pid = pid
        self.begun = begun
        self.fresh = process is not None
        self.killed = False
        self.gone = asyncio.Event()
        """Set when the bot's own process has ended."""
        self.tracebacks = 0
        self._heard = heard
        self._process = process
        self._running = asyncio.Event()
        self._running_since: float | None = None
        self._pidfd = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._pidfd, self._go)
        self._hearing = asyncio.create_task(self._hear(words, log))

    def kill(self, *, whole: bool = True) -> None:
        """By SIGKILL: all of its processes at once, or the bot's own alone."""
        if not (self.killed or self.gone.is_set()):
            self.killed = True
            if whole:
                kill_all(self.pid)
            else:
                os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """As the system asks a service to end."""
        if not self.gone.is_set():
            os.kill(self.pid, signal.SIGTERM)

    def processor_seconds(self) -> float:
        """What its own process, without its workers, has had of the processor."""
        return 0.0 if self.gone.is_set() else processor_seconds(self.pid)

    async def said_running(self) -> float | None:
        """When it said that it runs; None where it ended before."""
        await self._running.wait()
        return self._running_since

    async def buried(self) -> bool:
        """Whether nothing of it is left once it has ended: every process of its that could still speak is gone, too."""
        await self.gone.wait()
        if self._process is not None:
            self._process.wait()
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(self._hearing)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            await self._hearing
            return False
        return True

    def _go(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        self.gone.set()
        self._running.set()

    async def _hear(self, words: asyncio.StreamReader, log: IO[bytes]) -> None:
        """Until the last process that could speak has ended."""
        async for line in words:
            log.write(line)
            if self._heard is not None:
                self._heard(line)
            if line.startswith(RUNNING) and not self._running.is_set():
                self._running_since = time.monotonic()
                self._running.set()
            self.tracebacks += b"Traceback (most recent call last)" in line
        log.flush()


class Births:
    """Begins lives, as forks of a process that has loaded the program, or from nothing."""

    def __init__(self, nursery: socket.socket, log: IO[bytes], environment: Mapping[str, str]) -> None:
        self._nursery = nursery
        self._log = log
        self._environment = environment
        self._turn = asyncio.Lock()

    async def begin(self, environment: Mapping[str, str], *, fresh: bool = False) -> Life:
        """A bot with these settings."""
        if fresh:
            return await born(BOT, {**self._environment, **environment}, self._log)
        ear, mouth = os.pipe()
        begun = time.monotonic()
        try:
            pid = await self._forked(environment, mouth)
        finally:
            os.close(mouth)
        return Life(pid, await _words(ear), self._log, begun, None)

    async def _forked(self, environment: Mapping[str, str], mouth: int) -> int:
        async with self._turn:
            socket.send_fds(self._nursery, [json.dumps(dict(environment)).encode()], [mouth])
            return int(await asyncio.get_running_loop().sock_recv(self._nursery, 100))


async def born(
    module: Sequence[str], environment: Mapping[str, str], log: IO[bytes], heard: Heard | None = None
) -> Life:
    """A bot that runs that module, with its arguments, from nothing; `heard` is called with each line that it says."""
    ear, mouth = os.pipe()
    begun = time.monotonic()
    try:
        process = _started(module, environment, mouth)
    finally:
        os.close(mouth)
    return Life(process.pid, await _words(ear), log, begun, process, heard)


def _started(module: Sequence[str], environment: Mapping[str, str], mouth: int) -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env=dict(environment),
        stdin=subprocess.DEVNULL, stdout=mouth, stderr=mouth, start_new_session=True,
    )  # fmt: skip


async def _words(ear: int) -> asyncio.StreamReader:
    words = asyncio.StreamReader(limit=1 << 22)
    reading = asyncio.StreamReaderProtocol(words)
    await asyncio.get_running_loop().connect_read_pipe(lambda: reading, os.fdopen(ear, "rb", 0))
    return words


@asynccontextmanager
async def births(log: Path) -> AsyncIterator[Births]:
    """Where bots are begun; what they say is written to `log`."""
    ours, theirs = socket.socketpair()
    with ours, theirs, log.open("ab") as file, tempfile.TemporaryDirectory(prefix="bots-") as folder:
        # What they leave behind is taken away with the folder: who is killed does not tidy up.
        environment = clean_environment() | {"TMPDIR": folder}
        nursery = _nursery(environment, theirs, file)
        ours.setblocking(False)
        try:
            yield Births(ours, file, environment)
        finally:
            nursery.kill()
            nursery.wait()


def _nursery(environment: Mapping[str, str], requests: socket.socket, log: IO[bytes]) -> Process:
    command = [sys.executable, "-m", *BOT, "--nursery"]
    return subprocess.Popen(command, env=environment, stdin=requests, stdout=log, stderr=log)


def clean_environment() -> dict[str, str]:
    """This process's own, without what the bot would take for settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATTACHE_", "COVERAGE", "COV_"))}
    root = str(Path(__file__).parents[3])
    return kept | {"PYTHONPATH": root, "PYTHONUTF8": "1"}
