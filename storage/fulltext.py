"""Full text: how each database keeps an index of tokens, and how it is asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    insert,
    literal,
    literal_column,
    not_,
    select,
    table,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from news.articles import ArticleId
from news.channels import WorkspaceId
from news.terms import Term
from storage.ids import ids_after, ids_from
from storage.rows import chunks, visible
from storage.tables import StatementRow
from storage.tokens import tokens_for
from storage.types import Id

FEW_ACTORS = 8
"""Up to so many names, PostgreSQL walks through the statements of each; beyond, through the index of words."""

FullText: TypeAlias = "Fts5 | Tsvector"
AnySession: TypeAlias = AsyncSession | Connection

STATEMENTS, ARTICLES = "statement_index", "article_index"
_POSTGRESQL = (
    "DROP TABLE IF EXISTS statement_index, statement_actors, article_index",
    "CREATE TABLE statement_index (id bigint PRIMARY KEY, article_id bigint NOT NULL, search tsvector NOT NULL)",
    "CREATE INDEX ix_statement_index_search ON statement_index USING gin (search)",
    "ALTER TABLE statement_index ALTER search SET STATISTICS 1000",
    "CREATE TABLE statement_actors (actor_id bigint, statement_id bigint, PRIMARY KEY (actor_id, statement_id))",
    "CREATE INDEX ix_statement_actors_statement_id ON statement_actors (statement_id)",
    "CREATE TABLE article_index (id bigint PRIMARY KEY, search tsvector NOT NULL)",
    "CREATE INDEX ix_article_index_search ON article_index USING gin (search)",
)


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


@dataclass(frozen=True, slots=True)
class Search:
    """What statements must have, by the index and by their rows."""

    ask: Ask
    workspace_id: WorkspaceId | None = None
    """Who must follow a feed that leads to their articles."""
    where: tuple[ColumnElement[bool], ...] = ()

    def newest(self, session: AnySession, *, limited: bool = True) -> Select[int]:
        """The ids of the statements, the newest of them; in no order where all are asked for. To be executed with
        the values."""
        index, kind = full_text(session), self._kind(session, limited=limited)
        return _usual(index, kind) if not self.where else _newest(index, kind, self.where)

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
    conditions = [*where]
    if kind.in_workspace:
        conditions.append(visible(bindparam("workspace", type_=Id), StatementRow.article_id))
    if kind.indexed:
        return index.newest(kind, conditions)
    found = select(StatementRow.id).where(*_between(kind, StatementRow.id), *conditions)
    return _cut(found, StatementRow.id, kind)


Column: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]


def full_text(session: AnySession) -> FullText:
    """The index of the session's database."""
    dialect = session.dialect if isinstance(session, Connection) else session.get_bind().dialect
    return _FTS5 if dialect.name == "sqlite" else _TSVECTOR


class Fts5:
    """FTS5 of SQLite: a table whose columns hold tokens, and whose rowid is the statement's or the article's id."""

    index = table(
        STATEMENTS, column("rowid", Id), column("said", Text), column("title", Text), column("marks", Text)
    )
    articles = table(ARTICLES, column("rowid", Id), column("title", Text), column("body", Text))

    async def make(self, session: AsyncSession) -> None:
        """Empty indexes, in the place of any."""
        for name, columns in ((STATEMENTS, "said, title, marks"), (ARTICLES, "title, body")):
            await session.execute(text(f"DROP TABLE IF EXISTS {name}"))
            # Tokens are folded and spaced already. How long a text is matters for ranking only.
            options = """tokenize="ascii tokenchars '='", columnsize=0"""
            await session.execute(text(f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, {options})"))

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
                    "marks": " ".join(_marks(row)),
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

    async def add_articles(
        self, session: AsyncSession, rows: Sequence[tuple[ArticleId, Sequence[str], Sequence[str]]]
    ) -> None:
        """Articles with the tokens of title and text, in the place of what they had."""
        if not rows:
            return
        await self.drop_articles(session, [article_id for article_id, _, _ in rows])
        await session.execute(
            text(f"INSERT INTO {ARTICLES} (rowid, title, body) VALUES (:id, :title, :body)"),
            [{"id": i, "title": _spaced(title), "body": _spaced(body)} for i, title, body in rows],
        )

    async def drop_articles(self, session: AsyncSession, ids: Sequence[ArticleId]) -> None:
        """Takes articles out."""
        for some in chunks(ids):
            await session.execute(delete(self.articles).where(self.articles.c.rowid.in_(some)))

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
            .where(
                _matches(STATEMENTS, bindparam("asked", type_=Text)), *_between(kind, statement_id), *where
            )
            # The rows are looked up one by one as the index tells them: it alone is in the order of time.
            .with_hint(StatementRow, "NOT INDEXED", "sqlite")
        )
        return _cut(found, statement_id, kind)

    def article_has(self, terms: Sequence[Term], article_id: Column) -> ColumnElement[bool]:
        """Whether one article, whose id is at hand, meets the terms."""
        row = self.articles
        tokens = row.c.title + row.c.body
        conditions = []
        for term in terms:
            wanted = f" {' '.join(tokens_for(term))}" + ("" if term.prefix else " ")
            stands = tokens.contains(wanted, autoescape=True)
            conditions.append(not_(stands) if term.excluded else stands)
        return select(literal(1)).select_from(row).where(row.c.rowid == article_id, *conditions).exists()

    def articles_with(self, terms: Sequence[Term]) -> Select[ArticleId]:
        """The ids of all articles that meet the terms."""
        return select(self.articles.c.rowid).where(_matches(ARTICLES, _terms_match(terms, "{title body}")))


