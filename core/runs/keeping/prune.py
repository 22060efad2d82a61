"""Removes what is older than it is kept for, a little at a time, once a day."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from core.audience import suppressed
from core.configuration.retention import Retention
from core.errors import SegferryError
from core.plan import journal
from core.runs.keeping import files, returned, sizes
from core.store import (
    Store,
    addresses,
    alerts,
    audit,
    drafts,
    engine_tables,
    keeping,
    preferences,
    refreshes,
    runs,
    segments,
    space,
)
from core.store.tables.runs import Run

log = logging.getLogger(__name__)
AT_ONCE = 100  # runs, or rows, of a transaction
MOST = 200  # transactions of one kind in a day: what is left waits for the next
EVERY = timedelta(days=1)
Groups = Callable[[Session], list[Run]]


def prune_daily(store: Store, now: datetime) -> bool:
    """Prunes where that was last done a day ago or longer; whether it did. Raises StorageFailed."""
    with store.begin() as session:
        last = preferences.pruned_at(session)
    if last is not None and timedelta() <= now - last < EVERY:
        return False
    removed = prune(store, now)
    if removed:
        log.info("Removed by age: %s", ", ".join(f"{n:,} {what}" for what, n in removed.items()))
    if (found := returned.find(store, last)).places:
        log.warning("%s", found.sentence)
    sizes.measure(store, now)
    with store.begin() as session:
        preferences.note_pruned(session, now)
    return True


def prune(store: Store, now: datetime) -> Mapping[str, int]:
    """Removes what is older than the retention says; how many of each. Raises StorageFailed.

    Runs that have not ended, the newest of each export, and what can still be retried stay.
    """
    with store.begin() as session:
        kept = preferences.retention(session)
        audit_days = preferences.audit_days(session, store.settings)
    counts = {
        "runs' files": _files(store, kept, now),
        "runs' rejects": _rejects(store, _ago(now, kept.rejects), now),
        "runs": _runs(store, _ago(now, kept.runs)),
        "slots": _rows(store, lambda s: keeping.remove_slots(s, _ago(now, kept.runs), AT_ONCE)),
        "entries of the audit": _rows(
            store, lambda s: audit.remove_old(s, _ago(now, audit_days), AT_ONCE)
        ),
        "refreshes": _rows(
            store, lambda s: refreshes.remove_old(s, _ago(now, kept.refreshes), AT_ONCE)
        ),
        "sizes": _rows(store, lambda s: segments.remove_sizes(s, _ago(now, kept.sizes), AT_ONCE)),
        "drafts": _rows(store, lambda s: drafts.remove_old(s, _ago(now, kept.drafts), AT_ONCE)),
        "alerts": _rows(store, lambda s: alerts.remove_old(s, now - alerts.KEPT, AT_ONCE)),
        "addresses of lists": _rows(store, addresses.drop_unused),
        "workflows": _engine(store, _ago(now, kept.engine)),
        "runs' changes": journal.remove_old(store.settings.ledgers, _ago(now, kept.journal)),
        "answers": suppressed.remove_old(store, _ago(now, kept.suppressed)),
    }
    _give_back(store)
    return {what: n for what, n in counts.items() if n}


def _files(store: Store, kept: Retention, now: datetime) -> int:
    before, undelivered = _ago(now, kept.files), _ago(now, kept.undelivered)

    def some(session: Session) -> list[Run]:
        return keeping.with_files(session, before, undelivered, AT_ONCE)

    def note(session: Session, group: list[Run]) -> None:
        keeping.without_files(session, group, now)

    return _grouped(store, some, files.remove_frozen, note)


def _rejects(store: Store, before: datetime, now: datetime) -> int:
    def some(session: Session) -> list[Run]:
        return keeping.with_rejects(session, before, AT_ONCE)

    def note(session: Session, group: list[Run]) -> None:
        keeping.without_people(session, group, now)

    return _grouped(store, some, files.remove_rejects, note)


def _runs(store: Store, before: datetime) -> int:
    with store.begin() as session:
        needed = keeping.needed(session)

    def some(session: Session) -> list[Run]:
        return keeping.old(session, before, needed, AT_ONCE)

    return _grouped(store, some, files.remove_all, keeping.remove)


def _grouped(
    store: Store,
    some: Groups,
    remove: Callable[..., None],
    note: Callable[[Session, list[Run]], None],
) -> int:
    """Removes files first, outside of any transaction: what breaks off is found again."""
    done = 0
    for _each in range(MOST):
        with store.begin() as session:
            group = some(session)
        if not group:
            break
        remove(store.settings, group)
        with store.begin() as session:
            note(session, group)
        done += len(group)
    return done


def _rows(store: Store, remove: Callable[[Session], int]) -> int:
    done = 0
    for _each in range(MOST):
        with store.begin() as session:
            found = remove(session)
        done += found
        if found < AT_ONCE:
            break
    return done


def _engine(store: Store, before: datetime) -> int:
    """Steps of workflows; not of runs of which anything is still to be done."""
    with store.begin() as session:
        going_on = [*runs.active(session), *runs.settling(session)]
    kept, done = {f"run-{run.id}-" for run in going_on}, 0
    with engine_tables.opened(store.settings) as engine:
        if engine is None:
            return 0
        for _each in range(MOST):
            found = engine_tables.remove_old(engine, before, kept, AT_ONCE)
            done += found
            if found < AT_ONCE:
                break
        if store.settings.on_sqlite:
            space.give_back(engine, busy=bool(going_on))
    return done


def _give_back(store: Store) -> None:
    """To the disk. That it can't be given back, while others read, is no failure."""
    with store.begin() as session:
        busy = bool(runs.active(session))
    try:
        space.give_back(store.engine, busy)
    except SegferryError as error:
        log.info("Space of the database can't be given back now: %s", error)


def _ago(now: datetime, days: float) -> datetime:
    return now - timedelta(days=days)
