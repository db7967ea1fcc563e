"""The tokens of articles: whether one that is at hand has some words. No article is looked for by its words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, column, delete, insert, literal, not_, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from news.articles import ArticleId
from news.terms import Term
from storage.asking import ARTICLES, Column
from storage.rows import chunks
from storage.tokens import tokens_for
from storage.types import Id

TOKENS = table(ARTICLES, column("id", Id), column("title", Text), column("body", Text))

Tokens = tuple[ArticleId, Sequence[str], Sequence[str]]
"""An article, and the tokens of its title and its text."""


async def make(session: AsyncSession) -> None:
    """An empty table, in the place of any."""
    await session.execute(text(f"DROP TABLE IF EXISTS {ARTICLES}"))
    number = "integer" if session.get_bind().dialect.name == "sqlite" else "bigint"
    columns = f"id {number} PRIMARY KEY, title text NOT NULL, body text NOT NULL"
    await session.execute(text(f"CREATE TABLE {ARTICLES} ({columns})"))


async def put(session: AsyncSession, rows: Sequence[Tokens]) -> None:
    """Keeps the tokens of articles, in the place of what they had."""
    if rows:
        await drop(session, [article_id for article_id, _, _ in rows])
        spaced = [{"id": i, "title": _spaced(title), "body": _spaced(body)} for i, title, body in rows]
        await session.execute(insert(TOKENS), spaced)


async def drop(session: AsyncSession, ids: Sequence[ArticleId]) -> None:
    """Takes articles out."""
    for some in chunks(ids):
        await session.execute(delete(TOKENS).where(TOKENS.c.id.in_(some)))


def article_has(terms: Sequence[Term], article_id: Column) -> ColumnElement[bool]:
    """Whether an article meets the terms."""
    conditions = []
    for term in terms:
        wanted = f" {' '.join(tokens_for(term))}" + ("" if term.prefix else " ")
        stands = (TOKENS.c.title + TOKENS.c.body).contains(wanted, autoescape=True)
        conditions.append(not_(stands) if term.excluded else stands)
    return select(literal(1)).select_from(TOKENS).where(TOKENS.c.id == article_id, *conditions).exists()


def _spaced(tokens: Sequence[str]) -> str:
    """No phrase reaches from a title into its text: two spaces are between them."""
    return f" {' '.join(tokens)} " if tokens else " "
