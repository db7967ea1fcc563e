"""The world of the scenarios: a wire on this machine, a store that it was read into, and the bot over a copy of it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.cli.rounds import Rounds
from bot.demo.command import MORNING, TIMEZONE
from bot.demo.sample import (
    FeedFormat,
    QuoteStyle,
    SampleArticle,
    SampleOutlet,
    SampleWire,
    Version,
    load_wire,
)
from bot.demo.server import WireServer, serve_wire
from bot.desk import FrontDesk
from bot.jobs.brief import catch_up
from bot.jobs.collect import collect
from bot.pictures.positions import warm_up
from bot.ports import FeedReader, Messenger
from bot.settings import Settings
from bot.understanding import ThreadedUnderstanding, make_understanding
from bot.wiring import App, open_reader
from news.channels import Platform
from storage.engine import open_store
from tests.backends import current_database
from tests.fakes import SetClock

FOLLOWED = ("Aldenmoor Wire", "Toll Gazette", "Radio Veshta")
"""The last one's feed is dead."""
HERALD = "Hillside Herald"
"""An outlet that nobody follows yet."""
_EVENING = MORNING - timedelta(hours=12)


@dataclass(frozen=True)
class Work:
    """The bot at work on one platform."""

    app: App
    clock: SetClock
    rounds: Rounds

    async def beat(self) -> None:
        """All that is due now, as the running bot does it."""
        await self.rounds.take_in()
        await self.rounds.read()
        await self.rounds.deliver()


@dataclass(frozen=True)
class World:
    """What all scenarios share."""

    wire: WireServer
    reader: FeedReader
    understanding: ThreadedUnderstanding
    template: Path

    @property
    def feeds(self) -> Mapping[str, str]:
        return self.wire.feeds

    @asynccontextmanager
    async def desk(self, folder: Path) -> AsyncIterator[tuple[App, SetClock]]:
        """The bot over a store of its own."""
        async with self.understanding.stories() as stories:
            await stories.reset()  # what it was told of is another store's
        shutil.copyfile(self.template, folder / "scenario.db")
        settings, clock = _settings(folder / "scenario.db", self.wire), SetClock(MORNING)
        async with open_store(settings.database_url.get_secret_value()) as store:
            desk = FrontDesk(store, self.reader, self.understanding, clock, timezone=TIMEZONE)
            yield App(settings, clock, store, self.reader, self.understanding, desk), clock

    def work(self, app: App, clock: SetClock, messenger: Messenger) -> Work:
        return Work(app, clock, Rounds(app, {messenger.platform: messenger}))


@asynccontextmanager
async def made(folder: Path, workspaces: Mapping[Platform, str]) -> AsyncIterator[World]:
    """The world, in which these workspaces follow the same feeds."""
    async with serve_wire(_wire(), until=MORNING) as wire, current_database("sqlite", folder) as url:
        template = Path(url.removeprefix("sqlite:///"))
        settings = _settings(template, wire)
        understanding = make_understanding(settings)
        async with open_reader(settings) as reader:
            try:
                await _fill(url, wire, reader, understanding, workspaces)
                warm_up()
                yield World(wire, reader, understanding, template)
            finally:
                understanding.close()


async def _fill(
    url: str,
    wire: WireServer,
    reader: FeedReader,
    understanding: ThreadedUnderstanding,
    workspaces: Mapping[Platform, str],
) -> None:
    clock = SetClock(MORNING)
    async with open_store(url) as store:
        async with store.write() as uow:
            for platform, name in workspaces.items():
                workspace = await uow.workspaces.obtain(platform, name, timezone=TIMEZONE)
                for outlet in FOLLOWED:
                    await uow.feeds.follow(workspace.id, wire.feeds[outlet], outlet=outlet)
            await uow.commit()
        await collect(store, reader, clock)
        await catch_up(store, understanding, clock)


def _settings(database: Path, wire: WireServer) -> Settings:
    """Nothing of the environment's."""
    return Settings.model_construct(
        database_url=SecretStr(f"sqlite:///{database}"),
        timezone=TIMEZONE,
        private_hosts=frozenset({wire.host}),
    )


def _wire() -> SampleWire:
    whole = load_wire()
    kept = tuple(outlet for outlet in whole.outlets if outlet.name in FOLLOWED)
    mill = _article(
        "mill-to-open",
        "Mill at Hillside to open",
        "The old mill above Hillside will grind again, its owner said on Wednesday.",
        "“The mill will open in spring,” Orla Sennick told visitors at the gate. “It has slept for long enough.”",
    )
    toll = _article(
        "toll-rises",
        "Toll @here <https://evil.example|free> rises",
        "The toll on the bridge rises on Monday, *the council* decided on Wednesday evening.",
        "“Ask @everyone and <!channel>, read [free](https://evil.example) and `pay` _now_ <@U0READER001> "
        "\u202efor\u202c the toll,” council leader Otto Grimm said on Wednesday.",
    )
    return SampleWire(
        (*kept, _outlet("hillside-herald", HERALD, mill), _outlet("toll-gazette", "Toll Gazette", toll))
    )


def _outlet(slug: str, name: str, *articles: SampleArticle) -> SampleOutlet:
    return SampleOutlet(slug, name, "Invented.", FeedFormat.RSS, QuoteStyle.DOUBLE, True, articles)


def _article(slug: str, title: str, *paragraphs: str, at: datetime = _EVENING) -> SampleArticle:
    version = Version(at, title, paragraphs)
    return SampleArticle(slug, "A. Reporter", "Local", slug, "A picture.", (version,))
