"""From a token to the first digest on Discord, by the guide: `python -m tests.evaluation.first_digest`.

The commands that `docs/discord.md` shows are given, as they stand there, to `attache run` as a process of its own, at the fake
Discord of `tests.discord`; the feed is one of the demo's wire. What a person does on Discord's own pages is not in it: there is
no such site here, so those steps are counted and not timed.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.demo.command import MORNING
from bot.demo.sample import load_wire, moved
from bot.demo.server import WireServer, serve_wire
from tests.discord.fake import TOKEN, FakeDiscord, running

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "discord.md"
FEED = "https://example.org/feed.xml"
"""The address that stands in the guide for anybody's."""
OUTLET = "Aldenmoor Wire"
CHANNEL = 9
_STEP = re.compile(r"^(\d+)\. \*\*(.+?)\*\*", re.MULTILINE)
_ASKED = re.compile(r"^ +(/[a-z].*)$", re.MULTILINE)
_PATIENCE_SECONDS = 120


@dataclass
class Way:
    """What was done by the guide, and how long each took, in seconds by the clock."""

    took: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Mapping[str, object]] = field(default_factory=dict)
    posts: list[Mapping[str, object]] = field(default_factory=list)

    @property
    def in_all(self) -> float:
        """Seconds."""
        return sum(self.took.values())


def section(text: str) -> str:
    """The part of the guide that leads to the first digest."""
    return text.split("## From nothing to the first digest")[1].split("\n## ")[0]


def guide_steps(text: str) -> list[str]:
    """What each step of it is called."""
    return [name for _, name in _STEP.findall(section(text))]


def guide_commands(text: str) -> list[str]:
    """The commands in its blocks, and those that its words name for the same: a look at once, and a post at once."""
    shown = _ASKED.findall(section(text))
    first = next(n for n, line in enumerate(shown) if line.startswith("/schedule"))
    return [*shown[:first], "/digest", *shown[first:], "/schedule now number: 1"]


def filled_in(line: str) -> tuple[str, dict[str, object]]:
    """`/schedule now number: 1` as a command and its fields."""
    command, *rest = re.split(r" (\w+): ", line.removeprefix("/"))
    fields = dict(zip(rest[::2], rest[1::2], strict=True))
    return command, {name: int(text) if text.isdigit() else text for name, text in fields.items()}


async def follow(text: str, folder: Path) -> Way:
    """Does what the guide says from the token on, and waits for the digest in the channel."""
    way, now = Way(), datetime.now(UTC)
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(serve_wire(moved(load_wire(), now - MORNING), until=now))
        discord = await stack.enter_async_context(running())
        begun = time.perf_counter()
        bot = await stack.enter_async_context(_bot(folder, discord, wire))
        await _line(bot, b"running; posts to discord")
        await discord.identified.wait()
        way.took["attache run"] = time.perf_counter() - begun
        for line in guide_commands(text):
            begun = time.perf_counter()
            command, fields = filled_in(line.replace(FEED, wire.feeds[OUTLET]))
            asked = await discord.ask(command, fields)
            await asked.answered.wait()
            way.answers[line] = asked.answers[-1].payload
            way.took[line] = time.perf_counter() - begun
        begun = time.perf_counter()
        await _line(bot, b'"state": "sent"')
        way.took["the post"] = time.perf_counter() - begun
        way.posts = list(discord.messages[CHANNEL])
    return way


@asynccontextmanager
async def _bot(
    folder: Path, discord: FakeDiscord, wire: WireServer
) -> AsyncIterator[asyncio.subprocess.Process]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTACHE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=kept
        | {
            "PYTHONPATH": str(ROOT),
            "ATTACHE_DATABASE_URL": f"sqlite:///{folder / 'first.db'}",
            "ATTACHE_DISCORD_TOKEN": TOKEN,
            "ATTACHE_DISCORD_API_URL": discord.api_url,
            "ATTACHE_DISCORD_GATEWAY_URL": discord.gateway_url,
            "ATTACHE_PRIVATE_HOSTS": wire.host,
            "ATTACHE_LOG_FORMAT": "json",
        },
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.communicate()


async def _line(process: asyncio.subprocess.Process, words: bytes) -> None:
    """Reads on until a line has the words. Raises RuntimeError where the bot ended before."""
    assert process.stderr is not None
    seen = []
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while line := await process.stderr.readline():
            if words in line:
                return
            seen.append(line.decode())
    raise RuntimeError("".join(seen))


def _print() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        way = asyncio.run(follow(text, Path(folder)))
    for name, seconds in way.took.items():
        sys.stdout.write(f"{seconds:6.1f} s  {name}\n")
    sys.stdout.write(
        f"{way.in_all:6.1f} s  in all, from the token; {len(guide_steps(text))} steps in the guide\n"
    )


if __name__ == "__main__":
    _print()
