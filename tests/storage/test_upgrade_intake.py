"""A database from before intake was rewritten: articles are found at their addresses as these are compared now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.arrivals import Arrival
from news.channels import Platform, WorkspaceId
from news.feeds import Entry, FeedId, Pace
from news.queries import StatementQuery
from storage.engine import open_store
from storage.upgrade import downgrade, upgrade
from tests.builders import MORNING, a_brief, a_draft, a_statement

URL = "https://www.herald.example/2024/12/04/bridge?utm_source=rss"
FEED, WORKSPACE = FeedId(1), WorkspaceId(1)


@pytest.fixture
async def old_url(empty_url):
    """Filled by this version and brought back to the one before, with addresses as that one kept them."""
    await upgrade(empty_url)
    async with open_store(empty_url) as store, store.write() as uow:
        workspace = await uow.workspaces.obtain(Platform.TERMINAL, "local")
        feed = await uow.feeds.follow(workspace.id, "https://herald.example/feed")
        await uow.feeds.save(
            replace(feed, pace=Pace(at_least=timedelta(hours=2)), interval=timedelta(hours=3))
        )
        arrivals = [
            Arrival("1", a_draft(url=URL), "f"),
            Arrival("2", a_draft("Said elsewhere.", url="https://other.example/" + "x" * 900), "f"),
            Arrival(
                "3",
                a_draft("A teaser.", url="https://herald.example/teaser", partial=True, vouched=False),
                "f",
            ),
        ]
        articles = await uow.articles.save_all(feed.id, arrivals, now=MORNING)
        await uow.briefs.save(a_brief(articles[0], a_statement()))
        await uow.commit()
    await downgrade(empty_url, "0002")
    await _tell(empty_url, "UPDATE articles SET url_key = url WHERE url_key IS NOT NULL")
    return empty_url


async def _tell(url, statement):
    from sqlalchemy import text

    from storage.engine import database_url, open_engine

    async with open_engine(database_url(url)) as engine, engine.begin() as connection:
        await connection.execute(text(statement))


async def test_articles_entries_and_statements_are_found_again(old_url):
    await upgrade(old_url)
    async with open_store(old_url) as store, store.write() as uow:
        other = await uow.feeds.follow(WORKSPACE, "https://herald.example/other")
        found = await uow.articles.save_all(
            other.id,
            [
                Arrival("new", a_draft(url="http://herald.example/2024/12/04/bridge/"), "f"),
                Arrival("new 2", a_draft("Said elsewhere.", url="http://other.example/" + "x" * 900), "f"),
                Arrival("new 3", a_draft("Whole.", url="https://herald.example/teaser"), "f"),
            ],
            now=MORNING,
        )
        entries = [Entry("other", url="https://herald.example/2024/12/04/bridge")]
        known = await uow.articles.known_entries(FEED, entries)
        page = await uow.briefs.statements(WORKSPACE, StatementQuery(about="bridge"))
        feed, _ = await uow.feeds.followed(WORKSPACE)
        unread = await uow.articles.unread()
    assert [article.text for article in found] == [a_draft().text, "Said elsewhere.", "Whole."]
    assert len({article.id for article in found} | {article.id for article in unread}) == 4
    assert {key: one.key for key, one in known.items()} == {"other": "1"}
    assert [quote.words for quote in page.quotes] == ['"The bridge will close,"']
    assert (feed.pace, feed.interval) == (Pace(), timedelta(minutes=30))


async def test_two_articles_that_turn_out_to_be_at_one_address_stay_two(old_url):
    await _tell(
        old_url,
        "UPDATE articles SET url = 'http://m.herald.example/2024/12/04/bridge' WHERE url_key LIKE '%xxx%'",
    )
    await upgrade(old_url)
    async with open_store(old_url) as store, store.write() as uow:
        arrival = Arrival("new", a_draft(url="http://herald.example/2024/12/04/bridge/"), "f")
        other = await uow.feeds.follow(WORKSPACE, "https://herald.example/other")
        (found,) = await uow.articles.save_all(other.id, [arrival], now=MORNING)
        stored = await uow.articles.unread()
    assert found.text == a_draft().text
    assert len(stored) == 2


async def test_back_and_forth_keeps_what_there_is_a_place_for(old_url):
    await upgrade(old_url)
    await downgrade(old_url, "0002")
    await upgrade(old_url)
    async with open_store(old_url) as store, store.read() as uow:
        page = await uow.briefs.statements(WORKSPACE, StatementQuery(about="bridge"))
        known = await uow.articles.known_entries(FEED, [Entry("x", url=URL)])
    assert len(page.quotes) == 1
    assert {key: one.key for key, one in known.items()} == {"x": "1"}
