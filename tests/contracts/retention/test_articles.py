"""Retention: which articles go and what of them stays, on both databases."""

from __future__ import annotations

import pytest

from bot.answers.stories import Audience, compose_digest
from bot.jobs.retention import count_old, retain
from news.arrivals import Arrival
from news.channels import DeliveryState
from news.digests import Window
from news.feeds import Entry
from news.links import entry_identity
from news.queries import StoryQuery
from news.retention import Retained, shorten
from tests.builders import MORNING, a_draft, a_statement
from tests.contracts.retention.retaining import (
    DAY,
    DROPPED,
    HERE,
    HOUR,
    KEPT,
    NOW,
    TEXT,
    faults,
    post,
    publish_old,
    rows,
    says,
    shown,
    story_of,
    subscribe,
)


async def test_without_statements_an_old_article_goes_with_all_that_is_made_of_it(
    world, store, store_url, workspace, feed, clock
):
    await publish_old(world, feed, "new", at=NOW - DAY)
    alone, said = await rows(store), await shown(store, workspace, actor="Marlow")
    await publish_old(world, feed)
    await world.publish(feed, "old", at=MORNING, text=TEXT + "More.", url="https://herald.example/old")
    await world.publish(feed, "silent", at=MORNING)
    assert await retain(store, clock, DROPPED) == Retained(dropped=2, statements=2)
    assert await rows(store) == alone | {"entries": alone["entries"] + 2}
    assert await shown(store, workspace, actor="Marlow") == said
    assert await faults(store_url) == []


async def test_with_statements_people_are_shown_the_same_as_before(
    world, store, store_url, workspace, feed, clock
):
    article = await publish_old(world, feed)
    asked = [{"actor": "Marlow"}, {"about": "hour"}, {"actor": "Marlow", "about": "bridge"}, {"outlet": "Herald", "actor": "edda"}]  # fmt: skip
    before = [await shown(store, workspace, **query) for query in asked]
    assert [len(found) for found in before] == [2, 1, 2, 2]
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert [await shown(store, workspace, **query) for query in asked] == before
    async with store.read() as uow:
        (left,) = await uow.articles.versions(article.id)
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
    text = "The port will close, said Edda Marlow.\n\n“Not for an hour,” she told the Herald.\n\nNobody followed."
    assert left == a_draft(text, url="https://herald.example/old")
    brief = story.readings[0].brief
    assert (brief.summary, brief.flags, brief.figures, brief.length) == ((), (), (), len(text))
    assert [span.of(text) for stance in brief.stances for span in stance.evidence] == ["Nobody followed"]
    assert "signatures" not in await rows(store)
    assert await faults(store_url) == []
    assert await retain(store, clock, KEPT) == Retained()


async def test_old_articles_that_nobody_speaks_in_go_and_new_ones_stay_as_they_are(
    world, store, workspace, feed, clock
):
    silent = await world.read(await world.publish(feed, "silent", at=MORNING))
    fresh = await publish_old(world, feed, "fresh", at=NOW - 30 * DAY)
    await world.together(silent)
    before = await rows(store)
    assert await retain(store, clock, KEPT) == Retained(dropped=1)
    after = await rows(store)
    assert {name: before[name] - after.get(name, 0) for name in before if before[name] != after.get(name)} == {
        "stories": 1, "articles": 1, "article_versions": 1, "briefs": 1, "signatures": 1,
    }  # fmt: skip
    async with store.read() as uow:
        assert [draft.text for draft in await uow.articles.versions(fresh.id)] == [TEXT]


async def test_what_an_edit_took_out_is_shown_as_before(world, store, store_url, workspace, feed, clock):
    url = "https://herald.example/old"
    await publish_old(world, feed)
    other = "It rained in Calmere. The port stays open, said Edda Marlow. Gulls cried."
    third = "It rained. The port stays open, said Edda Marlow. Gulls cried. Nobody came."
    for at, text in ((MORNING + HOUR, other), (MORNING + 2 * HOUR, third)):
        edited = await world.publish(feed, "old", at=at, published=MORNING, text=text, url=url)
        await world.read(edited, says(text, "The port stays open", cue="said", speaker="Edda Marlow"))
    before = await shown(store, workspace, actor="Marlow")
    assert [telling[0].gone is None for telling in before] == [True, False, False]
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await shown(store, workspace, actor="Marlow") == before
    async with store.read() as uow:
        texts = [draft.text for draft in await uow.articles.versions(edited.id)]
    assert texts == [
        "The port will close, said Edda Marlow.\n\n“Not for an hour,” she told the Herald.",
        "The port stays open, said Edda Marlow.",
    ]
    assert await faults(store_url) == []


async def test_what_is_not_read_or_in_no_story_yet_waits_while_statements_are_kept(
    world, store, workspace, feed, clock
):
    unread = await world.publish(feed, "unread", at=MORNING)
    read = await world.read(await world.publish(feed, "read", at=MORNING), a_statement())
    assert await retain(store, clock, KEPT) == Retained()
    await world.read(unread, a_statement())
    await world.together(unread, read)
    assert await retain(store, clock, KEPT) == Retained(reduced=2)


