"""When a run ends: who of the accepted is on the list, and how it changed since the run before."""

import polars as pl

from core.configuration import order
from core.destinations import Destination, read_back
from core.destinations.read_back import NAMED, Drift, ReadBack
from core.runs.steps import ledger
from core.runs.steps.logbook import Logbook
from core.store import runs
from core.store.tables.runs import Run

LOOKED = 200  # people who are looked for on the list: two requests


def look_back(log: Logbook, destination: Destination, accepted: pl.Series) -> None:
    """Records it with the run: a split's last part for all of them, nothing for one broken off.

    Raises DestinationFailed, StorageFailed.
    """
    run = log.run()
    list_id = order.read_order(run.order).list_id
    if list_id is None or run.part < run.parts or run.stop_asked_by or run.error:
        return
    with log.store.begin() as session:
        parts = runs.siblings(session, run)
    begun = parts[0].read_back or {}  # what was found as the first part came aboard
    before, double = begun.get("before"), bool(begun.get("double_opt_in"))
    found = _arrived(destination, list_id, parts, accepted, before)
    told = {"double_opt_in": double, **found.as_data()}
    log.record(read_back=told)
    if drift := _drift(log, destination, list_id, parts, before, double):
        log.record(read_back=told | {"drift": drift.as_data()})


def _arrived(
    destination: Destination,
    list_id: str,
    parts: list[Run],
    accepted: pl.Series,
    before: int | None,
) -> ReadBack:
    """Where nothing was changed the list isn't counted again.

    It may be counted fifteen times a minute (official specification).
    """
    if any(part.accepted or part.removed for part in parts):
        return read_back.read_back(destination, list_id, accepted, before=before, most=LOOKED)
    return ReadBack(0, 0, 0, {}, (), before, before)


def _drift(
    log: Logbook,
    destination: Destination,
    list_id: str,
    parts: list[Run],
    before: int | None,
    double: bool,
) -> Drift | None:
    """None where there is nothing to compare with, and nobody to look for."""
    run = parts[-1]
    with log.store.begin() as session:
        last = runs.last_counted(session, run)
        others = bool(last and runs.changed_list(session, last, run))
    kept = (last.read_back or {}) if last else {}
    asked, gone = read_back.gone_from(
        destination, list_id, ledger.unchanged(log.store.settings, run, parts), most=LOOKED
    )
    grown = before - kept["after"] if last and before is not None else None
    if grown is None and not asked:
        return None
    return Drift(
        since=last.id if last else None,
        grown=grown,
        other_runs=others,
        late=double or bool(kept.get("missing")) or bool(last and last.undelivered),
        double_opt_in=double,
        asked=asked,
        gone=len(gone),
        people=tuple(gone[:NAMED]),
    )
