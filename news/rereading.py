"""Rereading: articles that were read before a target was there are read again for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from news.articles import Article, ArticleId
from news.channels import WorkspaceId
from news.statements import Statement
from news.targets import Target


class Progress(NamedTuple):
    """How far the articles have come to have their positions for a target."""

    target: str
    """Its name."""
    done: int
    total: int | None
    """None before it began."""


class Place(NamedTuple):
    """Where rereading has come, from the newest article on: the last one that was read."""

    moment: datetime
    article_id: ArticleId


@dataclass(frozen=True, slots=True)
class Rereading:
    """Targets of one workspace, or those that are built in, which have come equally far."""

    workspace_id: WorkspaceId | None
    """Whose articles are read: those that the workspace sees; all of them for None."""
    numbers: tuple[int, ...]
    """What the store knows the targets by here."""
    targets: tuple[Target, ...]
    place: Place | None = None
    """None before the first article."""
    meets: Place | None = None
    """Where others of the same workspace wait for these, to go on together."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article in the version that its brief is of, and the statements that stand in it."""

    article: Article
    statements: tuple[Statement, ...]

    @property
    def place(self) -> Place:
        """Where it lies."""
        return Place(self.article.when, self.article.id)


def next_of(waiting: Sequence[Rereading]) -> Rereading | None:
    """Those of one workspace that have the longest way before them, together; None where none wait."""
    if not waiting:
        return None
    places = sorted({one.place for one in waiting if one.place is not None}, reverse=True)
    unbegun = any(one.place is None for one in waiting)
    place = None if unbegun else places[0]
    meets = (places if unbegun else places[1:])[:1]
    group = [one for one in waiting if one.place == place]
    return Rereading(
        group[0].workspace_id,
        tuple(number for one in group for number in one.numbers),
        tuple(target for one in group for target in one.targets),
        place,
        meets[0] if meets else None,
    )
