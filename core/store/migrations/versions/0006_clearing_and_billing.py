"""Fields emptied by runs, profiles that are new to the destination, and what its plan includes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


# Column by column, never in a batch: that would make tables anew while others refer to them.
def added() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ('connection', sa.Column('plan_profiles', sa.Integer(), nullable=True)),
        ('connection', sa.Column('active_profiles', sa.Integer(), nullable=True)),
        ('connection', sa.Column('active_at', core.store.database.Moment(timezone=True), nullable=True)),
        ('run', sa.Column('cleared', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('new_profiles', sa.Integer(), nullable=True)),
    ]


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(added()):
        op.drop_column(table, column.name)
