"""Why the destination refused people of a run, so that a reason that is new can be told."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('run', sa.Column('refusals', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('run', 'refusals')
