"""FTS5: the index of tokens on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.terms import Term
from storage.asking import STATEMENTS, Ask, Indexed, Kind, between, cut, marks_of, seen
from storage.rows import chunks
from storage.tables import StatementRow
from storage.tokens import tokens_for
from storage.types import Id


class Fts5:
    """FTS5 of SQLite: a table whose columns hold tokens, and whose rowid is the statement's id."""

    index = table(
        STATEMENTS, column("rowid", Id), column("said", Text), column("title", Text), column("marks", Text)
    )

    async def make(self, session: AsyncSession) -> None:
        """An empty index, in the place of any."""
        await session.execute(text(f"DROP TABLE IF EXISTS {STATEMENTS}"))
        # Tokens are folded and spaced already. How long a text is matters for ranking only.
        options = """tokenize="ascii tokenchars '='", columnsize=0"""
        await session.execute(
            text(f"CREATE VIRTUAL TABLE {STATEMENTS} USING fts5(said, title, marks, {options})")
        )

    async def add(self, session: AsyncSession, rows: Sequence[Indexed]) -> None:
        """Statements that are not in the index yet."""
        if not rows:
            return
        await session.execute(
            text(f"INSERT INTO {STATEMENTS} (rowid, said, title, marks) VALUES (:id, :said, :title, :marks)"),
            [
                {
                    "id": row.statement_id,
                    "said": " ".join(row.said),
                    "title": " ".join(row.title),
                    "marks": " ".join(marks_of(row)),
                }
                for row in rows
            ],
        )

    async def drop(self, session: AsyncSession, ids: Sequence[int]) -> None:
        """Takes statements out."""
        for some in chunks(ids):
            await session.execute(delete(self.index).where(self.index.c.rowid.in_(some)))

    async def add_feed(self, session: AsyncSession, article_ids: Sequence[ArticleId], feed_id: int) -> None:
        """That a feed leads to the articles, too."""
        for some in chunks(article_ids):
            ids = select(StatementRow.id).where(StatementRow.article_id.in_(some))
            await session.execute(
                self.index.update()
                .where(self.index.c.rowid.in_(ids))
                .values(marks=self.index.c.marks + f" =f{feed_id}")
            )

    async def drop_feed(self, session: AsyncSession, article_ids: Sequence[ArticleId], feed_id: int) -> None:
        """That a feed leads to the articles no more."""
        for some in chunks(article_ids):
            ids = select(StatementRow.id).where(StatementRow.article_id.in_(some))
            marks = func.replace(" " + self.index.c.marks + " ", f" =f{feed_id} ", " ")
            await session.execute(
                self.index.update().where(self.index.c.rowid.in_(ids)).values(marks=func.trim(marks))
            )

    def walked(self, ask: Ask, *, limited: bool) -> tuple[int, ...]:
        """Names whose statements are walked through; none, for the index is in the order of time."""
        return ()

    def values(self, ask: Ask, *, limited: bool) -> dict[str, Any]:
        """What the statement of `newest` is to be executed with."""
        return {"asked": _match(ask)}

    def newest(self, kind: Kind, where: Sequence[ColumnElement[bool]]) -> Select[int]:
        """The ids of statements that have what is asked, and meet the conditions on their rows; newest first."""
        statement_id = self.index.c.rowid
        found = (
            select(statement_id)
            .join(StatementRow, StatementRow.id == statement_id)
            .where(_matches(STATEMENTS, bindparam("asked", type_=Text)))
            .where(*between(kind, statement_id), *seen(kind, StatementRow.article_id), *where)
            # The rows are looked up one by one as the index tells them: it alone is in the order of time.
            .with_hint(StatementRow, "NOT INDEXED", "sqlite")
        )
        return cut(found, statement_id, kind)


def _matches(index: str, expression: str | ColumnElement[Any]) -> ColumnElement[bool]:
    return literal_column(index).op("MATCH", is_comparison=True)(expression)


def _match(ask: Ask) -> str:
    """The question in the language of FTS5; tokens hold nothing that means anything there."""
    parts = [_terms_match(ask.terms, "{said title}" if ask.headlines else "said")] if ask.terms else []
    parts += [f"marks : ({' OR '.join(map(_quoted, some)) or _quoted('=')})" for some in ask.marks]
    return " AND ".join(f"({part})" for part in parts)


def _terms_match(terms: Sequence[Term], columns: str) -> str:
    met = [f"{columns} : {_phrase(term)}" for term in terms if not term.excluded]
    lacking = [f"{columns} : {_phrase(term)}" for term in terms if term.excluded]
    asked = " AND ".join(met)
    return f"({asked}) NOT ({' OR '.join(lacking)})" if lacking else asked


def _phrase(term: Term) -> str:
    return _quoted(" ".join(tokens_for(term))) + (" *" if term.prefix else "")


def _quoted(token: str) -> str:
    return f'"{token}"'
