"""Articles that were read before a target was there get their positions for it: newest first, through crashes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.jobs import rereading
from bot.jobs.brief import read_articles
from bot.jobs.rereading import Rereader, reread
from news.articles import ArticleDraft
from news.briefs import Brief
from news.errors import ReadingAway, StoreBusy
from news.queries import StanceQuery
from news.rereading import Rereading
from news.spans import Span
from news.stances import Position, Stance
from news.stories import Assignment
from news.targets import BUILT_IN, Target
from tests.builders import a_signature, a_statement
from tests.fakes import NOON, SetClock

DAY = timedelta(days=1)
STRIKE = Target("harbour strike", "Ending it.", ("end the strike",))
FERRY = Target("ferry", "Running it.", ("run the ferry",))


@dataclass
class Echo:
    """Finds that Dana Miller opposes whatever it is asked about, in a text's first words."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)
    meanwhile: object = None

    async def understand(self, articles, targets):
        if self.meanwhile is not None:
            await self.meanwhile()
        return [
            (
                Brief(a.id, a.version, len(a.text), "en", stances=self._found(some)),
                a_signature(a.title),
            )
            for a, some in zip(articles, targets, strict=True)
        ]

    async def positions(self, article, statements, targets):
        self.asked.append((article.key, tuple(target.name for target in targets)))
        if article.key in self.fails:
            raise self.fails[article.key]
        return self._found(targets)

    def _found(self, targets):
        where = (Span(0, 5),)
        return tuple(Stance("Dana Miller", t.name, Position.OPPOSES, where, owner=t.owner) for t in targets)


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
async def articles(store, workspace, echo, monkeypatch):
    """Five that were read, the newest first; a batch has two."""
    monkeypatch.setattr(rereading, "BATCH", 2)
    monkeypatch.setattr(rereading, "LONGEST", 600)
    async with store.write() as uow:
        for number in range(5):
            draft = ArticleDraft("Words of it.", published=NOON - number * DAY, outlet="Herald")
            await uow.articles.import_(workspace.id, str(number), draft, now=NOON)
        await uow.commit()
    assert await read_articles(store, echo, SetClock()) == 5


async def add(store, workspace, target=STRIKE):
    async with store.write() as uow:
        await uow.targets.add(workspace.id, target, now=NOON)
        await uow.commit()


async def standing(store, workspace, target="harbour strike"):
    """Articles that report the position."""
    async with store.read() as uow:
        page = await uow.stances.standings(workspace.id, StanceQuery(target=target))
    return sum(one.present.articles for one in page.standings)


async def step(store, echo):
    async with store.read() as uow:
        of = await uow.rereading.next()
    return None if of is None else await reread(store, echo, of)


async def test_articles_are_read_newest_first_and_counted(store, workspace, echo, articles):
    assert await standing(store, workspace, BUILT_IN[0].name) == 5
    await add(store, workspace)
    seen = []
    while await step(store, echo) is not None:
        async with store.read() as uow:
            seen += [(done, total) for _, done, total in await uow.targets.progress(workspace.id)]
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert [key for key, _ in echo.asked] == ["0", "1", "2", "3", "4"]
    assert await standing(store, workspace) == 5
    assert await standing(store, workspace, BUILT_IN[0].name) == 5


async def test_targets_that_wait_together_are_read_together(store, workspace, echo, articles):
    await add(store, workspace)
    await step(store, echo)
    await add(store, workspace, FERRY)
    while await step(store, echo) is not None:
        pass
    assert echo.asked == [
        ("0", ("harbour strike",)),
        ("1", ("harbour strike",)),
        ("0", ("ferry",)),
        ("1", ("ferry",)),
        *((key, ("harbour strike", "ferry")) for key in "234"),
    ]
    assert await standing(store, workspace, "ferry") == await standing(store, workspace) == 5


async def test_what_was_not_kept_is_done_again(store, workspace, echo, articles, monkeypatch):
    await add(store, workspace)
    await step(store, echo)

    async def fail(*_, **__):
        raise StoreBusy("Somebody else is writing.")

    with monkeypatch.context() as broken:
        broken.setattr(rereading, "keep", fail)
        with pytest.raises(StoreBusy):
            await Rereader(store, echo)()
    assert await standing(store, workspace) == 2
    assert await Rereader(store, echo)() == 3  # another process, after a crash
    assert await standing(store, workspace) == 5


async def test_news_is_not_held_up(store, workspace, echo, articles):
    await add(store, workspace)
    async with store.write() as uow:
        await uow.articles.import_(workspace.id, "new", ArticleDraft("News of it."), now=NOON)
        await uow.commit()
    reader = Rereader(store, echo)
    assert await reader() == 2
    await read_articles(store, echo, SetClock())
    assert await reader() == 3
    assert await reader() == 0
    assert await standing(store, workspace) == 6


