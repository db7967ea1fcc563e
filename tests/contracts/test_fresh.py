"""Stories that have news in a time: in which order, how many, with which of their articles, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from news.channels import Channel, Platform
from news.digests import Digest, DigestStory, Window
from news.queries import StoryQuery
from news.stories import Assignment, Counts
from tests.builders import MORNING, a_speaker, a_statement

HOUR = timedelta(hours=1)
DAY = {"since": MORNING, "until": MORNING + 24 * HOUR}
HERE = Channel(Platform.TERMINAL, "local")


async def fresh(store, workspace, *, most=12, **query):
    async with store.read() as uow:
        outlines, total = await uow.stories.outlines(workspace.id, StoryQuery(**DAY | query), most=most)
        stories = await uow.stories.read(workspace.id, outlines)
    for outline, story in zip(outlines, stories, strict=True):
        assert set(outline.articles) == {reading.article.id for reading in story.readings}
        assert outline.statements == sum(len(reading.brief.statements) for reading in story.readings)
        assert (outline.counts, outline.newest) == (story.counts, story.newest)
    return stories, total


async def found(store, workspace, **more):
    """Each story's titles."""
    stories, _ = await fresh(store, workspace, **more)
    return ["".join(reading.article.title for reading in story.readings) for story in stories]


async def tell(world, feed, titles, *, at=MORNING, **more):
    """Articles that have been read, each of an outlet of its own, a minute apart."""
    told = []
    for number, title in enumerate(titles):
        article = await world.publish(
            feed,
            title,
            at=at + number * timedelta(minutes=1),
            **{"title": title, "text": f"About {title}.", "outlet": f"Outlet {title}"} | more,
        )
        told.append(await world.read(article, a_statement(article.text, "About")))
    return told


async def a_story_of(world, feed, titles, **more):
    articles = await tell(world, feed, titles, **more)
    await world.together(*articles)
    return articles


async def test_stories_come_by_outlets_then_articles_then_the_newest(world, store, workspace, feed):
    await a_story_of(world, feed, "ab", at=MORNING + HOUR)
    await a_story_of(world, feed, "cde", outlet="The Herald", at=MORNING + 2 * HOUR)
    await a_story_of(world, feed, "fg", outlet="The Herald", at=MORNING + 3 * HOUR)
    await a_story_of(world, feed, "h", at=MORNING + 4 * HOUR)
    await a_story_of(world, feed, "i", at=MORNING + 5 * HOUR)
    assert await found(store, workspace) == ["ab", "cde", "fg", "i", "h"]


async def test_no_more_than_the_limit_come_and_all_are_counted(world, store, workspace, feed):
    for title in "abcde":
        await a_story_of(world, feed, title)
    stories, total = await fresh(store, workspace, limit=2)
    assert (len(stories), total) == (2, 5)
    assert await fresh(store, workspace, about="nothing") == ((), 0)


async def test_articles_without_an_outlet_count_as_one_more_each(world, store, workspace, feed):
    nameless = await tell(world, feed, "ab", outlet=None)
    named = await tell(world, feed, "cd", outlet="The Herald") + await tell(
        world, feed, "e", outlet="THE HERALD"
    )
    await world.together(*nameless, *named)
    ((story,), _) = await fresh(store, workspace)
    assert story.counts == Counts(articles=5, outlets=3)


async def test_copies_are_counted_and_handed_over_last(world, store, workspace, feed):
    a, b, c, d = await tell(world, feed, "abcd")
    await world.cluster(
        *(Assignment(x.id, with_article=a.id) for x in (a, b)),
        *(Assignment(x.id, with_article=a.id, copy_of=a.id) for x in (c, d)),
    )
    ((story,), _) = await fresh(store, workspace)
    assert story.counts == Counts(articles=4, outlets=4, copies=2)
    assert [r.article.copy_of for r in story.readings] == [None, None, a.id, a.id]
    assert [await found(store, workspace, most=n) for n in (1, 2, 3)] == [["b"], ["ab"], ["abd"]]
    ((story,), _) = await fresh(store, workspace, most=2)
    assert story.counts == Counts(articles=4, outlets=4, copies=2)


