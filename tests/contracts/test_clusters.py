"""Clusters: what articles are compared by, what has changed, and how articles move between stories."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from news.articles import ArticleId
from news.channels import Channel, Platform
from news.digests import Digest, DigestStory, Window
from news.errors import AttacheError, NotFound
from news.stories import Assignment, Signature
from tests.builders import MORNING, a_brief, a_signature

HOUR = timedelta(hours=1)
LATER = MORNING + 5 * HOUR


async def tell(world, feed, titles):
    told = []
    for number, title in enumerate(titles):
        article = await world.publish(
            feed, title, at=MORNING + number * HOUR, title=title, text=f"About {title}."
        )
        told.append(await world.read(article))
    return told


async def members(store):
    """Each article's story, and what it is a copy of, by titles."""
    async with store.read() as uow:
        found = await uow.clusters.members(MORNING, MORNING + 24 * HOUR)
    return {m.signature.terms.decode(): m for m in found}


async def groups(store):
    found: dict[int, str] = {}
    for title, member in sorted((await members(store)).items()):
        found[member.story_id] = found.get(member.story_id, "") + title
    return sorted(found.values())


async def changed(store, after, since=MORNING, until=MORNING + 24 * HOUR):
    async with store.read() as uow:
        found = await uow.clusters.changed(since, until, after=after)
    return "".join(m.signature.terms.decode() for m in found)


async def post(store, workspace, *story_ids, now=MORNING):
    """Plans a digest that tells of the stories."""
    stories = tuple(DigestStory(i, "Name", 1, 1, (), (), ()) for i in story_ids)
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, Channel(Platform.TERMINAL, "local"), cron="0 9 * * *", timezone="UTC", next_due=now
        )
        digest = Digest("Digest", Window(MORNING, now), "UTC", stories, 1, 1)
        digest_id = await uow.deliveries.save_digest(workspace.id, digest, now=now)
        await uow.deliveries.plan(made.id, now, digest_id, now=now)
        await uow.commit()


async def stories_left(store):
    async with store.read() as uow:
        from sqlalchemy import func, select

        from storage.tables import StoryRow

        return await uow.clusters._session.scalar(select(func.count()).select_from(StoryRow))


async def test_a_signature_comes_back_as_it_was_and_takes_the_place_of_an_older_one(world, store, feed):
    (a,) = await tell(world, feed, "a")
    signed = Signature(bytes(range(256)), b"\x00\xff" * 192, b"\x00" * 256)
    for one in (a_signature("x"), signed):
        async with store.write() as uow:
            await uow.clusters.sign(a.id, one, now=LATER)
            await uow.commit()
    async with store.read() as uow:
        ((member,), ()) = await uow.clusters.unclustered(), await uow.clusters.members(MORNING, LATER)
    assert member.signature == signed


@pytest.mark.parametrize("number", [999, -1, 1 << 80])
async def test_what_is_not_there_cannot_be_signed(store, number):
    async with store.write() as uow:
        with pytest.raises(NotFound):
            await uow.clusters.sign(ArticleId(number), a_signature("a"), now=MORNING)


async def test_an_article_that_is_not_signed_does_not_wait_for_a_story(world, store, feed):
    article = await world.publish(feed, "a")
    async with store.write() as uow:
        await uow.briefs.save(a_brief(article))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.clusters.unclustered() == ()


