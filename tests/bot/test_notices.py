"""Notices on a real store: each told once, accounted for whatever happens on the way."""

import asyncio

import pytest

from bot.jobs.notices import plan_notices
from bot.jobs.posting import ABANDONED, ATTEMPTS, LONGEST_PAUSE
from bot.messages.message import Note, Sources
from bot.messages.notices import notices_message
from news.channels import Channel, DeliveryState, Platform, WorkspaceId
from news.errors import DeliveryError, DeliveryUnknown
from news.feeds import Gone, Listed, NotModified, Validators
from news.notices import Notice, NoticeId, NoticeKind
from news.polling import after_failure, after_success
from tests.fakes import NOON, MemoryMessenger
from tests.posting import send_notices

CHANNEL = Channel(Platform.TERMINAL, "local")


@pytest.fixture
def messenger():
    return MemoryMessenger()


@pytest.fixture
def beat(store, clock, messenger):
    async def go():
        await plan_notices(store, clock)
        return await send_notices(store, clock, {Platform.TERMINAL: messenger})

    return go


@pytest.fixture
def feeds(store, workspace, clock):
    return Feeds(store, workspace, clock)


class Feeds:
    """Feeds of one workspace, by name, and what becomes of them."""

    def __init__(self, store, workspace, clock):
        self.store, self.workspace, self.clock = store, workspace, clock

    async def follow(self, *names):
        async with self.store.write() as uow:
            listed = [Listed(f"https://{name.lower()}.example/feed", name) for name in names]
            await uow.feeds.follow_all(self.workspace.id, listed)
            await uow.commit()

    async def become(self, change, *names):
        async with self.store.write() as uow:
            for feed in await uow.feeds.followed(self.workspace.id):
                if not names or feed.title in names:
                    await uow.feeds.save(change(feed, self.clock.now()))
            await uow.commit()

    async def fail(self, *names):
        await self.become(
            lambda feed, now: after_failure(feed, f"{feed.url} answers 500: wait.", now), *names
        )

    async def recover(self, *names):
        await self.become(lambda feed, now: after_success(feed, NotModified(Validators()), now), *names)

    async def end(self, *names):
        await self.become(lambda feed, now: after_success(feed, Gone(), now), *names)

    async def fail_for_a_day(self, *names):
        await self.fail(*names)
        self.clock.forward(days=1)
        await self.fail(*names)

    async def unfollow(self, name):
        async with self.store.write() as uow:
            await uow.feeds.unfollow(self.workspace.id, f"https://{name.lower()}.example/feed")
            await uow.commit()


def words(line):
    return "".join(part.text if hasattr(part, "text") else "<time>" for part in line)


def shown(message):
    """The message as lines, without the closing hint."""
    lines = [words(message.title)]
    for block in message.blocks:
        lines += map(words, block.items) if isinstance(block, Sources) else [words(block.line)]
    assert isinstance(message.blocks[-1], Note)
    return lines[:-1]


async def open_states(store):
    async with store.read() as uow:
        return [notice.state for notice in await uow.notices.open([Platform.TERMINAL])]


async def test_a_feed_that_fails_is_told_once_and_once_that_it_is_back(feeds, beat, messenger, clock):
    await feeds.follow("Herald", "Ledger")
    await feeds.fail("Herald")
    clock.forward(hours=23)
    await feeds.fail("Herald")
    assert (await beat()).sent == 0
    clock.forward(hours=1)
    await feeds.fail("Herald")
    assert (await beat()).sent == 1
    clock.forward(days=1)
    await feeds.fail("Herald")
    assert (await beat()).sent == 0
    await feeds.recover("Herald")
    assert (await beat()).sent == 1
    assert (await beat()).sent == 0
    assert [channel for channel, _, _ in messenger.sent] == [CHANNEL] * 2
    assert [shown(message) for _, message, _ in messenger.sent] == [
        [
            "Herald has failed for a day",
            "Herald  failing since <time>: it answers 500: wait. It goes on being tried.",
        ],
        ["Herald is well again", "Herald  well again; it had failed since <time>"],
    ]
    assert all(len(key) <= 25 for _, _, key in messenger.sent)


