"""Refreshes with their history, how old the data of sources is, and what segments were used for."""

import sqlalchemy as sa
from alembic import op

from core.store.database import Moment

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('source', sa.Column('freshness', sa.JSON(), nullable=True))
    op.add_column('segment', sa.Column('problem', sa.String(), nullable=True))
    op.add_column('segment', sa.Column('touched_at', Moment(timezone=True), nullable=True))
    op.create_table(
        'refresh',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('origin', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=True),
        sa.Column('status', sa.String(12), nullable=False),
        sa.Column('problem', sa.String(), nullable=True),
        sa.Column('started_at', Moment(timezone=True), nullable=False),
        sa.Column('finished_at', Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refresh')),
    )
    op.create_index(op.f('ix_refresh_started_at'), 'refresh', ['started_at'])
    running = sa.text('finished_at is null')
    op.create_index(
        'refresh_running', 'refresh', ['id'], sqlite_where=running, postgresql_where=running
    )
    op.create_table(
        'refreshed_source',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('refresh_id', sa.Integer(), nullable=False),
        sa.Column('source_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('status', sa.String(12), nullable=False),
        sa.Column('started_at', Moment(timezone=True), nullable=True),
        sa.Column('finished_at', Moment(timezone=True), nullable=True),
        sa.Column('rows', sa.BigInteger(), nullable=True),
        sa.Column('problem', sa.String(), nullable=True),
        sa.Column('freshness', sa.JSON(), nullable=True),
        sa.Column('segments', sa.JSON(), nullable=False),
        sa.Column('skipped', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['refresh_id'], ['refresh.id'],
            name=op.f('fk_refreshed_source_refresh_id'), ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['source_id'], ['source.id'],
            name=op.f('fk_refreshed_source_source_id'), ondelete='SET NULL',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refreshed_source')),
    )
    for column in ('refresh_id', 'source_id'):
        op.create_index(op.f(f'ix_refreshed_source_{column}'), 'refreshed_source', [column])
    op.create_table(
        'source_profile',
        sa.Column('refreshed_id', sa.Integer(), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['refreshed_id'], ['refreshed_source.id'],
            name=op.f('fk_source_profile_refreshed_id'), ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('refreshed_id', name=op.f('pk_source_profile')),
    )


def downgrade() -> None:
    for table in ('source_profile', 'refreshed_source', 'refresh'):
        op.drop_table(table)
    for column in ('touched_at', 'problem'):
        op.drop_column('segment', column)
    op.drop_column('source', 'freshness')
