"""A copy of a database of ours as of one moment, made while others write, and what it has."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from core.store import progress, runs
from core.store.failures import translated
from core.store.tables.data import SourceRow
from core.store.tables.runs import Run, RunStatus
from core.texts import _

PAGES = 2_000  # that are copied before it is asked whether to go on
COUNTED = ("connection", "source", "segment", "export", "run")


def copy(database: Path, path: Path, going_on: Callable[[], object] = lambda: None) -> None:
    """By SQLite's online backup: nobody who writes waits for it. `going_on` may raise, to stop.

    One transaction reads all of it, so what is written meanwhile neither shows nor begins it anew.
    Raises StorageFailed.
    """
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(database)) as here, closing(sqlite3.connect(path)) as there:
            here.execute("begin")
            here.execute("select 1 from sqlite_master").fetchone()
            here.backup(there, pages=PAGES, progress=lambda *_pages: going_on())
            there.execute("pragma journal_mode=delete")
    except sqlite3.Error as error:
        raise translated(error, str(database)) from error


def described(path: Path) -> tuple[str, dict[str, int]]:
    """The newest migration of such a copy, and how much of each there is."""
    with closing(sqlite3.connect(path)) as there:
        revision = there.execute("select version_num from alembic_version").fetchone()[0]
        return revision, {name: _count(there, name) for name in COUNTED}


def _count(there: sqlite3.Connection, table: str) -> int:
    query = f'select count(*) from "{table}"'  # noqa: S608 - names of ours
    return int(there.execute(query).fetchone()[0])


def settle(session: Session, by: str, before: Path, home: Path) -> int:
    """What was under way is cancelled, and files of the data folder are where they are now.

    How many runs that were.
    """
    _move_uploads(session, before, home)
    found = [run for run in runs.active(session) if run.status != RunStatus.held]
    for run in found:
        _cancel(session, run, by)
    return len(found)


def _move_uploads(session: Session, before: Path, home: Path) -> None:
    for row in session.scalars(sa.select(SourceRow)):
        path = Path(row.path)
        if path.is_relative_to(before):
            row.path = str(home / path.relative_to(before))
            row.spec = row.spec | ({"path": row.path} if "path" in row.spec else {})


def _cancel(session: Session, run: Run, by: str) -> None:
    """Nobody goes on with a run of a backup: what came after it may be sent from elsewhere.

    What it had sent by then is still counted and recorded, as of each cancelled run.
    """
    text = _(
        "Run {run} was under way when the backup was made that was restored. Run the export "
        "again: who was sent since is sent once more, everybody else stays as they are."
    )
    ended = {"error": run.error or text.format(run=run.id), "stop_asked_by": by}
    # Whether the others have left is for a later run to say, which knows all members.
    order = {"order_data": run.order_data | {"keeps_leavers": True}}
    progress.record(session, run, ended | order)
    session.flush()
    progress.end(session, run.id, recording=run.claimed and run.batches_sent > 0)
