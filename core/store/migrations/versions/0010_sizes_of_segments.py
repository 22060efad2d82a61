"""How many each segment had at each count, so that it can be shown over time."""

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

# The last count of each is its first known size.
KNOWN = """
    insert into segment_size (segment_id, at, members, total)
    select id, counted_at, members, total from segment
    where counted_at is not null and members is not null and total is not null
"""


def upgrade() -> None:
    op.create_table('segment_size',
    sa.Column('segment_id', sa.Integer(), nullable=False),
    sa.Column('at', core.store.database.Moment(timezone=True), nullable=False),
    sa.Column('members', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(
        ['segment_id'], ['segment.id'], name=op.f('fk_segment_size_segment_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('segment_id', 'at', name=op.f('pk_segment_size'))
    )
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_table('segment_size')
