"""A platform's app in the workspaces that installed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import DERIVED, Row


class InstallationRow(Row):
    """What one installation allows, sealed by who stores it: no key to it is in the database."""

    __tablename__ = "installations"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    """Of the app, at its platform."""
    enterprise_id: Mapped[str] = mapped_column(primary_key=True)
    """Empty without one; so are the next two."""
    team_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    """Who installed it."""
    installed: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class InstallStateRow(Row):
    """Somebody is on the way to install the app, and is known again by this when coming back; no copy needs it."""

    __tablename__ = "install_states"
    __table_args__ = ({"info": DERIVED},)

    key: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
