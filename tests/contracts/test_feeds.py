"""Feeds: who follows them, which are due, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from news.digests import FeedHealth
from news.errors import AlreadyThere, InputError, NotFound
from news.feeds import FeedId, Listed, Validators
from tests.builders import MORNING

ONE, TWO = "https://one.example/feed", "https://two.example/feed"


async def save(store, feed):
    async with store.write() as uow:
        await uow.feeds.save(feed)
        await uow.commit()


async def followed(store, workspace):
    async with store.read() as uow:
        return await uow.feeds.followed(workspace.id)


async def due(store, now=MORNING, **more):
    async with store.read() as uow:
        return [feed.url for feed in await uow.feeds.due(now, **more)]


async def unfollow(store, workspace, url):
    async with store.write() as uow:
        await uow.feeds.unfollow(workspace.id, url)
        await uow.commit()


async def test_feeds_are_listed_in_the_order_they_were_added(world, store, workspace):
    for url in (TWO, ONE):
        await world.follow(workspace, url)
    assert [feed.url for feed in await followed(store, workspace)] == [TWO, ONE]


async def test_a_feed_is_followed_once(world, store, workspace):
    await world.follow(workspace, ONE)
    with pytest.raises(AlreadyThere, match=ONE):
        await world.follow(workspace, ONE)
    assert len(await followed(store, workspace)) == 1


async def test_two_workspaces_share_a_feed_and_part_from_it_alone(world, store, workspace):
    other = await world.workspace("other")
    assert (await world.follow(workspace, ONE)).id == (await world.follow(other, ONE)).id
    await unfollow(store, workspace, ONE)
    assert await followed(store, workspace) == ()
    assert [feed.url for feed in await followed(store, other)] == [ONE]


async def test_what_is_not_followed_cannot_be_unfollowed(world, store, workspace):
    await world.follow(await world.workspace("other"), ONE)
    with pytest.raises(NotFound, match="not followed"):
        await unfollow(store, workspace, ONE)


async def test_the_first_who_names_the_outlet_decides(world, store, workspace):
    other, third = await world.workspace("other"), await world.workspace("third")
    assert (await world.follow(workspace, ONE)).outlet is None
    assert (await world.follow(other, ONE, outlet="The One")).outlet == "The One"
    assert (await world.follow(third, ONE, outlet="Mine")).outlet == "The One"
    assert (await followed(store, workspace))[0].outlet == "The One"


async def test_an_outlet_can_be_renamed_once_nobody_follows(world, store, workspace):
    await world.follow(workspace, ONE, outlet="Wrong")
    await unfollow(store, workspace, ONE)
    assert (await world.follow(workspace, ONE, outlet="Right")).outlet == "Right"


async def test_a_feeds_state_comes_back_as_it_was_saved(world, store, workspace):
    feed = await world.follow(workspace, ONE)
    saved = replace(
        feed,
        title="One \N{EM DASH} news",
        validators=Validators('W/"x"', "Wed, 04 Dec 2024 09:00:00 GMT"),
        body_hash="abc",
        next_check=MORNING + timedelta(microseconds=1),
        last_success=MORNING,
        last_error="answered 500",
        failing_since=MORNING - timedelta(days=9000),
        failures=3,
    )
    await save(store, saved)
    assert await followed(store, workspace) == (saved,)


async def test_a_feed_moves_to_a_new_address(world, store, workspace):
    feed = await world.follow(workspace, ONE)
    await save(store, replace(feed, url=TWO))
    assert [feed.url for feed in await followed(store, workspace)] == [TWO]
    with pytest.raises(AlreadyThere):
        await world.follow(workspace, TWO)


@pytest.mark.parametrize("address", [TWO, "import:1"])
async def test_an_address_that_is_taken_is_not_moved_to(world, store, workspace, address):
    feed = await world.follow(workspace, ONE)
    await world.follow(workspace, TWO)
    await world.bring(workspace, "mine")
    await save(store, replace(feed, url=address, title="Moved"))
    assert [(f.url, f.title) for f in await followed(store, workspace)] == [(ONE, "Moved"), (TWO, None)]


async def test_a_feed_that_was_never_there_cannot_be_saved(world, store, workspace):
    feed = await world.follow(workspace, ONE)
    with pytest.raises(NotFound):
        await save(store, replace(feed, id=FeedId(999)))


async def test_due_feeds_come_longest_waiting_first(world, store, workspace):
    offsets = {"a": 5, "b": None, "c": -5, "d": 0, "e": -9}
    for name, minutes in offsets.items():
        feed = await world.follow(workspace, f"https://{name}.example")
        check = None if minutes is None else MORNING + timedelta(minutes=minutes)
        await save(store, replace(feed, next_check=check))
    in_order = [f"https://{name}.example" for name in "ecbd"]
    assert await due(store) == in_order
    assert await due(store, limit=2) == in_order[:2]


async def test_of_due_feeds_each_host_has_its_turn(world, store, workspace):
    minutes = {
        "https://hanging.example/1": 50,
        "https://hanging.example/2": 40,
        "HTTPS://HANGING.example/3": 30,
        ONE: 20,
        "http://two.example/1": 15,
        "http://two.example/2": 10,
        "https://hanging.example.org": 5,
    }
    for url, late in minutes.items():
        feed = await world.follow(workspace, url)
        await save(store, replace(feed, next_check=MORNING - timedelta(minutes=late)))
    turns = [
        ["https://hanging.example/1", ONE, "http://two.example/1", "https://hanging.example.org"],
        ["https://hanging.example/2", "http://two.example/2"],
        ["HTTPS://HANGING.example/3"],
    ]
    assert await due(store) == [url for turn in turns for url in turn]
    assert await due(store, limit=2) == turns[0][:2]


async def test_ended_unfollowed_and_hidden_feeds_are_not_due(world, store, workspace):
    ended = await world.follow(workspace, ONE)
    await save(store, replace(ended, ended=True))
    await world.follow(workspace, TWO)
    await unfollow(store, workspace, TWO)
    await world.bring(workspace, "mine")
    assert await due(store) == []


async def test_a_feed_two_follow_is_due_once(world, store, workspace):
    await world.follow(workspace, ONE)
    await world.follow(await world.workspace("other"), ONE)
    assert await due(store) == [ONE]


@pytest.mark.parametrize("again", ["follow", "follow_all"])
async def test_a_feed_that_nobody_followed_for_a_while_is_looked_at_as_if_for_the_first_time(
    world, store, workspace, again
):
    feed = await world.follow(workspace, ONE, outlet="The One")
    trouble = {"last_error": "answers 500", "failing_since": MORNING, "failures": 3}
    state = {"validators": Validators("1"), "body_hash": "1", "last_success": MORNING, "next_check": MORNING}
    await save(store, replace(feed, **state, **trouble))
    other = await world.workspace("other")
    await world.follow(other, ONE)  # somebody does all the time
    assert (await followed(store, other))[0].last_success == MORNING
    await unfollow(store, workspace, ONE)
    await unfollow(store, other, ONE)
    if again == "follow":
        await world.follow(workspace, ONE)
    else:
        async with store.write() as uow:
            await uow.feeds.follow_all(workspace.id, [Listed(ONE)])
            await uow.commit()
    assert await followed(store, workspace) == (replace(feed, outlet="The One"),)


async def test_a_name_that_is_given_while_the_feed_is_read_stays(world, store, workspace):
    feed = await world.follow(workspace, ONE)
    await world.follow(await world.workspace("other"), ONE, outlet="The One")
    await save(store, replace(feed, last_success=MORNING))
    assert (await followed(store, workspace))[0].outlet == "The One"


async def test_following_a_feed_that_had_ended_looks_at_it_again(world, store, workspace):
    feed = await world.follow(workspace, ONE)
    await save(store, replace(feed, ended=True))
    await unfollow(store, workspace, ONE)
    assert not (await world.follow(workspace, ONE)).ended
    assert await due(store) == [ONE]


async def test_the_health_of_what_is_followed_is_told_without_imports(world, store, workspace):
    one, two, three = [await world.follow(workspace, f"https://{name}.example/feed") for name in "cab"]
    await world.follow(await world.workspace("other"), "https://other.example/feed")
    await world.bring(workspace, "mine")
    await save(store, replace(one, title="Third", last_success=MORNING, failing_since=MORNING))
    await save(store, replace(two, failing_since=MORNING + timedelta(hours=1)))
    await save(store, replace(three, last_success=MORNING))
    await world.follow(workspace, "https://new.example/feed")
    async with store.read() as uow:
        assert await uow.feeds.health(workspace.id) == FeedHealth(
            followed=4,
            failing=(("Third", MORNING), ("https://a.example/feed", MORNING + timedelta(hours=1))),
            unread=1,
        )


async def test_imports_are_neither_listed_nor_followed_nor_unfollowed(world, store, workspace):
    await world.bring(workspace, "mine")
    hidden = f"import:{workspace.id}"
    assert await followed(store, workspace) == ()
    with pytest.raises(InputError):
        await world.follow(await world.workspace("curious"), hidden)
    with pytest.raises(NotFound):
        await unfollow(store, workspace, hidden)


@pytest.mark.parametrize(
    "url", [f"https://long.example/{'é%' * 5000}", "https://nul.example/\0", "\ud800", ""]
)
async def test_an_address_of_any_form_is_followed_and_left_again(world, store, workspace, url):
    await world.follow(workspace, url)
    with pytest.raises(AlreadyThere):
        await world.follow(workspace, url)
    await unfollow(store, workspace, url)
    assert await followed(store, workspace) == ()


async def follow_all(store, workspace, *listed):
    async with store.write() as uow:
        followed = await uow.feeds.follow_all(workspace.id, listed)
        await uow.commit()
    return followed


async def test_a_list_is_followed_at_once_in_its_order(world, store, workspace):
    known = await world.follow(workspace, TWO, outlet="Two", folder="Mine")
    other = await world.follow(await world.workspace("other"), "https://known.example/feed")
    await save(store, replace(other, title="As read", ended=True, next_check=MORNING))
    listed = (
        Listed("https://z.example/feed", "Zeta\0", "World/Asia"),
        Listed(TWO, "Other", "Elsewhere"),
        Listed("https://known.example/feed", "As listed"),
        Listed(ONE),
        Listed("https://z.example/feed", "Again", "Twice"),
        Listed("import:1"),
    )
    assert await follow_all(store, workspace, *listed) == 3
    assert await follow_all(store, workspace, *listed) == 0
    async with store.read() as uow:
        follows = await uow.feeds.follows(workspace.id)
    assert [(f.feed.url, f.feed.title, f.feed.outlet, f.folder) for f in follows] == [
        (TWO, None, "Two", "Mine"),
        ("https://z.example/feed", "Zeta\N{REPLACEMENT CHARACTER}", None, "World/Asia"),
        ("https://known.example/feed", "As read", None, ""),
        (ONE, None, None, ""),
    ]
    assert follows[0].feed == known
    assert (follows[2].feed.ended, follows[2].feed.next_check) == (False, None)
    assert follows[3].feed == replace(known, id=follows[3].feed.id, url=ONE, outlet=None)


async def test_an_empty_list_follows_nothing(store, workspace):
    assert await follow_all(store, workspace) == 0


async def test_outlets_are_those_of_what_the_workspace_sees(world, store, workspace):
    other = await world.workspace("other")
    await world.follow(workspace, "https://herald.example/feed", outlet="Daily Herald")
    await world.follow(workspace, "https://wire.example/feed")
    await world.follow(other, "https://theirs.example/feed", outlet="Theirs")
    await world.bring(workspace, "a", outlet="Kurier")
    await world.bring(workspace, "b", outlet="Daily Herald")
    await world.bring(workspace, "c", outlet=None)
    await world.bring(other, "d", outlet="Theirs, too")
    async with store.read() as uow:
        assert await uow.feeds.outlets(workspace.id) == ("Daily Herald", "Kurier")
