"""Alembic's entry: runs the steps on the connection it is handed."""

from alembic import context

from inbox_tui.store import tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.table(tables.Session).metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
