"""Tellings: which stories each digest tells of, and what a channel has been told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Channel, DeliveryState, DigestId, SubscriptionId, WorkspaceId
from news.digests import Digest, Earlier
from news.stories import StoryId
from storage.documents import from_json
from storage.rows import any_of, chunks
from storage.tables import DeliveryRow, DigestRow, StoryRow, SubscriptionRow, ToldRow
from storage.types import Id, Many, Words

_REMEMBERED = 5
"""Tellings of one story that are looked at, the newest."""


async def told(
    session: AsyncSession,
    workspace_id: WorkspaceId,
    ids: Sequence[StoryId],
    *,
    subscription_id: SubscriptionId | None = None,
    channel: Channel | None = None,
) -> Mapping[StoryId, tuple[Earlier, ...]]:
    """What the subscription, or else the channel, was told of the stories, oldest first.

    A digest that could not be posted tells nothing; a channel knows what has been posted there, narrowed
    digests aside. Of each story the last few tellings are looked at.
    """
    if subscription_id is not None:
        values: dict[str, object] = {"subscription": subscription_id}
        heard = _TOLD_BY_SUBSCRIPTION
    elif channel is not None:
        values = {"platform": channel.platform, "channel": channel.external_id}
        heard = _TOLD_IN_CHANNEL
    else:
        return {}
    told: dict[StoryId, tuple[Earlier, ...]] = {}
    digests: dict[DigestId, Digest] = {}
    for some in chunks(ids):
        asked = values | {"workspace": workspace_id, "stories": list(some)}
        tellings = (await session.execute(heard, asked)).all()
        unread = {digest_id for _, digest_id in tellings} - digests.keys()
        if not unread and not tellings:
            continue
        query = select(DigestRow.id, DigestRow.content).where(DigestRow.id.in_(unread))
        for digest_id, content in await session.execute(query):
            digests[digest_id] = from_json(Digest, content)
        for story_id, digest_id in tellings:
            digest = digests[digest_id]
            story = next((s for s in digest.stories if s.story_id == story_id), None)
            if story is not None:
                told[story_id] = (*told.get(story_id, ()), Earlier(digest.window.until, story))
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


def _newest_tellings(heard: Sequence[ColumnElement[bool]]) -> Select[StoryId, DigestId]:
    """The last digests that tell of each story, oldest first, of the deliveries that were `heard`."""
    place = func.row_number().over(partition_by=ToldRow.story_id, order_by=ToldRow.digest_id.desc())
    placed = (
        select(ToldRow.story_id, ToldRow.digest_id, place.label("place"))
        .join(DeliveryRow, DeliveryRow.digest_id == ToldRow.digest_id)
        .join(SubscriptionRow, SubscriptionRow.id == DeliveryRow.subscription_id)
        .where(ToldRow.workspace_id == bindparam("workspace", type_=Id))
        .where(any_of(ToldRow.story_id, bindparam("stories", type_=Many(Id))), *heard)
        .subquery()
    )
    return (
        select(placed.c.story_id, placed.c.digest_id)
        .where(placed.c.place <= _REMEMBERED)
        .order_by(placed.c.digest_id)
    )


NOT_NARROWED = (SubscriptionRow.about == "", SubscriptionRow.actor == "", SubscriptionRow.outlet == "")
# Built once: with a thousand posts at one time, building these takes longer than executing them.
_TOLD_BY_SUBSCRIPTION = _newest_tellings(
    (
        SubscriptionRow.id == bindparam("subscription", type_=Id),
        DeliveryRow.state != DeliveryState.FAILED.value,
    )
)
_TOLD_IN_CHANNEL = _newest_tellings(
    (
        SubscriptionRow.platform == bindparam("platform", type_=Words),
        SubscriptionRow.channel == bindparam("channel", type_=Words),
        *NOT_NARROWED,
        DeliveryRow.state == DeliveryState.SENT.value,
    )
)
