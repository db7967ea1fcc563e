"""Digests as composed, and each one's way to its channel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import cast as as_

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import (
    Channel,
    Delivery,
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
from storage.tables import DeliveryRow, DigestRow, StoryRow, SubscriptionRow, ToldRow
from storage.types import Id, Many, UtcTime, Words

_IN_A_TURN = 10
"""Digests of one workspace that are composed before it is the next one's turn."""
_REMEMBERED = 5
"""Tellings of one story that are looked at, the newest."""


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
        query = (
            select(DigestRow.content)
            .join(DeliveryRow, DeliveryRow.digest_id == DigestRow.id)
            .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
            .where(DigestRow.workspace_id == workspace_id, DeliveryRow.state == DeliveryState.SENT.value)
            .where(*_everything_in(channel))
            .order_by(DeliveryRow.slot.desc(), DeliveryRow.id.desc())
            .limit(1)
        )
        content = (await self._session.scalars(query)).first()
        return None if content is None else from_json(Digest, content)

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
        await self._tell(await self._session.get_one(DigestRow, digest_id), now)
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
        return as_("CursorResult[Any]", moved).rowcount

    async def claimed(
        self, platforms: Collection[Platform], *, limit: int
    ) -> tuple[tuple[Delivery, Subscription], ...]:
        """Slots that are taken and whose digest nobody has composed, oldest first; none of what is paused."""
        place = func.row_number().over(partition_by=SubscriptionRow.workspace_id, order_by=DeliveryRow.id)
        rows = await self._session.execute(
            _with_channel()
            .where(DeliveryRow.state == DeliveryState.CLAIMED.value)
            .where(SubscriptionRow.removed.is_(False), SubscriptionRow.paused.is_(False))
            .where(SubscriptionRow.platform.in_(platforms))
            # Some of each workspace in turns: together, for they are often told alike, and so that none waits long.
            .order_by(
                DeliveryRow.slot, (place - 1) // _IN_A_TURN, SubscriptionRow.workspace_id, DeliveryRow.id
            )
            .limit(limit)
        )
        return tuple((_delivery(row, sub), subscription_of(sub)) for row, sub in rows)

    async def compose(
        self,
        deliveries: Sequence[Delivery],
        workspace_id: WorkspaceId,
        digest: Digest,
        *,
        now: datetime,
        digest_id: DigestId | None = None,
    ) -> tuple[Delivery, ...]:
        """Keeps one digest for slots that were claimed, and that are pending from then on: those that still were.

        `digest_id` is that of the digest, where it is kept already.
        """
        ids = [delivery.id for delivery in deliveries]
        claimed = set(await self._session.scalars(_CLAIMED, {"deliveries": ids}))
        if not claimed:
            return ()
        if digest_id is None:
            digest_id = await self.save_digest(workspace_id, digest, now=now)
            await self._tell(await self._session.get_one(DigestRow, digest_id), now)
        await self._session.execute(
            _COMPOSE, {"deliveries": sorted(claimed), "composed": digest_id, "now": now}
        )
        return tuple(
            replace(delivery, digest_id=digest_id, state=DeliveryState.PENDING, touched=now)
            for delivery in deliveries
            if delivery.id in claimed
        )

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
        self,
        workspace_id: WorkspaceId,
        ids: Sequence[StoryId],
        *,
        channel: Channel,
    ) -> Mapping[StoryId, tuple[Earlier, ...]]:
        """What the channel was told of the stories, oldest first: what has been posted there, narrowed digests aside.

        Of each story the last few tellings are looked at.
        """
        asked = {"platform": channel.platform, "channel": channel.external_id}
        told = await self._told(_TOLD_IN_CHANNEL, asked, workspace_id, ids)
        return told.get(None, {})

    async def told_each(
        self, workspace_id: WorkspaceId, ids: Sequence[StoryId], subscriptions: Sequence[SubscriptionId]
    ) -> Mapping[SubscriptionId, Mapping[StoryId, tuple[Earlier, ...]]]:
        """What each of the subscriptions was told of the stories, likewise; a digest that could not be posted tells
        nothing."""
        told = await self._told(
            _TOLD_BY_SUBSCRIPTION, {"subscriptions": list(subscriptions)}, workspace_id, ids
        )
        return {number: told.get(number, {}) for number in subscriptions}

    async def _told(
        self,
        heard: Select[SubscriptionId | None, StoryId, DigestId],
        asked: Mapping[str, object],
        workspace_id: WorkspaceId,
        ids: Sequence[StoryId],
    ) -> dict[SubscriptionId | None, dict[StoryId, tuple[Earlier, ...]]]:
        told: dict[SubscriptionId | None, dict[StoryId, tuple[Earlier, ...]]] = {}
        earlier: dict[DigestId, dict[StoryId, Earlier]] = {}
        values = {**asked, "workspace": workspace_id, "stories": list(ids)}
        tellings = (await self._session.execute(heard, values)).all() if ids else []
        unread = {digest_id for *_, digest_id in tellings}
        for some in chunks(sorted(unread)):
            query = select(DigestRow.id, DigestRow.content).where(DigestRow.id.in_(some))
            for digest_id, content in await self._session.execute(query):
                digest = from_json(Digest, content)
                earlier[digest_id] = {s.story_id: Earlier(digest.window.until, s) for s in digest.stories}
        for subscription_id, story_id, digest_id in tellings:
            if (one := earlier[digest_id].get(story_id)) is not None:
                mine = told.setdefault(subscription_id, {})
                mine[story_id] = (*mine.get(story_id, ()), one)
        return told

    async def _tell(self, digest: DigestRow, now: datetime) -> None:
        """Keeps which stories the digest tells of, and under which names.

        One that is there no longer has come together with another since the digest was composed.
        """
        names = {story.story_id: story.name for story in from_json(Digest, digest.content).stories}
        for some in chunks(sorted(names)):
            query = select(StoryRow).where(StoryRow.id.in_(some)).order_by(StoryRow.id).with_for_update()
            for row in await self._session.scalars(query):
                row.told = row.told or now
                self._session.add(
                    ToldRow(
                        story_id=row.id,
                        digest_id=digest.id,
                        workspace_id=digest.workspace_id,
                        name=names[row.id],
                    )
                )
        await self._session.flush()

    async def open(self, platforms: Collection[Platform]) -> tuple[Delivery, ...]:
        """Deliveries that are pending or sending, oldest slot first.

        What is pending for a subscription that was taken away is no longer wanted; what was being sent
        must still be accounted for.
        """
        wanted = (DeliveryRow.state == DeliveryState.PENDING.value) & SubscriptionRow.removed.is_(False)
        rows = await self._session.execute(
            _with_channel()
            .where(or_(wanted, DeliveryRow.state == DeliveryState.SENDING.value))
            .where(SubscriptionRow.platform.in_(platforms))
            .order_by(DeliveryRow.slot, DeliveryRow.id)
        )
        return tuple(_delivery(row, subscription) for row, subscription in rows)

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


