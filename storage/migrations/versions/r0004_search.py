"""Indexes of words, names and outlets; stances as rows of their own; articles that grew too old."""

from __future__ import annotations

import hashlib
import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from news.actors import fold, name_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AT_ONCE = 500

_WORD = re.compile(r"[^\W_]+")


def upgrade() -> None:
    """To this version. The indexes of words are made afterwards: their rules change more often than tables do."""
    _make_directory()
    op.add_column("articles", sa.Column("aged", TIME))
    with op.batch_alter_table("entries") as entries:
        entries.alter_column("article_id", existing_type=ID, nullable=True)
    op.drop_index("ix_statements_surname_key", "statements")
    op.drop_column("statements", "surname_key")
    op.drop_column("article_versions", "title_words")
    op.drop_column("article_versions", "words")
    _make_stances()
    _move_stances()
    op.drop_column("briefs", "stances")


def downgrade() -> None:
    """To the version before. What grew too old goes, for that version has no place for it."""
    op.add_column("briefs", sa.Column("stances", DOCUMENT, nullable=False, server_default="[]"))
    _take_stances_back()
    op.drop_table("stances")
    op.execute("DELETE FROM entries WHERE article_id IS NULL")
    with op.batch_alter_table("entries") as entries:
        entries.alter_column("article_id", existing_type=ID, nullable=False)
    op.drop_column("articles", "aged")
    for name in ("title_words", "words"):
        op.add_column("article_versions", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("statements", sa.Column("surname_key", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_statements_surname_key", "statements", ["surname_key"])
    _spell_out()
    for name in ("search_index", "actor_feeds", "actor_tokens", "actors", "outlets"):
        op.drop_table(name)
    for name in ("statement_index", "article_index", "statement_actors"):
        op.execute(f"DROP TABLE IF EXISTS {name}")


def _make_directory() -> None:
    op.create_table(
        "search_index",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_search_index"),
    )
    op.create_table(
        "outlets",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outlets"),
        sa.UniqueConstraint("unique_key", name="uq_outlets_unique_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "actors",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actors"),
        sa.UniqueConstraint("unique_key", name="uq_actors_unique_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "actor_tokens",
        sa.Column("token", BYTEWISE, nullable=False),
        sa.Column("actor_id", ID, autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name="fk_actor_tokens_actor_id_actors"),
        sa.PrimaryKeyConstraint("token", "actor_id", name="pk_actor_tokens"),
    )
    op.create_index("ix_actor_tokens_token_weight", "actor_tokens", ["token", "weight"])
    op.create_table(
        "actor_feeds",
        sa.Column("actor_id", ID, autoincrement=False, nullable=False),
        sa.Column("feed_id", ID, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('speaker', 'nameless', 'represented')", name="ck_actor_feeds_role"),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name="fk_actor_feeds_actor_id_actors"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_actor_feeds_feed_id_feeds"),
        sa.PrimaryKeyConstraint("actor_id", "role", "feed_id", name="pk_actor_feeds"),
    )


def _make_stances() -> None:
    op.create_table(
        "stances",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("moment", TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_key", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.CheckConstraint("position IN ('supports', 'opposes', 'conditional')", name="ck_stances_position"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="ck_stances_confidence"),
        sa.ForeignKeyConstraint(["article_id"], ["briefs.article_id"], name="fk_stances_article_id_briefs"),
        sa.PrimaryKeyConstraint("id", name="pk_stances"),
        sa.UniqueConstraint("article_id", "place", name="uq_stances_article_id_place"),
    )
    op.create_index("ix_stances_actor_key_target_key_id", "stances", ["actor_key", "target_key", "id"])
    op.create_index("ix_stances_target_key_id", "stances", ["target_key", "id"])


_articles = sa.table("articles", sa.column("id", ID), sa.column("moment", TIME))
_briefs = sa.table("briefs", sa.column("article_id", ID), sa.column("stances", DOCUMENT))
_stances = sa.table(
    "stances",
    sa.column("id", ID),
    sa.column("article_id", ID),
    sa.column("place", sa.Integer()),
    sa.column("moment", TIME),
    sa.column("actor", sa.Text()),
    sa.column("actor_key", sa.Text()),
    sa.column("target", sa.Text()),
    sa.column("target_key", sa.Text()),
    sa.column("position", sa.Text()),
    sa.column("confidence", sa.Double()),
    sa.column("evidence", DOCUMENT),
)


def _move_stances() -> None:
    """Stances to rows of their own; their ids are beside that of their article, so that they sort by time."""
    connection = op.get_bind()
    query = sa.select(_briefs.c.article_id, _briefs.c.stances, _articles.c.moment).join(
        _articles, _articles.c.id == _briefs.c.article_id
    )
    taken: set[int] = set()
    rows = []
    for article_id, stances, moment in connection.execute(
        query.where(sa.cast(_briefs.c.stances, sa.Text) != "[]")
    ):
        for place, stance in enumerate(stances):
            number = article_id + place
            while number in taken:
                number += 1
            taken.add(number)
            rows.append(
                {
                    "id": number,
                    "article_id": article_id,
                    "place": place,
                    "moment": moment,
                    "actor": stance["actor"],
                    "actor_key": _cut(name_key(stance["actor"])),
                    "target": stance["target"],
                    "target_key": _cut(fold(stance["target"])),
                    "position": stance["position"],
                    "confidence": stance.get("confidence", 1.0),
                    "evidence": stance["evidence"],
                }
            )
    if rows:
        connection.execute(sa.insert(_stances), rows)


def _take_stances_back() -> None:
    connection = op.get_bind()
    found: dict[int, list[dict[str, object]]] = {}
    for row in connection.execute(sa.select(_stances).order_by(_stances.c.article_id, _stances.c.place)):
        found.setdefault(row.article_id, []).append(
            {
                "actor": row.actor,
                "target": row.target,
                "position": row.position,
                "evidence": row.evidence,
                "confidence": row.confidence,
            }
        )
    of, to = sa.bindparam("of", type_=ID), sa.bindparam("to", type_=DOCUMENT)
    if found:
        connection.execute(
            sa.update(_briefs).where(_briefs.c.article_id == of).values(stances=to),
            [{"of": article_id, "to": stances} for article_id, stances in found.items()],
        )


def _spell_out() -> None:
    """The words and surnames that the version before searched through."""
    connection = op.get_bind()
    versions = sa.table(
        "article_versions",
        sa.column("article_id", ID),
        sa.column("version", sa.Integer()),
        sa.column("title", sa.Text()),
        sa.column("text", sa.Text()),
        sa.column("title_words", sa.Text()),
        sa.column("words", sa.Text()),
    )
    after = (-1, 0)
    of, version = sa.bindparam("of", type_=ID), sa.bindparam("number", type_=sa.Integer())
    change = sa.update(versions).where(versions.c.article_id == of, versions.c.version == version)
    change = change.values(title_words=sa.bindparam("headline"), words=sa.bindparam("all"))
    while True:
        place = sa.tuple_(versions.c.article_id, versions.c.version)
        query = sa.select(versions).where(place > sa.tuple_(*map(sa.literal, after)))
        rows = connection.execute(
            query.order_by(versions.c.article_id, versions.c.version).limit(AT_ONCE)
        ).all()
        if not rows:
            break
        after = (rows[-1].article_id, rows[-1].version)
        connection.execute(
            change,
            [
                {
                    "of": row.article_id,
                    "number": row.version,
                    "headline": _spaced(row.title or ""),
                    "all": _spaced(row.title or "") + _spaced(row.text),
                }
                for row in rows
            ],
        )
    names = sa.table("statements", sa.column("speaker_name", sa.Text()), sa.column("surname_key", sa.Text()))
    query = sa.select(names.c.speaker_name).where(names.c.speaker_name.is_not(None)).distinct()
    of_name, to = sa.bindparam("of", type_=sa.Text()), sa.bindparam("to", type_=sa.Text())
    surnames = [
        {"of": name, "to": _cut("".join(name_key(name).split()[-1:]))}
        for (name,) in connection.execute(query)
    ]
    if surnames:
        connection.execute(
            sa.update(names).where(names.c.speaker_name == of_name).values(surname_key=to), surnames
        )


def _spaced(text: str) -> str:
    words = _WORD.findall(fold(text))
    return f" {' '.join(words)} " if words else ""


def _cut(key: str) -> str:
    encoded = key.encode("utf-8", "replace")
    return key if len(encoded) <= 400 else f"sha256:{hashlib.sha256(encoded).hexdigest()}"