async def test_only_articles_of_the_time_come_and_count(world, store, workspace, feed):
    old = await tell(world, feed, "ab", at=MORNING - HOUR)
    new = await tell(world, feed, "cd", at=MORNING + HOUR)
    late = await tell(world, feed, "e", at=MORNING + 24 * HOUR)
    await world.together(*old, *new, *late)
    ((story,), total) = await fresh(store, workspace)
    assert [r.article.title for r in story.readings] == ["c", "d"]
    assert (story.counts, total) == (Counts(2, 2), 1)
    assert await found(store, workspace, since=None, until=None) == ["abcde"]
    assert await found(store, workspace, since=MORNING + 25 * HOUR, until=None) == []


async def test_an_edit_counts_once_it_has_been_read(world, store, workspace, feed):
    await a_story_of(world, feed, "a", at=MORNING - HOUR)
    assert await found(store, workspace) == []
    edit = await world.publish(feed, "a", at=MORNING + HOUR, title="a2", text="Other words.")
    assert await found(store, workspace) == []
    await world.read(edit)
    assert await found(store, workspace) == ["a2"]
    ((story,), _) = await fresh(store, workspace)
    assert (story.counts, story.readings[0].article.version) == (Counts(1, 1), 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"about": "bridge"}, ["ab"]),
        ({"about": "ferry"}, []),  # of an article that is not of the time
        ({"about": " "}, ["ab", "c"]),
        ({"actor": "Miller"}, ["ab"]),
        ({"actor": "Brask"}, ["c"]),
        ({"actor": "%"}, []),
        ({"outlet": "Outlet a"}, ["a"]),
        ({"outlet": "outlet C"}, ["c"]),
        ({"outlet": "\0'"}, []),
        ({"outlet": "Outlet b", "about": "bridge"}, []),
        ({"actor": "Miller", "about": "bridge"}, ["ab"]),
    ],
)
async def test_stories_are_narrowed_to_words_actors_and_outlets(
    world, store, workspace, feed, query, expected
):
    text = "The bridge will close, said Dana Miller."
    a = await world.publish(feed, "a", title="a", text=text, outlet="Outlet a")
    await world.read(a, a_statement(text, "The bridge will close"))
    (b,) = await tell(world, feed, "b", at=MORNING + HOUR)
    (old,) = await tell(world, feed, "o", at=MORNING - HOUR, text="About a ferry.")
    await world.together(a, b, old)
    c = await world.publish(feed, "c", title="c", text="It rained, said Brask.", outlet="Outlet C")
    await world.read(c, a_statement(c.text, "It rained", speaker=a_speaker("Ottilie Brask")))
    await world.together(c)
    assert await found(store, workspace, **query) == expected


async def test_a_workspace_sees_its_own_only(world, store, workspace, feed):
    """Not in counts, not in which article stands for its copies, not in the order."""
    other = await world.workspace("other")
    theirs = await world.follow(other, "https://other.example/feed")
    (original, *hidden) = await tell(world, theirs, "xyz")
    ours = await tell(world, feed, "ab")
    await world.cluster(
        *(Assignment(x.id, with_article=original.id) for x in (original, *hidden)),
        *(Assignment(x.id, with_article=original.id, copy_of=original.id) for x in ours),
    )
    await a_story_of(world, feed, "cd", at=MORNING + HOUR)
    assert await found(store, workspace) == ["cd", "ab"]
    stories, total = await fresh(store, workspace)
    assert (stories[1].counts, total) == (Counts(articles=2, outlets=2, copies=1), 2)
    ((story,), total) = await fresh(store, other)
    assert (story.counts, total) == (Counts(articles=3, outlets=3), 1)
    assert await fresh(store, await world.workspace("third")) == ((), 0)


# What stories are called, and what was told of them


def a_digest(*stories: tuple[int, str], until=MORNING) -> Digest:
    told = tuple(DigestStory(story_id, name, 1, 1, (), (), ()) for story_id, name in stories)
    return Digest("Digest", Window(until - HOUR, until), "UTC", told, 1, 1)