async def test_workspaces_take_turns(store, workspace, echo, articles):
    async with store.write() as uow:
        other = await uow.workspaces.obtain(workspace.platform, "other")
        await uow.articles.import_(other.id, "theirs", ArticleDraft("Theirs.", published=NOON), now=NOON)
        await uow.commit()
    await read_articles(store, echo, SetClock())
    for one in (workspace, other):
        await add(store, one)
    assert await Rereader(store, echo)() == 6
    assert [key for key, _ in echo.asked] == ["0", "1", "theirs", "2", "3", "4"]


async def test_a_target_that_was_taken_away_gets_nothing(store, workspace, echo, articles):
    await add(store, workspace)
    async with store.read() as uow:
        of = await uow.rereading.next()
    async with store.write() as uow:
        await uow.targets.remove(workspace.id, STRIKE.name)
        await uow.commit()
    assert await reread(store, echo, of) == 2
    await add(store, workspace)
    assert await standing(store, workspace) == 0


async def test_one_that_is_built_in_and_came_back_is_read_for(store, workspace, echo, articles):
    name = BUILT_IN[3].name
    async with store.write() as uow:
        await uow.targets.remove(workspace.id, name)
        await uow.articles.import_(workspace.id, "new", ArticleDraft("News of it."), now=NOON)
        await uow.commit()
    await read_articles(store, echo, SetClock())
    await add(store, workspace, Target(name))
    assert await standing(store, workspace, name) == 5
    assert await Rereader(store, echo)() == 6
    assert await standing(store, workspace, name) == 6


async def test_an_article_that_cannot_be_read_holds_up_no_other(store, workspace, echo, articles):
    await add(store, workspace)
    echo.fails = {"1": ValueError("no")}
    assert await Rereader(store, echo)() == 5
    assert await standing(store, workspace) == 4


async def test_where_none_can_be_read_they_wait(store, workspace, echo, articles):
    await add(store, workspace)
    echo.fails = {str(key): ValueError("no") for key in range(5)}
    with pytest.raises(ValueError, match="no"):
        await Rereader(store, echo)()
    echo.fails = {}
    assert await Rereader(store, echo)() == 5


async def test_where_nothing_can_be_read_at_the_moment_no_article_is_passed_by(
    store, workspace, echo, articles
):
    await add(store, workspace)
    echo.fails = {"3": ReadingAway("No process could be started.")}
    with pytest.raises(ReadingAway):
        await Rereader(store, echo)()
    echo.fails = {}
    await Rereader(store, echo)()
    assert await standing(store, workspace) == 5


async def test_reduced_articles_are_read_as_far_as_they_go(store, workspace, echo, articles):
    async with store.write() as uow:
        (row,) = await _read_already(uow)
        brief = Brief(row.id, row.version, len(row.text), "en", (), (a_statement(row.text, "Words"),))
        await uow.briefs.save(brief)
        await uow.clusters.save([Assignment(row.id, with_article=row.id)], now=NOON)
        await uow.commit()
    async with store.write() as uow:
        (version,) = await uow.retention.versions([row.id])
        await uow.retention.reduce([replace(version, text="Words")], now=NOON)
        await uow.commit()
    await add(store, workspace)
    assert await Rereader(store, echo)() == 5
    assert await standing(store, workspace) == 5


async def _read_already(uow):
    of = Rereading(None, (), ())
    return [one.article for one in await uow.rereading.articles(of, 1)]


async def test_articles_are_read_for_what_counts_where_they_are_seen(store, workspace, echo):
    await add(store, workspace)
    async with store.write() as uow:
        await uow.articles.import_(workspace.id, "new", ArticleDraft("News of it."), now=NOON)
        await uow.commit()
    await read_articles(store, echo, SetClock())
    assert await standing(store, workspace) == 1
    assert echo.asked == []


async def test_a_target_that_comes_while_an_article_is_read_is_made_up_for(store, workspace, echo):
    async with store.write() as uow:
        await uow.articles.import_(workspace.id, "new", ArticleDraft("News of it."), now=NOON)
        await uow.commit()

    async def meanwhile():
        await add(store, workspace)
        assert await Rereader(store, echo)() == 0  # it passed the article by, which has no brief yet

    echo.meanwhile = meanwhile
    await read_articles(store, echo, SetClock())
    assert echo.asked == [("new", ("harbour strike",))]
    assert await standing(store, workspace) == 1
