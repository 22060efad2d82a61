"""Tokens of the API, the exports that they may run, and requests that may come twice."""

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = core.store.database.Moment(timezone=True)
    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('refresh', sa.Boolean(), nullable=False),
    sa.Column('sees_people', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.String(), nullable=False),
    sa.Column('created_at', moment, nullable=False),
    sa.Column('used_at', moment, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest')),
    sa.UniqueConstraint('name', name=op.f('uq_api_token_name'))
    )
    op.create_table('api_token_export',
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('export_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(
        ['token_id'], ['api_token.id'],
        name=op.f('fk_api_token_export_token_id'), ondelete='CASCADE'
    ),
    sa.ForeignKeyConstraint(
        ['export_id'], ['export.id'],
        name=op.f('fk_api_token_export_export_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('token_id', 'export_id', name=op.f('pk_api_token_export'))
    )
    op.create_index(op.f('ix_api_token_export_export_id'), 'api_token_export', ['export_id'])
    op.create_table('api_request',
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request', sa.String(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.ForeignKeyConstraint(
        ['token_id'], ['api_token.id'], name=op.f('fk_api_request_token_id'), ondelete='CASCADE'
    ),
    sa.ForeignKeyConstraint(
        ['run_id'], ['run.id'], name=op.f('fk_api_request_run_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('token_id', 'key', name=op.f('pk_api_request'))
    )
    op.create_index(op.f('ix_api_request_at'), 'api_request', ['at'])
    op.create_index(op.f('ix_api_request_run_id'), 'api_request', ['run_id'])


def downgrade() -> None:
    op.drop_table('api_request')
    op.drop_table('api_token_export')
    op.drop_table('api_token')
