"""Known: the workspaces that there are, and how much is stored for each."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import DeliveryState, Platform, Workspace, WorkspaceId
from news.leaving import Known
from storage.tables import (
    DeliveryRow,
    EntryRow,
    FeedRow,
    FollowRow,
    InstallationRow,
    SubscriptionRow,
    WorkspaceRow,
)


async def known_workspaces(session: AsyncSession, client_id: str | None) -> tuple[Known, ...]:
    """All of them, by platform and name; `client_id` is that of the Slack app whose tokens are stored, if they are."""
    rows = await session.scalars(
        select(WorkspaceRow).order_by(WorkspaceRow.platform, WorkspaceRow.external_id)
    )
    feeds, schedules, articles = [await _counts(session, query) for query in (_FEEDS, _SCHEDULES, _ARTICLES)]
    posted = dict(iter(await session.execute(_POSTED)))
    teams, organisations = await _installed(session, client_id)
    return tuple(
        Known(
            Workspace(row.id, Platform(row.platform), row.external_id, row.timezone),
            row.since,
            feeds.get(row.id, 0),
            schedules.get(row.id, 0),
            articles.get(row.id, 0),
            posted.get(row.id),
            None
            if row.platform != Platform.SLACK or client_id is None
            # Which workspaces an organisation's belongs to, Slack alone knows.
            else (row.external_id in teams or (None if organisations else False)),
        )
        for row in rows
    )


async def _counts(session: AsyncSession, query: Select[WorkspaceId, int]) -> dict[WorkspaceId, int]:
    return dict(iter(await session.execute(query)))


async def _installed(session: AsyncSession, client_id: str | None) -> tuple[set[str], bool]:
    """The workspaces of which a token is stored, and whether a whole organisation's is."""
    query = select(InstallationRow.team_id, InstallationRow.enterprise_id)
    rows = (await session.execute(query.where(InstallationRow.client_id == (client_id or "")))).all()
    return {team or enterprise for team, enterprise in rows}, any(not team for team, _ in rows)


_FEEDS = (
    select(FollowRow.workspace_id, func.count())
    .join(FeedRow, FeedRow.id == FollowRow.feed_id)
    .where(FeedRow.imports_of.is_(None))
    .group_by(FollowRow.workspace_id)
)
_SCHEDULES = (
    select(SubscriptionRow.workspace_id, func.count())
    .where(SubscriptionRow.removed.is_(False))
    .group_by(SubscriptionRow.workspace_id)
)
_ARTICLES = (
    select(FollowRow.workspace_id, func.count(EntryRow.article_id.distinct()))
    .join(EntryRow, EntryRow.feed_id == FollowRow.feed_id)
    .group_by(FollowRow.workspace_id)
)
_POSTED = (
    select(SubscriptionRow.workspace_id, func.max(DeliveryRow.touched))
    .join(DeliveryRow, DeliveryRow.subscription_id == SubscriptionRow.id)
    .where(DeliveryRow.state == DeliveryState.SENT.value)
    .group_by(SubscriptionRow.workspace_id)
)
