"""What can be asked for. A query is complete: times are absolute, names are as typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PAGE_SIZE = 5


@dataclass(frozen=True, slots=True)
class StoryQuery:
    """Stories that had news in a time."""

    since: datetime | None = None
    until: datetime | None = None
    about: str | None = None
    """Words that must all stand in an article of the story."""
    actor: str | None = None
    """Someone who must speak in the story, or stand in a headline of it."""
    outlet: str | None = None
    """Where the story's articles must stand; those of other outlets are left out."""
    limit: int | None = 200
    """The newest so many; None for all."""


@dataclass(frozen=True, slots=True)
class StatementQuery:
    """Who said what; at least an actor or `about`."""

    actor: str | None = None
    about: str | None = None
    """Words that must all stand in the statement; with an actor, they may stand in the article's headline."""
    since: datetime | None = None
    until: datetime | None = None
    outlet: str | None = None
    offset: int = 0
    limit: int = PAGE_SIZE
    standing: bool = False
    """Whether what an edit took out of its article is left out."""


@dataclass(frozen=True, slots=True)
class StanceQuery:
    """Where actors stand on targets; at least an actor or a target."""

    actor: str | None = None
    target: str | None = None
    """A target's name, or words of it."""
    since: datetime | None = None
    """From when on turns are told; the one that holds then is told, too."""
    until: datetime | None = None
    offset: int = 0
    limit: int = 12
