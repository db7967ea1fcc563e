"""Roles: what one process of the bot does, where several work on one store."""

from __future__ import annotations

from enum import StrEnum

INTAKE, JOBS, STORIES, REREADING = "intake", "jobs", "stories", "rereading"
"""What one process does at a time: with the first goes retention; with the second handing out what is to be read."""


class Role(StrEnum):
    """What `attache run` does in this process."""

    ALL = "all"
    BOT = "bot"
    """Answers and posts."""
    READER = "reader"
    """Takes in what feeds bring, and takes away what is too old."""
    WORKER = "worker"
    """Reads articles, and puts them into stories."""

    @property
    def posts(self) -> bool:
        """Whether it is connected to platforms: it answers there, and posts when it is its turn."""
        return self in (Role.ALL, Role.BOT)

    @property
    def takes_in(self) -> bool:
        """Whether it asks feeds, plans what is told of them, and keeps retention."""
        return self in (Role.ALL, Role.READER)

    @property
    def reads(self) -> bool:
        """Whether it reads what was taken in."""
        return self in (Role.ALL, Role.WORKER)