async def subscribe(store, workspace, **more):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id,
            more.pop("channel", HERE),
            cron="0 9 * * *",
            timezone="UTC",
            next_due=MORNING,
            **more,
        )
        await uow.commit()
    return made


async def plan(store, workspace, subscription, digest, *, slot=MORNING, now=MORNING):
    async with store.write() as uow:
        digest_id = await uow.deliveries.save_digest(workspace.id, digest, now=now)
        delivery = await uow.deliveries.plan(subscription.id, slot, digest_id, now=now)
        await uow.commit()
    return delivery


async def mark(store, delivery, state):
    async with store.write() as uow:
        await uow.deliveries.mark(delivery, state, now=MORNING)
        await uow.commit()


async def known(store, workspace, ids, *, subscription=None, channel=None):
    """The names under which the stories were told, oldest first."""
    async with store.read() as uow:
        if subscription is not None:
            told = (await uow.deliveries.told_each(workspace.id, ids, [subscription.id]))[subscription.id]
        else:
            told = await uow.deliveries.told(workspace.id, ids, channel=channel) if channel else {}
    return {story_id: [earlier.story.name for earlier in earliers] for story_id, earliers in told.items()}


async def called(store, workspace):
    """What its stories are called, by each way of asking."""
    stories, _ = await fresh(store, workspace, since=None, until=None)
    async with store.read() as uow:
        assert {(s.id, s.called) for s in await uow.stories.find(workspace.id, StoryQuery())} == {
            (s.id, s.called) for s in stories
        }
    return {story.id: story.called for story in stories}


async def ids_of(store):
    async with store.read() as uow:
        members = await uow.clusters.members(MORNING - 48 * HOUR, MORNING + 48 * HOUR)
    return {member.signature.terms.decode(): member.story_id for member in members}


async def told_members(store):
    async with store.read() as uow:
        members = await uow.clusters.members(MORNING - 48 * HOUR, MORNING + 48 * HOUR)
    return {m.signature.terms.decode() for m in members if m.told}


async def test_a_planned_digest_makes_its_stories_told_and_named(world, store, workspace, feed):
    await a_story_of(world, feed, "a")
    await a_story_of(world, feed, "b")
    ids = await ids_of(store)
    assert await called(store, workspace) == {ids["a"]: None, ids["b"]: None}
    one, other = (
        await subscribe(store, workspace),
        await subscribe(store, workspace, title="x", channel=Channel(Platform.DISCORD, "1")),
    )
    await plan(store, workspace, one, a_digest((ids["a"], "The dam")))
    assert await known(store, workspace, list(ids.values()), subscription=one) == {ids["a"]: ["The dam"]}
    assert await known(store, workspace, list(ids.values()), subscription=other) == {}
    assert await known(store, workspace, list(ids.values())) == {}
    assert await called(store, workspace) == {ids["a"]: "The dam", ids["b"]: None}
    assert await told_members(store) == {"a"}


@pytest.mark.parametrize(
    ("state", "subscriber", "channel"),
    [
        (None, True, False),  # pending: the next one begins behind it, but nobody has seen it yet
        ("sending", True, False),
        ("sent", True, True),
        ("unknown", True, False),
        ("failed", False, False),
    ],
)
async def test_a_channel_knows_what_was_posted_and_a_subscription_what_did_not_fail(
    world, store, workspace, feed, state, subscriber, channel
):
    await a_story_of(world, feed, "a")
    (story_id,) = (await ids_of(store)).values()
    made = await subscribe(store, workspace)
    delivery = await plan(store, workspace, made, a_digest((story_id, "The dam")))
    if state:
        await mark(store, delivery, state)
    expected = {story_id: ["The dam"]}
    assert await known(store, workspace, [story_id], subscription=made) == (expected if subscriber else {})
    assert await known(store, workspace, [story_id], channel=HERE) == (expected if channel else {})
    assert await known(store, workspace, [story_id], channel=Channel(Platform.DISCORD, "local")) == {}