async def test_what_was_placed_signed_or_told_after_a_moment_has_changed(world, store, workspace, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.together(a, b)
    assert await changed(store, MORNING) == "c"  # read two hours later; the others were placed then
    assert await changed(store, MORNING - HOUR) == "abc"
    assert await changed(store, LATER) == ""
    await world.cluster(Assignment(c.id, with_article=c.id), now=LATER + HOUR)
    assert await changed(store, LATER) == "c"
    async with store.write() as uow:
        await uow.clusters.sign(a.id, a_signature("a"), now=LATER + HOUR)
        await uow.commit()
    assert await changed(store, LATER) == "ac"
    await post(store, workspace, (await members(store))["b"].story_id, now=LATER + 2 * HOUR)
    assert await changed(store, LATER + HOUR) == "ab"
    assert await changed(store, LATER + HOUR, since=MORNING + HOUR) == "b"
    assert await changed(store, LATER + HOUR, until=MORNING + HOUR) == "a"


async def test_an_article_moves_out_of_a_story_that_was_not_told_and_an_empty_one_is_gone(world, store, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.together(a, b)
    await world.together(c)
    at = await members(store)
    await world.cluster(Assignment(b.id, story_id=at["c"].story_id, moves=True))
    assert await groups(store) == ["a", "bc"]
    await world.cluster(Assignment(a.id, story_id=at["c"].story_id, moves=True))
    assert await groups(store) == ["abc"]
    assert await stories_left(store) == 1
    await world.cluster(
        Assignment(a.id, with_article=a.id, moves=True), Assignment(b.id, with_article=a.id, moves=True)
    )
    assert await groups(store) == ["ab", "c"]
    assert await stories_left(store) == 2


async def test_no_article_leaves_a_story_that_was_told(world, store, workspace, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.together(a, b)
    await world.together(c)
    at = await members(store)
    await post(store, workspace, at["a"].story_id)
    await world.cluster(
        Assignment(a.id, story_id=at["c"].story_id, moves=True, copy_of=c.id),
        Assignment(b.id, with_article=b.id, moves=True),
    )
    assert await groups(store) == ["ab", "c"]
    assert {m.copy_of for m in (await members(store)).values()} == {None}
    assert {title for title, m in (await members(store)).items() if m.told} == {"a", "b"}


async def test_what_another_process_placed_stays_there_unless_it_is_moved(world, store, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.together(a, b)
    await world.together(c)
    other = (await members(store))["c"].story_id
    for late in (Assignment(b.id, story_id=other, copy_of=c.id), Assignment(b.id, with_article=c.id)):
        await world.cluster(late)
        assert await groups(store) == ["ab", "c"]
        assert (await members(store))["b"].copy_of is None


async def test_copies_are_kept_as_such(world, store, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.cluster(
        Assignment(c.id, with_article=a.id, copy_of=a.id),
        Assignment(a.id, with_article=a.id),
        Assignment(b.id, with_article=a.id),
    )
    assert {title: m.copy_of for title, m in (await members(store)).items()} == {
        "a": None,
        "b": None,
        "c": a.id,
    }
    await world.cluster(Assignment(c.id, with_article=c.id, copy_of=None, moves=True))
    assert await groups(store) == ["ab", "c"]
    assert (await members(store))["c"].copy_of is None


async def test_a_batch_of_which_one_is_not_there_changes_nothing(world, store, feed):
    a, b = await tell(world, feed, "ab")
    await world.together(a, b)
    with pytest.raises(NotFound):
        await world.cluster(Assignment(b.id, with_article=b.id, moves=True), Assignment(ArticleId(99)))
    assert await groups(store) == ["ab"]


async def test_of_two_who_cluster_at_once_every_article_is_in_one_story(world, store, feed):
    articles = await tell(world, feed, "abcd")
    ways = [[Assignment(x.id, with_article=articles[at].id) for x in articles] for at in range(4)]
    done = await asyncio.gather(*(world.cluster(*way) for way in ways), return_exceptions=True)
    assert all(one is None or isinstance(one, AttacheError) for one in done)
    assert await groups(store) == ["abcd"]
    assert await stories_left(store) == 1


async def test_telling_and_moving_at_once_never_parts_what_was_told(world, store, workspace, feed):
    a, b, c = await tell(world, feed, "abc")
    await world.together(a, b)
    await world.together(c)
    at = await members(store)
    moves = [Assignment(x.id, story_id=at["c"].story_id, moves=True) for x in (a, b)]
    await asyncio.gather(post(store, workspace, at["a"].story_id), world.cluster(*moves))
    told = {title for title, m in (await members(store)).items() if m.told}
    assert (await groups(store), told) in ((["ab", "c"], {"a", "b"}), (["abc"], set()))
