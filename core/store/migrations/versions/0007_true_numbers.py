"""Profiles that were never handed over, are missing or still counted, and the story of holds."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

# Of a run that has ended: what no job took was never handed over.
NOT_SENT = """
    update run set not_sent = coalesce((
        select case when run.sent > taken.n then run.sent - taken.n else 0 end from (
            select coalesce(sum(job.profiles), 0) as n from job
            where job.run_id = run.id
            and (job.job_id is not null or job.status in ('refused', 'complete'))
        ) as taken
    ), 0) where finished_at is not null and undelivered > 0
"""


# Column by column, never in a batch: that would make tables anew while others refer to them.
def added() -> list[tuple[str, sa.Column[Any]]]:
    return [
        ('run', sa.Column('missing', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('not_sent', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('counting', sa.Integer(), nullable=False, server_default='0')),
        ('run', sa.Column('held', sa.JSON(), nullable=False, server_default='[]')),
    ]


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)
    op.execute(NOT_SENT)


def downgrade() -> None:
    for table, column in reversed(added()):
        op.drop_column(table, column.name)