@pytest.mark.parametrize("narrow", [{"about": "dam"}, {"actor": "Renn"}, {"outlet": "Herald"}])
async def test_narrowed_digests_do_not_count_for_the_channel(world, store, workspace, feed, narrow):
    from news.channels import Narrowing

    await a_story_of(world, feed, "a")
    (story_id,) = (await ids_of(store)).values()
    made = await subscribe(store, workspace, narrowing=Narrowing(**narrow))
    await mark(store, await plan(store, workspace, made, a_digest((story_id, "The dam"))), "sent")
    assert await known(store, workspace, [story_id], channel=HERE) == {}
    assert await known(store, workspace, [story_id], subscription=made) == {story_id: ["The dam"]}


async def test_the_last_five_tellings_are_known_oldest_first(world, store, workspace, feed):
    await a_story_of(world, feed, "a")
    await a_story_of(world, feed, "b")
    ids = await ids_of(store)
    made = await subscribe(store, workspace)
    for number in range(7):
        stories = [(ids["a"], f"a{number}"), *([(ids["b"], f"b{number}")] if number < 2 else [])]
        await plan(store, workspace, made, a_digest(*stories), slot=MORNING + number * HOUR)
    assert await known(store, workspace, [*ids.values(), 99], subscription=made) == {
        ids["a"]: ["a2", "a3", "a4", "a5", "a6"],
        ids["b"]: ["b0", "b1"],
    }


async def test_a_story_keeps_its_first_name_whatever_comes_later_or_is_older(world, store, workspace, feed):
    (a,) = await a_story_of(world, feed, "a")
    (story_id,) = (await ids_of(store)).values()
    made = await subscribe(store, workspace)
    await plan(store, workspace, made, a_digest((story_id, "The dam")))
    await plan(store, workspace, made, a_digest((story_id, "Another name")), slot=MORNING + HOUR)
    later = await tell(world, feed, "z", at=MORNING + HOUR) + await tell(
        world, feed, "o", at=MORNING - 9 * HOUR
    )
    await world.cluster(*(Assignment(x.id, with_article=a.id) for x in later))
    assert await called(store, workspace) == {story_id: "The dam"}


async def test_a_name_is_the_workspaces_own(world, store, workspace, feed):
    other = await world.workspace("other")
    async with store.write() as uow:
        await uow.feeds.follow(other.id, feed.url)
        await uow.commit()
    await a_story_of(world, feed, "a")
    (story_id,) = (await ids_of(store)).values()
    await plan(store, other, await subscribe(store, other), a_digest((story_id, "What others call it")))
    assert await called(store, workspace) == {story_id: None}
    assert await known(store, workspace, [story_id], channel=HERE) == {}
    assert await called(store, other) == {story_id: "What others call it"}


async def test_a_story_that_vanished_before_its_digest_was_planned_is_told_of_nowhere(
    world, store, workspace, feed
):
    (a,), _ = await a_story_of(world, feed, "a"), await a_story_of(world, feed, "b")
    ids = await ids_of(store)
    await world.cluster(Assignment(a.id, story_id=ids["b"], moves=True))
    made = await subscribe(store, workspace)
    await plan(store, workspace, made, a_digest((ids["a"], "Gone"), (ids["b"], "Stays")))
    assert await known(store, workspace, list(ids.values()), subscription=made) == {ids["b"]: ["Stays"]}
    assert await called(store, workspace) == {ids["b"]: "Stays"}


async def test_the_text_of_a_version_is_found(world, store, workspace, feed):
    (a, b) = await tell(world, feed, "ab")
    await world.publish(feed, "a", title="a", text="Other words.", outlet="Outlet a")
    async with store.read() as uow:
        texts = await uow.articles.texts({a.id: 1, b.id: 1, 99: 1})
        assert texts == {a.id: "About a.", b.id: "About b."}
        assert await uow.articles.texts({a.id: 2, b.id: 2}) == {a.id: "Other words."}
        assert await uow.articles.texts({}) == {}