def _everything_in(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    """The channel's subscriptions that are not narrowed."""
    return (
        SubscriptionRow.platform == channel.platform,
        SubscriptionRow.channel == channel.external_id,
        *_NOT_NARROWED,
    )


def _newest_tellings(
    heard: Sequence[ColumnElement[bool]], whose: ColumnElement[Any]
) -> Select[SubscriptionId | None, StoryId, DigestId]:
    """The last digests that tell of each story, oldest first, of the deliveries that were `heard`; `whose` each is."""
    # By rank, for one digest may have come to a channel by several ways.
    place = func.dense_rank().over(partition_by=(whose, ToldRow.story_id), order_by=ToldRow.digest_id.desc())
    placed = (
        select(whose.label("whose"), ToldRow.story_id, ToldRow.digest_id, place.label("place"))
        .join(DeliveryRow, DeliveryRow.digest_id == ToldRow.digest_id)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(ToldRow.workspace_id == bindparam("workspace", type_=Id))
        .where(any_of(ToldRow.story_id, bindparam("stories", type_=Many(Id))), *heard)
        .distinct()
        .subquery()
    )
    return (
        select(placed.c.whose, placed.c.story_id, placed.c.digest_id)
        .where(placed.c.place <= _REMEMBERED)
        .order_by(placed.c.digest_id)
    )


def _with_channel() -> Select[DeliveryRow, SubscriptionRow]:
    return select(DeliveryRow, SubscriptionRow).join(
        SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id
    )


def _delivery(row: DeliveryRow, subscription: SubscriptionRow) -> Delivery:
    return Delivery(
        id=row.id,
        subscription_id=row.subscription_id,
        digest_id=row.digest_id,
        channel=channel_of(subscription),
        slot=row.slot,
        state=DeliveryState(row.state),
        touched=row.touched,
        attempts=row.attempts,
        receipt=row.receipt,
        error=row.error,
        skipped=row.skipped,
        form=Form(subscription.form),
        workspace_id=subscription.workspace_id,
    )


_NOT_NARROWED = (SubscriptionRow.about == "", SubscriptionRow.actor == "", SubscriptionRow.outlet == "")
# Built once: with a thousand posts at one time, building these takes longer than executing them.
_TOLD_BY_SUBSCRIPTION = _newest_tellings(
    (
        any_of(SubscriptionRow.id, bindparam("subscriptions", type_=Many(Id))),
        DeliveryRow.state != DeliveryState.FAILED.value,
    ),
    cast(SubscriptionRow.id, Id),
)
_TOLD_IN_CHANNEL = _newest_tellings(
    (
        SubscriptionRow.platform == bindparam("platform", type_=Words),
        SubscriptionRow.channel == bindparam("channel", type_=Words),
        *_NOT_NARROWED,
        DeliveryRow.state == DeliveryState.SENT.value,
    ),
    cast(null(), Id),
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
_CLAIMED = (
    select(_DELIVERIES.id)
    .where(any_of(_DELIVERIES.id, bindparam("deliveries", type_=Many(Id))))
    .where(_DELIVERIES.state == DeliveryState.CLAIMED.value)
    .order_by(_DELIVERIES.id)
    .with_for_update()
)
_COMPOSE = (
    update(table_of(DeliveryRow))
    .where(any_of(_DELIVERIES.id, bindparam("deliveries", type_=Many(Id))))
    .values(
        digest_id=bindparam("composed", type_=Id),
        state=DeliveryState.PENDING.value,
        touched=bindparam("now", type_=UtcTime),
    )
)
