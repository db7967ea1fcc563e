"""The digests that a workspace has posted: add, change, list, pause, resume, remove, and the time zone of it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.repositories import Store, UnitOfWork
from news.channels import Platform, Subscription, Workspace
from news.errors import InputError, NotFound

MOST = 100
"""Schedules of one workspace."""
NextDue = Callable[[str, str], datetime]
"""When a cron line is due next, in a time zone. Raises InputError."""
Change = Callable[[Subscription], Subscription]
"""What a schedule becomes. Raises InputError."""


async def list_schedules(store: Store, workspace: Workspace) -> tuple[Subscription, ...]:
    """In the order in which they were added: a schedule's number is its place here, from 1 on."""
    async with store.read() as uow:
        return await uow.subscriptions.of(workspace.id)


async def find_schedule(store: Store, workspace: Workspace, number: int) -> Subscription:
    """The schedule of that number. Raises NotFound."""
    async with store.read() as uow:
        return await _numbered(uow, workspace, number)


async def add_schedule(store: Store, wanted: Subscription) -> tuple[int, Subscription]:
    """Has it posted from now on; its number and itself. Raises AlreadyThere, InputError."""
    async with store.write() as uow:
        count = len(await uow.subscriptions.of(wanted.workspace_id))
        if count >= MOST:
            raise InputError(f"There are {MOST} schedules already: remove one before you add another.")
        added = await uow.subscriptions.add(
            wanted.workspace_id,
            wanted.channel,
            cron=wanted.cron,
            timezone=wanted.timezone,
            next_due=wanted.next_due,
            title=wanted.title,
            narrowing=wanted.narrowing,
            form=wanted.form,
            made_by=wanted.made_by,
        )
        await uow.commit()
    return count + 1, added


async def change_schedule(store: Store, workspace: Workspace, number: int, change: Change) -> Subscription:
    """Keeps it as `change` wants it. Raises NotFound, AlreadyThere, InputError.

    What it is changed from is read in the same transaction, for a slot that is taken meanwhile must not come back.
    """
    async with store.write() as uow:
        changed = await uow.subscriptions.change(change(await _numbered(uow, workspace, number)))
        await uow.commit()
    return changed


async def pause_schedule(store: Store, workspace: Workspace, number: int) -> Subscription:
    """Nothing is posted for it any more, until it is resumed. Raises NotFound."""
    async with store.write() as uow:
        found = await _numbered(uow, workspace, number)
        await uow.subscriptions.pause(workspace.id, found.id)
        await uow.commit()
    return found


async def resume_schedule(store: Store, workspace: Workspace, number: int, next_due: NextDue) -> Subscription:
    """It is posted again, at its next time from now on, whatever the trouble was. Raises NotFound, InputError."""
    async with store.write() as uow:
        found = await _numbered(uow, workspace, number)
        due = next_due(found.cron, found.timezone)
        await uow.subscriptions.resume(workspace.id, found.id, next_due=due)
        resumed = await _numbered(uow, workspace, number)
        await uow.commit()
    return resumed


async def stop_schedules(
    uow: UnitOfWork, workspace: Workspace, platform: Platform, trouble: str, *, now: datetime
) -> int:
    """Pauses all that are posted on that platform, and were not paused, for a trouble that is not a channel's; how
    many those were. Commits nothing."""
    found = await uow.subscriptions.of(workspace.id)
    stopped = [one for one in found if one.channel.platform is platform and not one.paused]
    for one in stopped:
        await uow.subscriptions.stop(one.id, trouble, now=now)
    return len(stopped)


async def resume_stopped(
    store: Store, workspace: Workspace, next_due: NextDue, *, mended: Callable[[str], bool]
) -> int:
    """Resumes all that stopped by themselves for a trouble that is mended; how many those were."""
    async with store.write() as uow:
        found = await uow.subscriptions.of(workspace.id)
        stopped = [one for one in found if one.trouble is not None and mended(one.trouble)]
        for one in stopped:
            due = next_due(one.cron, one.timezone)
            await uow.subscriptions.resume(workspace.id, one.id, next_due=due)
        await uow.commit()
    return len(stopped)


async def remove_schedule(store: Store, workspace: Workspace, number: int) -> Subscription:
    """Takes it away, and with it what is waiting to be posted. Raises NotFound."""
    async with store.write() as uow:
        found = await _numbered(uow, workspace, number)
        await uow.subscriptions.remove(workspace.id, found.id)
        await uow.commit()
    return found


async def set_timezone(store: Store, workspace: Workspace, timezone: str) -> None:
    """Shows the workspace's times in that zone; schedules that are there keep their own."""
    async with store.write() as uow:
        await uow.workspaces.set_timezone(workspace.id, timezone)
        await uow.commit()


async def _numbered(uow: UnitOfWork, workspace: Workspace, number: int) -> Subscription:
    found = await uow.subscriptions.of(workspace.id)
    if not 1 <= number <= len(found):
        raise NotFound(f"There is no schedule {number}: schedule list shows them.")
    return found[number - 1]
