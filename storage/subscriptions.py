"""Subscriptions: what is posted where, and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import (
    Channel,
    DeliveryState,
    Due,
    Form,
    Narrowing,
    Platform,
    Subscription,
    SubscriptionId,
    WorkspaceId,
)
from news.digests import Digest
from news.errors import AlreadyThere, InputError, NotFound
from storage.documents import from_json
from storage.rows import any_of, insert_once, table_of
from storage.tables import DeliveryRow, DigestRow, SubscriptionRow
from storage.types import Id, Many, UtcTime

LONGEST = 200
"""Characters of a subscription's title and words."""
_MOMENT = timedelta(microseconds=1)


class SqlSubscriptions:
    """Subscriptions in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        workspace_id: WorkspaceId,
        channel: Channel,
        *,
        cron: str,
        timezone: str,
        next_due: datetime,
        title: str = "Digest",
        narrowing: Narrowing | None = None,
        form: Form = Form.MESSAGE,
        made_by: str | None = None,
    ) -> Subscription:
        """Raises AlreadyThere for the same channel, cron, time zone and narrowing."""
        narrowing = narrowing or Narrowing()
        about, actor, outlet = narrowing.about or "", narrowing.actor or "", narrowing.outlet or ""
        _check_lengths(title, about, actor, outlet, cron)
        added = await insert_once(
            self._session,
            SubscriptionRow,
            workspace_id=workspace_id,
            platform=channel.platform,
            channel=channel.external_id,
            cron=cron,
            timezone=timezone,
            title=title,
            about=about,
            actor=actor,
            outlet=outlet,
            length=narrowing.length,
            paused=False,
            removed=False,
            next_due=next_due,
            form=form,
            made_by=made_by,
            skipped=0,
        )
        if not added:
            raise _same()
        query = _like(workspace_id, channel, cron, timezone, narrowing)
        return subscription_of((await self._session.scalars(query)).one())

    async def of(self, workspace_id: WorkspaceId) -> tuple[Subscription, ...]:
        """The workspace's subscriptions, in the order they were added."""
        rows = await self._session.scalars(
            _present().where(SubscriptionRow.workspace_id == workspace_id).order_by(SubscriptionRow.id)
        )
        return tuple(map(subscription_of, rows))

    async def remove(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> None:
        """Takes it away, and with it what is waiting to be posted. Raises NotFound."""
        gone = await self._session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.id == subscription_id, SubscriptionRow.workspace_id == workspace_id)
            .where(SubscriptionRow.removed.is_(False))
            .values(removed=True)
            .returning(SubscriptionRow.id)
        )
        if gone.first() is None:
            raise _missing(subscription_id)
        await self._set_aside(subscription_id, "The schedule was taken away before it was posted.")

    async def change(self, subscription: Subscription) -> Subscription:
        """Keeps it as it is given: its channel, times, words and next time; up to when the channel has been told, and
        whether it is paused, stay as they are stored. The trouble with a channel goes with it.

        Raises NotFound, AlreadyThere as `add`, and InputError where the channel is another one while a post to the old
        one is on its way.
        """
        one, narrowing = subscription, subscription.narrowing
        about, actor, outlet = narrowing.about or "", narrowing.actor or "", narrowing.outlet or ""
        _check_lengths(one.title, about, actor, outlet, one.cron)
        row = await self._owned(one.workspace_id, one.id)
        alike = _like(one.workspace_id, one.channel, one.cron, one.timezone, narrowing)
        if (await self._session.scalars(alike.where(SubscriptionRow.id != one.id))).first() is not None:
            raise _same()
        await self._touch_waiting(one.id)
        if channel_of(row) != one.channel and await self._is_posted_now(one.id):
            raise InputError(
                "A digest of that schedule is on its way to the old channel: try again in a minute."
            )
        if channel_of(row) != one.channel:
            row.trouble, row.trouble_since = None, None
        row.platform, row.channel = one.channel.platform, one.channel.external_id
        row.cron, row.timezone, row.next_due = one.cron, one.timezone, one.next_due
        row.title, row.form, row.length = one.title, one.form, narrowing.length
        row.about, row.actor, row.outlet = about, actor, outlet
        await self._session.flush()
        return subscription_of(row)

    async def pause(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> None:
        """Nothing is posted from now on, because somebody wishes it: what was waiting is told by the first digest after
        the pause. Raises NotFound."""
        row = await self._owned(workspace_id, subscription_id)
        row.paused, row.trouble, row.trouble_since = True, None, None
        await self._session.flush()
        await self._set_aside(subscription_id, "The schedule was paused before it was posted.")

    async def resume(
        self, workspace_id: WorkspaceId, subscription_id: SubscriptionId, *, next_due: datetime
    ) -> None:
        """It is posted again, whatever the trouble was, and no slot from before. Raises NotFound."""
        row = await self._owned(workspace_id, subscription_id)
        row.paused, row.trouble, row.trouble_since, row.next_due = False, None, None, next_due
        await self._session.flush()
        await self._drop_claimed(subscription_id)

    async def _owned(self, workspace_id: WorkspaceId, subscription_id: SubscriptionId) -> SubscriptionRow:
        query = _present().where(
            SubscriptionRow.id == subscription_id, SubscriptionRow.workspace_id == workspace_id
        )
        row = (await self._session.scalars(query.with_for_update())).first()
        if row is None:
            raise _missing(subscription_id)
        return row

    async def _set_aside(self, subscription_id: SubscriptionId, reason: str) -> None:
        """What waits is not posted any more; the next digest, if there is one, tells what it held."""
        await self._drop_claimed(subscription_id)
        for row in await self._waiting(subscription_id, DeliveryState.PENDING):
            digest = await self._session.get_one(DigestRow, row.digest_id)
            row.state, row.error = DeliveryState.FAILED, reason
            await self._session.flush()
            await self.uncover(subscription_id, from_json(Digest, digest.content).window.since)

    async def _drop_claimed(self, subscription_id: SubscriptionId) -> None:
        """Nobody has composed these: what they would have told is not covered yet."""
        await self._session.execute(
            delete(DeliveryRow)
            .where(DeliveryRow.subscription_id == subscription_id)
            .where(DeliveryRow.state == DeliveryState.CLAIMED.value)
            .execution_options(synchronize_session=False)
        )

    async def _touch_waiting(self, subscription_id: SubscriptionId) -> None:
        """Whoever has read what waits must read it anew: it goes elsewhere, or looks different, from now on."""
        for row in await self._waiting(subscription_id, DeliveryState.CLAIMED, DeliveryState.PENDING):
            row.touched += _MOMENT
        await self._session.flush()

    async def _waiting(self, subscription_id: SubscriptionId, *states: DeliveryState) -> list[DeliveryRow]:
        """Locked, so that nobody begins to post them meanwhile."""
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.subscription_id == subscription_id, DeliveryRow.state.in_(states))
            .order_by(DeliveryRow.id)
            .with_for_update()
        )
        return list(rows)

    async def _is_posted_now(self, subscription_id: SubscriptionId) -> bool:
        sending = exists().where(
            DeliveryRow.subscription_id == subscription_id,
            DeliveryRow.state == DeliveryState.SENDING.value,
        )
        return bool(await self._session.scalar(select(sending)))

    async def due(self, now: datetime, platforms: Collection[Platform]) -> tuple[Due, ...]:
        """What is due, not paused, on these platforms, longest waiting first."""
        when = (SubscriptionRow.next_due, SubscriptionRow.cron, SubscriptionRow.timezone)
        rows = await self._session.execute(
            select(*when, func.count())
            .where(is_due(now), SubscriptionRow.platform.in_(platforms))
            .group_by(*when)
            .order_by(*when)
        )
        return tuple(Due(cron, timezone, slot, count) for slot, cron, timezone, count in rows)

    async def overdue(self, now: datetime) -> tuple[Subscription, ...]:
        """All whose time has come, wherever they post, paused ones too."""
        rows = await self._session.scalars(
            _present().where(SubscriptionRow.next_due <= now).order_by(SubscriptionRow.id)
        )
        return tuple(map(subscription_of, rows))

    async def postpone(self, subscription_id: SubscriptionId, next_due: datetime) -> None:
        """Sets when it is due next, and leaves up to when the channel has been told. Raises NotFound."""
        row = (await self._session.scalars(_present().where(SubscriptionRow.id == subscription_id))).first()
        if row is None:
            raise _missing(subscription_id)
        row.next_due = next_due
        await self._session.flush()

    async def cover(
        self, subscriptions: Sequence[SubscriptionId], covered: datetime, *, since: datetime | None = None
    ) -> tuple[SubscriptionId, ...]:
        """Sets up to when their channels have been told; where `since` is given, of those that had been told up to then,
        or nothing at all: which those were."""
        values = {"subscriptions": list(subscriptions), "covered": covered, "since": since}
        return tuple(await self._session.scalars(_COVER, values))

    async def stop(self, subscription_id: SubscriptionId, trouble: str, *, now: datetime) -> None:
        """Pauses it since it cannot be posted any more; what made it stop first is what is told. Raises nothing where
        it was taken away meanwhile."""
        stopped = await self._session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.id == subscription_id, SubscriptionRow.paused.is_(False))
            .values(paused=True, trouble=trouble, trouble_since=now)
            .returning(SubscriptionRow.id)
            .execution_options(synchronize_session=False)
        )
        if stopped.first() is not None:
            await self._set_aside(subscription_id, trouble)

    async def uncover(self, subscription_id: SubscriptionId, since: datetime) -> None:
        """The channel has not been told what came from `since` on: the next digest begins there, or earlier."""
        row = (await self._session.scalars(_present().where(SubscriptionRow.id == subscription_id))).first()
        if row is not None and row.last_covered is not None:
            row.last_covered = min(row.last_covered, since)
            await self._session.flush()


