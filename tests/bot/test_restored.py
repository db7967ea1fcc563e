"""After a restore: nothing that may have been posted meanwhile is posted again, and nothing is lost for the next digest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.brief import catch_up
from bot.jobs.restored import Outstanding, leave_out, outstanding
from news.channels import Channel, DeliveryState, Platform
from news.errors import AttacheError, DeliveryError
from news.queries import StoryQuery
from storage.backup import back_up
from storage.checking import Source
from storage.restore import prepared
from storage.tables import DeliveryRow, NoticeRow
from tests.builders import a_draft
from tests.everything import store_everything
from tests.fakes import MemoryMessenger
from tests.posting import plan_due, send_notices, send_open

HERE = Channel(Platform.TERMINAL, "local")


@pytest.fixture
def messenger():
    return MemoryMessenger()


@pytest.fixture
def beat(store, clock, messenger):
    async def go():
        await plan_due(store, clock, tuple(Platform))
        heard = {Platform.TERMINAL: messenger, Platform.DISCORD: messenger}
        await send_open(store, clock, heard)
        await send_notices(store, clock, heard)

    return go


@pytest.fixture
def add(store, workspace, clock):
    async def subscribe(cron="0 9 * * *", zone="UTC", due=None, channel=HERE):
        async with store.write() as uow:
            made = await uow.subscriptions.add(
                workspace.id, channel, cron=cron, timezone=zone, next_due=due or clock.now()
            )
            await uow.commit()
        return made

    return subscribe


@pytest.fixture
def saved(tmp_path, store, clock):
    """Takes a backup and gives what goes back to it, as the command does."""
    url = f"sqlite:///{tmp_path / 'test.db'}"

    async def save():
        backup = await back_up(url, None, now=clock.now(), watch=unseen)

        async def go_back():
            source = Source(backup.path, "saved")
            async with prepared(url, source, replace=True, now=clock.now(), watch=unseen) as ready:
                return (await ready.put(lambda uow: leave_out(uow, clock.now()))).done

        return go_back

    return save


def unseen(*_):
    """Nobody watches."""


async def subscriptions(store, workspace):
    async with store.read() as uow:
        return await uow.subscriptions.of(workspace.id)


async def test_a_slot_that_was_posted_after_the_backup_is_not_posted_again(
    store, workspace, clock, add, saved, beat, messenger
):
    await add()
    await beat()
    go_back = await saved()
    clock.forward(days=1)
    await beat()
    assert len(messenger.sent) == 2
    clock.forward(minutes=5)
    assert await go_back() == Outstanding(schedules=1, posts=0)
    await beat()
    assert len(messenger.sent) == 2
    (subscription,) = await subscriptions(store, workspace)
    assert subscription.next_due == datetime(2024, 12, 7, 9, tzinfo=UTC)
    clock.forward(days=1)
    await beat()
    assert len(messenger.sent) == 3


async def test_the_next_digest_tells_what_came_since_the_backup(store, workspace, clock, add, saved, beat):
    await add()
    await beat()
    (before,) = await subscriptions(store, workspace)
    go_back = await saved()
    clock.forward(days=3)
    await beat()
    await go_back()
    (after,) = await subscriptions(store, workspace)
    assert after.last_covered == before.last_covered
    clock.forward(days=1)
    await plan_due(store, clock, [Platform.TERMINAL])
    async with store.read() as uow:
        (delivery,) = await uow.deliveries.open([Platform.TERMINAL])
        digest = await uow.deliveries.digest(delivery.digest_id)
    assert (digest.window.since, digest.window.until) == (before.last_covered, clock.now())


async def test_a_slot_that_is_still_to_come_stays(store, workspace, clock, add, saved):
    later = clock.now() + timedelta(hours=1)
    await add(due=later)
    go_back = await saved()
    assert await go_back() == Outstanding(0, 0)
    (subscription,) = await subscriptions(store, workspace)
    assert subscription.next_due == later


@pytest.mark.parametrize(
    ("cron", "zone", "due"),
    [
        ("0 9 * * *", "Europe/Kyiv", "2024-12-06T07:00:00+00:00"),
        ("30 12 * * *", "UTC", "2024-12-05T12:30:00+00:00"),
        ("0 9 * * mon", "UTC", "2024-12-09T09:00:00+00:00"),
        ("nonsense", "UTC", "2024-12-06T12:00:00+00:00"),
        ("0 9 * * *", "Mars/Olympus", "2024-12-06T12:00:00+00:00"),
    ],
)
async def test_the_next_slot_is_the_first_one_to_come(store, workspace, clock, add, cron, zone, due):
    await add(cron, zone, due=clock.now() - timedelta(days=40))
    async with store.write() as uow:
        await leave_out(uow, clock.now())
        await uow.commit()
    (subscription,) = await subscriptions(store, workspace)
    assert subscription.next_due.isoformat() == due


@pytest.mark.parametrize("error", [DeliveryError("away"), None], ids=["pending", "sent"])
async def test_a_digest_that_was_on_its_way_is_not_posted(store, clock, add, saved, beat, messenger, error):
    """Once it is posted after the backup, and once it was never posted: nobody can tell."""
    await add()
    messenger.failures = [(DeliveryError("away"), False)]
    await beat()
    async with store.read() as uow:
        assert [d.state for d in await uow.deliveries.open([Platform.TERMINAL])] == [DeliveryState.PENDING]
    go_back = await saved()
    if error is None:
        clock.forward(minutes=5)
        await beat()
        assert len(messenger.sent) == 1
    posted = len(messenger.sent)
    assert await go_back() == Outstanding(schedules=0, posts=1)
    clock.forward(hours=1)
    await beat()
    assert len(messenger.sent) == posted


async def test_a_post_after_a_restore_has_a_key_of_its_own(clock, add, saved, beat, messenger):
    """A platform that is shown a key again takes the post for the one it has."""
    await add()
    await beat()
    go_back = await saved()
    clock.forward(days=1)
    await beat()
    await go_back()
    clock.forward(days=1)
    await beat()
    keys = [key for _, _, key in messenger.sent]
    assert len(keys) == len(set(keys)) == 3


async def test_all_that_is_on_its_way_counts_as_unknown(store, clock, beat, messenger):
    await store_everything(store, clock)
    async with store.read() as uow:
        assert await outstanding(uow, clock.now()) == Outstanding(schedules=0, posts=2)
    async with store.write() as uow:
        assert await leave_out(uow, clock.now()) == Outstanding(schedules=0, posts=2)
        await uow.commit()
    async with store.read() as uow:
        assert await outstanding(uow, clock.now()) == Outstanding(0, 0)
    assert await rows(store, DeliveryRow) == [("sent", False), ("unknown", True)]
    assert await rows(store, NoticeRow) == [("unknown", True)]
    clock.forward(minutes=30)
    await beat()
    assert messenger.sent == []


async def rows(store, kind):
    """The state of each, and whether it says why."""
    from sqlalchemy import select

    async with store.read() as uow:
        found = await uow.deliveries._session.execute(select(kind.state, kind.error).order_by(kind.id))
    return [(state, "backup" in (error or "")) for state, error in found]


BRIDGE = "The harbour council of Oldtown voted on Thursday to close the iron bridge for two years."


async def test_reading_goes_on_in_a_bot_that_ran_through_a_restore(
    store, workspace, clock, understanding, saved
):
    """Its memory of stories holds articles that are no longer there."""

    async def bring(key):
        async with store.write() as uow:
            await uow.articles.import_(
                workspace.id, key, a_draft(f"{BRIDGE} {key}", title=key), now=clock.now()
            )
            await uow.commit()

    async def read():
        try:
            await catch_up(store, understanding, clock)
        except AttacheError:  # once, with the beat that finds out
            await catch_up(store, understanding, clock)

    await bring("Before the backup")
    await read()
    go_back = await saved()
    await bring("After the backup")
    await read()
    await go_back()
    await bring("After the restore")
    await read()
    async with store.read() as uow:
        (story,) = await uow.stories.find(workspace.id, StoryQuery())
    assert {reading.article.title for reading in story.readings} == {"Before the backup", "After the restore"}
