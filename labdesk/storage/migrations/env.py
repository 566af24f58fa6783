"""Alembic's entry: runs the revisions on the connection the program hands over."""

from alembic import context

from labdesk.storage.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
