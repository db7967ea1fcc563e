"""Leaving: which workspaces there are, and what of one is erased when it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from news.channels import Workspace


@dataclass(frozen=True, slots=True)
class Known:
    """A workspace, and what is stored for it."""

    workspace: Workspace
    since: datetime | None
    """When it was first heard of; None where that was not kept."""
    feeds: int
    schedules: int
    articles: int
    """That it sees."""
    last_digest: datetime | None
    """When one was last posted."""
    installed: bool | None
    """Whether a token for it is stored; None where tokens are not kept in the store, which then cannot tell."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What of a workspace was erased, or would be."""

    feeds: int = 0
    """Feeds that nobody follows any more."""
    articles: int = 0
    statements: int = 0
    schedules: int = 0
    digests: int = 0
    notices: int = 0
    names: int = 0
    """What was told of names."""
    targets: int = 0
    installations: int = 0
    posting: int = 0
    """Posts that were on their way then: they may still appear."""

    def __add__(self, other: Erased) -> Erased:
        return Erased(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Erased)))
