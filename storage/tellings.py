"""Tellings: which stories each digest tells of, and what a channel has been told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, cast, func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Channel, DeliveryState, DigestId, SubscriptionId, WorkspaceId
from news.digests import Digest, Earlier
from news.stories import StoryId
from storage.documents import from_json
from storage.rows import any_of, chunks
from storage.sqlite_driver import look
from storage.tables import DeliveryRow, DigestRow, StoryRow, SubscriptionRow, ToldRow
from storage.types import Id, Many, Words

_REMEMBERED = 5
"""Tellings of one story that are looked at, the newest."""


_Told = dict[SubscriptionId | None, dict[StoryId, tuple[Earlier, ...]]]
_CONTENTS = select(DigestRow.id, DigestRow.content).where(
    DigestRow.id.in_(bindparam("these", expanding=True))
)


async def last_in(session: AsyncSession, workspace_id: WorkspaceId, channel: Channel) -> Digest | None:
    """As `SqlDeliveries.last_digest`."""
    asked = {"workspace": workspace_id, "platform": channel.platform, "channel": channel.external_id}

    def read(connection: Connection) -> Digest | None:
        content = connection.scalars(_LAST, asked).first()
        return None if content is None else from_json(Digest, content)

    return await look(session, read)


async def told_in(
    session: AsyncSession, workspace_id: WorkspaceId, ids: Sequence[StoryId], channel: Channel
) -> Mapping[StoryId, tuple[Earlier, ...]]:
    """As `SqlDeliveries.told`."""
    asked = {"platform": channel.platform, "channel": channel.external_id}
    return (await _told(session, _TOLD_IN_CHANNEL, asked, workspace_id, ids)).get(None, {})


async def told_each(
    session: AsyncSession,
    workspace_id: WorkspaceId,
    ids: Sequence[StoryId],
    subscriptions: Sequence[SubscriptionId],
) -> Mapping[SubscriptionId, Mapping[StoryId, tuple[Earlier, ...]]]:
    """As `SqlDeliveries.told_each`."""
    asked = {"subscriptions": list(subscriptions)}
    told = await _told(session, _TOLD_BY_SUBSCRIPTION, asked, workspace_id, ids)
    return {number: told.get(number, {}) for number in subscriptions}


async def _told(
    session: AsyncSession,
    heard: Select[SubscriptionId | None, StoryId, DigestId],
    asked: Mapping[str, object],
    workspace_id: WorkspaceId,
    ids: Sequence[StoryId],
) -> _Told:
    if not ids:
        return {}
    values = {**asked, "workspace": workspace_id, "stories": list(ids)}
    # Reading the digests themselves takes milliseconds each, which nobody who asks should wait for.
    return await look(session, lambda connection: _read(connection, heard, values))


def _read(
    connection: Connection, heard: Select[SubscriptionId | None, StoryId, DigestId], values: dict[str, object]
) -> _Told:
    told: _Told = {}
    earlier: dict[DigestId, dict[StoryId, Earlier]] = {}
    tellings = connection.execute(heard, values).all()
    for some in chunks(sorted({digest_id for *_, digest_id in tellings})):
        for digest_id, content in connection.execute(_CONTENTS, {"these": list(some)}):
            digest = from_json(Digest, content)
            earlier[digest_id] = {s.story_id: Earlier(digest.window.until, s) for s in digest.stories}
    for subscription_id, story_id, digest_id in tellings:
        if (one := earlier[digest_id].get(story_id)) is not None:
            mine = told.setdefault(subscription_id, {})
            mine[story_id] = (*mine.get(story_id, ()), one)
    return told


async def tell(session: AsyncSession, digest: DigestRow, now: datetime) -> None:
    """Keeps which stories the digest tells of, and under which names.

    One that is there no longer has come together with another since the digest was composed.
    """
    names = {story.story_id: story.name for story in from_json(Digest, digest.content).stories}
    for some in chunks(sorted(names)):
        query = select(StoryRow).where(StoryRow.id.in_(some)).order_by(StoryRow.id).with_for_update()
        for row in await session.scalars(query):
            row.told = row.told or now
            session.add(
                ToldRow(
                    story_id=row.id,
                    digest_id=digest.id,
                    workspace_id=digest.workspace_id,
                    name=names[row.id],
                )
            )
    await session.flush()


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


NOT_NARROWED = (SubscriptionRow.about == "", SubscriptionRow.actor == "", SubscriptionRow.outlet == "")
_IN_CHANNEL = (
    SubscriptionRow.platform == bindparam("platform", type_=Words),
    SubscriptionRow.channel == bindparam("channel", type_=Words),
    *NOT_NARROWED,
    DeliveryRow.state == DeliveryState.SENT.value,
)
# Built once: with a thousand posts at one time, building these takes longer than executing them.
_TOLD_BY_SUBSCRIPTION = _newest_tellings(
    (
        any_of(SubscriptionRow.id, bindparam("subscriptions", type_=Many(Id))),
        DeliveryRow.state != DeliveryState.FAILED.value,
    ),
    cast(SubscriptionRow.id, Id),
)
_TOLD_IN_CHANNEL = _newest_tellings(_IN_CHANNEL, cast(null(), Id))
# From the channel's schedules on: a workspace has had many more digests than are looked at.
_LAST = select(DigestRow.content).where(
    DigestRow.id
    == select(DeliveryRow.digest_id)
    .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
    .where(SubscriptionRow.workspace_id == bindparam("workspace", type_=Id), *_IN_CHANNEL)
    .order_by(DeliveryRow.slot.desc(), DeliveryRow.id.desc())
    .limit(1)
    .scalar_subquery()
)
