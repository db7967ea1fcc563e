"""A database from before stories moved on: what was stored then is there, and works, after the upgrade."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from bot.answers.stories import digest_on_demand
from bot.jobs.brief import catch_up
from bot.messages.digest import digest_message
from bot.settings import Settings
from bot.understanding import make_understanding
from news.channels import Channel, DigestId, Narrowing, Platform, WorkspaceId
from news.queries import StoryQuery
from storage.engine import database_url, open_engine, open_store
from storage.upgrade import downgrade, upgrade
from tests.fakes import NOON, SetClock
from tests.posting import plan_due

HOUR = timedelta(hours=1)
HERE = Channel(Platform.TERMINAL, "local")
TEXTS = {
    11: "The harbour council of Oldtown voted to close the iron bridge for two years.",
    12: "Olive growers on the southern coast expect a poor harvest after the drought.",
    13: "The iron bridge of Oldtown will close for two years, its harbour council voted on Thursday.",
}
OLD_DIGEST = {
    "title": "Noon digest",
    "window": {"since": "2024-12-03T12:00:00Z", "until": "2024-12-04T12:00:00Z"},
    "timezone": "Europe/Kyiv",
    "stories": [
        {
            "story_id": 1,
            "name": "Bridge to close",
            "outlets": 1,
            "articles": 1,
            "summary": [{"text": TEXTS[11], "span": {"start": 0, "end": len(TEXTS[11])}, "mark": 1}],
            "said": [
                {
                    "quote": {
                        "words": "to close the iron bridge",
                        "cue": "voted",
                        "speaker": {
                            "name": "harbour council",
                            "mention": "The harbour council",
                            "affiliation": None,
                        }
                        | {"anonymous": False, "state": None},
                        "kind": "indirect",
                        "mode": "speech",
                        "venue": None,
                        "confidence": 1.0,
                        "article_id": 11,
                        "article_key": "11",
                        "headline": "Bridge to close",
                        "outlet": "The Herald",
                        "url": None,
                        "when": "2024-12-04T09:00:00Z",
                        "content": [{"start": 40, "end": 64}],
                        "cue_spans": [],
                        "source_spans": [],
                    },
                    "marks": [1],
                }
            ],
            "sources": [
                {
                    "mark": 1,
                    "article_id": 11,
                    "article_key": "11",
                    "version": 1,
                    "headline": "Bridge to close",
                }
                | {"outlet": "The Herald", "url": None, "when": "2024-12-04T09:00:00Z"}
            ],
        }
    ],
    "articles": 1,
    "outlets": 1,
    "left_out": 0,
    "health": {"followed": 1, "failing": []},
}
"""As the version before stored it: without `copies`, `since`, `differences`, `cautions`, `unchanged`, `dated`."""


async def insert(url: str, rows: list[tuple[str, dict[str, object]]]) -> None:
    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        for table, values in rows:
            columns, literals = ", ".join(values), ", ".join(_literal(url, v) for v in values.values())
            await connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({literals})")


def _literal(url: str, value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case datetime() if url.startswith("sqlite"):
            return str(round(value.timestamp() * 1e6))
        case datetime():
            return f"'{value.isoformat()}'"
        case dict() | list():
            return "'" + json.dumps(value).replace("'", "''") + "'"
        case str():
            return "'" + value.replace("'", "''") + "'"
    return str(value)


def an_article(number: int, story: int | None, *, hours: float) -> list[tuple[str, dict[str, object]]]:
    """An article that was read, with its version, its entry and its brief."""
    at, text = NOON - hours * HOUR, TEXTS[number]
    article = {
        "id": number,
        "feed_id": 1,
        "key": str(number),
        "imported": False,
        "url": None,
        "url_key": None,
    }
    article |= {
        "outlet": "The Herald",
        "outlet_key": "the herald",
        "published": at,
        "arrived": at,
        "moment": at,
    }
    version = {"article_id": number, "version": 1, "seen": at, "title": f"Title {number}", "text": text}
    version |= {
        "byline": None,
        "language": "en",
        "partial": False,
        "title_words": "",
        "title_key": "",
        "words": "",
    }
    brief = {
        "article_id": number,
        "version": 1,
        "length": len(text),
        "language": "en",
        "stances": [],
        "flags": [],
    }
    summary = [{"text": text, "span": {"start": 0, "end": len(text)}}]
    return [
        ("articles", article | {"version": 1, "briefed": 1, "story_id": story}),
        ("article_versions", version),
        ("entries", {"feed_id": 1, "key": str(number), "article_id": number, "fingerprint": ""}),
        ("briefs", brief | {"summary": summary, "engines": {"summary": "extract 1"}}),
    ]


def rows() -> list[tuple[str, dict[str, object]]]:
    """Ids that the database gives are 1, each table's first."""
    feed = {
        "url": "https://herald.example/feed",
        "url_key": "https://herald.example/feed",
        "failures": 0,
    }
    subscription = {
        "workspace_id": 1,
        "platform": "terminal",
        "channel": "local",
        "cron": "0 14 * * *",
    }
    subscription |= {"timezone": "Europe/Kyiv", "title": "Noon digest", "about": "", "paused": False}
    delivery = {"subscription_id": 1, "digest_id": 1, "slot": NOON - 24 * HOUR, "state": "sent"}
    return [
        ("workspaces", {"platform": "terminal", "external_id": "local", "timezone": "Europe/Kyiv"}),
        ("feeds", feed | {"ended": False}),
        ("follows", {"workspace_id": 1, "feed_id": 1}),
        ("stories", {"id": 1}),
        *an_article(11, 1, hours=27),
        *an_article(12, None, hours=3),
        *an_article(13, None, hours=2),
        (
            "subscriptions",
            subscription | {"removed": False, "next_due": NOON, "last_covered": NOON - 24 * HOUR},
        ),
        ("digests", {"workspace_id": 1, "composed": NOON - 24 * HOUR, "content": OLD_DIGEST}),
        (
            "deliveries",
            delivery | {"touched": NOON - 24 * HOUR, "attempts": 1, "receipt": "r", "error": None},
        ),
    ]


