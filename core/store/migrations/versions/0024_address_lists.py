"""Lists of addresses that rules compare with; the addresses encrypted."""

import sqlalchemy as sa
from alembic import op

from core.store.database import Moment

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'address_list',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('addresses', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('path', sa.String(), nullable=True),
        sa.Column('created_by', sa.String(), nullable=False),
        sa.Column('created_at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_address_list')),
        sa.UniqueConstraint('name', name=op.f('uq_address_list_name')),
    )
    op.create_index(op.f('ix_address_list_digest'), 'address_list', ['digest'])
    op.create_table(
        'addresses',
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('locked', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_addresses')),
    )


def downgrade() -> None:
    for table in ('addresses', 'address_list'):
        op.drop_table(table)
