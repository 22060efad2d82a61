"""The URLs of databases that sources read, encrypted."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

COLUMNS = ('secret', 'secret_reference')


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column('source', sa.Column(column, sa.String(), nullable=True))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column('source', column)
