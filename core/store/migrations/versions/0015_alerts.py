"""Alerts with their channels and deliveries, and changes of exports that wait for approval."""

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

MOMENT = core.store.database.Moment(timezone=True)


def upgrade() -> None:
    op.create_table('alert_channel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=True),
    sa.Column('mail', sa.String(), nullable=True),
    sa.Column('exports', sa.JSON(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('digest_at', sa.String(), nullable=True),
    sa.Column('problem', sa.String(), nullable=True),
    sa.Column('failing_since', MOMENT, nullable=True),
    sa.Column('delivered_at', MOMENT, nullable=True),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(
        ['account_id'], ['account.id'], name=op.f('fk_alert_channel_account_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_channel'))
    )
    op.create_index(op.f('ix_alert_channel_account_id'), 'alert_channel', ['account_id'])
    op.create_table('alert_state',
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('subject', 'reason', name=op.f('pk_alert_state'))
    )
    op.create_table('alert_cursor',
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_alert_cursor'))
    )
    op.create_table('alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('recovered', sa.Boolean(), nullable=False),
    sa.Column('export_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(
        ['export_id'], ['export.id'], name=op.f('fk_alert_export_id'), ondelete='SET NULL'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert')),
    sa.UniqueConstraint('uid', name=op.f('uq_alert_uid'))
    )
    op.create_index(op.f('ix_alert_at'), 'alert', ['at'])
    op.create_index(op.f('ix_alert_export_id'), 'alert', ['export_id'])
    op.create_table('alert_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=True),
    sa.Column('channel_id', sa.Integer(), nullable=True),
    sa.Column('heartbeat', sa.String(), nullable=True),
    sa.Column('digest', sa.Boolean(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('due_at', MOMENT, nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(
        ['alert_id'], ['alert.id'], name=op.f('fk_alert_delivery_alert_id'), ondelete='CASCADE'
    ),
    sa.ForeignKeyConstraint(
        ['channel_id'], ['alert_channel.id'],
        name=op.f('fk_alert_delivery_channel_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_delivery')),
    sa.UniqueConstraint('alert_id', 'channel_id', name='uq_alert_delivery_alert_id')
    )
    op.create_index(op.f('ix_alert_delivery_channel_id'), 'alert_delivery', ['channel_id'])
    op.create_index(op.f('ix_alert_delivery_status'), 'alert_delivery', ['status'])
    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('export_id', sa.Integer(), nullable=False),
    sa.Column('spec', sa.JSON(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('list_name', sa.String(), nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('decided_by', sa.String(), nullable=True),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('approved', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(
        ['export_id'], ['export.id'], name=op.f('fk_proposal_export_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )
    op.create_index(op.f('ix_proposal_export_id'), 'proposal', ['export_id'])
    op.create_index(
        'one_open_proposal_per_export', 'proposal', ['export_id'], unique=True,
        sqlite_where=sa.text('decided_at is null'), postgresql_where=sa.text('decided_at is null')
    )


def downgrade() -> None:
    for table in ('proposal', 'alert_delivery', 'alert', 'alert_cursor', 'alert_state',
                  'alert_channel'):
        op.drop_table(table)
