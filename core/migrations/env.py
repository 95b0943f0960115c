"""Alembic's entry: run one line of migrations on the connection that was handed over."""

from alembic import context

from core.tables import Table

line = context.config.attributes["line"]
connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    version_table=line.version_table,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