def channel_of(row: SubscriptionRow, workspace: str = "") -> Channel:
    """Where the subscription is posted; `workspace` is the platform's id of the one that it is of."""
    return Channel(Platform(row.platform), row.channel, workspace)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a subscription's time has come, and it is neither paused nor taken away."""
    return and_(
        SubscriptionRow.next_due <= now,
        SubscriptionRow.paused.is_(False),
        SubscriptionRow.removed.is_(False),
    )


def _present() -> Select[SubscriptionRow]:
    return select(SubscriptionRow).where(SubscriptionRow.removed.is_(False))


def _like(
    workspace_id: WorkspaceId, channel: Channel, cron: str, timezone: str, narrowing: Narrowing
) -> Select[SubscriptionRow]:
    """The one that stands in the way of another such."""
    return _present().where(
        SubscriptionRow.workspace_id == workspace_id,
        SubscriptionRow.platform == channel.platform,
        SubscriptionRow.channel == channel.external_id,
        SubscriptionRow.cron == cron,
        SubscriptionRow.timezone == timezone,
        SubscriptionRow.about == (narrowing.about or ""),
        SubscriptionRow.actor == (narrowing.actor or ""),
        SubscriptionRow.outlet == (narrowing.outlet or ""),
    )


def _check_lengths(*texts: str) -> None:
    if max(map(len, texts)) > LONGEST:
        raise InputError(
            f"The title and words of a schedule have at most {LONGEST} characters: shorten them."
        )


