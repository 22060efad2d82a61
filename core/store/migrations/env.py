"""Runs migrations on the connection that core.store.database hands over."""

from alembic import context
from sqlmodel import SQLModel

from core.store import tables  # noqa: F401  (the tables have to be known)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
