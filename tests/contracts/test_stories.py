"""Stories: which articles are put together, and what a workspace sees of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from news.arrivals import Arrival
from news.articles import ArticleId
from news.errors import NotFound
from news.stories import Assignment, Member, StoryId
from tests.builders import MORNING, a_signature, a_speaker, a_statement

HOUR = timedelta(hours=1)


async def unclustered(store, **more):
    async with store.read() as uow:
        return await uow.clusters.unclustered(**more)


async def members(store, since=MORNING, until=MORNING + 24 * HOUR):
    async with store.read() as uow:
        return await uow.clusters.members(since, until)


async def stories_by_title(store):
    """The titles of each story, as clustering sees them."""
    groups: dict[StoryId | None, set[str]] = {}
    for member in await members(store):
        groups.setdefault(member.story_id, set()).add(member.signature.terms.decode())
    return sorted(groups.values(), key=min)


async def tell(world, feed, *titles, hour=0):
    """Articles that have been read, an hour apart."""
    told = []
    for number, title in enumerate(titles, start=hour):
        article = await world.publish(
            feed, title, at=MORNING + number * HOUR, title=title, text=f"About {title}."
        )
        told.append(await world.read(article, a_statement(article.text, "About")))
    return told


async def test_articles_with_a_brief_wait_for_their_story_oldest_first(world, store, feed):
    await world.publish(feed, "unread", title="unread")
    b, a = [(await tell(world, feed, title, hour=hour))[0] for title, hour in (("b", 2), ("a", 1))]
    assert await unclustered(store) == (
        Member(a.id, MORNING + HOUR, a_signature("a")),
        Member(b.id, MORNING + 2 * HOUR, a_signature("b")),
    )
    assert [m.signature.terms.decode() for m in await unclustered(store, limit=1)] == ["a"]
    await world.together(a)
    assert [m.signature.terms.decode() for m in await unclustered(store)] == ["b"]


async def test_members_are_those_in_stories_in_their_time(world, store, feed):
    articles = await tell(world, feed, "a", "b", "c", "d")
    await world.together(*articles[:3])
    found = await members(store, MORNING + HOUR, MORNING + 3 * HOUR)
    assert [(m.signature.terms.decode(), m.when) for m in found] == [
        ("b", MORNING + HOUR),
        ("c", MORNING + 2 * HOUR),
    ]
    assert {m.story_id for m in found} == {m.story_id for m in await members(store)}


@pytest.mark.parametrize(
    ("links", "stories"),
    [
        ({"a": "a", "b": "b"}, ["a", "b"]),
        ({"a": "a", "b": "a", "c": "b"}, ["abc"]),
        ({"c": "b", "b": "a", "a": "a"}, ["abc"]),  # named before it is there
        ({"a": "b", "b": "a"}, ["ab"]),
        ({"c": "a", "a": "b", "b": "a"}, ["abc"]),
        ({"a": "d"}, ["ad"]),  # the other one has no story either
        ({"a": None}, ["a"]),
        ({}, []),
    ],
)
async def test_articles_join_the_story_of_another(world, store, feed, links, stories):
    ids = {article.title: article.id for article in await tell(world, feed, *"abcd")}
    await world.cluster(
        *(Assignment(ids[a], with_article=other and ids[other]) for a, other in links.items())
    )
    assert ["".join(sorted(titles)) for titles in await stories_by_title(store)] == stories


async def test_articles_join_a_story_that_exists(world, store, feed):
    a, b, c = await tell(world, feed, *"abc")
    await world.together(a)
    (known,) = await members(store)
    await world.cluster(Assignment(b.id, story_id=known.story_id), Assignment(c.id, with_article=b.id))
    assert await stories_by_title(store) == [{"a", "b", "c"}]
    await world.cluster(Assignment(a.id, with_article=a.id))  # once more, by somebody who was late
    assert await stories_by_title(store) == [{"a", "b", "c"}]


@pytest.mark.parametrize(
    "assignment",
    [
        Assignment(ArticleId(999), with_article=ArticleId(999)),
        Assignment(ArticleId(1 << 80)),
        Assignment(ArticleId(0), story_id=StoryId(999)),
        Assignment(ArticleId(0), with_article=ArticleId(999)),
    ],
)
async def test_what_is_not_there_is_in_no_story(world, store, feed, assignment):
    (article,) = await tell(world, feed, "a")
    article_id = assignment.article_id or article.id
    with pytest.raises(NotFound):
        await world.cluster(Assignment(article_id, assignment.story_id, assignment.with_article))
    assert await members(store) == ()


async def test_stories_come_newest_first_their_articles_oldest_first(world, workspace, feed):
    a, b, c, d = await tell(world, feed, *"abcd")
    await world.together(d, a)
    await world.together(b)
    await world.together(c)
    assert await world.stories(workspace) == [["a", "d"], ["c"], ["b"]]


async def test_a_story_shows_what_the_workspace_follows_only(world, workspace, feed):
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    (ours,) = await tell(world, feed, "ours")
    hidden, alone = await tell(world, theirs, "hidden", "alone", hour=1)
    await world.together(hidden, ours)
    await world.together(alone)
    assert await world.stories(workspace) == [["ours"]]
    assert await world.stories(other) == [["alone"], ["hidden"]]
    assert await world.stories(workspace, about="hidden") == []
    assert await world.stories(workspace, since=MORNING + HOUR) == []


async def test_a_story_is_news_when_an_article_of_it_arrived_in_the_time(world, workspace, feed):
    a, b, c = await tell(world, feed, *"abc")
    await world.together(a, c)
    await world.together(b)
    assert await world.stories(workspace, since=MORNING + 2 * HOUR) == [["a", "c"]]
    assert await world.stories(workspace, until=MORNING) == []
    assert await world.stories(workspace, since=MORNING, until=MORNING + HOUR) == [["a", "c"]]
    assert await world.stories(workspace, since=MORNING + HOUR, until=MORNING + 2 * HOUR) == [["b"]]


async def test_an_edit_is_news_once_it_has_been_read(world, workspace, feed):
    (old,) = await tell(world, feed, "a")
    await world.together(old)
    later = {"since": MORNING + 4 * HOUR, "until": MORNING + 6 * HOUR}
    new = await world.publish(feed, "a", at=MORNING + 5 * HOUR, title="a, corrected", text="Short.")
    assert await world.stories(workspace, **later) == []
    assert await world.stories(workspace) == [["a"]]
    await world.read(new)
    assert await world.stories(workspace, **later) == [["a, corrected"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"about": "bridge"}, True),
        ({"about": "BRIDG* closing"}, True),
        ({"about": "bridge mayor"}, True),  # title and text
        ({"about": "bridge tunnel"}, False),  # of two articles
        ({"about": "%"}, False),
        ({"about": "\0'"}, False),
        ({"about": " "}, True),
        ({"about": "w" * 10_000}, False),
        ({"actor": "Miller"}, True),
        ({"actor": "council"}, True),
        ({"actor": "Zelensky"}, True),  # in a headline, in another spelling
        ({"actor": "Zelen"}, False),
        ({"actor": "Nobody"}, False),
        ({"actor": "%"}, False),
        ({"actor": "x\0" * 5_000}, False),
        ({"actor": "Zelensky", "about": "bridge"}, True),  # each by one of them
    ],
)
async def test_stories_are_found_by_words_and_actors(world, workspace, feed, query, found):
    one = await world.publish(feed, "1", title="Bridge to close", text="The mayor spoke.")
    await world.read(one, a_statement(one.text, "spoke", speaker=a_speaker("Dana Miller", "city council")))
    other = await world.publish(feed, "2", title="Zelenskyy visits the tunnel", text="He came.")
    await world.read(other)
    await world.together(one, other)
    assert bool(await world.stories(workspace, **query)) is found


async def test_no_more_than_two_hundred_stories_are_found_the_newest(world, store, workspace, feed):
    async with store.write() as uow:
        from tests.builders import a_brief, a_draft

        for number in range(203):
            at = MORNING + timedelta(minutes=number)
            arrival = Arrival(str(number), a_draft(title=str(number), published=at), "", arrived=at)
            (article,) = await uow.articles.save_all(feed.id, [arrival], now=at)
            await uow.briefs.save(a_brief(article))
            await uow.clusters.save([Assignment(article.id, with_article=article.id)], now=at)
        await uow.commit()
    found = await world.stories(workspace)
    assert [titles[0] for titles in found] == [str(number) for number in range(202, 2, -1)]
