"""What destinations answered about accounts and lists, so that pages needn't ask them."""

import sqlalchemy as sa
from alembic import op

from core.store.database import Moment

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'reading',
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.String(), nullable=False),
        sa.Column('asked_at', Moment(timezone=True), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['connection_id'], ['connection.id'],
            name=op.f('fk_reading_connection_id'), ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('connection_id', 'what', name=op.f('pk_reading')),
    )


def downgrade() -> None:
    op.drop_table('reading')
