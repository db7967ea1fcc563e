"""Whoever adds a feed waits for what it brought and for nothing else, and does nothing that another process does."""

from __future__ import annotations

import pytest

from bot.desk import FrontDesk
from bot.jobs.lease import Leases
from bot.roles import STORIES
from bot.understanding import ThreadedUnderstanding
from news.channels import Channel, Platform
from news.feeds import Entry, Fetched, Validators
from storage.engine import open_store
from summarizer.stories import Clusterer
from tests.backends import current_database
from tests.bot.samples import told
from tests.builders import a_brief, a_draft, a_signature
from tests.fakes import NOON

HERE = Channel(Platform.TERMINAL, "local")
HERALD = "https://herald.example/feed"


class Echo:
    """A summarizer for which every article is a summary of itself."""

    def brief(self, article, targets):
        return a_brief(article)

    def sign(self, article):
        return a_signature(article.title)


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request, tmp_path):
    async with current_database(request.param, tmp_path) as url, open_store(url) as opened:
        yield opened


@pytest.fixture
def understanding():
    made = ThreadedUnderstanding(Echo(), Clusterer, threads=1)
    yield made
    made.close()


@pytest.fixture
async def add(store, reader, understanding, clock):
    """Has a feed added with two articles, where one that somebody brought along is not read yet."""
    desk = FrontDesk(store, reader, understanding, clock)
    workspace = await desk.workspace(Platform.TERMINAL, "local")
    entries = [Entry(key, title=key, summary=f"It is {key}.", published=NOON) for key in ("dry", "wet")]
    reader.feeds[HERALD] = Fetched("Herald", tuple(entries), Validators(), "1", HERALD)
    async with store.write() as uow:
        await uow.articles.import_(workspace.id, "old", a_draft(title="old"), now=NOON)
        await uow.commit()

    async def add():
        answer = await desk.answer(workspace, HERE, "feeds", {"action": "add", "url": HERALD})
        return told(answer.title)

    return add


async def waiting(store):
    """What is not read, and what is read and in no story."""
    async with store.read() as uow:
        unread = [article.title for article in await uow.articles.unread()]
        return unread, len(await uow.clusters.unclustered())


async def test_what_it_brought_is_read_and_put_into_stories_and_no_backlog_is(store, add):
    assert await add() == "Following Herald: 2 articles read"
    assert await waiting(store) == (["old"], 0)


async def test_where_another_process_puts_articles_into_stories_they_are_left_to_it(store, add):
    other = Leases(store, [STORIES])
    async with other.kept():
        await other.hold(STORIES)
        assert await add() == "Following Herald: 2 articles read"
        assert await waiting(store) == (["old"], 2 if store.is_shared else 0)