@pytest.fixture
async def old_store(empty_url):
    """A store that was filled by the version before and opened by this one."""
    await upgrade(empty_url)
    await downgrade(empty_url, "0001")
    await insert(empty_url, rows())
    async with open_store(empty_url) as store:
        yield store


@pytest.fixture
def understanding():
    return make_understanding(Settings(_env_file=None, summary_model=None, summary_server=None))


async def workspace_of(store):
    async with store.read() as uow:
        return await uow.workspaces.find(Platform.TERMINAL, "local")


async def test_articles_without_a_story_are_read_anew_and_then_told(old_store, understanding):
    clock, workspace = SetClock(), await workspace_of(old_store)
    async with old_store.read() as uow:
        assert [article.id for article in await uow.articles.unread()] == [13, 12]
        assert await uow.articles.waiting_since(workspace.id, NOON - 24 * HOUR) == NOON - 3 * HOUR
    assert await catch_up(old_store, understanding, clock) == 2
    assert await catch_up(old_store, understanding, clock) == 0
    digest = await digest_on_demand(old_store, clock, workspace, HERE, StoryQuery())
    assert digest.window.since == NOON - 24 * HOUR  # where the old digest ended
    assert sorted(story.name for story in digest.stories) == ["Title 12", "Title 13"]
    whole = await digest_on_demand(old_store, clock, workspace, HERE, StoryQuery(since=NOON - 48 * HOUR))
    assert {story.name for story in whole.stories} == {"Title 11", "Title 12", "Title 13"}


async def test_what_was_in_a_story_stays_there(old_store, understanding):
    await catch_up(old_store, understanding, SetClock())
    async with old_store.read() as uow:
        stories = await uow.stories.find((await workspace_of(old_store)).id, StoryQuery())
    (old,) = (story for story in stories if story.id == 1)
    assert [reading.article.id for reading in old.readings] == [11]
    assert old.readings[0].brief.figures == ()


async def test_schedules_go_on(old_store, understanding):
    clock = SetClock()
    await catch_up(old_store, understanding, clock)
    async with old_store.read() as uow:
        (subscription,) = await uow.subscriptions.of(WorkspaceId(1))
    assert subscription.narrowing == Narrowing()
    assert await plan_due(old_store, clock, [Platform.TERMINAL]) == 1
    async with old_store.read() as uow:
        (delivery,) = await uow.deliveries.open([Platform.TERMINAL])
        digest = await uow.deliveries.digest(delivery.digest_id)
        ids = [story.story_id for story in digest.stories]
        told = await uow.deliveries.told_each(WorkspaceId(1), ids, [subscription.id])
    assert len(told[subscription.id]) == len(digest.stories) == 2


async def test_a_digest_that_was_stored_before_can_be_shown(old_store):
    async with old_store.read() as uow:
        digest = await uow.deliveries.digest(DigestId(1))
        assert await uow.deliveries.last_digest(WorkspaceId(1), HERE) == digest
    (story,) = digest.stories
    assert (story.copies, story.since, story.differences, story.cautions) == (0, None, (), ())
    assert (digest.unchanged, story.sources[0].dated, story.sources[0].copy_of) == (0, True, None)
    assert digest_message(digest).blocks