async def test_what_is_due_together_is_one_post(feeds, beat, messenger, clock, store):
    await feeds.follow("Herald", "Ledger", "Post", "Wire")
    await feeds.fail_for_a_day("Ledger", "Herald")
    await feeds.end("Post")
    assert (await beat()).sent == 1
    await feeds.recover("Herald")
    await feeds.fail("Wire")
    clock.forward(days=1)
    await feeds.fail("Wire")
    assert (await beat()).sent == 1
    assert [shown(message) for _, message, _ in messenger.sent] == [
        [
            "1 feed has ended, 2 have failed for a day",
            "Post  has ended, its server says (410 Gone): look for its new address, and remove this one",
            "Herald  failing since <time>: it answers 500: wait. It goes on being tried.",
            "Ledger  failing since <time>: it answers 500: wait. It goes on being tried.",
        ],
        [
            "1 feed has failed for a day, 1 is well again",
            "Wire  failing since <time>: it answers 500: wait. It goes on being tried.",
            "Herald  well again; it had failed since <time>",
        ],
    ]
    assert await open_states(store) == []


async def test_a_failure_of_our_own_network_is_one_post_that_says_so(feeds, beat, messenger):
    await feeds.follow(*(f"Feed{number}" for number in range(300)))
    await feeds.fail_for_a_day()
    assert (await beat()).sent == 1
    ((_, message, _),) = messenger.sent
    lines = shown(message)
    assert lines[0] == "300 feeds have failed for a day"
    assert lines[1] == "Every feed that this bot reads fails: its own connection to the network may be down."
    assert lines[5:] == ["and 297 more feeds"]
    await feeds.recover()
    assert (await beat()).sent == 1
    assert shown(messenger.sent[1][1])[::21] == ["300 feeds are well again", "and 280 more feeds"]


async def test_a_refusal_is_tried_again_after_pauses_that_grow(feeds, beat, messenger, store, clock):
    await feeds.follow("Herald", "Ledger")
    await feeds.fail_for_a_day()
    messenger.failures = [(DeliveryError("busy"), False)] * 2
    assert (await beat()).sent == 0
    assert await open_states(store) == [DeliveryState.PENDING] * 2
    await beat()
    clock.forward(seconds=20)
    await beat()
    assert messenger.failures == []
    clock.forward(seconds=39)
    assert (await beat()).sent == 0
    clock.forward(seconds=1)
    assert (await beat()).sent == 1
    assert len(messenger.sent) == 1


async def test_trying_ends(feeds, beat, messenger, store, clock):
    await feeds.follow("Herald")
    await feeds.fail_for_a_day()
    messenger.failures = [(DeliveryError("busy"), False)] * ATTEMPTS
    failed = 0
    for _ in range(ATTEMPTS):
        failed += (await beat()).failed
        clock.forward(seconds=LONGEST_PAUSE.total_seconds())
    assert (failed, await open_states(store), messenger.sent) == (1, [], [])


async def test_a_refusal_that_cannot_be_mended_fails_at_once_and_what_nobody_read_does_not_end(
    feeds, beat, messenger, store
):
    await feeds.follow("Herald")
    await feeds.fail_for_a_day()
    messenger.failures = [(DeliveryError("no permission", permanent=True), False)]
    assert (await beat()).failed == 1
    assert await open_states(store) == []
    await feeds.recover()
    assert (await beat()).sent == 0


@pytest.mark.parametrize("stored", [True, False])
async def test_a_lost_answer_is_looked_for_and_never_doubled(feeds, beat, messenger, clock, stored):
    await feeds.follow("Herald", "Ledger", "Post")
    await feeds.fail_for_a_day("Herald", "Ledger")
    messenger.failures = [(DeliveryUnknown("connection broke"), stored)]
    assert (await beat()).sent == 0
    # Meanwhile another feed fails: that is another post.
    await feeds.end("Post")
    assert (await beat()).sent == 1
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).sent == 1
    assert (await beat()).sent == 0
    titles = sorted(words(message.title) for _, message, _ in messenger.sent)
    assert titles == ["2 feeds have failed for a day", "Post has ended"]
    assert len({key for _, _, key in messenger.sent}) == 2


