"""Intake from a feed to stored articles, on a real store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.collect import AT_MOST, collect
from news.errors import FetchError, ParseError
from news.feeds import Entry, Fetched, Gone, NotModified, Page, Validators

FEED = "https://herald.example/feed"


def an_entry(key="1", *, title="Bridge to close", days=0, **more):
    from tests.fakes import NOON

    return Entry(
        key=key,
        title=title,
        url=f"https://herald.example/{key}",
        summary="A teaser.",
        published=NOON - timedelta(days=days),
        **more,
    )


def a_fetch(*entries, body="1"):
    return Fetched("The Herald", entries, Validators(etag=body), body, FEED)


def a_page(key="1", text="The bridge will close on Monday, the mayor said."):
    return Page(
        url=f"https://herald.example/{key}", text=text, title="Bridge to close | Herald", language="en"
    )


@pytest.fixture
async def followed(store, workspace):
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, FEED)
        await uow.commit()
    return feed


async def feed_state(store, workspace):
    async with store.read() as uow:
        return (await uow.feeds.followed(workspace.id))[0]


async def unread(store):
    async with store.read() as uow:
        return await uow.articles.unread()


async def test_a_new_entry_becomes_an_article_with_its_pages_text(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = a_page()

    done = await collect(store, reader, clock)

    assert (done.feeds, done.failed, done.articles) == (1, 0, 1)
    (article,) = await unread(store)
    assert article.text == a_page().text
    assert article.title == "Bridge to close"
    assert article.outlet == "The Herald"
    assert not article.partial


async def test_an_entry_whose_page_cannot_be_read_keeps_the_feeds_words(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry())
    await collect(store, reader, clock)
    (article,) = await unread(store)
    assert (article.text, article.partial) == ("A teaser.", True)


async def test_an_entry_without_page_and_words_is_passed_over(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(replace(an_entry(), url=None, summary=" "))
    await collect(store, reader, clock)
    assert await unread(store) == ()
    assert (await feed_state(store, workspace)).last_success == clock.now()


async def test_a_feed_that_is_not_due_is_left_alone(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry())
    await collect(store, reader, clock)
    clock.forward(minutes=26)
    assert (await collect(store, reader, clock)).feeds == 0
    clock.forward(minutes=7)
    assert (await collect(store, reader, clock)).feeds == 1


async def test_an_unchanged_entry_is_not_fetched_again(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = a_page()
    await collect(store, reader, clock)
    reader.feeds[FEED] = a_fetch(an_entry(), an_entry("2", title="Another"), body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock)
    assert reader.paged == ["https://herald.example/1", "https://herald.example/2"]


async def test_an_edited_entry_becomes_a_new_version_of_one_article(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = a_page()
    await collect(store, reader, clock)
    reader.feeds[FEED] = a_fetch(an_entry(title="Bridge to close on Tuesday"), body="2")
    reader.pages["https://herald.example/1"] = a_page(text="The bridge will close on Tuesday.")
    clock.forward(hours=1)
    await collect(store, reader, clock)

    (article,) = await unread(store)
    assert (article.version, article.revised) == (2, clock.now())
    assert article.title == "Bridge to close on Tuesday"
    async with store.read() as uow:
        versions = await uow.articles.versions(article.id)
    assert [v.text for v in versions] == [a_page().text, "The bridge will close on Tuesday."]


async def test_what_is_new_to_us_alone_arrives_when_it_was_published(
    store, workspace, followed, reader, clock
):
    """A first reading's entries, and old ones that turn up later: they must flood no digest."""
    begun = clock.now()
    reader.feeds[FEED] = a_fetch(an_entry("first", days=3))
    await collect(store, reader, clock)
    late = [an_entry("old", days=2), an_entry("new", days=0.5)]
    reader.feeds[FEED] = a_fetch(an_entry("first", days=3), *late, body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock)
    arrivals = {a.url.rpartition("/")[2]: a.arrived for a in await unread(store)}
    assert arrivals == {
        "first": begun - timedelta(days=3),
        "old": begun - timedelta(days=2),
        "new": clock.now(),
    }


