"""Connections in full: their state, who may use them, OAuth; runs that are held."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


# Column by column, never in a batch: that would make tables anew while others refer to them.
def connection() -> list[sa.Column[Any]]:
    return [
        sa.Column('people', sa.JSON(), nullable=False, server_default='[]'),
        sa.Column('former_secret', sa.String(), nullable=True),
        sa.Column('former_ending', sa.String(), nullable=True),
        sa.Column('oauth', sa.String(), nullable=True),
        sa.Column('test_account', sa.Boolean(), nullable=True),
        sa.Column('time_zone', sa.String(), nullable=True),
        sa.Column('state', sa.String(length=12), nullable=False, server_default='unchecked'),
        sa.Column('missing', sa.JSON(), nullable=False, server_default='[]'),
        sa.Column('used_at', core.store.database.Moment(timezone=True), nullable=True),
        sa.Column('export_user_id', sa.Integer(), nullable=True),
        sa.Column('removal', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('owner_id', sa.Integer(), nullable=True),
    ]


def run() -> list[sa.Column[Any]]:
    return [
        sa.Column('hold', sa.String(), nullable=True),
        sa.Column('holds', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('export_user', sa.String(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table('authorization',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('base_url', sa.String(), nullable=False),
    sa.Column('redirect_uri', sa.String(), nullable=False),
    sa.Column('verifier', sa.String(), nullable=False),
    sa.Column('tokens', sa.String(), nullable=True),
    sa.Column('problem', sa.String(), nullable=True),
    sa.Column('expires_at', core.store.database.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(
        ['account_id'],
        ['account.id'],
        name=op.f('fk_authorization_account_id'),
        ondelete='CASCADE',
    ),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_authorization'))
    )
    for table, columns in (('connection', connection()), ('run', run())):
        for column in columns:
            op.add_column(table, column)
    op.execute("update connection set state = 'ok' where checked_at is not null")
    op.execute("update connection set state = 'broken' where problem is not null")


def downgrade() -> None:
    for table, columns in (('run', run()), ('connection', connection())):
        for column in reversed(columns):
            op.drop_column(table, column.name)
    op.drop_table('authorization')
