"""`tsvector`: the index of tokens on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.terms import Term
from storage.asking import STATEMENTS, Ask, Indexed, Kind, between, cut, marks_of, seen
from storage.rows import chunks
from storage.tables import StatementRow
from storage.tokens import tokens_for
from storage.types import Id

FEW_ACTORS = 8
"""Up to so many names, PostgreSQL walks through the statements of each; beyond, through the index of words."""
_POSTGRESQL = (
    "DROP TABLE IF EXISTS statement_index, statement_actors",
    "CREATE TABLE statement_index (id bigint PRIMARY KEY, article_id bigint NOT NULL, search tsvector NOT NULL)",
    "CREATE INDEX ix_statement_index_search ON statement_index USING gin (search)",
    "ALTER TABLE statement_index ALTER search SET STATISTICS 1000",
    "CREATE TABLE statement_actors (actor_id bigint, statement_id bigint, PRIMARY KEY (actor_id, statement_id))",
    "CREATE INDEX ix_statement_actors_statement_id ON statement_actors (statement_id)",
)


class Tsvector:
    """`tsvector` of PostgreSQL: a row a statement, and one for each name that a statement bears."""

    index = table(STATEMENTS, column("id", Id), column("article_id", Id), column("search", TSVECTOR))
    actors = table("statement_actors", column("actor_id", Id), column("statement_id", Id))

    async def make(self, session: AsyncSession) -> None:
        """An empty index, in the place of any."""
        for statement in _POSTGRESQL:
            await session.execute(text(statement))

    async def add(self, session: AsyncSession, rows: Sequence[Indexed]) -> None:
        """Statements that are not in the index yet."""
        if not rows:
            return
        await session.execute(
            insert(self.index).values(
                id=bindparam("id"), article_id=bindparam("article_id"), search=_as_vector("search")
            ),
            [
                {
                    "id": row.statement_id,
                    "article_id": row.article_id,
                    "search": _vector(row.said, row.title, marks_of(row)),
                }
                for row in rows
            ],
        )
        bearing = [{"actor_id": a, "statement_id": row.statement_id} for row in rows for a in set(row.actors)]
        if bearing:
            await session.execute(insert(self.actors), bearing)

    async def drop(self, session: AsyncSession, ids: Sequence[int]) -> None:
        """Takes statements out."""
        for some in chunks(ids):
            await session.execute(delete(self.index).where(self.index.c.id.in_(some)))
            await session.execute(delete(self.actors).where(self.actors.c.statement_id.in_(some)))

    async def add_feed(self, session: AsyncSession, article_ids: Sequence[ArticleId], feed_id: int) -> None:
        """That a feed leads to the articles, too."""
        for some in chunks(article_ids):
            ids = select(StatementRow.id).where(StatementRow.article_id.in_(some))
            await session.execute(
                self.index.update()
                .where(self.index.c.id.in_(ids))
                .values(search=self.index.c.search.op("||")(cast(literal(f"'=f{feed_id}'"), TSVECTOR)))
            )

    async def drop_feed(self, session: AsyncSession, article_ids: Sequence[ArticleId], feed_id: int) -> None:
        """That a feed leads to the articles no more."""
        for some in chunks(article_ids):
            ids = select(StatementRow.id).where(StatementRow.article_id.in_(some))
            await session.execute(
                self.index.update()
                .where(self.index.c.id.in_(ids))
                .values(search=func.ts_delete(self.index.c.search, f"=f{feed_id}"))
            )

    def walked(self, ask: Ask, *, limited: bool) -> tuple[int, ...]:
        """Names whose statements are walked through, newest first.

        Who speaks often is looked for among his own statements: of those that the index of words finds no order is
        known.
        """
        few = () if ask.actors is None else (*ask.actors, *ask.speakers)
        return few if limited and len(few) <= FEW_ACTORS else ()

    def values(self, ask: Ask, *, limited: bool) -> dict[str, Any]:
        """What the statement of `newest` is to be executed with."""
        names = {f"actor{at}": number for at, number in enumerate(self.walked(ask, limited=limited))}
        return {"asked": _asked(ask), **names}

    def newest(self, kind: Kind, where: Sequence[ColumnElement[bool]]) -> Select[int]:
        """The ids of statements that have what is asked, and meet the conditions on their rows; newest first."""
        statement_id = self.index.c.id
        found = select(statement_id).where(
            self.index.c.search.op("@@")(_query(bindparam("asked", type_=Text))),
            *between(kind, statement_id),
            *seen(kind, self.index.c.article_id),
        )
        if where:  # rows are not needed otherwise, and to plan for one table less takes a quarter less
            found = found.join(StatementRow, StatementRow.id == statement_id).where(*where)
        if not kind.walked:
            return cut(found, statement_id, kind)
        own = [
            cut(
                found.join(self.actors, self.actors.c.statement_id == statement_id).where(
                    self.actors.c.actor_id == bindparam(f"actor{at}", type_=Id)
                ),
                self.actors.c.statement_id,
                kind,
            )
            for at in range(kind.walked)
        ]
        if len(own) == 1:
            return own[0]
        each = union(*(one.subquery().select() for one in own)).subquery()
        return cut(select(each.c.id), each.c.id, kind)


def _asked(ask: Ask) -> str:
    """The question in the language of PostgreSQL."""
    parts = []
    for term in ask.terms:
        where = [_in_a_row(term), _in_a_row(term, ".")] if ask.headlines else [_in_a_row(term)]
        parts.append(_excluded(term, f"({' | '.join(where)})"))
    parts += [f"({' | '.join(_lexeme(mark) for mark in some or ('=',))})" for some in ask.marks]
    return " & ".join(parts)


def _excluded(term: Term, asked: str) -> str:
    return f"!({asked})" if term.excluded else asked


def _in_a_row(term: Term, kind: str = "") -> str:
    tokens = [_lexeme(kind + token) for token in tokens_for(term)]
    if term.prefix:
        tokens[-1] += ":*"
    return f"({' <-> '.join(tokens)})"


def _lexeme(token: str) -> str:
    return f"'{token}'"


def _query(asked: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(asked, TSQUERY)


def _vector(said: Sequence[str], title: Sequence[str] = (), marks: Sequence[str] = ()) -> str:
    """The text of a `tsvector`: tokens with their places, those of a headline behind a dot, marks without places.

    A headline begins two places behind the text, so that no phrase reaches across.
    """
    after = len(said) + 2
    placed = [f"{_lexeme(token)}:{at}" for at, token in enumerate(said, start=1) if token]
    placed += [f"{_lexeme('.' + token)}:{at}" for at, token in enumerate(title, start=after)]
    return " ".join((*placed, *map(_lexeme, marks)))


def _as_vector(name: str) -> ColumnElement[Any]:
    return cast(bindparam(name, type_=Text), TSVECTOR)
