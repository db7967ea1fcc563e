"""`attache run` while a platform is not there yet: feeds are read, what is due waits, and is posted when it is there."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from news.channels import Platform
from storage.engine import open_store
from tests.discord import fake as discords
from tests.slack import fake as slacks

ROW = {
    "id": "dam",
    "outlet": "Echo",
    "title": "Dam breaks",
    "text": "The dam will be built again, Renn said.",
}
AWAY, AT_LAST = "not connected, it is tried again", "connected at last"


@dataclass(frozen=True)
class Place:
    """One platform: how it is faked, and where is posted."""

    name: str
    running: object
    workspace: str
    channel: str
    settings: dict[str, str]
    address: object
    posts: object
    break_down: object


def _discord_settings(port: int) -> dict[str, str]:
    return {
        "ATTACHE_DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10",
        "ATTACHE_DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{port}/gateway",
    }


SLACK = Place(
    "slack",
    slacks.running,
    f"slack:{slacks.TEAM}",
    f"slack:{slacks.NEWS}",
    {"ATTACHE_SLACK_BOT_TOKEN": slacks.TOKEN, "ATTACHE_SLACK_APP_TOKEN": slacks.APP_TOKEN},
    lambda port: {"ATTACHE_SLACK_API_URL": f"http://127.0.0.1:{port}/api/"},
    lambda fake: fake.channel().messages,
    lambda fake: fake.knobs.break_down(2, method="auth.test"),
)
DISCORD = Place(
    "discord",
    discords.running,
    "discord:42",
    "discord:4242",
    {"ATTACHE_DISCORD_TOKEN": discords.TOKEN},
    _discord_settings,
    lambda fake: fake.messages.get(4242, []),
    lambda fake: fake.knobs.refuse_log_in.extend([503, 503]),
)
PLACES = pytest.mark.parametrize("place", [SLACK, DISCORD], ids=["slack", "discord"])


@dataclass
class Bot:
    """The process, and what it has said so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def says(self, *words: str) -> None:
        """Returns once it has said all of them, in any order."""
        while not all(any(word in line for line in self.lines) for word in words):
            line = await self.process.stderr.readline()
            assert line, "it ended: " + "".join(self.lines)
            self.lines.append(line.decode())

    async def end(self) -> None:
        self.lines += (await self.process.stderr.read()).decode().splitlines()
        await self.process.wait()


@asynccontextmanager
async def running(attache, **settings):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=attache.environment | {"ATTACHE_HEARTBEAT_SECONDS": "0.2"} | settings,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Bot(process)
    try:
        yield bot
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await bot.end()


