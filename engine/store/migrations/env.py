"""Alembic's entry: runs the migrations on the connection that `engine.store.schema` hands over."""

from alembic import context

from engine.store import (  # noqa: F401  importing them fills the metadata
    applicant_tables,
    attachment_tables,
    audit_tables,
    comment_tables,
    draft_tables,
    link_tables,
    means_tables,
    notice_tables,
    people_tables,
    sign_in_tables,
    supervision_tables,
    tables,
    vault_tables,
    warning_tables,
)
from engine.store.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
