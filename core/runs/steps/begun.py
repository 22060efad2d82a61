"""A mark on the disk: something of a run may have been sent. It outlives what a database loses.

A loss of power can take a run's row back to before it was confirmed, with the notes on its batches.
"""

import logging
from pathlib import Path

from core.files import replace_text, storing
from core.settings import Settings
from core.store import Store, progress, runs
from core.store.tables.runs import Run, RunStatus

SELF = "Segferry"
log = logging.getLogger(__name__)


def mark(settings: Settings, run: Run) -> None:
    """Before anything is sent. Raises StorageFailed."""
    with storing(settings.runs):
        settings.runs.mkdir(parents=True, exist_ok=True)
    replace_text(_path(settings, run), _text(run))


def is_marked(settings: Settings, run: Run) -> bool:
    """Whether that was done for this very run: another one may have had its number."""
    try:
        return _path(settings, run).read_text() == _text(run)
    except (OSError, UnicodeDecodeError):
        return False


def let_go(store: Store) -> None:
    """Held runs of which something may have been sent go on: they were confirmed. StorageFailed."""
    with store.begin() as session:
        for run in runs.active(session):
            if run.status == RunStatus.held and is_marked(store.settings, run):
                story = progress.let_go(run, store.clock(), "confirmed", SELF, run.asking)
                # Whether people were to be taken off is lost: a later run asks again.
                order = run.order_data | {"keeps_leavers": True}
                values = {"hold": None, "asking": None, "held_data": story, "order_data": order}
                progress.step(session, run.id, RunStatus.queued, **values)
                log.warning("Run %s goes on: before a loss of data it was confirmed.", run.id)


def _path(settings: Settings, run: Run) -> Path:
    return settings.runs / f"{run.id}.begun"


def _text(run: Run) -> str:
    return run.created_at.isoformat()
