"""Articles: what an entry or an import leads to, and its versions."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from news.arrivals import Arrival
from news.errors import NotFound
from news.feeds import Entry, FeedId
from tests.builders import MORNING, TEXT, a_draft

HOUR = timedelta(hours=1)

LATER = MORNING + timedelta(hours=1)


async def unread(store, **more):
    async with store.read() as uow:
        return await uow.articles.unread(**more)


async def versions(store, article):
    async with store.read() as uow:
        return await uow.articles.versions(article.id)


async def known(store, feed, *keys):
    async with store.read() as uow:
        known = await uow.articles.known_entries(feed.id, [Entry(key) for key in keys])
    return {key: one.fingerprint for key, one in known.items()}


async def test_an_article_comes_back_as_it_was_saved(world, store, feed):
    saved = await world.publish(
        feed,
        url="https://herald.example/1",
        byline="Alex Reed",
        language="en",
        partial=True,
        text="Naïve “words”\n\N{THUMBS UP SIGN} über 漢字.",
    )
    assert saved.key == str(saved.id)
    assert (saved.version, saved.revised, saved.arrived) == (1, None, MORNING)
    assert await unread(store) == (saved,)
    assert await versions(store, saved) == (
        a_draft(saved.text, url=saved.url, byline="Alex Reed", language="en", partial=True),
    )


async def test_what_is_unread_can_be_asked_of_one_feed(world, store, workspace, feed):
    other = await world.follow(workspace, "https://mirror.example/feed")
    url = "https://herald.example/2"
    one = await world.publish(feed, "1", at=MORNING)
    both = await world.publish(feed, "2", at=MORNING + HOUR, url=url)
    await world.publish(other, "2", at=MORNING + HOUR, url=url)
    alone = await world.publish(other, "3", at=MORNING + 2 * HOUR)
    assert await unread(store, feed=feed.id) == (both, one)
    assert await unread(store, feed=other.id) == (alone, both)
    assert await unread(store, feed=other.id, limit=1) == (alone,)


async def test_ids_follow_the_time_of_the_article(world, feed):
    days = (3, 1, 2)
    articles = [await world.publish(feed, str(d), at=MORNING + timedelta(days=d)) for d in days]
    assert [a.key for a in sorted(articles, key=lambda a: a.id)] == [articles[i].key for i in (1, 2, 0)]


async def test_the_same_words_change_nothing(world, store, feed):
    first = await world.publish(feed)
    assert await world.publish(feed, at=LATER, published=MORNING) == first
    assert len(await versions(store, first)) == 1


@pytest.mark.parametrize("edit", [{"text": "Other words."}, {"title": "Another title"}, {"title": None}])
async def test_an_edit_makes_a_version_and_keeps_the_old_one(world, store, feed, edit):
    first = await world.publish(feed)
    second = await world.publish(feed, at=LATER, **edit)
    assert second == replace(first, version=2, revised=LATER, **edit)
    assert [(v.title, v.text) for v in await versions(store, first)] == [
        (first.title, first.text),
        (second.title, second.text),
    ]
    assert await unread(store) == (second,)


async def test_an_excerpt_does_not_take_the_place_of_the_whole_text(world, store, feed):
    whole = await world.publish(feed)
    assert await world.publish(feed, at=LATER, text="An excerpt …", partial=True) == whole
    assert await unread(store) == (whole,)


async def test_the_whole_text_takes_the_place_of_an_excerpt(world, store, feed):
    await world.publish(feed, text="An excerpt …", partial=True)
    whole = await world.publish(feed, at=LATER)
    assert (whole.version, whole.text, whole.partial) == (2, TEXT, False)
    assert (whole.arrived, whole.revised) == (MORNING, None)  # the outlet edited nothing
    assert await unread(store) == (whole,)
    edited = await world.publish(feed, at=LATER, text="Other words.")
    assert (edited.version, edited.revised) == (3, LATER)


async def test_entries_with_one_address_lead_to_one_article(world, store, workspace, feed):
    other = await world.follow(workspace, "https://second.example/feed")
    address = "https://herald.example/1"
    first = await world.publish(feed, "a", url=address)
    assert await world.publish(other, "b", url=address, at=LATER) == first
    assert len(await unread(store)) == 1
    assert await known(store, other, "b") == {"b": "f"}


async def test_entries_without_address_lead_to_articles_of_their_own(world, feed):
    one, other = await world.publish(feed, "a"), await world.publish(feed, "b")
    assert one.id != other.id


async def test_known_entries_tell_the_last_fingerprint(world, store, workspace, feed):
    await world.publish(feed, "a", fingerprint="1")
    await world.publish(feed, "a", fingerprint="2" * 64)
    await world.publish(feed, "b", fingerprint="3")
    other = await world.follow(workspace, "https://second.example/feed")
    assert await known(store, feed, "a", "b", "c") == {"a": "2" * 64, "b": "3"}
    assert await known(store, other, "a") == {}
    assert await known(store, feed) == {}


async def test_known_entries_of_thousands_of_keys_are_told(world, store, feed):
    await world.publish(feed, "4999")
    assert await known(store, feed, *map(str, range(5000))) == {"4999": "f"}


@pytest.mark.parametrize("key", ["k" * 100_000, "a\0b", "half \ud83d of a pair", "", "é" * 399, "'%_\\"])
async def test_an_entry_key_of_any_form_is_known_again(world, store, feed, key):
    first = await world.publish(feed, key)
    assert await known(store, feed, key, "another") == {key: "f"}
    assert (await world.publish(feed, key)).id == first.id


async def test_what_no_database_stores_is_replaced_and_offsets_stay(world, store, feed):
    saved = await world.publish(
        feed, text="a\0b\ud83dc", title="t\0", outlet="o\0", url="https://u.example/\0"
    )
    assert saved.text == "a\ufffdb\ufffdc"
    assert (saved.title, saved.outlet, saved.url) == ("t\ufffd", "o\ufffd", "https://u.example/\ufffd")
    assert await unread(store) == (saved,)
    assert (await world.publish(feed, text="a\0b\ud83dc", title="t\0")).version == 1


def an_entry(key, url=None):
    return Entry(key, url=url)


async def recognised(store, feed, *entries):
    """The keys under which the entries are known."""
    async with store.read() as uow:
        known = await uow.articles.known_entries(feed.id, entries)
    return {key: one.key for key, one in known.items()}


async def test_an_entry_is_known_again_at_its_address_under_another_key(world, store, workspace, feed):
    address = "herald.example/1"
    first = await world.publish(feed, "old", address=address)
    long = "herald.example/" + "x" * 9_000
    await world.publish(feed, "long", address=long)
    other = await world.follow(workspace, "https://second.example/feed")
    moved = an_entry("new", "http://www.herald.example/1?utm_source=rss")
    assert await recognised(store, feed, moved, an_entry("l", f"https://{long}")) == {
        "new": "old",
        "l": "long",
    }
    assert await recognised(store, feed, moved, an_entry("old")) == {"old": "old"}  # which is still there
    assert await recognised(store, other, moved) == {}
    again = await world.publish(feed, "old", text="Other words.", address=address)
    assert (again.id, again.version) == (first.id, 2)


async def test_many_arrive_at_once_as_they_would_one_by_one(world, store, workspace, feed):
    known = await world.publish(feed, "known", url="https://herald.example/known")
    other = await world.follow(workspace, "https://second.example/feed")
    foreign = await world.publish(other, "foreign", url="https://second.example/1")
    address = "https://herald.example/1"
    arrivals = [
        Arrival("known", a_draft("Other words."), "2"),
        Arrival("a", a_draft(url=address), "f"),
        Arrival("b", a_draft("The same address.", url=address + "?utm_source=b"), "f", tries=2),
        Arrival("c", a_draft("A teaser.", url=address, partial=True, vouched=False), "f", arrived=MORNING),
        Arrival("d", a_draft("Put there by us.", url="https://www.second.example/1/"), "f"),
        Arrival("a", a_draft("Edited at once.", url=address), "g"),
    ]
    async with store.write() as uow:
        saved = await uow.articles.save_all(feed.id, arrivals, now=LATER)
        await uow.commit()
    edited, a, b, c, d, last = saved
    assert (edited.id, edited.version, edited.revised) == (known.id, 2, LATER)
    assert (a.arrived, c.arrived) == (LATER, MORNING)
    assert (b.text, b.version) == ("The same address.", 1)  # another entry's is not overwritten
    assert (last.id, last.version, last.text) == (a.id, 2, "Edited at once.")
    assert len({a.id, b.id, c.id, d.id}) == 4
    assert d == foreign
    assert {(x.id, x.version) for x in await unread(store)} == {
        (known.id, 2), (a.id, 2), (b.id, 1), (c.id, 1), (foreign.id, 1)
    }  # fmt: skip
    async with store.read() as uow:
        entries = await uow.articles.known_entries(
            feed.id, [an_entry(key) for key in ("known", "a", "b", "x")]
        )
    assert {key: (one.fingerprint, one.tries) for key, one in entries.items()} == {
        "known": ("2", 0), "a": ("g", 0), "b": ("f", 2)
    }  # fmt: skip


async def test_entries_of_one_feed_at_one_address_are_articles_of_their_own(world, store, workspace, feed):
    """They lead to a home page, or to places in a long page."""
    url = "https://herald.example/changes"
    async with store.write() as uow:
        said = a_draft("Of the second.", url=url, partial=True)
        arrivals = [
            Arrival("a", a_draft(url=url), "f"),
            Arrival("b", a_draft("A page.", url=url), "f", instead=said),
        ]
        first, second = await uow.articles.save_all(feed.id, arrivals, now=MORNING)
        await uow.commit()
    third = await world.publish(feed, "c", text="Of the third.", url=url)
    other = await world.follow(workspace, "https://second.example/feed")
    assert [first.text, second.text, third.text] == [TEXT, "Of the second.", "Of the third."]
    assert len({first.id, second.id, third.id}) == 3
    assert (await world.publish(other, url=url)).id == first.id
    again = await world.publish(feed, "c", text="Of the third, edited.", url=url)
    assert (again.id, again.version) == (third.id, 2)


async def test_an_entry_that_comes_to_lead_to_anothers_page_keeps_its_words(world, feed):
    one = await world.publish(feed, "a", url="https://herald.example/a")
    await world.publish(feed, "b", url="https://herald.example/login", text="Log in.")
    again = await world.publish(
        feed,
        "a",
        url="https://herald.example/login",
        text="Log in.",
        instead=a_draft("A teaser.", partial=True),
    )
    assert (again.id, again.version, again.text) == (one.id, 1, TEXT)


async def test_words_that_nobody_vouches_for_never_take_the_place_of_those_at_an_address(world, feed):
    """A stranger's feed that was first to bring another outlet's article."""
    url = "https://post.example/1"
    first = await world.publish(feed, url=url, partial=True)
    forged = await world.publish(feed, url=url, partial=True, vouched=False, text="The mayor was arrested.")
    assert forged == first


@pytest.mark.parametrize("vouched", [True, False])
async def test_a_teaser_whose_page_is_read_later_is_the_article_at_its_address(
    world, store, workspace, feed, vouched
):
    url = "https://herald.example/1"
    teaser = await world.publish(feed, text="A teaser.", url=url, partial=True, vouched=vouched)
    whole = await world.publish(feed, url=url)
    other = await world.follow(workspace, "https://second.example/feed")
    assert (await world.publish(other, url=url)).id == whole.id == teaser.id


async def test_two_feeds_of_a_site_that_say_the_same_teaser_bring_one_article(world, workspace, feed):
    url = "https://herald.example/1"
    other = await world.follow(workspace, "https://herald.example/politics")
    one = await world.publish(feed, text="A teaser.", url=url, partial=True)
    assert await world.publish(other, text="Another teaser.", url=url, partial=True) == one


@pytest.mark.parametrize(
    ("changes", "text"),
    [({}, TEXT), ({"partial": True}, "A teaser."), ({"vouched": False}, "A teaser.")],
    ids=["whole", "part", "anybody's"],
)
async def test_whoever_reads_the_page_completes_the_teaser(world, workspace, feed, changes, text):
    url = "https://herald.example/1"
    teaser = await world.publish(feed, text="A teaser.", url=url, partial=True)
    other = await world.follow(workspace, "https://second.example/feed")
    read = await world.publish(other, url=url, **changes)
    again = await world.publish(feed, text="A teaser.", url=url, partial=True)
    assert (again.id, again.text) == (teaser.id, text)
    assert (read.id == teaser.id) is changes.get("vouched", True)


async def test_what_came_without_a_time_is_of_when_it_was_first_seen(world, store, feed):
    async with store.write() as uow:
        arrival = Arrival("1", a_draft(published=None), "f", arrived=MORNING - timedelta(days=9_000))
        (article,) = await uow.articles.save_all(feed.id, [arrival], now=LATER)
        await uow.commit()
    assert (article.when, article.arrived) == (LATER, MORNING - timedelta(days=9_000))
    assert await unread(store) == (article,)


async def test_a_feed_that_is_not_there_brings_no_article(world, feed):
    with pytest.raises(NotFound, match="no feed 999"):
        await world.publish(replace(feed, id=FeedId(999)))


async def test_two_who_save_one_entry_at_once_make_one_article(world, feed):
    saved = await asyncio.gather(*(world.publish(feed, "same") for _ in range(8)))
    assert len({article.id for article in saved}) == 1


async def test_unread_articles_come_newest_first_until_they_have_a_brief(world, store, feed):
    late = await world.publish(feed, "late", at=LATER)
    early = await world.publish(feed, "early")
    assert await unread(store) == (late, early)
    assert await unread(store, limit=1) == (late,)
    await world.read(late)
    assert await unread(store) == (early,)


async def test_an_edited_article_is_unread_again(world, store, feed):
    await world.read(await world.publish(feed))
    assert await unread(store) == ()
    edited = await world.publish(feed, at=LATER, text="Other words.")
    assert await unread(store) == (edited,)


@pytest.mark.parametrize("key", ["notes/a.txt", "", "12", "k" * 5000, "null\0"])
async def test_an_import_keeps_its_key(world, store, workspace, key):
    brought = await world.bring(workspace, key)
    assert brought.key == key.replace("\0", "\ufffd")
    assert await unread(store) == (brought,)


async def test_an_import_under_the_same_key_is_a_version_only_with_other_words(world, workspace):
    first = await world.bring(workspace, "k")
    assert await world.bring(workspace, "k", now=LATER) == first
    second = await world.bring(workspace, "k", now=LATER, text="Other words.")
    assert (second.id, second.version, second.revised) == (first.id, 2, LATER)


async def test_imports_of_two_workspaces_under_one_key_are_two_articles(world, workspace):
    other = await world.workspace("other")
    address = "https://herald.example/1"
    mine = await world.bring(workspace, "k", url=address)
    theirs = await world.bring(other, "k", url=address, text="Other words.")
    assert mine.id != theirs.id
    assert (mine.version, theirs.version) == (1, 1)


async def test_an_entry_does_not_lead_to_somebodys_import(world, workspace, feed):
    brought = await world.bring(workspace, "k", url="https://herald.example/1")
    assert (await world.publish(feed, url="https://herald.example/1")).id != brought.id


@pytest.mark.parametrize(
    ("published", "arrived"),
    [(MORNING, MORNING), (None, LATER), (LATER + timedelta(days=9), LATER)],
    ids=["published", "undated", "to come"],
)
async def test_an_import_arrived_when_it_was_published(world, workspace, published, arrived):
    assert (await world.bring(workspace, "k", now=LATER, published=published)).arrived == arrived


async def test_only_the_feed_that_an_article_first_came_by_changes_it(world, store):
    """Another workspace's feed could put other words under an address that is not its own."""
    first = await world.follow(await world.workspace("one"), "https://herald.example/feed")
    other = await world.follow(await world.workspace("two"), "https://stranger.example/feed")
    url = "https://herald.example/1"
    article = await world.publish(first, text="The bridge will close.", url=url)
    again = await world.publish(other, text="The bridge will stay open.", url=url)
    assert (again.id, again.version, again.text) == (article.id, 1, "The bridge will close.")


async def test_what_waits_to_be_read_or_placed_is_seen_by_its_workspace_alone(world, store):
    one, two = await world.workspace("one"), await world.workspace("two")
    feed = await world.follow(one, "https://herald.example/feed")

    async def waiting(workspace, since=MORNING):
        async with store.read() as uow:
            return await uow.articles.waiting_since(workspace.id, since)

    assert await waiting(one) is None
    old = await world.publish(feed, "old", at=MORNING - HOUR, url="https://herald.example/old")
    first = await world.publish(feed, "first", at=MORNING + HOUR, url="https://herald.example/1")
    await world.publish(feed, "second", at=MORNING + 2 * HOUR, url="https://herald.example/2")
    assert await waiting(one) == MORNING + HOUR
    assert await waiting(one, MORNING - HOUR) == MORNING - HOUR
    assert await waiting(two) is None
    await world.read(first)
    assert await waiting(one) == MORNING + HOUR
    await world.together(first)
    assert await waiting(one) == MORNING + 2 * HOUR
    assert old.version == 1
