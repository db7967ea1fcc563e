"""The bot as the crash proof runs it: the whole program, on a clock that runs faster.

`python -m tests.evaluation.crashes.bot` is `attache run`, but what time it is comes from `ATTACHE_CRASHES_CLOCK`. Where
set, `ATTACHE_CRASHES_LIGHT` makes it light, and `ATTACHE_CRASHES_FAULT` breaks it on purpose. With `--nursery` it loads the
program once and forks a new bot for each request that comes through its standard input, a socket.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import itertools
import json
import os
import random
import signal
import socket
import sys

from tests.evaluation.crashes.clock import FastClock

CLOCK, FAULT, LIGHT = "ATTACHE_CRASHES_CLOCK", "ATTACHE_CRASHES_FAULT", "ATTACHE_CRASHES_LIGHT"
LOADED = (
    "aiosqlite",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.base",
    "asyncpg",
    "bot.__main__",
    "bot.cli.serve",
    "bot.jobs.brief",
    "bot.jobs.collect",
    "bot.jobs.deliver",
    "bot.jobs.notices",
    "bot.platforms.discord.client",
    "bot.platforms.terminal.output",
    "bot.schedule",
    "bot.wiring",
    "feeds.reader",
    "pebble",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "storage.unit_of_work",
    "storage.upgrade",
    "summarizer.pipeline",
    "summarizer.stories",
)
"""What a running bot loads sooner or later, and what starts no thread: less the models' own library."""


def main() -> int:
    """Runs the bot to its end."""
    ctypes.CDLL(None).prctl(
        1, signal.SIGKILL
    )  # PR_SET_PDEATHSIG: a campaign that is broken off leaves nobody behind
    import bot.wiring
    from bot.__main__ import main as attache
    from tests.evaluation.crashes.faults import FAULTS
    from tests.evaluation.crashes.light import lighten

    clock = FastClock.parse(os.environ[CLOCK])
    bot.wiring.SystemClock.now = lambda _: clock.now()
    if os.environ.get(LIGHT):
        lighten()
    if fault := os.environ.get(FAULT):
        FAULTS[fault]()
    return attache(["run"])


def nursery() -> None:
    """Forks a bot for each request: its environment as JSON, and where its words are to go. Answers with its id."""
    for name in LOADED:
        importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    with socket.socket(fileno=os.dup(0)) as requests:
        while True:
            request, words, _, _ = socket.recv_fds(requests, 65536, 1)
            if not request:
                return
            child = os.fork()
            if child == 0:
                requests.close()
                _grow_up(json.loads(request), words[0])
            os.close(words[0])
            requests.sendall(f"{child}\n".encode())


def _grow_up(environment: dict[str, str], words: int) -> None:
    """In a fork: becomes a process like any other, and ends as one."""
    import storage.ids

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(source, target)
    os.environ.update(environment)
    # As in a process that was started by itself, not as in all of its siblings.
    storage.ids._count = itertools.count(random.SystemRandom().getrandbits(storage.ids.COUNT_BITS))
    status = 70
    try:
        status = main()
    finally:
        os._exit(status)


if __name__ == "__main__":
    if "--nursery" in sys.argv:
        nursery()
    else:
        sys.exit(main())
