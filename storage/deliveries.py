"""Digests as composed, and each one's way to its channel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Integer,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from news.channels import (
    Channel,
    Delivery,
    DeliveryId,
    DeliveryState,
    DigestId,
    Due,
    Form,
    Platform,
    Subscription,
    SubscriptionId,
    WorkspaceId,
)
from news.digests import Digest, Earlier
from news.errors import NotFound
from news.stories import StoryId
from storage.documents import as_json, from_json
from storage.rows import any_of, chunks, insert_once, table_of
from storage.subscriptions import channel_of, is_due, subscription_of
from storage.tables import DeliveryRow, DigestRow, SubscriptionRow, WorkspaceRow
from storage.tellings import last_in, tell, told_each, told_in
from storage.types import Id, Many, UtcTime, Words

_IN_A_TURN = 10
"""Digests of one workspace that are composed before it is the next one's turn."""


class SqlDeliveries:
    """Digests and deliveries in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save_digest(self, workspace_id: WorkspaceId, digest: Digest, *, now: datetime) -> DigestId:
        """Keeps the digest as it was composed."""
        row = DigestRow(workspace_id=workspace_id, composed=now, content=as_json(Digest, digest))
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def digest(self, digest_id: DigestId) -> Digest:
        """The digest as it was composed. Raises NotFound."""
        row = await self._session.get(DigestRow, digest_id)
        if row is None:
            raise NotFound(f"There is no digest {digest_id}: look up its number below the digest.")
        return from_json(Digest, row.content)

    async def last_digest(self, workspace_id: WorkspaceId, channel: Channel) -> Digest | None:
        """The newest digest sent to the channel that was not narrowed to some words."""
        return await last_in(self._session, workspace_id, channel)

    async def plan(
        self, subscription_id: SubscriptionId, slot: datetime, digest_id: DigestId, *, now: datetime
    ) -> Delivery | None:
        """A pending delivery for the slot; None when the slot has one already."""
        planned = await insert_once(
            self._session,
            DeliveryRow,
            subscription_id=subscription_id,
            digest_id=digest_id,
            slot=slot,
            state=DeliveryState.PENDING,
            touched=now,
            attempts=0,
            skipped=0,
        )
        if not planned:
            return None
        await tell(self._session, await self._session.get_one(DigestRow, digest_id), now)
        rows = await self._session.execute(
            _with_channel().where(DeliveryRow.subscription_id == subscription_id, DeliveryRow.slot == slot)
        )
        return _delivery(*rows.one())

    async def claim(
        self,
        due: Due,
        platforms: Collection[Platform],
        *,
        slot: datetime | None,
        skipped: int,
        following: datetime,
        now: datetime,
    ) -> int:
        """Takes the slot for all subscriptions that are due like that, and sets when they are due next; how many.

        `slot` is the one that is posted, None where it is too late for any; `skipped` went by besides. All in a few
        statements, however many they are; who comes second takes none.
        """
        alike = and_(
            is_due(due.slot),
            SubscriptionRow.next_due == due.slot,
            SubscriptionRow.cron == due.cron,
            SubscriptionRow.timezone == due.timezone,
            SubscriptionRow.platform.in_(platforms),
        )
        taken = SubscriptionRow.skipped + skipped
        if slot is not None:
            values = {
                "subscription_id": SubscriptionRow.id,
                "slot": literal(slot, UtcTime),
                "state": literal(DeliveryState.CLAIMED.value),
                "touched": literal(now, UtcTime),
                "attempts": literal(0),
                "skipped": taken,
            }
            dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
            await self._session.execute(
                dialect.insert(table_of(DeliveryRow))
                .from_select(list(values), select(*values.values()).where(alike).order_by(SubscriptionRow.id))
                .on_conflict_do_nothing()
            )
            taken = literal(0)
        moved = await self._session.execute(
            update(SubscriptionRow)
            .where(alike)
            .values(next_due=following, skipped=taken)
            .execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", moved).rowcount

    async def claimed(
        self, platforms: Collection[Platform], *, limit: int
    ) -> tuple[tuple[Delivery, Subscription], ...]:
        """Slots that are taken and whose digest nobody has composed, oldest first, of each subscription the first; none
        of what is paused.

        A later one waits until an earlier one is composed or given up: its digest tells what went by.
        """
        place = func.row_number().over(partition_by=SubscriptionRow.workspace_id, order_by=DeliveryRow.id)
        rows = await self._session.execute(
            _with_channel()
            .where(DeliveryRow.state == DeliveryState.CLAIMED.value)
            .where(SubscriptionRow.removed.is_(False), SubscriptionRow.paused.is_(False))
            .where(SubscriptionRow.platform.in_(platforms), ~_another_claimed(earlier=True))
            # Some of each workspace in turns: together, for they are often told alike, and so that none waits long.
            .order_by(
                DeliveryRow.slot, (place - 1) // _IN_A_TURN, SubscriptionRow.workspace_id, DeliveryRow.id
            )
            .limit(limit)
        )
        return tuple((_delivery(row, sub, team), subscription_of(sub)) for row, sub, team in rows)

    async def overtaken(self) -> tuple[Delivery, ...]:
        """Slots that are still claimed though a later one of the same subscription is too."""
        rows = await self._session.execute(
            _with_channel()
            .where(DeliveryRow.state == DeliveryState.CLAIMED.value, _another_claimed(earlier=False))
            .order_by(DeliveryRow.id)
        )
        return tuple(_delivery(*row) for row in rows)

    async def compose(
        self,
        deliveries: Sequence[Delivery],
        workspace_id: WorkspaceId,
        digest: Digest,
        *,
        now: datetime,
        digest_id: DigestId | None = None,
    ) -> tuple[Delivery, ...]:
        """Keeps one digest for slots that were claimed, and that are pending and told from then on: those that still
        were, whose subscriptions were not changed, paused or told something since that was read.

        `digest_id` is that of the digest, where it is kept already. What else went by is told with it.
        """
        asked = {
            "subscriptions": [delivery.subscription_id for delivery in deliveries],
            "since": digest.window.since,
        }
        skipped = {row.id: row.skipped for row in await self._session.execute(_COMPOSABLE, asked)}
        found = await self._session.execute(_CLAIMED, {"deliveries": [one.id for one in deliveries]})
        claimed = {row.id: row.touched for row in found}
        ready = [
            replace(one, state=DeliveryState.PENDING, touched=now, skipped=one.skipped + skipped[whose])
            for one in deliveries
            if (whose := one.subscription_id) in skipped and claimed.get(one.id) == one.touched
        ]
        if not ready:
            return ()
        if digest_id is None:
            digest_id = await self.save_digest(workspace_id, digest, now=now)
            await tell(self._session, await self._session.get_one(DigestRow, digest_id), now)
        values = {"deliveries": [one.id for one in ready], "composed": digest_id, "now": now}
        await self._session.execute(_COMPOSE, values)
        told = {
            "subscriptions": [one.subscription_id for one in ready],
            "until": digest.window.until,
        }
        await self._session.execute(_TOLD, told)
        return tuple(replace(one, digest_id=digest_id) for one in ready)

    async def drop_claimed(self, deliveries: Sequence[Delivery]) -> None:
        """Gives up slots that were only claimed: the next digest tells that they went by."""
        for delivery in deliveries:
            gone = await self._session.execute(
                delete(DeliveryRow)
                .where(DeliveryRow.id == delivery.id, DeliveryRow.state == DeliveryState.CLAIMED.value)
                .returning(DeliveryRow.id)
            )
            if gone.first() is not None:
                await self._session.execute(
                    update(SubscriptionRow)
                    .where(SubscriptionRow.id == delivery.subscription_id)
                    .values(skipped=SubscriptionRow.skipped + delivery.skipped + 1)
                    .execution_options(synchronize_session=False)
                )

    async def told(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId], *, channel: Channel
    ) -> Mapping[StoryId, tuple[Earlier, ...]]:
        """What the channel was told of the stories, oldest first: what has been posted there, narrowed digests aside.

        Of each story the last few tellings are looked at.
        """
        return await told_in(self._session, workspace_id, ids, channel)

    async def told_each(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId], subscriptions: Sequence[SubscriptionId]
    ) -> Mapping[SubscriptionId, Mapping[StoryId, tuple[Earlier, ...]]]:
        """What each of the subscriptions was told of the stories, likewise; a digest that could not be posted tells
        nothing."""
        return await told_each(self._session, workspace_id, ids, subscriptions)

    async def open(
        self, platforms: Collection[Platform], *, beside: Collection[DeliveryId] = ()
    ) -> tuple[Delivery, ...]:
        """Deliveries that are pending or sending, oldest slot first; none of those that are known already (`beside`).

        What is pending for a subscription that was taken away is no longer wanted; what was being sent
        must still be accounted for.
        """
        wanted = (DeliveryRow.state == DeliveryState.PENDING.value) & SubscriptionRow.removed.is_(False)
        query = (
            _with_channel()
            .where(or_(wanted, DeliveryRow.state == DeliveryState.SENDING.value))
            .where(SubscriptionRow.platform.in_(platforms))
            .order_by(DeliveryRow.slot, DeliveryRow.id)
        )
        if not beside:
            return tuple(_delivery(*row) for row in await self._session.execute(query))
        # Thousands may be known: of them the numbers alone are read.
        ids = [
            one
            for one in await self._session.scalars(query.with_only_columns(DeliveryRow.id))
            if one not in beside
        ]
        return tuple(
            [
                _delivery(*row)
                for some in chunks(ids)
                for row in await self._session.execute(query.where(DeliveryRow.id.in_(some)))
            ]
        )

    async def mark(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: str | None = None,
        error: str | None = None,
        attempts: int | None = None,
    ) -> Delivery | None:
        """Sets the state and the error, which is the last one's; a receipt and attempts where given.

        None, and nothing is set, when the state is no longer the one that `delivery` was read with: somebody
        else has it in hand. Raises NotFound.
        """
        values = {
            "delivery": delivery.id,
            "was": delivery.state,
            "was_touched": delivery.touched,
            "is": state,
            "is_touched": now,
            "with_error": error,
            "with_receipt": receipt,
            "with_attempts": attempts,
        }
        row = (await self._session.execute(_MARK, values)).first()
        if row is not None:
            return replace(
                delivery, state=state, touched=now, error=error, receipt=row.receipt, attempts=row.attempts
            )
        if await self._session.scalar(select(DeliveryRow.id).where(DeliveryRow.id == delivery.id)) is None:
            raise NotFound(f"There is no delivery {delivery.id}: list those that are open.")
        return None


def _another_claimed(*, earlier: bool) -> ColumnElement[bool]:
    """Whether the delivery's subscription has another slot that is only claimed, before this one or after it."""
    other = aliased(DeliveryRow)
    return exists().where(
        other.subscription_id == DeliveryRow.subscription_id,
        other.state == DeliveryState.CLAIMED.value,
        other.slot < DeliveryRow.slot if earlier else other.slot > DeliveryRow.slot,
    )


