"""Installations: what a platform's app was allowed in which workspace, kept as it is given, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.rows import insert_once, replace_all
from storage.tables import InstallationRow, InstallStateRow

_Place = tuple[str, str, str]


class SqlInstallations:
    """Installations in the database."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, client_id: str, place: _Place, content: bytes, *, installed: datetime) -> None:
        """Keeps what the app was allowed there, in the place of what it was before."""
        row = _key(client_id, place) | {"installed": installed, "content": content}
        await replace_all(self._session, InstallationRow, [row])

    async def find(self, client_id: str, place: _Place) -> bytes | None:
        """What the app was allowed by that very place."""
        query = select(InstallationRow.content).where(*_at(client_id, place))
        return (await self._session.scalars(query)).one_or_none()

    async def newest(self, client_id: str, enterprise_id: str, team_id: str) -> bytes | None:
        """What whoever installed the app last allowed there."""
        query = (
            select(InstallationRow.content)
            .where(*_in(client_id, enterprise_id, team_id), InstallationRow.user_id != "")
            .order_by(InstallationRow.installed.desc(), InstallationRow.user_id)
            .limit(1)
        )
        return (await self._session.scalars(query)).one_or_none()

    async def of_workspace(self, client_id: str, team_id: str) -> tuple[_Place, bytes] | None:
        """The bot's own in that workspace, whatever enterprise it belongs to: the place, and what it was allowed."""
        row = InstallationRow
        query = (
            select(row.enterprise_id, row.content)
            .where(row.client_id == client_id, row.team_id == team_id, row.user_id == "")
            .order_by(row.installed.desc(), row.enterprise_id)  # one that joined an enterprise may have two
            .limit(1)
        )
        found = (await self._session.execute(query)).first()
        return None if found is None else ((found.enterprise_id, team_id, ""), found.content)

    async def of_enterprises(self, client_id: str) -> Mapping[_Place, bytes]:
        """The bots' own in whole enterprises, by place."""
        row = InstallationRow
        query = (
            select(row.enterprise_id, row.content)
            .where(row.client_id == client_id, row.team_id == "", row.user_id == "")
            .order_by(row.enterprise_id)
        )
        found = await self._session.execute(query)
        return {(enterprise, "", ""): content for enterprise, content in found}

    async def all(self, client_id: str) -> Mapping[_Place, bytes]:
        """Everything that the app was allowed, by place."""
        row = InstallationRow
        query = (
            select(row.enterprise_id, row.team_id, row.user_id, row.content)
            .where(row.client_id == client_id)
            .order_by(row.enterprise_id, row.team_id, row.user_id)
        )
        return {
            (enterprise, team, user): content
            for enterprise, team, user, content in await self._session.execute(query)
        }

    async def seal_anew(self, client_id: str, place: _Place, before: bytes, after: bytes) -> bool:
        """Puts the same, sealed otherwise, in its place; False where something else stands there by now."""
        done = await self._session.execute(
            update(InstallationRow)
            .where(*_at(client_id, place), InstallationRow.content == before)
            .values(content=after)
            .returning(InstallationRow.user_id)
            .execution_options(synchronize_session=False)
        )
        return done.first() is not None

    async def remove(self, client_id: str, place: _Place) -> None:
        """Forgets what was allowed by that very place, if anything was."""
        await self._drop(*_at(client_id, place))

    async def remove_before(
        self, client_id: str, *, enterprise_id: str, team_id: str, before: datetime
    ) -> tuple[_Place, ...]:
        """Forgets what was allowed before then in the workspace, whatever enterprise it belongs to, or, where `team_id`
        is empty, in the enterprise as a whole: by which places that was."""
        row = InstallationRow
        there = (
            (row.team_id == team_id,) if team_id else (row.enterprise_id == enterprise_id, row.team_id == "")
        )
        gone = await self._session.execute(
            delete(row)
            .where(row.client_id == client_id, *there, row.installed < before)
            .returning(row.enterprise_id, row.team_id, row.user_id)
            .execution_options(synchronize_session=False)
        )
        return tuple((enterprise, team, user) for enterprise, team, user in gone)

    async def remove_people(self, client_id: str, enterprise_id: str, team_id: str) -> None:
        """Forgets what everybody there allowed; what is nobody's stays."""
        await self._drop(*_in(client_id, enterprise_id, team_id), InstallationRow.user_id != "")

    async def expect(self, key: str, *, now: datetime, until: datetime) -> None:
        """Somebody may come back with this key until then; who did not come back in time is forgotten."""
        past = delete(InstallStateRow).where(InstallStateRow.until <= now)
        await self._session.execute(past.execution_options(synchronize_session=False))
        await insert_once(self._session, InstallStateRow, key=key, until=until)

    async def came_back(self, key: str, *, now: datetime) -> bool:
        """Whether somebody was expected with this key; nobody is any longer."""
        done = await self._session.execute(
            delete(InstallStateRow)
            .where(InstallStateRow.key == key)
            .returning(InstallStateRow.until)
            .execution_options(synchronize_session=False)
        )
        until = done.scalar_one_or_none()
        return until is not None and until > now

    async def _drop(self, *which: ColumnElement[bool]) -> None:
        await self._session.execute(
            delete(InstallationRow).where(*which).execution_options(synchronize_session=False)
        )


def _key(client_id: str, place: _Place) -> dict[str, object]:
    enterprise_id, team_id, user_id = place
    return {
        "client_id": client_id,
        "enterprise_id": enterprise_id,
        "team_id": team_id,
        "user_id": user_id,
    }


def _in(client_id: str, enterprise_id: str, team_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        InstallationRow.client_id == client_id,
        InstallationRow.enterprise_id == enterprise_id,
        InstallationRow.team_id == team_id,
    )


def _at(client_id: str, place: _Place) -> tuple[ColumnElement[bool], ...]:
    return (*_in(client_id, place[0], place[1]), InstallationRow.user_id == place[2])
