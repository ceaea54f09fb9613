"""Alembic's entry: it runs on the connection that the ledger hands over, in its transaction."""

from alembic import context

from store import service_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=service_tables.UserRow.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