def _with_channel() -> Select[DeliveryRow, SubscriptionRow, str]:
    """With whose they are, and the platform's id of the workspace."""
    return (
        select(DeliveryRow, SubscriptionRow, WorkspaceRow.external_id)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .join(WorkspaceRow, WorkspaceRow.id == SubscriptionRow.workspace_id)
    )


def _delivery(row: DeliveryRow, subscription: SubscriptionRow, workspace: str) -> Delivery:
    return Delivery(
        id=row.id,
        subscription_id=row.subscription_id,
        digest_id=row.digest_id,
        channel=channel_of(subscription, workspace),
        slot=row.slot,
        state=DeliveryState(row.state),
        touched=row.touched,
        attempts=row.attempts,
        receipt=row.receipt,
        error=row.error,
        skipped=row.skipped,
        form=Form(subscription.form),
        workspace_id=subscription.workspace_id,
        wanted=not (subscription.removed or subscription.paused),
    )


_DELIVERIES = table_of(DeliveryRow).c
_MARK = (
    update(table_of(DeliveryRow))
    .where(_DELIVERIES.id == bindparam("delivery", type_=Id))
    .where(_DELIVERIES.state == bindparam("was", type_=Words))
    .where(_DELIVERIES.touched == bindparam("was_touched", type_=UtcTime))
    .values(
        state=bindparam("is", type_=Words),
        touched=bindparam("is_touched", type_=UtcTime),
        error=bindparam("with_error", type_=Words),
        receipt=func.coalesce(bindparam("with_receipt", type_=Words), _DELIVERIES.receipt),
        attempts=func.coalesce(bindparam("with_attempts", type_=Integer), _DELIVERIES.attempts),
    )
    .returning(_DELIVERIES.receipt, _DELIVERIES.attempts)
)
_SUBSCRIPTIONS = table_of(SubscriptionRow).c
_COMPOSABLE = (
    select(_SUBSCRIPTIONS.id, _SUBSCRIPTIONS.skipped)
    .where(any_of(_SUBSCRIPTIONS.id, bindparam("subscriptions", type_=Many(Id))))
    .where(_SUBSCRIPTIONS.removed.is_(False), _SUBSCRIPTIONS.paused.is_(False))
    .where(
        or_(
            _SUBSCRIPTIONS.last_covered.is_(None),
            _SUBSCRIPTIONS.last_covered == bindparam("since", type_=UtcTime),
        )
    )
    .order_by(_SUBSCRIPTIONS.id)
    .with_for_update()
)
"""Locked before their deliveries, as by those who change them."""
_CLAIMED = (
    select(_DELIVERIES.id, _DELIVERIES.touched)
    .where(any_of(_DELIVERIES.id, bindparam("deliveries", type_=Many(Id))))
    .where(_DELIVERIES.state == DeliveryState.CLAIMED.value)
    .order_by(_DELIVERIES.id)
    .with_for_update()
)
_WENT_BY = select(_SUBSCRIPTIONS.skipped).where(_SUBSCRIPTIONS.id == _DELIVERIES.subscription_id)
_COMPOSE = (
    update(table_of(DeliveryRow))
    .where(any_of(_DELIVERIES.id, bindparam("deliveries", type_=Many(Id))))
    .values(
        digest_id=bindparam("composed", type_=Id),
        state=DeliveryState.PENDING.value,
        skipped=_DELIVERIES.skipped + _WENT_BY.scalar_subquery(),
        touched=bindparam("now", type_=UtcTime),
    )
)
_TOLD = (
    update(table_of(SubscriptionRow))
    .where(any_of(_SUBSCRIPTIONS.id, bindparam("subscriptions", type_=Many(Id))))
    .values(skipped=0, last_covered=bindparam("until", type_=UtcTime))
)