def _same() -> AlreadyThere:
    return AlreadyThere("This channel has that schedule already: choose another time or other words.")


def _missing(subscription_id: SubscriptionId) -> NotFound:
    return NotFound(f"There is no schedule {subscription_id}: list the schedules to see their numbers.")


def subscription_of(row: SubscriptionRow) -> Subscription:
    """The subscription that a row is."""
    return Subscription(
        id=row.id,
        workspace_id=row.workspace_id,
        channel=channel_of(row),
        cron=row.cron,
        timezone=row.timezone,
        next_due=row.next_due,
        title=row.title,
        narrowing=Narrowing(row.about or None, row.actor or None, row.outlet or None, row.length),
        paused=row.paused,
        last_covered=row.last_covered,
        form=Form(row.form),
        made_by=row.made_by,
        trouble=row.trouble,
        skipped=row.skipped,
    )


_SUBSCRIPTIONS = table_of(SubscriptionRow).c
_COVER = (
    update(table_of(SubscriptionRow))
    .where(any_of(_SUBSCRIPTIONS.id, bindparam("subscriptions", type_=Many(Id))))
    .where(_SUBSCRIPTIONS.removed.is_(False))
    .where(
        or_(
            bindparam("since", type_=UtcTime).is_(None),
            _SUBSCRIPTIONS.last_covered.is_(None),
            _SUBSCRIPTIONS.last_covered == bindparam("since", type_=UtcTime),
        )
    )
    .values(last_covered=bindparam("covered", type_=UtcTime))
    .returning(_SUBSCRIPTIONS.id)
)
"""Built once: that takes longer than to execute it."""
