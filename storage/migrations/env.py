"""Runs migrations on the connection that it is handed; Alembic executes this file."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    # Not with our tables: their convention would be put before names that migrations write out.
    target_metadata=None,
    version_table=context.config.attributes["version_table"],
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