async def test_an_article_that_cannot_be_shortened_stays_whole_and_keeps_no_other(
    world, store, workspace, feed, clock, monkeypatch
):
    first, odd, last = [await publish_old(world, feed, key, at=MORNING) for key in ("first", "odd", "last")]

    def breaking(version):
        if version.article_id == odd.id:
            raise IndexError("string index out of range")
        return shorten(version)

    monkeypatch.setattr("bot.jobs.retention.shorten", breaking)
    before = await shown(store, workspace, actor="Marlow")
    assert await retain(store, clock, KEPT) == Retained(reduced=2)
    assert await shown(store, workspace, actor="Marlow") == before
    async with store.read() as uow:
        texts = [(await uow.articles.versions(one.id))[0].text for one in (first, odd, last)]
    assert [text == TEXT for text in texts] == [False, True, False]
    assert await retain(store, clock, KEPT) == Retained()  # though it is tried again


async def test_dropping_statements_later_takes_what_was_reduced(world, store, workspace, feed, clock):
    await publish_old(world, feed)
    assert await retain(store, clock, KEPT) == Retained(reduced=1)
    assert await count_old(store, clock, DROPPED) == Retained(dropped=1, statements=2)
    assert await retain(store, clock, DROPPED) == Retained(dropped=1, statements=2)
    assert await rows(store) == {"workspaces": 1, "feeds": 1, "follows": 1, "entries": 1}


async def test_a_reduced_article_changes_no_more(world, store, workspace, feed, clock):
    article = await publish_old(world, feed)
    other = await world.follow(workspace, "https://mirror.example/feed")
    await retain(store, clock, KEPT)
    before = await shown(store, workspace, actor="Marlow")
    url = "https://herald.example/old"
    for where, key in ((feed, "old"), (other, "theirs")):
        again = await world.publish(where, key, at=NOW, text="Other words.", url=url)
        assert (again.id, again.version) == (article.id, 1)
    await world.read(article, a_statement(text="Other words.", words="Other"))
    async with store.read() as uow:
        assert await uow.articles.unread() == ()
        assert await uow.clusters.unclustered() == ()
        assert await uow.articles.waiting_since(workspace.id, MORNING - DAY) is None
    assert await shown(store, workspace, actor="Marlow") == before
    assert "signatures" not in await rows(store)


async def test_a_reduced_article_stands_in_no_digest_and_in_the_list_of_stories(
    world, store, workspace, feed, clock
):
    await publish_old(world, feed)
    await retain(store, clock, KEPT)
    async with store.read() as uow:
        digest = await compose_digest(
            uow,
            workspace.id,
            StoryQuery(),
            Window(MORNING - DAY, NOW),
            title="Digest",
            timezone="UTC",
            audience=Audience(channel=HERE),
        )
    assert (digest.stories, digest.left_out) == ((), 0)
    assert await world.stories(workspace) == [["Bridge to close"]]


async def entries_known(store, feed, *entries):
    async with store.read() as uow:
        return await uow.articles.known_entries(feed.id, entries)


@pytest.mark.parametrize("keep", [KEPT, DROPPED], ids=["reduced", "dropped"])
async def test_an_entry_of_an_old_article_is_known_as_past(world, store, workspace, feed, clock, keep):
    """By its address only where that can be compared with the article's: on another host it may be another's."""
    url = "https://herald.example/2023/12/port-to-close-in-spring"
    await publish_old(world, feed, address=entry_identity(url), url=url)
    await retain(store, clock, keep)
    known = await entries_known(store, feed, Entry(key="old", url=url))
    assert known["old"].past
    under_another = await entries_known(store, feed, Entry(key="another", url=url))
    assert [known.past for known in under_another.values()] == ([True] if keep.statements else [])


async def test_a_feed_does_not_bring_back_what_was_dropped(world, store, workspace, feed, clock):
    await publish_old(world, feed)
    await retain(store, clock, DROPPED)
    before = await rows(store)
    async with store.write() as uow:
        arrivals = [
            Arrival("old", a_draft(published=MORNING), "edited", arrived=MORNING),
            Arrival("new", a_draft(published=NOW, title="New"), "f", arrived=NOW),
        ]
        (saved,) = await uow.articles.save_all(feed.id, arrivals, now=NOW)
        await uow.commit()
    assert saved.title == "New"
    assert (await entries_known(store, feed, Entry(key="old")))["old"].fingerprint == "edited"
    after = await rows(store)
    assert (after["entries"], after["articles"]) == (before["entries"] + 1, 1)


async def test_an_import_comes_back_by_an_import(world, store, workspace, clock):
    first = await world.bring(workspace, "notes/a.txt")
    await retain(store, clock, DROPPED)
    assert "entries" not in await rows(store)
    again = await world.bring(workspace, "notes/a.txt")
    assert (again.key, again.version) == ("notes/a.txt", 1)
    assert again.id != first.id


SENT, FAILED, UNKNOWN, SENDING, PENDING = (
    DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING, DeliveryState.PENDING,
)  # fmt: skip


async def test_a_story_goes_with_the_last_that_knows_of_it(world, store, store_url, workspace, feed, clock):
    """Be that an article or a digest."""
    subscription = await subscribe(store, workspace)
    told, _ = await publish_old(world, feed, "told"), await publish_old(world, feed, "untold")
    await post(store, workspace, subscription, MORNING + HOUR, tells=[await story_of(store, told)])
    await retain(store, clock, DROPPED)
    assert (await rows(store))["stories"] == 1
    await post(store, workspace, subscription, NOW - HOUR)
    assert await retain(store, clock, DROPPED) == Retained(digests=1)
    assert {"stories", "told"} & (await rows(store)).keys() == set()
    assert await faults(store_url) == []
