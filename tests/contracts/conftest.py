"""Every database that the store runs on, and a small world to fill it with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from news.arrivals import Arrival
from news.articles import Article, ArticleDraft
from news.channels import Platform, Workspace
from news.feeds import Feed
from news.queries import StatementQuery, StoryQuery
from news.statements import Statement
from news.stories import Assignment
from storage.engine import open_store
from storage.unit_of_work import SqlStore
from tests.backends import BACKENDS, current_database
from tests.builders import MORNING, a_brief, a_draft, a_signature


@pytest.fixture(params=BACKENDS)
async def store_url(request, tmp_path):
    """A database of this program's version, empty."""
    async with current_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def store(store_url):
    async with open_store(store_url) as store:
        yield store


@dataclass(frozen=True)
class World:
    """Fills the store, each step in a unit of work of its own."""

    store: SqlStore

    async def workspace(self, name: str = "local") -> Workspace:
        async with self.store.write() as uow:
            workspace = await uow.workspaces.obtain(Platform.TERMINAL, name)
            await uow.commit()
        return workspace

    async def follow(self, workspace: Workspace, url: str = "https://herald.example/feed", **more) -> Feed:
        async with self.store.write() as uow:
            feed = await uow.feeds.follow(workspace.id, url, **more)
            await uow.commit()
        return feed

    async def publish(
        self,
        feed: Feed,
        key: str = "1",
        *,
        at: datetime = MORNING,
        fingerprint: str = "f",
        address: str | None = None,
        instead: ArticleDraft | None = None,
        **draft,
    ) -> Article:
        """What an entry leads to, published and arrived `at`."""
        async with self.store.write() as uow:
            draft = a_draft(**{"published": at} | draft)
            arrival = Arrival(key, draft, fingerprint, arrived=at, address=address, instead=instead)
            (article,) = await uow.articles.save_all(feed.id, [arrival], now=at)
            await uow.commit()
        return article

    async def bring(self, workspace: Workspace, key: str, *, now: datetime = MORNING, **draft) -> Article:
        async with self.store.write() as uow:
            article = await uow.articles.import_(workspace.id, key, a_draft(**draft), now=now)
            await uow.commit()
        return article

    async def read(self, article: Article, *statements: Statement, **brief) -> Article:
        """Gives the article a brief."""
        async with self.store.write() as uow:
            await uow.briefs.save(a_brief(article, *statements, **brief))
            await uow.clusters.sign(article.id, a_signature(article.title), now=article.arrived)
            await uow.commit()
        return article

    async def cluster(self, *assignments: Assignment, now: datetime = MORNING) -> None:
        async with self.store.write() as uow:
            await uow.clusters.save(assignments, now=now)
            await uow.commit()

    async def together(self, *articles: Article) -> None:
        """Puts articles into one story, which the first begins."""
        await self.cluster(*(Assignment(a.id, with_article=articles[0].id) for a in articles))

    async def said(self, workspace: Workspace, **query) -> list[str]:
        """The words of the statements that the query finds, its page as long as it takes."""
        async with self.store.read() as uow:
            page = await uow.briefs.statements(workspace.id, StatementQuery(**{"limit": 100} | query))
        assert page.total == len(page.quotes)
        return [quote.words for quote in page.quotes]

    async def stories(self, workspace: Workspace, **query) -> list[list[str | None]]:
        """The headlines of the stories that the query finds."""
        async with self.store.read() as uow:
            stories = await uow.stories.find(workspace.id, StoryQuery(**query))
        return [[reading.article.title for reading in story.readings] for story in stories]


@pytest.fixture
def world(store):
    return World(store)


@pytest.fixture
async def workspace(world):
    return await world.workspace()


@pytest.fixture
async def feed(world, workspace):
    return await world.follow(workspace)
