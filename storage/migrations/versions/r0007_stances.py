"""Targets of workspaces, and stances with what the ledger looks them up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OWN = sa.text("owner IS NOT NULL")
NOBODYS, WAITING = sa.text("workspace_id IS NULL"), sa.text("waiting")
BUILT_IN = "1"
"""The version of the targets that are built in."""
ADDED = (
    ("voice", "TEXT"),
    ("state", "TEXT"),
    ("state_key", "TEXT NOT NULL DEFAULT ''"),
    ("outlet_key", "TEXT NOT NULL DEFAULT ''"),
    ("owner", "{id}"),
)
"""Columns of stances, in the words of either database."""


def upgrade() -> None:
    """To this version. Stances from before are of targets that are built in, and of nobody's state."""
    _make_targets()
    _make_pages()
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for name, kind in ADDED:
        op.execute(f"ALTER TABLE stances ADD COLUMN {name} {kind.format(id=number)}")
    op.execute(
        "UPDATE stances SET "
        "outlet_key = (SELECT outlet_key FROM articles WHERE articles.id = stances.article_id)"
    )
    for name in ("ix_stances_actor_key_target_key_id", "ix_stances_target_key_id"):
        op.drop_index(name, "stances")
    op.create_index(
        "ix_stances_owner", "stances", ["owner", "target_key"], sqlite_where=OWN, postgresql_where=OWN
    )
    # What was read before has no stances yet. A later version of the set that is built in does the same again.
    op.execute(
        "INSERT INTO targets (kind, name, key, description, supporting, opposing, waiting, done) "
        f"SELECT 'set', '{BUILT_IN}', '{BUILT_IN}', '', '[]', '[]', TRUE, 0 WHERE EXISTS (SELECT 1 FROM briefs)"
    )


def downgrade() -> None:
    """To the version before. Targets of workspaces go, with the stances on them."""
    op.execute("DELETE FROM stances WHERE owner IS NOT NULL")
    op.drop_index("ix_stances_owner", "stances")
    for name, _ in reversed(ADDED):
        op.execute(f"ALTER TABLE stances DROP COLUMN {name}")
    op.create_index("ix_stances_target_key_id", "stances", ["target_key", "id"])
    op.create_index("ix_stances_actor_key_target_key_id", "stances", ["actor_key", "target_key", "id"])
    for name in ("stance_pages", "stance_pairs", "targets"):
        op.drop_table(name)


def _make_targets() -> None:
    op.create_table(
        "targets",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("supporting", DOCUMENT, nullable=False),
        sa.Column("opposing", DOCUMENT, nullable=False),
        sa.Column("made", TIME),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("reached_moment", TIME),
        sa.Column("reached_id", ID),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.CheckConstraint("kind IN ('own', 'hidden', 'restored', 'set')", name="ck_targets_kind"),
        sa.CheckConstraint("(kind = 'set') = (workspace_id IS NULL)", name="ck_targets_set"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_targets_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_targets"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_targets_workspace_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_targets_built_in",
        "targets",
        ["key"],
        unique=True,
        sqlite_where=NOBODYS,
        postgresql_where=NOBODYS,
    )
    op.create_index(
        "ix_targets_waiting", "targets", ["workspace_id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _make_pages() -> None:
    op.create_table(
        "stance_pairs",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", ID, nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("actor_key", sa.Text(), nullable=False),
        sa.Column("state_key", sa.Text(), nullable=False),
        sa.Column("feeds", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stance_pairs"),
        sa.UniqueConstraint(
            "owner",
            "target_key",
            "actor_key",
            "state_key",
            name="uq_stance_pairs_owner_target_key_actor_key_state_key",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stance_pairs_actor_key", "stance_pairs", ["actor_key"])
    op.create_index("ix_stance_pairs_state_key", "stance_pairs", ["state_key"])
    op.create_table(
        "stance_pages",
        sa.Column("pair_id", ID, autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sightings", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["stance_pairs.id"], name="fk_stance_pages_pair_id_stance_pairs"
        ),
        sa.PrimaryKeyConstraint("pair_id", "period", name="pk_stance_pages"),
    )
