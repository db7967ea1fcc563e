"""A platform's app in the workspaces that installed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Place = tuple[str, str, str]
"""The platform's ids of the enterprise, the workspace and who installed the app; empty where there is none."""


class InstallationRepository(Protocol):
    """What an app (by its client id) was allowed where; the bytes are sealed by who stores them, and read by nobody else.

    The place without a user is the bot's own.
    """

    async def save(self, client_id: str, place: Place, content: bytes, *, installed: datetime) -> None:
        """Keeps what the app was allowed there, in the place of what it was before."""
        ...

    async def find(self, client_id: str, place: Place) -> bytes | None:
        """What the app was allowed by that very place."""
        ...

    async def newest(self, client_id: str, enterprise_id: str, team_id: str) -> bytes | None:
        """What whoever installed the app last allowed there."""
        ...

    async def of_workspace(self, client_id: str, team_id: str) -> tuple[Place, bytes] | None:
        """The bot's own in that workspace, whatever enterprise it belongs to: the place, and what it was allowed."""
        ...

    async def of_enterprises(self, client_id: str) -> Mapping[Place, bytes]:
        """The bots' own in whole enterprises, by place."""
        ...

    async def all(self, client_id: str) -> Mapping[Place, bytes]:
        """Everything that the app was allowed, by place."""
        ...

    async def seal_anew(self, client_id: str, place: Place, before: bytes, after: bytes) -> bool:
        """Puts the same, sealed otherwise, in its place; False where something else stands there by now."""
        ...

    async def remove(self, client_id: str, place: Place) -> None:
        """Forgets what was allowed by that very place, if anything was."""
        ...

    async def remove_before(
        self, client_id: str, *, enterprise_id: str, team_id: str, before: datetime
    ) -> tuple[Place, ...]:
        """Forgets what was allowed before then in the workspace, whatever enterprise it belongs to, or, where `team_id`
        is empty, in the enterprise as a whole: by which places that was."""
        ...

    async def remove_people(self, client_id: str, enterprise_id: str, team_id: str) -> None:
        """Forgets what everybody there allowed; what is nobody's stays."""
        ...

    async def expect(self, key: str, *, now: datetime, until: datetime) -> None:
        """Somebody may come back with this key until then; who did not come back in time is forgotten."""
        ...

    async def came_back(self, key: str, *, now: datetime) -> bool:
        """Whether somebody was expected with this key; nobody is any longer."""
        ...
