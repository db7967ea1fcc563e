"""How often feeds are asked, folders, notices, edited articles whose statements are kept, one address an article."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from news.links import entry_identity, identity

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT_ONCE = 1_000


def upgrade() -> None:
    """To this version."""
    op.add_column("feeds", sa.Column("pace", DOCUMENT, nullable=False, server_default="{}"))
    op.add_column("feeds", sa.Column("interval", sa.Integer(), nullable=False, server_default="1800"))
    op.add_column("follows", sa.Column("folder", sa.Text(), nullable=False, server_default=""))
    op.add_column("workspaces", sa.Column("notices_platform", sa.Text()))
    op.add_column("workspaces", sa.Column("notices_channel", sa.Text()))
    op.add_column("article_versions", sa.Column("modified", TIME))
    op.add_column("entries", sa.Column("address", sa.Text()))
    op.add_column("entries", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_entries_feed_id_address", "entries", ["feed_id", "address"])
    op.add_column("statements", sa.Column("gone", TIME))
    op.add_column("statements", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE statements SET version = (SELECT version FROM briefs WHERE article_id = statements.article_id)"
    )
    _make_notices()
    _readdress()


def downgrade() -> None:
    """To the version before."""
    op.execute("DELETE FROM statements WHERE gone IS NOT NULL")
    op.drop_column("statements", "gone")
    op.drop_column("statements", "version")
    op.drop_table("notices")
    op.drop_index("ix_entries_feed_id_address", "entries")
    op.drop_column("entries", "tries")
    op.drop_column("entries", "address")
    op.drop_column("article_versions", "modified")
    op.drop_column("workspaces", "notices_channel")
    op.drop_column("workspaces", "notices_platform")
    op.drop_column("follows", "folder")
    op.drop_column("feeds", "interval")
    op.drop_column("feeds", "pace")


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("made", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("touched", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("post", ID),
        sa.Column("receipt", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint("kind IN ('failing', 'ended', 'back')", name="ck_notices_kind"),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="ck_notices_state"
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_notices_feed_id_feeds"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_notices_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "workspace_id", "feed_id", "kind", "since", name="uq_notices_workspace_id_feed_id_kind_since"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_feed_id", "notices", ["feed_id"])
    op.create_index("ix_notices_state", "notices", ["state"])


def _readdress() -> None:
    """Addresses as they are compared now. Where several articles turn out to be at one, the first is the one."""
    # On the way, one may bear a key that another one, which comes later, still has to lose.
    op.drop_index("uq_articles_url_key", "articles")
    _compute_addresses(op.get_bind())
    where = sa.text("NOT imported")
    op.create_index(
        "uq_articles_url_key",
        "articles",
        ["url_key"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _compute_addresses(connection: sa.Connection) -> None:
    articles = sa.table(
        "articles", sa.column("id", ID), sa.column("url_key"), sa.column("url"), sa.column("imported")
    )
    entries = sa.table("entries", sa.column("article_id", ID), sa.column("address"))
    taken: set[str] = set()
    last = -1
    while True:
        query = sa.select(articles.c.id, articles.c.url, articles.c.url_key, articles.c.imported)
        query = query.where(articles.c.id > last, articles.c.url.is_not(None))
        rows = connection.execute(query.order_by(articles.c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        keys, addresses = [], []
        for row in rows:
            addresses.append({"of": row.id, "to": _key(entry_identity(row.url))})
            if row.url_key is None:
                continue
            key = _key(identity(row.url))
            if not row.imported:
                key = None if key in taken else key
                taken.update({key} if key else ())
            keys.append({"of": row.id, "to": key})
        of, to = sa.bindparam("of", type_=ID), sa.bindparam("to", type_=sa.Text())
        if keys:
            connection.execute(sa.update(articles).where(articles.c.id == of).values(url_key=to), keys)
        connection.execute(sa.update(entries).where(entries.c.article_id == of).values(address=to), addresses)


def _key(address: str | None) -> str | None:
    encoded = (address or "").encode("utf-8", "replace")
    if len(encoded) > 400:
        return f"sha256:{hashlib.sha256(encoded).hexdigest()}"
    return address
