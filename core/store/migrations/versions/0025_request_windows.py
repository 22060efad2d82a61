"""The windows in which destinations count the requests of all processes of an installation."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'request_window',
        sa.Column('owner', sa.String(), nullable=False),
        sa.Column('rate', sa.String(), nullable=False),
        sa.Column('state', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('owner', 'rate', name=op.f('pk_request_window')),
    )


def downgrade() -> None:
    op.drop_table('request_window')
