"""Runs that take another run back, or a list to a former day: what they undo, and their plan."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'run', sa.Column('kind', sa.String(length=12), nullable=False, server_default='export')
    )
    op.add_column('run', sa.Column('undo_of', sa.Integer(), nullable=True))
    op.add_column('run', sa.Column('undo', sa.JSON(), nullable=True))
    op.create_index('ix_run_undo_of', 'run', ['undo_of'])


def downgrade() -> None:
    op.drop_index('ix_run_undo_of', 'run')
    for column in ('undo', 'undo_of', 'kind'):
        op.drop_column('run', column)
