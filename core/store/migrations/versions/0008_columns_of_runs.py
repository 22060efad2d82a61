"""What the matched columns of a run held, so that the next one knows when that has changed."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('run', sa.Column('columns', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('run', 'columns')