async def test_of_many_entries_some_are_taken_at_a_time_and_all_in_the_end(
    store, workspace, followed, reader, clock
):
    entries = [an_entry(str(n), days=2) for n in range(AT_MOST * 2 + 5)]
    for body, expected in (("1", AT_MOST), ("2", AT_MOST * 2), ("3", AT_MOST * 2 + 5)):
        reader.feeds[FEED] = a_fetch(*entries, body=body)
        await collect(store, reader, clock)
        async with store.read() as uow:
            stored = await uow.articles.unread(limit=1000)
        assert len(stored) == expected
        assert all(article.arrived == article.published for article in stored)
        clock.forward(hours=1)


async def test_a_feed_of_other_outlets_articles_neither_names_nor_labels_them(
    store, workspace, followed, reader, clock
):
    url = "https://post.example/1"
    reader.feeds[FEED] = a_fetch(replace(an_entry(title="SHOCKING"), url=url))
    reader.pages[url] = Page(url=url, text="Calm words.", title="Bridge to close", outlet="The Post")
    await collect(store, reader, clock)
    (article,) = await unread(store)
    assert (article.title, article.outlet) == ("Bridge to close", "The Post")


async def test_words_that_only_a_feed_says_are_never_taken_for_the_article_at_their_address(
    store, workspace, followed, reader, clock
):
    url = "https://post.example/1"
    reader.feeds[FEED] = a_fetch(replace(an_entry(), url=url, summary="Invented words."))
    await collect(store, reader, clock)
    own = "https://post.example/feed"
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, own)
        await uow.commit()
    reader.feeds[own] = replace(a_fetch(replace(an_entry(), url=url)), url=own)
    reader.pages[url] = Page(url=url, text="The true words.", title="Bridge to close")
    await collect(store, reader, clock)
    assert {(a.text, a.partial) for a in await unread(store)} == {
        ("Invented words.", True),
        ("The true words.", False),
    }


async def test_a_feed_that_breaks_the_reader_hinders_no_other(store, workspace, followed, reader, clock):
    other = "https://post.example/feed"
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, other)
        await uow.commit()
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.feeds[other] = replace(a_fetch(an_entry("2")), url=other)
    reader.pages["https://herald.example/1"] = None  # breaks on use
    assert (await collect(store, reader, clock)).articles == 1


async def test_what_claims_to_come_from_the_future_arrives_now(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry(days=-400))
    await collect(store, reader, clock)
    assert [(a.arrived, a.published) for a in await unread(store)] == [(clock.now(), None)]


@pytest.mark.parametrize("error", [FetchError(FEED, "answered 500"), ParseError(FEED, "no feed")])
async def test_a_failing_feed_says_so_waits_longer_and_hinders_no_other(
    store, workspace, followed, reader, clock, error
):
    other = "https://post.example/feed"
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, other)
        await uow.commit()
    reader.feeds[FEED] = error
    reader.feeds[other] = replace(a_fetch(an_entry()), url=other)

    done = await collect(store, reader, clock)

    assert (done.feeds, done.failed, done.articles) == (2, 1, 1)
    state = await feed_state(store, workspace)
    assert (state.last_error, state.failing_since, state.failures) == (str(error), clock.now(), 1)
    assert state.next_check == clock.now() + timedelta(minutes=30)
    clock.forward(minutes=30)
    await collect(store, reader, clock)
    assert (await feed_state(store, workspace)).next_check == clock.now() + timedelta(hours=1)


async def test_a_feed_that_is_well_again_forgets_its_failure(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = FetchError(FEED, "answered 500")
    await collect(store, reader, clock)
    reader.feeds[FEED] = NotModified(Validators())
    clock.forward(hours=1)
    await collect(store, reader, clock)
    state = await feed_state(store, workspace)
    assert (state.last_error, state.failing_since, state.failures) == (None, None, 0)


async def test_a_feed_that_has_ended_is_asked_no_more_and_shows_why(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = Gone()
    await collect(store, reader, clock)
    clock.forward(days=9)
    assert (await collect(store, reader, clock)).feeds == 0
    assert "410" in (await feed_state(store, workspace)).last_error
