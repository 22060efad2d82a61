"""Tokens that read measures alone, and which token requested a refresh."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'api_token',
        sa.Column('measures', sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table('slot') as batch:
        batch.add_column(sa.Column('token_id', sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f('fk_slot_token_id'), 'api_token', ['token_id'], ['id'], ondelete='SET NULL'
        )
    op.create_index(op.f('ix_slot_token_id'), 'slot', ['token_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_slot_token_id'), 'slot')
    with op.batch_alter_table('slot') as batch:
        batch.drop_constraint(op.f('fk_slot_token_id'), type_='foreignkey')
        batch.drop_column('token_id')
    op.drop_column('api_token', 'measures')
