"""Alembic's entry: runs the migrations on the connection that `engine.store.schema` hands over."""

from alembic import context

from engine.store import people_tables, tables

assert people_tables.metadata is tables.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    render_as_batch=True,
)
context.run_migrations()
