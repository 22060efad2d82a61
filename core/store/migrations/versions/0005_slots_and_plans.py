"""Slots of schedules, plans of runs, segments that an export leaves out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


# Column by column, never in a batch: that would make tables anew while others refer to them.
def added() -> list[tuple[str, sa.Column[Any]]]:
    return [
        (
            'export_segment',
            sa.Column('excluded', sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        ('run', sa.Column('added', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('updated', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('leaving', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('asking', sa.Integer(), nullable=True)),
        ('run', sa.Column('confirmed', sa.Integer(), nullable=True)),
        ('run', sa.Column('read_back', sa.JSON(none_as_null=True), nullable=True)),
    ]


def upgrade() -> None:
    op.create_table('slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('schedule', sa.String(), nullable=False),
    sa.Column('export_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('at', core.store.database.Moment(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(
        ['export_id'], ['export.id'], name=op.f('fk_slot_export_id'), ondelete='SET NULL'
    ),
    sa.ForeignKeyConstraint(
        ['run_id'], ['run.id'], name=op.f('fk_slot_run_id'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('schedule', 'at', name=op.f('uq_slot_schedule'))
    )
    op.create_index(op.f('ix_slot_export_id'), 'slot', ['export_id'], unique=False)
    op.create_index(op.f('ix_slot_at'), 'slot', ['at'], unique=False)
    for table, column in added():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(added()):
        op.drop_column(table, column.name)
    op.drop_index(op.f('ix_slot_at'), table_name='slot')
    op.drop_index(op.f('ix_slot_export_id'), table_name='slot')
    op.drop_table('slot')
