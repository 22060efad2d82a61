"""Which values of each source everybody may see; not known until it is read again."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('source', sa.Column('everyday', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('source', 'everyday')
