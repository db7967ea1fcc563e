"""Full text: which index a database keeps, and how statements are looked for in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from news.channels import WorkspaceId
from storage.asking import Ask, Kind, between, cut, seen
from storage.fts5 import Fts5
from storage.tables import StatementRow
from storage.tsvector import Tsvector

FullText: TypeAlias = Fts5 | Tsvector
AnySession: TypeAlias = AsyncSession | Connection


@dataclass(frozen=True, slots=True)
class Search:
    """What statements must have, by the index and by their rows."""

    ask: Ask
    workspace_id: WorkspaceId | None = None
    """Who must follow a feed that leads to their articles."""
    where: tuple[ColumnElement[bool], ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether its statement is one of those that are built once."""
        return not self.where

    def newest(self, session: AnySession, *, limited: bool = True) -> Select[int]:
        """The ids of the statements, the newest of them; in no order where all are asked for. To be executed with
        the values."""
        index, kind = full_text(session), self._kind(session, limited=limited)
        return _usual(index, kind) if self.is_usual else _newest(index, kind, self.where)

    def values(self, session: AnySession, limit: int | None = None) -> dict[str, Any]:
        """What `newest` is to be executed with."""
        values: dict[str, Any] = dict(self.ask.bounds)
        if not self.ask.empty:
            values |= full_text(session).values(self.ask, limited=limit is not None)
        if limit is not None:
            values["limit"] = limit
        if self.workspace_id is not None:
            values["workspace"] = self.workspace_id
        return values

    def _kind(self, session: AnySession, *, limited: bool) -> Kind:
        walked = 0 if self.ask.empty else len(full_text(session).walked(self.ask, limited=limited))
        bounds = tuple(self.ask.bounds)
        return Kind(not self.ask.empty, walked, bounds, limited, self.workspace_id is not None)


@lru_cache(maxsize=200)
def _usual(index: FullText, kind: Kind) -> Select[int]:
    """Built once, for that takes longer than to execute it."""
    return _newest(index, kind, ())


def _newest(index: FullText, kind: Kind, where: Sequence[ColumnElement[bool]]) -> Select[int]:
    if kind.indexed:
        return index.newest(kind, where)
    found = select(StatementRow.id).where(
        *between(kind, StatementRow.id), *seen(kind, StatementRow.article_id), *where
    )
    return cut(found, StatementRow.id, kind)


def full_text(session: AnySession) -> FullText:
    """The index of the session's database."""
    dialect = session.dialect if isinstance(session, Connection) else session.get_bind().dialect
    return _FTS5 if dialect.name == "sqlite" else _TSVECTOR


_FTS5, _TSVECTOR = Fts5(), Tsvector()