class Tsvector:
    """`tsvector` of PostgreSQL: a row a statement or article, and one for each name that a statement bears."""

    index = table(STATEMENTS, column("id", Id), column("article_id", Id), column("search", TSVECTOR))
    actors = table("statement_actors", column("actor_id", Id), column("statement_id", Id))
    articles = table(ARTICLES, column("id", Id), column("search", TSVECTOR))

    async def make(self, session: AsyncSession) -> None:
        """Empty indexes, in the place of any."""
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
                    "search": _vector(row.said, row.title, _marks(row)),
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

    async def add_articles(
        self, session: AsyncSession, rows: Sequence[tuple[ArticleId, Sequence[str], Sequence[str]]]
    ) -> None:
        """Articles with the tokens of title and text, in the place of what they had."""
        if not rows:
            return
        await self.drop_articles(session, [article_id for article_id, _, _ in rows])
        await session.execute(
            insert(self.articles).values(id=bindparam("id"), search=_as_vector("search")),
            [{"id": i, "search": _vector([*title, "", *body])} for i, title, body in rows],
        )

    async def drop_articles(self, session: AsyncSession, ids: Sequence[ArticleId]) -> None:
        """Takes articles out."""
        for some in chunks(ids):
            await session.execute(delete(self.articles).where(self.articles.c.id.in_(some)))

    def walked(self, ask: Ask, *, limited: bool) -> tuple[int, ...]:
        """Names whose statements are walked through, newest first.

        Who speaks often is looked for among his own statements: of those that the index of words finds no order is
        known.
        """
        few = (*(ask.actors or ()), *ask.speakers)
        return few if limited and len(few) <= FEW_ACTORS else ()

    def values(self, ask: Ask, *, limited: bool) -> dict[str, Any]:
        """What the statement of `newest` is to be executed with."""
        names = {f"actor{at}": number for at, number in enumerate(self.walked(ask, limited=limited))}
        return {"asked": _asked(ask), **names}

    def newest(self, kind: Kind, where: Sequence[ColumnElement[bool]]) -> Select[int]:
        """The ids of statements that have what is asked, and meet the conditions on their rows; newest first."""
        statement_id = self.index.c.id
        found = (
            select(statement_id)
            .join(StatementRow, StatementRow.id == statement_id)
            .where(self.index.c.search.op("@@")(_query(bindparam("asked", type_=Text))))
            .where(*_between(kind, statement_id), *where)
        )
        if not kind.walked:
            return _cut(found, statement_id, kind)
        own = [
            _cut(
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
        return _cut(select(each.c.id), each.c.id, kind)

    def article_has(self, terms: Sequence[Term], article_id: Column) -> ColumnElement[bool]:
        """Whether one article, whose id is at hand, meets the terms."""
        return self._with(terms).where(self.articles.c.id == article_id).exists()

    def articles_with(self, terms: Sequence[Term]) -> Select[ArticleId]:
        """The ids of all articles that meet the terms."""
        return self._with(terms)

    def _with(self, terms: Sequence[Term]) -> Select[ArticleId]:
        asked = " & ".join(_excluded(term, _in_a_row(term)) for term in terms)
        return select(self.articles.c.id).where(self.articles.c.search.op("@@")(_query(literal(asked, Text))))


def _marks(row: Indexed) -> list[str]:
    return [
        *(f"=a{number}" for number in sorted(set(row.actors))),
        *(() if row.speaker is None else (f"=s{row.speaker}",)),
        *(f"=f{number}" for number in sorted(set(row.feeds))),
        f"=o{row.outlet}",
    ]


def _spaced(tokens: Sequence[str]) -> str:
    return f" {' '.join(tokens)} " if tokens else " "


def _cut(found: Select[Any], statement_id: Column, kind: Kind) -> Select[int]:
    return (
        found.order_by(statement_id.desc()).limit(bindparam("limit", type_=Integer))
        if kind.limited
        else found
    )


def _between(kind: Kind, statement_id: Column) -> list[ColumnElement[bool]]:
    bounds = {
        "least": statement_id >= bindparam("least", type_=Id),
        "below": statement_id < bindparam("below", type_=Id),
    }
    return [bounds[name] for name in kind.bounds]


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


_FTS5, _TSVECTOR = Fts5(), Tsvector()
