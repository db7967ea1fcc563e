"""What full text is asked for and told, whichever database keeps it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.terms import Term
from storage.ids import ids_after, ids_from
from storage.rows import visible
from storage.types import Id

Column: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]

STATEMENTS, ARTICLES = "statement_index", "article_index"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a statement is found by."""

    statement_id: int
    article_id: ArticleId
    said: Sequence[str]
    """The tokens of its words."""
    title: Sequence[str]
    """The tokens of its article's headline."""
    speaker: int | None
    """The name of who speaks."""
    actors: Collection[int]
    """All names that it bears: the speaker's, and whom it was said for."""
    feeds: Collection[int]
    """The feeds that lead to its article."""
    outlet: int


@dataclass(frozen=True, slots=True)
class Ask:
    """What a statement must have by the index; `None` asks for nothing."""

    terms: tuple[Term, ...] = ()
    headlines: bool = False
    """Whether the terms may stand in the headline, too."""
    actors: tuple[int, ...] | None = None
    """One of these names, as speaker or as whom it was said for ..."""
    speakers: tuple[int, ...] = ()
    """... or one of these as speaker."""
    feeds: tuple[int, ...] | None = None
    """One of these feeds."""
    outlets: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The time by which ids sort, to the millisecond; not included."""

    @property
    def empty(self) -> bool:
        """Whether no index is needed."""
        return not self.terms and not self.marks

    @property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """Of each of these marks, one."""
        kinds = (("f", self.feeds), ("o", self.outlets))
        marks = [tuple(f"={kind}{n}" for n in some) for kind, some in kinds if some is not None]
        if self.actors is not None:
            names = (*(f"=a{n}" for n in self.actors), *(f"=s{n}" for n in self.speakers))
            marks.insert(0, names)
        return tuple(marks)

    @property
    def bounds(self) -> dict[str, int]:
        """Between which ids: at least `least`, and less than `below`."""
        bounds = {} if self.since is None else {"least": ids_from(self.since)}
        after = None if self.until is None else ids_after(self.until)
        return bounds if after is None else bounds | {"below": after}


@dataclass(frozen=True, slots=True)
class Kind:
    """What the questions have in common whose statements differ in values alone."""

    indexed: bool
    walked: int
    """Names whose statements are walked through."""
    bounds: tuple[str, ...]
    limited: bool
    in_workspace: bool


def marks_of(row: Indexed) -> list[str]:
    """What stands beside a statement's tokens."""
    return [
        *(f"=a{number}" for number in sorted(set(row.actors))),
        *(() if row.speaker is None else (f"=s{row.speaker}",)),
        *(f"=f{number}" for number in sorted(set(row.feeds))),
        f"=o{row.outlet}",
    ]


def cut(found: Select[Any], statement_id: Column, kind: Kind) -> Select[int]:
    """The newest so many, where not all are asked for."""
    return (
        found.order_by(statement_id.desc()).limit(bindparam("limit", type_=Integer))
        if kind.limited
        else found
    )


def between(kind: Kind, statement_id: Column) -> list[ColumnElement[bool]]:
    """Whether an id lies between the bounds."""
    bounds = {
        "least": statement_id >= bindparam("least", type_=Id),
        "below": statement_id < bindparam("below", type_=Id),
    }
    return [bounds[name] for name in kind.bounds]


def seen(kind: Kind, article_id: Column) -> list[ColumnElement[bool]]:
    """Whether the workspace sees the article, where one asks."""
    return [visible(bindparam("workspace", type_=Id), article_id)] if kind.in_workspace else []
