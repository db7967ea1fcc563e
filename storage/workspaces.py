"""Workspaces: who follows feeds together."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import Platform, Workspace, WorkspaceId
from news.errors import InputError, NotFound
from storage.rows import insert_once
from storage.tables import WorkspaceRow

LONGEST_NAME = 200


class SqlWorkspaces:
    """Workspaces in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, platform: Platform, external_id: str) -> Workspace | None:
        """The workspace, if it is there."""
        row = (await self._session.scalars(_called(platform, external_id))).one_or_none()
        return None if row is None else _workspace(row)

    async def obtain(self, platform: Platform, external_id: str, *, timezone: str = "UTC") -> Workspace:
        """The workspace; made, with that time zone, when it is not there yet.

        Raises InputError for a name too long.
        """
        if len(external_id) > LONGEST_NAME:
            raise InputError(f"The name of a workspace has at most {LONGEST_NAME} characters: shorten it.")
        if (workspace := await self.find(platform, external_id)) is not None:
            return workspace
        await insert_once(
            self._session, WorkspaceRow, platform=platform, external_id=external_id, timezone=timezone
        )
        return _workspace((await self._session.scalars(_called(platform, external_id))).one())

    async def set_timezone(self, workspace_id: WorkspaceId, timezone: str) -> None:
        """Show times in this IANA zone. Raises NotFound."""
        row = await self._session.get(WorkspaceRow, workspace_id)
        if row is None:
            raise NotFound(f"There is no workspace {workspace_id}: look up the workspace first.")
        row.timezone = timezone
        await self._session.flush()


def _called(platform: Platform, external_id: str) -> Select[WorkspaceRow]:
    return select(WorkspaceRow).where(
        WorkspaceRow.platform == platform, WorkspaceRow.external_id == external_id
    )


def _workspace(row: WorkspaceRow) -> Workspace:
    return Workspace(row.id, Platform(row.platform), row.external_id, row.timezone)