@pytest.fixture
async def due(attache, wire):
    """The command, with a digest that is due on each platform, and a feed that was not read yet."""
    (attache.folder / "rows.jsonl").write_text(json.dumps(ROW), encoding="utf-8")
    for place in (SLACK, DISCORD):
        for words in (
            ("import", "rows.jsonl"),
            ("schedule", "add", "09:00", "--channel", place.channel),
            ("schedule", "now", "1"),
        ):
            done = await attache.aside(*words, "--workspace", place.workspace)
            assert done.returncode == 0, done.stderr
    async with open_store(attache.url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        await uow.feeds.follow(workspace.id, next(iter(wire.feeds.values())))
        await uow.commit()
    return attache


async def posted(place, fake):
    """What was posted, once there is anything."""
    while not place.posts(fake):  # noqa: ASYNC110  # the two fakes tell of it in ways of their own
        await asyncio.sleep(0.02)
    return place.posts(fake)


@PLACES
async def test_a_platform_that_comes_later_gets_what_was_due(due, wire, place, unused_tcp_port):
    settings = place.settings | place.address(unused_tcp_port) | {"ATTACHE_PRIVATE_HOSTS": wire.host}
    async with asyncio.timeout(90):
        async with running(due, **settings) as bot:
            await bot.says(AWAY, "running; posts to", " articles=")  # feeds are read all the same
            told = (await due.aside("doctor", **settings)).stdout
            assert f"{place.name.capitalize()} has not been connected for" in told
            async with place.running(unused_tcp_port) as fake:
                await bot.says(AT_LAST)
                assert len(await posted(place, fake)) == 1
                told = (await due.aside("doctor", **settings)).stdout
                bot.process.send_signal(signal.SIGTERM)
                await bot.end()
                assert len(place.posts(fake)) == 1
    assert bot.process.returncode == 0
    assert "not been connected" not in told
    assert sum(AWAY in line for line in bot.lines) == 1
    assert not any("Traceback" in line for line in bot.lines)


@PLACES
async def test_a_platform_that_is_down_at_first_is_tried_again_and_holds_up_no_other(due, wire, place):
    other = DISCORD if place is SLACK else SLACK
    async with asyncio.timeout(90), place.running() as fake, other.running() as well:
        place.break_down(fake)
        settings = {"ATTACHE_PRIVATE_HOSTS": wire.host}
        for one, at in ((place, fake), (other, well)):
            port = int(at.url.rpartition(":")[2])
            settings |= one.settings | one.address(port)
        async with running(due, **settings) as bot:
            assert len(await posted(other, well)) == 1
            await bot.says(AWAY, AT_LAST)
            assert len(await posted(place, fake)) == 1
    assert bot.process.returncode == 0
    assert not any("Traceback" in line for line in bot.lines)


@PLACES
async def test_who_is_stopped_while_it_waits_ends_at_once_and_says_no_more_of_it(
    attache, place, unused_tcp_port
):
    settings = place.settings | place.address(unused_tcp_port)
    async with asyncio.timeout(30), running(attache, **settings) as bot:
        await bot.says(AWAY, "running; posts to")
    assert bot.process.returncode == 0
    assert "not been connected" not in (await attache.aside("doctor", **settings)).stdout


@PLACES
async def test_a_token_that_is_refused_ends_it_with_one_line(attache, place):
    async with asyncio.timeout(30), place.running() as fake:
        settings = place.settings | place.address(int(fake.url.rpartition(":")[2]))
        token = next(name for name in settings if name.endswith("_TOKEN"))
        async with running(attache, **settings | {token: "xoxb-wrong"}) as bot:
            await bot.end()
    assert bot.process.returncode == 1
    [line] = bot.lines
    assert f"refused the {'bot' if place is SLACK else 'token'}" in line


def _wrong(place):
    """The settings of a platform whose token was mistyped."""
    name = next(name for name in place.settings if name.endswith("_TOKEN"))
    return place.settings | {name: "xoxb-wrong"}


def _at(place, fake):
    return place.address(int(fake.url.rpartition(":")[2]))


@PLACES
async def test_a_token_that_is_refused_is_told_at_once_and_takes_down_neither_the_other_platform_nor_the_intake(
    due, wire, place
):
    other = DISCORD if place is SLACK else SLACK
    async with asyncio.timeout(90), place.running() as fake, other.running() as well:
        settings = _wrong(place) | _at(place, fake) | other.settings | _at(other, well)
        async with running(due, **settings, ATTACHE_PRIVATE_HOSTS=wire.host) as bot:
            await bot.says(f"but not to {place.name}, which refuses it", " articles=")
            assert len(await posted(other, well)) == 1
            told = (await due.aside("doctor", **settings)).stdout
    assert bot.process.returncode == 0
    [line] = [line for line in bot.lines if "the platform refuses us" in line]
    assert " refused the " in line
    assert f"{place.name.capitalize()} has not been connected for" in told
    assert not any("Traceback" in line for line in bot.lines)


async def test_where_every_platform_refuses_its_token_it_ends(attache):
    async with asyncio.timeout(30), discords.running() as discord, slacks.running() as slack:
        settings = _wrong(DISCORD) | _at(DISCORD, discord) | _wrong(SLACK) | _at(SLACK, slack)
        async with running(attache, **settings) as bot:
            await bot.end()
    assert bot.process.returncode == 1
    assert "Discord refused the token" in bot.lines[0]
    assert bot.lines[-1].startswith("attache: Slack refused the bot's token")


async def test_a_token_that_is_refused_later_ends_it_too(attache):
    async with asyncio.timeout(30), slacks.running() as fake:
        fake.knobs.break_down(1, method="auth.test")
        fake.installations.clear()  # what comes later is a refusal
        settings = SLACK.settings | SLACK.address(int(fake.url.rpartition(":")[2]))
        async with running(attache, **settings) as bot:
            await bot.says(AWAY)
            await bot.end()
    assert bot.process.returncode == 1
    assert "Slack refused the bot's token" in bot.lines[-1]