async def test_a_crash_between_claim_and_answer_is_made_good(feeds, beat, store, messenger, clock):
    await feeds.follow("Herald", "Ledger")
    await feeds.fail_for_a_day()
    await plan_notices(store, clock)
    async with store.write() as uow:
        await uow.notices.claim(await uow.notices.open([Platform.TERMINAL]), now=clock.now())
        await uow.commit()
    assert (await beat()).sent == 0
    clock.forward(seconds=ABANDONED.total_seconds())
    # One of them is well by now: the post that was never made tells of the other alone.
    await feeds.recover("Herald")
    assert (await beat()).sent == 1
    assert [words(message.title) for _, message, _ in messenger.sent] == ["Ledger has failed for a day"]
    assert (await beat()).sent == 0


async def test_a_platform_that_cannot_tell_leaves_it_unknown(feeds, beat, store, messenger, clock):
    await feeds.follow("Herald")
    await feeds.fail_for_a_day()
    messenger.failures = [(DeliveryUnknown("connection broke"), True)]
    messenger.blind = DeliveryUnknown("a terminal cannot be asked")
    await beat()
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).failed == 1
    assert await open_states(store) == []
    # Somebody may have read it, so that its end is told, too.
    await feeds.recover()
    assert (await beat()).sent == 1


async def test_two_processes_tell_it_once(feeds, beat, messenger, clock):
    await feeds.follow("Herald", "Ledger")
    await feeds.fail_for_a_day()
    done = await asyncio.gather(beat(), beat(), beat())
    assert sum(each.sent for each in done) == 1
    assert len(messenger.sent) == 1


@pytest.mark.parametrize("change", ["unfollow", "recover"])
async def test_nothing_stale_is_told(feeds, beat, store, messenger, clock, change):
    await feeds.follow("Herald", "Ledger")
    await feeds.fail_for_a_day("Herald")
    messenger.failures = [(DeliveryError("busy"), False)]
    await beat()
    await getattr(feeds, change)("Herald")
    clock.forward(hours=1)
    assert (await beat()).sent == 0
    assert (messenger.sent, await open_states(store)) == ([], [])


async def test_a_post_that_cannot_be_composed_hinders_no_other(feeds, beat, store, messenger, clock):
    await feeds.follow("Herald")
    await feeds.fail_for_a_day()
    await plan_notices(store, clock)
    broken = MemoryMessenger(failures=[(RuntimeError("broken"), False)])
    assert (await send_notices(store, clock, {Platform.TERMINAL: broken})).sent == 0
    clock.forward(seconds=ABANDONED.total_seconds())
    assert (await beat()).sent == 1


async def test_a_channel_that_is_not_connected_waits(feeds, store, workspace, clock, messenger, beat):
    there = Channel(Platform.DISCORD, "9")
    async with store.write() as uow:
        await uow.workspaces.send_notices(workspace.id, there)
        await uow.commit()
    await feeds.follow("Herald")
    await feeds.fail_for_a_day()
    assert (await beat()).sent == 0
    clock.forward(days=3)
    discord = MemoryMessenger(Platform.DISCORD)
    assert (await send_notices(store, clock, {Platform.DISCORD: discord})).sent == 1
    assert [channel for channel, _, _ in discord.sent] == [there]


def test_what_is_not_listed_is_not_called_a_feed_where_schedules_stopped():
    local = Channel(Platform.TERMINAL, "local")
    notices = [
        Notice(
            NoticeId(number),
            WorkspaceId(1),
            None,
            NoticeKind.PAUSED,
            f"Digest {number}",
            "discord:9",
            NOON,
            "It is gone.",
            local,
            NOON,
            DeliveryState.PENDING,
            NOON,
        )
        for number in range(1, 24)
    ]
    assert "and 3 more notices" in shown(notices_message(notices))
