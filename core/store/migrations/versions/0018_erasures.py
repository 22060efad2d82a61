"""Erasures of people: their steps and receipts, keyed hashes of who was erased, and the keys."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'own_key',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('value', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_own_key'),
    )
    op.create_table(
        'erasure',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('digests', sa.JSON(), nullable=False),
        sa.Column('locked', sa.String(), nullable=True),
        sa.Column('steps', sa.JSON(), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name='pk_erasure'),
    )
    op.create_table(
        'erased',
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('mark', sa.BigInteger(), nullable=False),
        sa.Column('erasure_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['erasure_id'], ['erasure.id'], name='fk_erased_erasure_id', ondelete='RESTRICT'
        ),
        sa.PrimaryKeyConstraint('digest', name='pk_erased'),
    )


def downgrade() -> None:
    op.drop_table('erased')
    op.drop_table('erasure')
    op.drop_table('own_key')
