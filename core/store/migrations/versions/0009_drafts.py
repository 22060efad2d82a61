"""What people have typed into forms and not saved yet."""

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('draft',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('thing_id', sa.Integer(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('base', sa.JSON(), nullable=False),
    sa.Column('began_at', core.store.database.Moment(timezone=True), nullable=False),
    sa.Column('changed_at', core.store.database.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(
        ['account_id'], ['account.id'], name=op.f('fk_draft_account_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('account_id', 'kind', 'thing_id', name=op.f('pk_draft'))
    )
    op.create_index(op.f('ix_draft_changed_at'), 'draft', ['changed_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_draft_changed_at'), table_name='draft')
    op.drop_table('draft')
