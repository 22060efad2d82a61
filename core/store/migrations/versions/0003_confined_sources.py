"""Which sources read the allowed folders only."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # those from before sign-in were made by whoever had the machine, so they stay as they are
    op.add_column(
        'source',
        sa.Column('confined', sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    # not in a batch, which would make the table anew while segments refer to it
    op.drop_column('source', 'confined')
