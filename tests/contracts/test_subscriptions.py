"""Subscriptions that are changed, paused and resumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from news.channels import Channel, DeliveryState, Form, Narrowing, Platform, SubscriptionId
from news.digests import Digest, Window
from news.errors import AlreadyThere, InputError, NotFound
from storage.tables import SubscriptionRow
from tests.builders import MORNING

HOUR = timedelta(hours=1)
HERE, THERE = Channel(Platform.DISCORD, "123"), Channel(Platform.DISCORD, "456")


async def add(store, workspace, *, cron="0 9 * * *", **more):
    async with store.write() as uow:
        made = await uow.subscriptions.add(
            workspace.id, HERE, cron=cron, timezone="UTC", next_due=MORNING, **more
        )
        await uow.commit()
    return made


async def does(store, name, *given, **named):
    async with store.write() as uow:
        done = await getattr(uow.subscriptions, name)(*given, **named)
        await uow.commit()
    return done


async def listed(store, workspace):
    async with store.read() as uow:
        return await uow.subscriptions.of(workspace.id)


async def test_all_that_is_set_of_a_subscription_is_changed_and_what_was_told_stays(store, workspace):
    made = await add(store, workspace, narrowing=Narrowing("dam", length=3), made_by="77")
    other = await add(store, workspace, cron="0 18 * * *")
    await does(store, "cover", [made.id], MORNING)
    await does(store, "postpone", made.id, MORNING + HOUR)
    wanted = replace(
        made,
        channel=THERE,
        cron="30 8 * * mon-fri",
        timezone="Europe/Kyiv",
        next_due=MORNING + 2 * HOUR,
        title="Evening",
        narrowing=Narrowing(None, "Marlow", "Herald", 5),
        form=Form.THREAD,
    )
    changed = await does(store, "change", wanted)
    assert changed == replace(wanted, last_covered=MORNING)
    assert await listed(store, workspace) == (changed, other)


async def test_a_change_is_no_way_to_pause_or_to_tell_again(store, workspace):
    made = await add(store, workspace)
    await does(store, "cover", [made.id], MORNING)
    await does(store, "postpone", made.id, MORNING)
    changed = await does(
        store, "change", replace(made, paused=True, last_covered=None, trouble="x", skipped=9)
    )
    assert changed == replace(made, last_covered=MORNING)


async def test_the_trouble_with_a_channel_goes_with_the_channel(store, workspace):
    made = await add(store, workspace)
    await does(store, "stop", made.id, "The channel is gone.", now=MORNING)
    (stopped,) = await listed(store, workspace)
    assert await does(store, "change", replace(stopped, title="Evening")) == replace(stopped, title="Evening")
    elsewhere = replace(stopped, channel=Channel(Platform.DISCORD, "43"))
    assert await does(store, "change", elsewhere) == replace(elsewhere, trouble=None)


async def test_a_change_into_one_that_is_there_is_refused(store, workspace):
    made, other = await add(store, workspace), await add(store, workspace, cron="0 18 * * *")
    with pytest.raises(AlreadyThere, match="choose another time"):
        await does(store, "change", replace(made, cron=other.cron))
    assert await listed(store, workspace) == (made, other)
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, other.id)
        await uow.commit()
    changed = replace(made, cron=other.cron)
    assert await does(store, "change", changed) == changed


async def test_a_change_of_words_alone_is_not_taken_for_another_one(store, workspace):
    made = await add(store, workspace)
    changed = replace(made, title="Herald's")
    assert await does(store, "change", changed) == changed


async def test_what_is_too_long_is_refused(store, workspace):
    made = await add(store, workspace)
    with pytest.raises(InputError, match="200 characters"):
        await does(store, "change", replace(made, title="x" * 201))
    assert await listed(store, workspace) == (made,)


@pytest.mark.parametrize(("state", "refused"), [("sending", True), ("pending", False), ("sent", False)])
async def test_the_channel_stays_while_a_post_is_on_its_way(store, workspace, state, refused):
    made = await add(store, workspace)
    async with store.write() as uow:
        digest = Digest("Digest", Window(MORNING - HOUR, MORNING), "UTC", (), 0, 0)
        digest_id = await uow.deliveries.save_digest(workspace.id, digest, now=MORNING)
        delivery = await uow.deliveries.plan(made.id, MORNING, digest_id, now=MORNING)
        await uow.deliveries.mark(delivery, DeliveryState(state), now=MORNING)
        await uow.commit()
    assert await does(store, "change", replace(made, title="Still here")) == replace(made, title="Still here")
    if refused:
        with pytest.raises(InputError, match="on its way"):
            await does(store, "change", replace(made, channel=THERE))
    else:
        assert (await does(store, "change", replace(made, channel=THERE))).channel == THERE


async def test_a_pause_ends_with_a_new_next_time(store, workspace):
    made = await add(store, workspace)
    await does(store, "pause", workspace.id, made.id)
    assert await listed(store, workspace) == (replace(made, paused=True),)
    async with store.read() as uow:
        assert await uow.subscriptions.due(MORNING + HOUR, tuple(Platform)) == ()
    await does(store, "resume", workspace.id, made.id, next_due=MORNING + 24 * HOUR)
    assert await listed(store, workspace) == (replace(made, next_due=MORNING + 24 * HOUR),)


async def test_only_who_owns_a_subscription_changes_it(world, store, workspace):
    made, stranger = await add(store, workspace), await world.workspace("other")
    removed = await add(store, workspace, cron="0 18 * * *")
    async with store.write() as uow:
        await uow.subscriptions.remove(workspace.id, removed.id)
        await uow.commit()
    for owner, number in ((stranger, made.id), (workspace, SubscriptionId(999)), (workspace, removed.id)):
        with pytest.raises(NotFound):
            await does(store, "pause", owner.id, number)
        with pytest.raises(NotFound):
            await does(store, "resume", owner.id, number, next_due=MORNING)
        with pytest.raises(NotFound):
            await does(store, "change", replace(made, id=number, workspace_id=owner.id, title="Theirs"))
    assert await listed(store, workspace) == (made,)


async def test_whoever_pauses_or_resumes_it_has_done_with_its_trouble(store, workspace):
    for name, more in (("pause", {}), ("resume", {"next_due": MORNING})):
        made = await add(store, workspace, cron=f"0 {len(name)} * * *")
        async with store.write() as uow:
            await uow.subscriptions._session.execute(
                update(SubscriptionRow)
                .where(SubscriptionRow.id == made.id)
                .values(paused=True, trouble="The channel is gone.", trouble_since=MORNING)
            )
            await uow.commit()
        assert [(one.paused, one.trouble) for one in (await listed(store, workspace))[-1:]] == [
            (True, "The channel is gone.")
        ]
        await does(store, name, workspace.id, made.id, **more)
        (kept,) = (await listed(store, workspace))[-1:]
        assert (kept.paused, kept.trouble) == (name == "pause", None)
