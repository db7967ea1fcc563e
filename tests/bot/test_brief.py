"""Reading and clustering what was stored, on a real store."""

from datetime import timedelta

import pytest

from bot.jobs.brief import catch_up, cluster, read_articles
from bot.understanding import ThreadedUnderstanding
from news.articles import ArticleDraft
from news.errors import AttacheError
from news.queries import StoryQuery
from summarizer.stories import Clusterer
from tests.fakes import NOON, SetClock

CLOCK = SetClock()


async def bring(store, workspace, *drafts):
    async with store.write() as uow:
        for number, draft in enumerate(drafts):
            await uow.articles.import_(workspace.id, str(number), draft, now=NOON)
        await uow.commit()


def watched(learn, asked):
    """As `learn`, which notes how many articles it is told of."""

    async def watching(self, members, learnt):
        asked.append(len(members))
        await learn(self, members, learnt)

    return watching


async def stories(store, workspace):
    async with store.read() as uow:
        found = await uow.stories.find(workspace.id, StoryQuery())
    return sorted(sorted(r.article.key for r in story.readings) for story in found)


async def test_each_article_is_read_once_and_put_into_one_story(store, workspace, understanding):
    text = "The bridge over the Sill will close on Monday, Mayor Ilka Tarn said in Oldtown."
    other = "Olive growers on the southern coast expect a poor harvest after the drought."
    drafts = [ArticleDraft(text, title="Bridge to close"), ArticleDraft(other), ArticleDraft(f"{text} Soon.")]
    await bring(store, workspace, *drafts)
    assert await read_articles(store, understanding, CLOCK) == 3
    assert await cluster(store, understanding, CLOCK) == 3
    assert await stories(store, workspace) == [["0", "2"], ["1"]]
    assert await read_articles(store, understanding, CLOCK) == 0
    assert await cluster(store, understanding, CLOCK) == 0


async def test_of_much_that_waits_the_newest_is_in_a_story_first(
    store, workspace, understanding, monkeypatch
):
    monkeypatch.setattr("bot.jobs.brief.LOT", 2)
    monkeypatch.setattr("bot.jobs.brief.BATCH", 1)
    found = []

    class Watching:
        stories = understanding.stories

        async def understand(self, articles, targets):
            found.append([article.key for article in articles] + await stories(store, workspace))
            return await understanding.understand(articles, targets)

    texts = ("Olive growers expect a poor harvest.", "The bridge will close.", "A court orders a recount.")
    drafts = [ArticleDraft(text, published=NOON - timedelta(days=9 * n)) for n, text in enumerate(texts)]
    await bring(store, workspace, *drafts)
    assert await catch_up(store, Watching(), CLOCK) == 3
    assert found == [["0"], ["1"], ["2", ["0"], ["1"]]]


async def test_articles_far_apart_in_time_are_placed_without_calling_up_all_between(
    store, workspace, understanding, monkeypatch
):
    asked: list[int] = []

    days = (20_000, 300, 299, 0)
    drafts = [ArticleDraft(f"News of day {d}.", published=NOON - timedelta(days=d)) for d in days]
    await bring(store, workspace, *drafts)
    await read_articles(store, understanding, CLOCK)
    async with understanding.stories() as index:
        monkeypatch.setattr(type(index), "learn", watched(type(index).learn, asked))
    assert await cluster(store, understanding, CLOCK) == 4
    assert asked == [0, 0, 0]


async def test_an_article_that_breaks_clustering_has_a_story_of_its_own_and_hinders_no_other(
    store, workspace, understanding
):
    strange = []

    class Breaking(Clusterer):
        def assign(self, new):
            if any(member.article_id in strange for member in new):
                raise ValueError("could not broadcast input array")
            return super().assign(new)

    text = "The bridge over the Sill will close on Monday, Mayor Ilka Tarn said in Oldtown."
    await bring(store, workspace, *map(ArticleDraft, (text, "Olive growers expect little.", f"{text} Soon.")))
    async with store.read() as uow:
        strange += [article.id for article in await uow.articles.unread() if article.key == "1"]
    await read_articles(store, understanding, CLOCK)
    breaking = ThreadedUnderstanding(understanding._summarizer, Breaking)
    assert await cluster(store, breaking, CLOCK) == 3
    assert await stories(store, workspace) == [["0", "2"], ["1"]]
    assert await cluster(store, breaking, CLOCK) == 0


async def test_an_understanding_that_returns_nothing_is_an_error_and_no_endless_loop(store, workspace):
    class Silent:
        async def understand(self, articles, targets):
            return ()

    await bring(store, workspace, ArticleDraft("Words."))
    with pytest.raises(AttacheError):
        await read_articles(store, Silent(), CLOCK)
