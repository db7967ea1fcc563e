"""Workspaces: who follows feeds together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Channel, Platform, Workspace, WorkspaceId
from news.errors import InputError, NotFound
from news.notices import Recipient
from storage.rows import insert_once
from storage.tables import WorkspaceRow
from storage.types import Words

LONGEST_NAME = 200


class SqlWorkspaces:
    """Workspaces in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, platform: Platform, external_id: str) -> Workspace | None:
        """The workspace, if it is there."""
        asked = {"platform": platform, "external_id": external_id}
        row = (await self._session.execute(_FIND, asked)).one_or_none()
        return None if row is None else Workspace(row.id, platform, row.external_id, row.timezone)

    async def first(self, platform: Platform) -> Workspace | None:
        """The workspace of the platform that has been there longest, if there is any."""
        found = (
            select(WorkspaceRow).where(WorkspaceRow.platform == platform).order_by(WorkspaceRow.id).limit(1)
        )
        row = (await self._session.scalars(found)).one_or_none()
        return None if row is None else _workspace(row)

    async def obtain(
        self, platform: Platform, external_id: str, *, timezone: str = "UTC", now: datetime | None = None
    ) -> Workspace:
        """The workspace; made `now`, with that time zone, when it is not there yet.

        Raises InputError for a name too long.
        """
        if len(external_id) > LONGEST_NAME:
            raise InputError(f"The name of a workspace has at most {LONGEST_NAME} characters: shorten it.")
        if (workspace := await self.find(platform, external_id)) is not None:
            return workspace
        made = {"platform": platform, "external_id": external_id, "timezone": timezone, "since": now}
        await insert_once(self._session, WorkspaceRow, **made)
        return _workspace((await self._session.scalars(_called(platform, external_id))).one())

    async def set_timezone(self, workspace_id: WorkspaceId, timezone: str) -> None:
        """Show times in this IANA zone. Raises NotFound."""
        (await self._row(workspace_id)).timezone = timezone
        await self._session.flush()

    async def notices(self, workspace_id: WorkspaceId) -> Recipient:
        """Where its notices go. Raises NotFound."""
        row = await self._row(workspace_id)
        if row.notices_platform is None:
            at_home = row.platform == Platform.TERMINAL
            return Recipient(Channel(Platform.TERMINAL, row.external_id) if at_home else None)
        if not row.notices_platform:
            return Recipient(chosen=True)
        return Recipient(Channel(Platform(row.notices_platform), row.notices_channel or ""), chosen=True)

    async def send_notices(self, workspace_id: WorkspaceId, channel: Channel | None) -> None:
        """Its notices go there from now on; None for nowhere. Raises NotFound."""
        row = await self._row(workspace_id)
        row.notices_platform = channel.platform if channel else ""
        row.notices_channel = channel.external_id if channel else ""
        await self._session.flush()

    async def _row(self, workspace_id: WorkspaceId) -> WorkspaceRow:
        row = await self._session.get(WorkspaceRow, workspace_id)
        if row is None:
            raise NotFound(f"There is no workspace {workspace_id}: look up the workspace first.")
        return row


def notices_platform() -> ColumnElement[str]:
    """The platform of `SqlWorkspaces.notices`, empty for nowhere, in a query of workspaces."""
    at_home = case((WorkspaceRow.platform == Platform.TERMINAL, WorkspaceRow.platform), else_="")
    return func.coalesce(WorkspaceRow.notices_platform, at_home)


def notices_channel() -> ColumnElement[str]:
    """Its channel, likewise."""
    return func.coalesce(WorkspaceRow.notices_channel, WorkspaceRow.external_id)


def _called(platform: Platform, external_id: str) -> Select[WorkspaceRow]:
    return select(WorkspaceRow).where(
        WorkspaceRow.platform == platform, WorkspaceRow.external_id == external_id
    )


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(row.id, Platform(row.platform), row.external_id, row.timezone)


_FIND = select(WorkspaceRow.id, WorkspaceRow.external_id, WorkspaceRow.timezone).where(
    WorkspaceRow.platform == bindparam("platform", type_=Words),
    WorkspaceRow.external_id == bindparam("external_id", type_=Words),
)
"""Built once, for every command begins with it."""
