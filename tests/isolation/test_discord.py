"""Two servers on Discord: every command, option, suggestion and button that the bot registers, asked in the one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.desk import FrontDesk
from bot.platforms.discord.buttons import Again
from bot.platforms.discord.client import connected
from news.channels import Platform
from tests.discord.fake import TOKEN, running
from tests.discord.interactions import Picked
from tests.isolation.asks import FILES, LINES, OPML, TYPED, YAML, known, leaves, lines, looks
from tests.isolation.planted import MARK, WORDS, plant, reader_of_ours, shown_of, words_in
from tests.isolation.rows import lost, numbers_of, rows_in
from tests.posting import send_open
from tests.scenarios.discord import Discord

OURS, THEIRS, ELSEWHERE = 42, 43, 99
OTHERWISE = (
    ("digest", {"private": True}),
    ("digest", {"outlet": f"{MARK} Post", "since": "90d"}),
    ("whosaid", {"actor": "Dana Miller", "private": True}),
    ("stance", {"actor": "Dana Miller", "private": True}),
    ("actor", {"name": "Dana Miller", "private": True}),
    ("schedule add", {"times": "12:00", "channel": Picked(ELSEWHERE)}),
    ("schedule change", {"number": 1, "channel": Picked(ELSEWHERE)}),
    ("feeds import", {"file": OPML}),
    ("targets import", {"file": YAML}),
)
"""What cannot be typed in a line."""
FORGED = (
    "ask:", "page:2", "page:999999", "ask:story {number}", "ask:digest {number}", "digest:{number}", "{number}",
    "ask:feeds remove {number}", "ask:schedule now {number}", "ask:schedule remove {number}",
    "ask:targets export", "ask:feeds export", "ask:whosaid \x00", "ask:/whosaid Ambers page 2", "story:{number}:next",
)  # fmt: skip
"""Ids of buttons that nobody was ever shown."""


class Guild:
    """The bot in both servers, and what people ask in one of them."""

    def __init__(self, fake, messenger, store, clock):
        self.fake, self.messenger, self.store, self.clock = fake, messenger, store, clock
        self._typing = Discord(fake, messenger, "")
        self.commands: set[tuple[str, str]] = set()
        self.options: set[tuple[str, str, str]] = set()
        self.sent: list[object] = []

    async def line(self, line, guild=OURS):
        return await self.ask(*self._typing._filled_in(line), guild)

    async def ask(self, command, fields, guild=OURS):
        name, _, action = command.partition(" ")
        self.commands.add((name, action))
        self.options |= {(name, action, option) for option in fields}
        asked = await self.fake.ask(command, fields, guild=guild)
        return await self._answer(asked)

    async def press(self, shown, label, **more):
        return await self._answer(await self.fake.press(shown, label, **more))

    async def _answer(self, asked):
        async with asyncio.timeout(60):  # the machine may be busy
            await asked.answered.wait()
        answer = asked.answers[-1]
        self.sent += [each.payload for each in asked.answers]
        return answer

    async def offered(self, command, option, typed):
        asked = await self.fake.ask(command, {option: typed}, guild=OURS, focused=option)
        return (await self._answer(asked)).payload["choices"]

    def registered(self):
        """Every command with its options, as Discord was told of them."""
        for command in self.fake.commands:
            groups = [each for each in command.get("options") or [] if each["type"] in (1, 2)]
            assert all(each["type"] == 1 for each in groups), "a group in a group has no case here yet"
            for sub in groups or [command]:
                yield command["name"], (sub["name"] if groups else ""), sub.get("options") or []


@pytest.fixture
async def guild(store, clock, understanding):
    desk = FrontDesk(store, reader_of_ours(), understanding, clock)
    async with opened(desk, store, clock) as guild:
        yield guild


@asynccontextmanager
async def opened(desk, store, clock):
    async with (
        running() as fake,
        connected(desk, TOKEN, api_url=fake.api_url, gateway_url=fake.gateway_url, pause=0.01) as messenger,
    ):
        yield Guild(fake, messenger, store, clock)


@pytest.fixture
async def sides(store, clock):
    return await plant(store, clock, Platform.DISCORD, (str(OURS), "9"), (str(THEIRS), "9"))


def leaks(answers, asked=""):
    return words_in(shown_of(answers), asked=asked)


async def test_no_command_shows_or_changes_anything_of_the_other_server(guild, sides, store_url):
    here, _ = sides
    before = await rows_in(store_url)
    found = {}
    for line in lines(*await numbers_of(store_url, here.workspace.id)):
        answer = await guild.line(line)
        if leaked := leaks([answer.payload], known(line)):
            found[line] = leaked
        if line.startswith("schedule now"):
            await send_open(guild.store, guild.clock, {Platform.DISCORD: guild.messenger})
    for command, fields in OTHERWISE:
        if leaked := leaks([(await guild.ask(command, fields)).payload]):
            found[command, tuple(fields)] = leaked
    posts = [post for channel in guild.fake.messages.values() for post in channel]
    assert posts, "what was posted at once is seen, too"
    assert (found, leaks(posts)) == ({}, [])
    assert lost(before, await rows_in(store_url), here.workspace.id) == []
    assert shown_of(guild.sent).count(MARK) > 50
    registered = list(guild.registered())
    assert guild.commands == {(name, action) for name, action, _ in registered}, "a command without a case"
    assert {(name, action) for name, action, _ in registered} == leaves() == LINES.keys() | FILES
    missing = {(n, a, o["name"]) for n, a, options in registered for o in options} - guild.options
    assert missing == set(), "options without a case"


async def test_nothing_is_suggested_that_only_the_other_server_knows(guild, sides):
    asked, found = 0, {}
    for name, action, options in guild.registered():
        for option in [each["name"] for each in options if each.get("autocomplete")]:
            for typed in TYPED:
                offered = await guild.offered(f"{name} {action}".strip(), option, typed)
                asked += 1
                if leaked := leaks([offered]):
                    found[name, action, option, typed] = leaked
    assert found == {}
    assert asked > 10 * len(TYPED)
    assert await guild.fake.type("whosaid", "actor", "Dana") == [("Dana Miller", "Dana Miller")]
    assert any(
        WORDS["actor"] in name for name, _ in await guild.fake.type("actor", "name", "Tarn", guild=THEIRS)
    )


async def test_no_button_shows_or_changes_anything_of_the_other_server(guild, sides, store_url):
    here, _ = sides
    handled = guild.messenger._client._connection._view_store
    assert set(handled._dynamic_items.values()) == {Again}, "a kind of button without a case"
    assert not handled._modals, "a modal without a case"
    numbers = await numbers_of(store_url, here.workspace.id)
    theirs = [await guild.line(line, THEIRS) for line in lines() if looks(line)]
    theirs = [answer for answer in theirs if answer.buttons]
    assert len(theirs) > 5
    before, found, told = await rows_in(store_url), {}, 0
    for answer in theirs:  # what somebody copied from there, or sees in a message that was passed on
        for label, custom_id in answer.buttons.items():
            footer = answer.embeds[-1].get("footer", {}).get("text", "") if answer.embeds else ""
            for by in ({"user": 77}, {"user": 78}):
                shown = await guild.press(answer, label, **by)
                told += MARK in shown_of([shown.payload])
                if leaked := leaks([shown.payload], f"{custom_id} {footer}"):
                    found[custom_id] = leaked
    ours = [await guild.line(line) for line in lines() if looks(line)]
    for answer in [each for each in ours if each.buttons]:
        for label, custom_id in answer.buttons.items():
            if leaked := leaks([(await guild.press(answer, label)).payload], custom_id):
                found[custom_id] = leaked
    for forged in FORGED:
        for number in numbers if "{number}" in forged else (0,):
            custom_id = forged.format(number=number)
            shown = await guild.press(theirs[0], "forged", custom_id=custom_id)
            if leaked := leaks([shown.payload], str(theirs[0].embeds[-1].get("footer"))):
                found[custom_id] = leaked
    assert found == {}
    assert told, "some of them are answered"
    assert lost(before, await rows_in(store_url), here.workspace.id) == []


async def test_the_other_server_sees_all_of_what_is_planted(guild, sides):
    """Else the tests above would find nothing whatever was leaked."""
    for line in lines(1, 2):
        if not line.startswith(("feeds remove", "feeds add", "targets remove", "actors", "schedule remove")):
            await guild.line(line, THEIRS)
    unseen = set(WORDS.values()) - set(leaks(guild.sent))
    assert unseen <= {WORDS["wording"]}, "wordings are shown only to who asks for one target"
