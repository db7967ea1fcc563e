"""Intake from a feed to stored articles, on a real store."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.collect import AT_MOST, TRIES, Collected, Intake, collect
from bot.jobs.drafting import LONG_AGO
from news.errors import FetchError, ParseError
from news.feeds import INTERVAL, Entry, Fetched, Gone, NotModified, Page, Validators
from news.polling import LATER

FEED = "https://herald.example/feed"


def half():
    return 0.5


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

    done = await collect(store, reader, clock, chance=half)

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
    await collect(store, reader, clock, chance=half)
    (article,) = await unread(store)
    assert (article.text, article.partial) == ("A teaser.", True)


async def test_of_an_entry_without_page_and_words_the_headline_is_kept(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(replace(an_entry(), url=None, summary=" "))
    await collect(store, reader, clock, chance=half)
    assert [(a.text, a.partial) for a in await unread(store)] == [("Bridge to close", True)]


async def test_an_entry_without_any_words_is_passed_over(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(replace(an_entry(title=None), summary=" "))
    await collect(store, reader, clock, chance=half)
    assert await unread(store) == ()
    assert (await feed_state(store, workspace)).last_success == clock.now()


async def test_a_feed_that_is_not_due_is_left_alone(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry())
    await collect(store, reader, clock, chance=half)
    clock.forward(minutes=29)
    assert (await collect(store, reader, clock, chance=half)).feeds == 0
    clock.forward(minutes=1)
    assert (await collect(store, reader, clock, chance=half)).feeds == 1


async def test_an_unchanged_entry_is_not_fetched_again(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = a_page()
    await collect(store, reader, clock, chance=half)
    reader.feeds[FEED] = a_fetch(an_entry(), an_entry("2", title="Another"), body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    assert reader.paged == ["https://herald.example/1", "https://herald.example/2"]


async def test_an_edited_entry_becomes_a_new_version_of_one_article(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = a_page()
    await collect(store, reader, clock, chance=half)
    reader.feeds[FEED] = a_fetch(an_entry(title="Bridge to close on Tuesday"), body="2")
    reader.pages["https://herald.example/1"] = a_page(text="The bridge will close on Tuesday.")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)

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
    await collect(store, reader, clock, chance=half)
    late = [an_entry("old", days=2), an_entry("new", days=0.5)]
    reader.feeds[FEED] = a_fetch(an_entry("first", days=3), *late, body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    arrivals = {a.url.rpartition("/")[2]: a.arrived for a in await unread(store)}
    assert arrivals == {
        "first": begun - timedelta(days=3),
        "old": begun - timedelta(days=2),
        "new": clock.now(),
    }


async def test_of_many_entries_some_are_taken_at_a_time_and_all_in_the_end(
    store, workspace, followed, reader, clock
):
    """Though the feed does not change meanwhile; undated ones, too, are no news when they come second."""
    entries = [replace(an_entry(str(n), days=2), published=None) for n in range(AT_MOST * 2 + 5)]
    reader.feeds[FEED] = a_fetch(*entries)
    for expected in (AT_MOST, AT_MOST * 2, AT_MOST * 2 + 5):
        await collect(store, reader, clock, chance=half)
        async with store.read() as uow:
            stored = await uow.articles.unread(limit=1000)
        assert len(stored) == expected
        assert all(article.arrived == LONG_AGO and article.published is None for article in stored)
        state = await feed_state(store, workspace)
        assert (state.last_success is None, state.body_hash is None) == ((expected < len(entries),) * 2)
        clock.forward(minutes=1)
    assert state.next_check - clock.now() > timedelta(minutes=20)


async def test_a_new_entry_without_a_time_is_news_once_the_feed_is_known(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(replace(an_entry("old"), published=None))
    await collect(store, reader, clock, chance=half)
    reader.feeds[FEED] = a_fetch(
        replace(an_entry("new"), published=None), replace(an_entry("old"), published=None), body="2"
    )
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    assert {a.url[-3:]: a.arrived for a in await unread(store)} == {"old": LONG_AGO, "new": clock.now()}


async def test_an_entry_stays_itself_under_another_id_date_and_address(
    store, workspace, followed, reader, clock
):
    address = "https://herald.example/2024/12/05/bridge-to-close"
    reader.feeds[FEED] = a_fetch(replace(an_entry(), url=address))
    reader.pages[address] = a_page()
    await collect(store, reader, clock, chance=half)
    mirror = "http://mirror.example/2024/12/05/bridge-to-close/?utm_source=rss"
    moved = replace(an_entry("rev-2", title="Bridge shut", days=-0.01), url=mirror)
    reader.feeds[FEED] = a_fetch(moved, body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    (article,) = await unread(store)
    assert (article.title, article.version) == ("Bridge to close", 1)  # its page was not had: nothing changed
    reader.pages[mirror] = Page(url=mirror, text="The bridge is shut.", title="Bridge shut")
    reader.feeds[FEED] = a_fetch(replace(moved, title="Bridge is shut"), body="3")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    assert [(a.text, a.version) for a in await unread(store)] == [("The bridge is shut.", 2)]


async def test_tracking_parameters_that_change_each_time_are_no_edit(
    store, workspace, followed, reader, clock
):
    for number in range(3):
        url = f"https://herald.example/1?utm_content={number}"
        reader.feeds[FEED] = a_fetch(replace(an_entry(), url=url), body=str(number))
        await collect(store, reader, clock, chance=half)
        clock.forward(hours=1)
    assert len(reader.paged) == 1


@pytest.mark.parametrize(("passing", "asked"), [(True, TRIES), (False, 1)], ids=["for now", "for good"])
async def test_a_page_that_cannot_be_had_for_now_is_asked_for_again(
    store, workspace, followed, reader, clock, passing, asked
):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = FetchError("https://herald.example/1", "no", passing=passing)
    hashes = []
    for _ in range(TRIES + 2):
        await collect(store, reader, clock, chance=half)
        hashes.append((await feed_state(store, workspace)).body_hash)
        clock.forward(hours=7)
    assert len(reader.paged) == asked
    assert hashes == [""] * (asked - 1) + ["1"] * (TRIES + 3 - asked)
    assert [a.version for a in await unread(store)] == [1]


async def test_a_site_that_asks_to_wait_is_waited_for(store, workspace, followed, reader, clock):
    url = "https://herald.example/1"
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages[url] = FetchError(url, "later", passing=True, retry_after=timedelta(minutes=1))
    for _ in range(TRIES + 2):
        await collect(store, reader, clock, chance=half)
        clock.forward(hours=7)
    assert len(reader.paged) == TRIES + 2


async def test_a_page_that_is_had_at_the_second_try_takes_the_place_of_the_teaser(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry())
    reader.pages["https://herald.example/1"] = FetchError("https://herald.example/1", "no", passing=True)
    await collect(store, reader, clock, chance=half)
    reader.pages["https://herald.example/1"] = a_page()
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    assert [(a.text, a.partial, a.revised) for a in await unread(store)] == [(a_page().text, False, None)]
    state = await feed_state(store, workspace)
    assert (state.body_hash, state.interval) == ("1", INTERVAL * LATER)  # it brought nothing new


async def test_pages_that_do_not_come_in_time_are_left_for_the_next_reading(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry("1"), an_entry("2"))
    reader.pages["https://herald.example/1"] = a_page()
    reader.pages["https://herald.example/2"] = None
    never = asyncio.Event()

    class Slow:
        fetch = reader.fetch

        async def page(self, url):
            if url.endswith("2"):
                await never.wait()
            return await reader.page(url)

    intake = Intake(store, Slow(), clock, patience=timedelta(seconds=0.1))
    assert await intake.read(followed) == 1
    state = await feed_state(store, workspace)
    assert (state.last_success, state.next_check) == (None, clock.now() + timedelta(minutes=1))
    reader.pages["https://herald.example/2"] = a_page("2")
    clock.forward(minutes=1)
    assert (await collect(store, reader, clock, chance=half)).articles == 1
    assert (await feed_state(store, workspace)).last_success == clock.now()


async def test_a_feed_that_carries_whole_articles_is_taken_at_its_word(
    store, workspace, followed, reader, clock
):
    words = "The bridge will close on Monday, the mayor said. " * 40
    own = replace(an_entry("1"), content=words)
    cut = replace(an_entry("2"), content=words + "Read more »")
    foreign = replace(an_entry("3"), url="https://post.example/3", content=words)
    reader.feeds[FEED] = a_fetch(own, cut, foreign)
    await collect(store, reader, clock, chance=half)
    assert reader.paged == [cut.url, foreign.url]
    partial = {a.url: a.partial for a in await unread(store)}
    assert partial == {own.url: False, cut.url: True, foreign.url: True}


@pytest.mark.parametrize(
    ("shown", "text"),
    [("The bridge will close on Monday …", True), ("Subscribe.", False)],
    ids=["more", "less"],
)
async def test_of_an_article_that_is_paid_for_the_longer_part_is_kept(
    store, workspace, followed, reader, clock, shown, text
):
    reader.feeds[FEED] = a_fetch(replace(an_entry(), summary="The bridge will close, says"))
    reader.pages["https://herald.example/1"] = replace(a_page(text=shown), partial=True)
    await collect(store, reader, clock, chance=half)
    assert [(a.text == shown, a.partial) for a in await unread(store)] == [(text, True)]


async def test_a_server_that_asks_to_be_left_alone_is(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = FetchError(FEED, "answered 429", retry_after=timedelta(hours=5), passing=True)
    await collect(store, reader, clock, chance=half)
    assert (await feed_state(store, workspace)).next_check == clock.now() + timedelta(hours=5)


async def test_a_feed_of_other_outlets_articles_neither_names_nor_labels_them(
    store, workspace, followed, reader, clock
):
    url = "https://post.example/1"
    reader.feeds[FEED] = a_fetch(replace(an_entry(title="SHOCKING"), url=url))
    reader.pages[url] = Page(url=url, text="Calm words.", title="Bridge to close", outlet="The Post")
    await collect(store, reader, clock, chance=half)
    (article,) = await unread(store)
    assert (article.title, article.outlet) == ("Bridge to close", "The Post")


async def test_words_that_only_a_feed_says_are_never_taken_for_the_article_at_their_address(
    store, workspace, followed, reader, clock
):
    url = "https://post.example/1"
    reader.feeds[FEED] = a_fetch(replace(an_entry(), url=url, summary="Invented words."))
    await collect(store, reader, clock, chance=half)
    own = "https://post.example/feed"
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, own)
        await uow.commit()
    reader.feeds[own] = replace(a_fetch(replace(an_entry(), url=url)), url=own)
    reader.pages[url] = Page(url=url, text="The true words.", title="Bridge to close")
    await collect(store, reader, clock, chance=half)
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
    assert (
        await collect(store, reader, clock, chance=half)
    ).articles == 2  # of the first, the feed's own words


async def test_a_time_to_come_is_not_believed(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = a_fetch(an_entry("first", days=-400))
    await collect(store, reader, clock, chance=half)
    reader.feeds[FEED] = a_fetch(an_entry("first", days=-400), an_entry("then", days=-400), body="2")
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    assert [(a.arrived, a.published) for a in await unread(store)] == [(clock.now(), None), (LONG_AGO, None)]


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

    done = await collect(store, reader, clock, chance=half)

    assert (done.feeds, done.failed, done.articles) == (2, 1, 1)
    state = await feed_state(store, workspace)
    assert (state.last_error, state.failing_since, state.failures) == (str(error), clock.now(), 1)
    assert state.next_check == clock.now() + timedelta(minutes=30)
    clock.forward(minutes=30)
    await collect(store, reader, clock, chance=half)
    assert (await feed_state(store, workspace)).next_check == clock.now() + timedelta(hours=1)


async def test_a_feed_that_is_well_again_forgets_its_failure(store, workspace, followed, reader, clock):
    reader.feeds[FEED] = FetchError(FEED, "answered 500")
    await collect(store, reader, clock, chance=half)
    reader.feeds[FEED] = NotModified(Validators())
    clock.forward(hours=1)
    await collect(store, reader, clock, chance=half)
    state = await feed_state(store, workspace)
    assert (state.last_error, state.failing_since, state.failures) == (None, None, 0)


async def test_a_feed_that_has_ended_is_asked_no_more_and_shows_why(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = Gone()
    await collect(store, reader, clock, chance=half)
    clock.forward(days=9)
    assert (await collect(store, reader, clock, chance=half)).feeds == 0
    assert "410" in (await feed_state(store, workspace)).last_error


async def test_a_feed_that_breaks_the_intake_is_a_failure_like_any_other(store, workspace, followed, clock):
    class Broken:
        async def fetch(self, feed):
            raise KeyError("anything")

    await collect(store, Broken(), clock, chance=half)
    state = await feed_state(store, workspace)
    assert (state.failures, state.failing_since) == (1, clock.now())
    assert state.last_error == "It breaks what should read it: report that as a bug."
    assert (await collect(store, Broken(), clock, chance=half)).feeds == 0  # it waits as others do


async def test_entries_that_change_at_every_look_do_not_keep_others_from_being_taken(
    store, workspace, followed, reader, clock
):
    def entries(look):
        counted = [an_entry(f"{n}", days=2, title=f"Bridge to close ({look} comments)") for n in range(150)]
        return a_fetch(*counted, body=str(look))

    for look in range(3):
        reader.feeds[FEED] = entries(look)
        await collect(store, reader, clock, chance=half)
        clock.forward(minutes=1)
    async with store.read() as uow:
        assert len(await uow.articles.unread(limit=1000)) == 150
    assert (await feed_state(store, workspace)).last_success is not None


async def test_the_time_at_which_a_document_was_made_is_no_edit(store, workspace, followed, reader, clock):
    for look in range(3):
        made = clock.now() + timedelta(hours=look)
        entries = [replace(an_entry(str(n)), updated=made) for n in range(4)]
        reader.feeds[FEED] = a_fetch(*entries, body=str(look))
        await collect(store, reader, clock, chance=half)
        clock.forward(hours=1)
    assert len(reader.paged) == 4
    assert (await feed_state(store, workspace)).interval > INTERVAL


async def test_pages_that_lead_to_one_that_asks_to_log_in_cost_no_article(
    store, workspace, followed, reader, clock
):
    login = Page(url="https://herald.example/login", text="Log in to read on.", title="Log in")
    reader.feeds[FEED] = a_fetch(*(an_entry(str(n), title=f"Title {n}") for n in range(3)))
    reader.pages = {f"https://herald.example/{n}": login for n in range(3)}
    await collect(store, reader, clock, chance=half)
    found = {(a.title, a.text, a.partial, a.version) for a in await unread(store)}
    assert found == {(f"Title {n}", "A teaser.", True, 1) for n in range(3)}


async def test_a_host_that_hangs_holds_up_no_other(store, workspace, clock):
    async with store.write() as uow:
        for number in range(60):
            await uow.feeds.follow(workspace.id, f"https://hanging.example/{number}")
        await uow.feeds.follow(workspace.id, FEED)
        await uow.commit()
    never, read = asyncio.Event(), asyncio.Event()

    class Hanging:
        asked = 0

        async def fetch(self, feed):
            if feed.url == FEED:
                read.set()
                return NotModified(Validators())
            self.asked += 1
            return await never.wait()

    reader = Hanging()
    round_ = asyncio.create_task(collect(store, reader, clock, chance=half))
    await read.wait()
    assert reader.asked == 2
    round_.cancel()
    await asyncio.gather(round_, return_exceptions=True)


async def test_a_host_that_hangs_does_not_hold_up_the_next_round(store, workspace, clock):
    class Hanging:
        """Each feed of one host takes ten seconds."""

        def __init__(self):
            self.seconds, self.asked = 0.0, []

        async def fetch(self, feed):
            self.asked.append(feed.url)
            if "hanging" not in feed.url:
                return NotModified(Validators())
            self.seconds += 10
            raise FetchError(feed.url, "does not answer", passing=True)

    reader = Hanging()

    async def followed_and_looked_at(*urls):
        async with store.write() as uow:
            for url in urls:
                await uow.feeds.follow(workspace.id, url)
            await uow.commit()
        reader.asked.clear()
        return await collect(store, reader, clock, chance=half, seconds=lambda: reader.seconds)

    slow = [f"https://hanging.example/{number}" for number in range(7)]
    done = await followed_and_looked_at(*slow, FEED)
    assert done == Collected(feeds=4, failed=3, left=4)
    assert FEED in reader.asked
    other = "https://post.example/feed"
    assert await followed_and_looked_at(other) == Collected(feeds=4, failed=3, left=1)
    assert other in reader.asked
    assert await followed_and_looked_at() == Collected(feeds=1, failed=1)
    assert reader.asked == slow[-1:]


async def test_a_feed_that_is_followed_anew_after_a_while_floods_no_digest(
    store, workspace, followed, reader, clock
):
    reader.feeds[FEED] = a_fetch(an_entry("first"))
    await collect(store, reader, clock, chance=half)
    async with store.write() as uow:
        await uow.feeds.unfollow(workspace.id, FEED)
        await uow.commit()
    clock.forward(days=30)
    async with store.write() as uow:
        await uow.feeds.follow(workspace.id, FEED)
        await uow.commit()
    meanwhile = replace(an_entry("meanwhile"), published=clock.now() - timedelta(days=9))
    reader.feeds[FEED] = a_fetch(an_entry("first"), meanwhile, body="2")
    await collect(store, reader, clock, chance=half)
    assert {a.arrived for a in await unread(store) if a.url.endswith("meanwhile")} == {meanwhile.published}
