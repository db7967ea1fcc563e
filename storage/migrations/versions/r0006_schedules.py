"""Schedules: digests in threads, subscriptions that stopped by themselves, slots that are taken before their digest is
composed, and who posts."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Written out, not taken from the store's own types: those change, and this file must not.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
STATES = "'pending', 'sending', 'sent', 'failed', 'unknown'"
KINDS = "'failing', 'ended', 'back'"
DELIVERY = "id, subscription_id, digest_id, slot, state, touched, attempts, receipt, error"
NOTICE = (
    "id, workspace_id, feed_id, kind, since, reason, platform, channel, made, state, touched, attempts, post, "
    "receipt, error"
)
ADDED = (
    "form TEXT NOT NULL DEFAULT 'message' CONSTRAINT ck_subscriptions_form CHECK (form IN ('message', 'thread'))",
    "made_by TEXT",
    "trouble TEXT",
    "trouble_since {time}",
    "skipped INTEGER NOT NULL DEFAULT 0",
)
"""Columns of subscriptions, in the words of either database: Alembic cannot add one with its constraint to SQLite."""


def upgrade() -> None:
    """To this version."""
    time = "BIGINT" if _is_sqlite() else "TIMESTAMP WITH TIME ZONE"
    for column in ADDED:
        op.execute(f"ALTER TABLE subscriptions ADD COLUMN {column.format(time=time)}")
    if _is_sqlite():
        _remake("deliveries", DELIVERY, lambda: _make_deliveries(new=True))
        _remake("notices", NOTICE, lambda: _make_notices(new=True))
    else:
        op.add_column(
            "deliveries", sa.Column("skipped", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
        op.alter_column("deliveries", "digest_id", nullable=True)
        _constrain("deliveries", "state", f"state IN ('claimed', {STATES})", anew=True)
        _constrain("deliveries", "digest", "state = 'claimed' OR digest_id IS NOT NULL")
        op.alter_column("notices", "feed_id", nullable=True)
        op.add_column("notices", sa.Column("subscription_id", ID))
        op.create_foreign_key(
            "fk_notices_subscription_id_subscriptions",
            "notices",
            "subscriptions",
            ["subscription_id"],
            ["id"],
        )
        op.create_unique_constraint(
            "uq_notices_subscription_id_kind_since", "notices", ["subscription_id", "kind", "since"]
        )
        _constrain("notices", "kind", f"kind IN ('paused', {KINDS})", anew=True)
        _constrain("notices", "of", "(feed_id IS NULL) <> (subscription_id IS NULL)")
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def downgrade() -> None:
    """To the version before. What is told of schedules goes, and slots that were taken and not composed."""
    op.drop_table("leases")
    op.execute("DELETE FROM notices WHERE feed_id IS NULL")
    op.execute("DELETE FROM deliveries WHERE digest_id IS NULL")
    if _is_sqlite():
        _remake("notices", NOTICE, lambda: _make_notices(new=False))
        _remake("deliveries", DELIVERY, lambda: _make_deliveries(new=False))
    else:
        op.drop_constraint("ck_notices_of", "notices", type_="check")
        _constrain("notices", "kind", f"kind IN ({KINDS})", anew=True)
        op.drop_column("notices", "subscription_id")
        op.alter_column("notices", "feed_id", nullable=False)
        op.drop_constraint("ck_deliveries_digest", "deliveries", type_="check")
        _constrain("deliveries", "state", f"state IN ({STATES})", anew=True)
        op.alter_column("deliveries", "digest_id", nullable=False)
        op.drop_column("deliveries", "skipped")
    for name in ("skipped", "trouble_since", "trouble", "made_by", "form"):
        op.execute(f"ALTER TABLE subscriptions DROP COLUMN {name}")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _constrain(table: str, name: str, condition: str, *, anew: bool = False) -> None:
    if anew:
        op.drop_constraint(f"ck_{table}_{name}", table, type_="check")
    op.create_check_constraint(f"ck_{table}_{name}", table, condition)


def _remake(table: str, columns: str, make: Callable[[], None]) -> None:
    """SQLite changes no constraint of a table that is there; ids go on where they were."""
    counter = op.get_bind().scalar(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table}
    )
    op.execute(f"CREATE TABLE kept AS SELECT {columns} FROM {table}")
    op.drop_table(table)
    make()
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept")
    op.drop_table("kept")
    if counter is not None:
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {int(counter)})")


def _make_deliveries(*, new: bool) -> None:
    states = f"'claimed', {STATES}" if new else STATES
    added: list[sa.schema.SchemaItem] = [
        sa.Column("skipped", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.CheckConstraint("state = 'claimed' OR digest_id IS NOT NULL", name="ck_deliveries_digest"),
    ]
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("digest_id", ID, nullable=new),
        sa.Column("slot", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("touched", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint(f"state IN ({states})", name="ck_deliveries_state"),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_deliveries_digest_id_digests"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_deliveries_subscription_id_subscriptions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("subscription_id", "slot", name="uq_deliveries_subscription_id_slot"),
        *(added if new else []),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state"])
    op.create_index("ix_deliveries_digest_id", "deliveries", ["digest_id"])


def _make_notices(*, new: bool) -> None:
    kinds = f"'paused', {KINDS}" if new else KINDS
    added: list[sa.schema.SchemaItem] = [
        sa.Column("subscription_id", ID),
        sa.CheckConstraint("(feed_id IS NULL) <> (subscription_id IS NULL)", name="ck_notices_of"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_notices_subscription_id_subscriptions"
        ),
        sa.UniqueConstraint("subscription_id", "kind", "since", name="uq_notices_subscription_id_kind_since"),
    ]
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=new),
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
        sa.CheckConstraint(f"kind IN ({kinds})", name="ck_notices_kind"),
        sa.CheckConstraint(f"state IN ({STATES})", name="ck_notices_state"),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_notices_feed_id_feeds"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_notices_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            "workspace_id", "feed_id", "kind", "since", name="uq_notices_workspace_id_feed_id_kind_since"
        ),
        *(added if new else []),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_feed_id", "notices", ["feed_id"])
    op.create_index("ix_notices_state", "notices", ["state"])
