"""What a run saw and asked in detail, when something of it was removed, and how runs are found."""

import sqlalchemy as sa
from alembic import op

import core.store.database

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# Of one that stands in the order of each run, so that runs are found by their connection.
KNOWN = {
    'sqlite': """
        update run set connection_id = json_extract("order", '$.connection_id')
    """,
    'postgresql': """
        update run set connection_id = cast("order" ->> 'connection_id' as integer)
    """,
}
INDEXES = {
    'run': ('connection_id', 'first_id', 'retry_of', 'finished_at', 'by', 'trigger'),
    'slot': ('run_id', 'outcome'),
}


def upgrade() -> None:
    moment = core.store.database.Moment(timezone=True)
    op.add_column('run', sa.Column('connection_id', sa.Integer(), nullable=True))
    op.add_column('run', sa.Column('rejects_removed_at', moment, nullable=True))
    op.add_column('run', sa.Column('files_removed_at', moment, nullable=True))
    op.execute(KNOWN[op.get_bind().dialect.name])
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f'ix_{table}_{column}'), table, [column])
    op.create_table('run_detail',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.JSON(), nullable=True),
    sa.Column('requests', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(
        ['run_id'], ['run.id'], name=op.f('fk_run_detail_run_id'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_run_detail'))
    )


def downgrade() -> None:
    op.drop_table('run_detail')
    for table, columns in INDEXES.items():
        for column in columns:
            op.drop_index(op.f(f'ix_{table}_{column}'), table)
    for column in ('files_removed_at', 'rejects_removed_at', 'connection_id'):
        op.drop_column('run', column)
