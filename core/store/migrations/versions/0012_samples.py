"""Marks what the demo made: what isn't marked is nobody else's to remove."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

TABLES = ('connection', 'source', 'segment', 'export', 'run')


def upgrade() -> None:
    for table in TABLES:
        # Plain ALTER TABLE: SQLite takes it in place, and copies no run.
        op.add_column(
            table, sa.Column('sample', sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'sample')
