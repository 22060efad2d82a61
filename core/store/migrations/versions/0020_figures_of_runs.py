"""How long runs took and how large their lists were, and indexes by which charts need no run whole.

A run's row is larger than a page of the database: what lists and charts need stands in an index.
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from core.store.database import Moment

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

SECONDS = {
    'sqlite': '(julianday(finished_at) - julianday(started_at)) * 86400.0',
    'postgresql': 'extract(epoch from finished_at - started_at)',
}
SIZE = {
    'sqlite': "json_extract(read_back, '$.after')",
    'postgresql': "cast(read_back ->> 'after' as integer)",
}
FIGURES = (
    *('created_at', 'status', 'export_id', 'export', 'list_id', 'connection_id', 'trigger', 'by'),
    *('first_id', 'part', 'parts', 'members', 'valid', 'unchanged', 'sent', 'not_sent', 'accepted'),
    *('refused', 'undelivered', 'counting', 'batches', 'seconds', 'finished_at'),
)
LINKS = ('first_id', 'retry_of')


def upgrade() -> None:
    op.add_column('run', sa.Column('seconds', sa.Float(), nullable=True))
    op.add_column('run', sa.Column('list_size', sa.Integer(), nullable=True))
    _fill(op.get_bind())
    for column in LINKS:
        op.drop_index(op.f(f'ix_run_{column}'), 'run')
        _partial(op.f(f'ix_run_{column}'), [column], f'{column} is not null')
    op.create_index('run_figures', 'run', list(FIGURES))
    _partial('run_counted', ['account', 'list_id', 'finished_at', 'list_size'],
             'list_size is not null')
    _partial('run_counting', ['id'], 'counting > 0')
    _partial('run_recording', ['id'], "stage = 'recording'")


def _partial(name: str, columns: list[str], where: str) -> None:
    text = sa.text(where)
    op.create_index(name, 'run', columns, sqlite_where=text, postgresql_where=text)


def _fill(connection: sa.Connection) -> None:
    kind = connection.dialect.name
    connection.execute(sa.text(f"""
        update run set list_size = {SIZE[kind]},
        seconds = case when started_at is not null then {SECONDS[kind]} end
        where finished_at is not null
    """))
    held = sa.table('run', sa.column('id'), sa.column('seconds'), sa.column('held', sa.JSON),
                    sa.column('holds'), sa.column('finished_at', Moment))
    waited = sa.select(held.c.id, held.c.seconds, held.c.held, held.c.finished_at).where(
        held.c.holds > 0, held.c.seconds.is_not(None))
    for id, seconds, story, end in connection.execute(waited).all():
        story = json.loads(story) if isinstance(story, str) else story
        rest = seconds - sum(_length(hold, end) for hold in story or ())
        connection.execute(
            sa.update(held).where(held.c.id == id).values(seconds=max(0.0, float(rest))))


def _length(hold: dict[str, str], end: datetime) -> float:
    until = datetime.fromisoformat(hold['until']) if hold.get('until') else end
    return max(0.0, (until - datetime.fromisoformat(hold['since'])).total_seconds())


def downgrade() -> None:
    for name in ('run_recording', 'run_counting', 'run_counted', 'run_figures'):
        op.drop_index(name, 'run')
    for column in LINKS:
        op.drop_index(op.f(f'ix_run_{column}'), 'run')
        op.create_index(op.f(f'ix_run_{column}'), 'run', [column])
    for column in ('list_size', 'seconds'):
        op.drop_column('run', column)
