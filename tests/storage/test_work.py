"""How much work a digest is, and what is done every few seconds: it does not grow with what is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.answers.stories import Audience, compose_digest
from news.channels import Channel, DeliveryState, Platform
from news.digests import Digest, Window
from news.notices import NoticeKind
from news.queries import StoryQuery
from storage.engine import open_store
from storage.tables import NoticeRow
from tests.backends import current_database
from tests.builders import MORNING, a_statement
from tests.contracts.conftest import World
from tests.steps import counted

HOUR = timedelta(hours=1)
WINDOW = Window(MORNING - 24 * HOUR, MORNING)
CHANNEL = Channel(Platform.TERMINAL, "main")


async def publish(world: World, feed, workspace, *, day: int, events: int) -> None:
    """So many events of two articles each, so many days ago; each article is edited once."""
    for number in range(events):
        told = []
        for outlet in ("Herald", "Wire"):
            at = MORNING - timedelta(days=day) - HOUR * (1 + number % 20)
            text = f"Event {number} of day {day}, in the {outlet}. “It is so,” said Dana Miller."
            key = f"{day}/{number}/{outlet}"
            await world.publish(feed, key, at=at, text=f"{text} More soon.", outlet=outlet)
            article = await world.publish(feed, key, at=at, text=text, outlet=outlet)
            told.append(await world.read(article, a_statement(text, "“It is so,”")))
        await world.together(*told)


async def composed(store, workspace, query: StoryQuery) -> Digest:
    async with store.read() as uow:
        return await compose_digest(
            uow,
            workspace.id,
            query,
            WINDOW,
            title="Digest",
            timezone="UTC",
            audience=Audience(channel=CHANNEL),
        )


@pytest.mark.parametrize(
    "query",
    [
        StoryQuery(),
        StoryQuery(about="event"),
        StoryQuery(actor="Miller"),
        StoryQuery(outlet="Herald"),
    ],
    ids=["all", "about", "actor", "outlet"],
)
async def test_what_is_old_makes_a_digest_no_more_work(tmp_path, query):
    with counted() as steps:
        async with current_database("sqlite", tmp_path) as url, open_store(url) as store:
            world = World(store)
            workspace = await world.workspace()
            feed = await world.follow(workspace)
            await publish(world, feed, workspace, day=0, events=4)
            work = []
            for days in (range(2, 3), range(3, 13)):
                for day in days:
                    await publish(world, feed, workspace, day=day, events=4)
                before = steps.done
                digest = await composed(store, workspace, query)
                work.append(steps.done - before)
    assert [len(digest.stories), digest.articles] == [4, 4 if query.outlet else 8]
    few, many = work
    assert 0 < many < 1.05 * few


async def test_what_was_told_of_feeds_long_ago_makes_looking_for_news_of_them_no_more_work(tmp_path):
    """It is looked for every few seconds, and notices are kept for ever."""
    with counted() as steps:
        async with current_database("sqlite", tmp_path) as url, open_store(url) as store:
            world = World(store)
            workspace = await world.workspace()
            feed = await world.follow(workspace)
            work = []
            for troubles in (range(20), range(20, 400)):
                await tell(store, workspace, feed, troubles)
                async with store.read() as uow:
                    before = steps.done
                    assert not await uow.notices.is_due(MORNING)
                work.append(steps.done - before)
    assert work[1] <= 1.2 * work[0]


async def tell(store, workspace, feed, troubles) -> None:
    """That the feed failed and was back, so many times."""
    rows = [
        {
            "workspace_id": workspace.id,
            "feed_id": feed.id,
            "kind": kind,
            "since": MORNING - timedelta(days=1000 - number),
            "reason": "",
            "platform": Platform.TERMINAL,
            "channel": "main",
            "made": MORNING,
            "state": DeliveryState.SENT,
            "touched": MORNING,
            "attempts": 1,
        }
        for number in troubles
        for kind in (NoticeKind.FAILING, NoticeKind.BACK)
    ]
    async with store.write() as uow:
        await uow.notices._session.execute(insert(NoticeRow), rows)
        await uow.commit()
