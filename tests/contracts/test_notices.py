"""Notices: what is told of feeds to whom, once, and each one's way to its channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from news.channels import Channel, DeliveryState, Platform, Workspace, WorkspaceId
from news.errors import NotFound
from news.feeds import Gone, Listed, NotModified, Validators
from news.notices import PATIENCE, NoticeKind, Recipient
from news.polling import after_failure, after_success
from tests.builders import MORNING

HERE, THERE = Channel(Platform.TERMINAL, "local"), Channel(Platform.DISCORD, "123")
BOTH = (Platform.DISCORD, Platform.TERMINAL)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELL = NotModified(Validators())


@pytest.fixture
def told(store):
    """Feeds as they fare, and what that gives to tell."""
    return Told(store)


class Told:
    def __init__(self, store):
        self.store = store

    async def save(self, feed):
        async with self.store.write() as uow:
            await uow.feeds.save(feed)
            await uow.commit()
        return feed

    async def fail(self, feed, *, since=MORNING, until=None):
        """Failing since then, looked at for the last time `until`."""
        feed = after_failure(feed, "it answers 500: try again later.", since)
        return await self.save(after_failure(feed, "it answers 500: try again later.", until or since + DAY))

    async def recover(self, feed, now):
        return await self.save(after_success(feed, WELL, now))

    async def end(self, feed, now=MORNING):
        return await self.save(after_success(feed, Gone(), now))

    async def plan(self, now=MORNING + DAY):
        """What is new, and whether that was announced."""
        async with self.store.read() as uow:
            due = await uow.notices.is_due(now)
        async with self.store.write() as uow:
            planned = await uow.notices.plan(now)
            await uow.commit()
        assert due or not planned
        return planned

    async def open(self, platforms=BOTH):
        async with self.store.read() as uow:
            return await uow.notices.open(platforms)

    async def claim(self, *notices, now=MORNING + DAY):
        async with self.store.write() as uow:
            claimed = await uow.notices.claim(notices, now=now)
            await uow.commit()
        return claimed

    async def mark(self, notices, state, *, now=MORNING + DAY, **more):
        async with self.store.write() as uow:
            marked = await uow.notices.mark(notices, state, now=now, **more)
            await uow.commit()
        return marked

    async def tell(self, now=MORNING + DAY):
        """Plans and posts; the kinds and names told."""
        await self.plan(now)
        claimed = await self.claim(*await self.open(), now=now)
        await self.mark(claimed, DeliveryState.SENT, now=now, receipt="post-1")
        return [(notice.kind, notice.url) for notice in claimed]


async def set_channel(store, workspace, channel):
    async with store.write() as uow:
        await uow.workspaces.send_notices(workspace.id, channel)
        await uow.commit()


async def recipient(store, workspace):
    async with store.read() as uow:
        return await uow.workspaces.notices(workspace.id)


async def test_a_terminal_is_told_unless_it_was_said_otherwise(store, workspace):
    assert await recipient(store, workspace) == Recipient(HERE)
    await set_channel(store, workspace, None)
    assert await recipient(store, workspace) == Recipient(None, chosen=True)
    await set_channel(store, workspace, THERE)
    assert await recipient(store, workspace) == Recipient(THERE, chosen=True)


async def test_a_guild_is_told_nowhere_until_it_says_where(store):
    async with store.write() as uow:
        guild = await uow.workspaces.obtain(Platform.DISCORD, "42")
        await uow.commit()
    assert await recipient(store, guild) == Recipient()
    await set_channel(store, guild, THERE)
    assert await recipient(store, guild) == Recipient(THERE, chosen=True)


async def test_a_workspace_that_is_not_there_tells_nobody(store):
    nobody = Workspace(WorkspaceId(9), Platform.TERMINAL, "nobody")
    with pytest.raises(NotFound):
        await set_channel(store, nobody, HERE)
    with pytest.raises(NotFound):
        await recipient(store, nobody)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        (MORNING, MORNING + DAY, 1),
        (MORNING + timedelta(microseconds=1), MORNING + DAY, 0),
        # Nobody has looked since before we were away: it may be well by now.
        (MORNING - 9 * DAY, MORNING - DAY, 0),
    ],
)
async def test_a_feed_that_has_failed_for_a_day_is_told(told, feed, since, until, due):
    await told.fail(feed, since=since, until=until)
    assert await told.plan(MORNING + PATIENCE) == due


async def test_a_notice_says_what_is_to_be_told(told, world, workspace):
    feed = await told.fail(await world.follow(workspace, "https://herald.example/feed", outlet="Herald"))
    await told.plan()
    (notice,) = await told.open()
    assert notice == replace(
        notice,
        workspace_id=workspace.id,
        feed_id=feed.id,
        kind=NoticeKind.FAILING,
        name="Herald",
        url="https://herald.example/feed",
        since=MORNING,
        reason="it answers 500: try again later.",
        channel=HERE,
        made=MORNING + DAY,
        state=DeliveryState.PENDING,
        touched=MORNING + DAY,
        attempts=0,
        post=None,
        timezone=workspace.timezone,
    )
    assert await told.open([Platform.DISCORD]) == ()


async def test_each_trouble_is_told_once_and_its_end_once(told, feed):
    url = feed.url
    feed = await told.fail(feed)
    assert await told.tell() == [(NoticeKind.FAILING, url)]
    feed = await told.fail(feed, until=MORNING + 2 * DAY)
    assert await told.tell(MORNING + 2 * DAY) == []
    feed = await told.recover(feed, MORNING + 3 * DAY)
    assert await told.tell(MORNING + 3 * DAY) == [(NoticeKind.BACK, url)]
    assert await told.tell(MORNING + 4 * DAY) == []
    again = MORNING + 5 * DAY
    await told.fail(feed, since=again)
    assert await told.tell(again + DAY) == [(NoticeKind.FAILING, url)]


async def test_a_feed_that_has_ended_is_told_at_once_and_that_it_is_back(told, feed):
    feed = await told.end(feed)
    assert await told.tell(MORNING) == [(NoticeKind.ENDED, feed.url)]
    assert await told.tell(MORNING + DAY) == []
    await told.save(replace(feed, ended=False, failing_since=None, last_error=None))
    assert await told.tell(MORNING + 2 * DAY) == [(NoticeKind.BACK, feed.url)]


async def test_a_feed_that_ends_after_its_failure_was_told_is_told_again(told, feed):
    feed = await told.fail(feed)
    await told.tell()
    await told.end(feed, MORNING + 2 * DAY)
    assert await told.tell(MORNING + 2 * DAY) == [(NoticeKind.ENDED, feed.url)]


async def test_what_is_over_before_it_was_told_is_not_told(told, feed):
    feed = await told.fail(feed)
    assert await told.plan() == 1
    await told.recover(feed, MORNING + DAY + HOUR)
    assert await told.tell(MORNING + DAY + HOUR) == []


async def test_what_is_over_when_it_is_claimed_is_not_told(told, feed):
    feed = await told.fail(feed)
    await told.plan()
    (notice,) = await told.open()
    await told.recover(feed, MORNING + DAY + HOUR)
    assert await told.claim(notice) == ()
    assert await told.open() == ()


async def test_a_recovery_that_does_not_last_is_not_told_before_the_next(told, feed):
    feed = await told.fail(feed)
    await told.tell()
    feed = await told.recover(feed, MORNING + 2 * DAY)
    assert await told.plan(MORNING + 2 * DAY) == 1
    feed = await told.fail(feed, since=MORNING + 3 * DAY, until=MORNING + 3 * DAY)
    assert await told.tell(MORNING + 3 * DAY) == []
    await told.recover(feed, MORNING + 3 * DAY + HOUR)
    assert await told.tell(MORNING + 3 * DAY + HOUR) == [(NoticeKind.BACK, feed.url)]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.PENDING])
async def test_nobody_is_told_that_a_feed_is_back_who_was_not_told_before(told, feed, state):
    feed = await told.fail(feed)
    await told.plan()
    await told.mark(await told.claim(*await told.open()), state, error="no")
    await told.recover(feed, MORNING + 2 * DAY)
    assert await told.tell(MORNING + 2 * DAY) == []


async def test_what_is_followed_no_more_is_not_told(told, store, workspace, feed):
    await told.fail(feed)
    await told.plan()
    async with store.write() as uow:
        await uow.feeds.unfollow(workspace.id, feed.url)
        await uow.commit()
    assert await told.tell() == []


async def test_each_workspace_is_told_where_it_wants(told, store, world, workspace, feed):
    other, silent = await world.workspace("other"), await world.workspace("silent")
    for each in (other, silent):
        await world.follow(each, feed.url)
    await set_channel(store, silent, None)
    await told.fail(feed)
    await told.plan()
    assert [notice.channel.external_id for notice in await told.open()] == ["local", "other"]


async def test_what_is_pending_moves_with_its_channel_and_goes_with_it(told, store, workspace, feed):
    await told.fail(feed)
    await told.plan()
    await set_channel(store, workspace, THERE)
    assert await told.plan() == 1
    assert [notice.channel for notice in await told.open()] == [THERE]
    await set_channel(store, workspace, None)
    assert await told.plan() == 0
    assert await told.open() == ()


async def test_what_one_channel_did_not_take_is_told_in_the_next_one(told, store, workspace, feed):
    await told.fail(feed)
    await told.plan()
    await told.mark(await told.claim(*await told.open()), DeliveryState.FAILED, error="no permission")
    assert await told.plan() == 0
    await set_channel(store, workspace, THERE)
    assert await told.tell() == [(NoticeKind.FAILING, feed.url)]


async def test_notices_are_claimed_together_once(told, world, workspace):
    for name in "abc":
        await told.fail(await world.follow(workspace, f"https://{name}.example/feed"))
    assert await told.plan() == 3
    notices = await told.open()
    first = await told.claim(*notices[1:])
    assert [(n.state, n.attempts, n.post, n.key) for n in first] == [
        (DeliveryState.SENDING, 1, notices[1].id, f"attache-n{notices[1].id}")
    ] * 2
    # Who read them before gets only what is left, as a post of its own.
    second = await told.claim(*notices)
    assert [(n.id, n.post) for n in second] == [(notices[0].id, notices[0].id)]
    assert await told.open() == (*second, *first)
    assert await told.claim(*notices) == ()
    # What was being sent stays the post that it was, also when a part of it is no longer true.
    later = MORNING + DAY + HOUR
    async with told.store.read() as uow:
        feed = (await uow.feeds.followed(workspace.id))[1]
    await told.recover(feed, later)
    again = await told.claim(*first, now=later)
    assert [(n.id, n.post, n.attempts) for n in again] == [(first[1].id, first[0].id, 2)]


async def test_a_state_is_set_by_who_has_it_in_hand(told, feed):
    await told.fail(feed)
    await told.plan()
    (stale,) = await told.open()
    (claimed,) = await told.claim(stale)
    assert not await told.mark([stale], DeliveryState.PENDING)
    assert await told.mark([claimed], DeliveryState.PENDING, error="busy")
    assert not await told.mark([claimed], DeliveryState.SENT)
    (waiting,) = await told.open()
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 1)


async def test_more_notices_than_one_list_of_values_holds(told, store, world, workspace):
    async with store.write() as uow:
        listed = [Listed(f"https://{number}.example/feed") for number in range(1100)]
        assert await uow.feeds.follow_all(workspace.id, listed) == 1100
        for feed in await uow.feeds.followed(workspace.id):
            await uow.feeds.save(after_success(feed, Gone(), MORNING))
        await uow.commit()
    assert len(await told.tell()) == 1100
    assert await told.open() == ()


async def test_all_feeds_fail_only_where_every_one_does(told, store, world, workspace, feed):
    async def all_failing():
        async with store.read() as uow:
            return await uow.notices.all_failing()

    assert not await all_failing()
    await told.fail(feed)
    assert not await all_failing(), "one feed alone tells nothing of the connection"
    other = await world.follow(await world.workspace("other"), "https://other.example/feed")
    assert not await all_failing()
    await told.fail(other)
    await told.end(await world.follow(workspace, "https://ended.example/feed"))
    assert await all_failing()


async def test_of_many_processes_one_plans_and_one_claims_each(told, world, workspace):
    for name in "abcdef":
        await told.fail(await world.follow(workspace, f"https://{name}.example/feed"))
    assert sum(await asyncio.gather(*(told.plan() for _ in range(4)))) == 6
    notices = await told.open()
    claims = await asyncio.gather(*(told.claim(*notices[at:]) for at in (3, 0, 2, 0)))
    claimed = [notice.id for claim in claims for notice in claim]
    assert sorted(claimed) == [notice.id for notice in notices]
    assert all(claim[0].post == claim[0].id for claim in claims if claim)
