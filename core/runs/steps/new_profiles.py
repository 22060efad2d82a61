"""How many profiles a run creates, which Klaviyo bills: asked for once, and kept with the run."""

from collections.abc import Sequence

import polars as pl

from core.destinations import Destination
from core.destinations.knowledge import how_many_new
from core.destinations.sample import MOST
from core.plan import changes, frozen, ledger
from core.runs import rejects
from core.runs.guards import Creating
from core.runs.steps.ledger import path
from core.runs.steps.logbook import Logbook
from core.store import billing, connections, progress, runs
from core.store.tables.runs import Run


def creating(log: Logbook, destination: Destination) -> Creating | None:
    """What all parts of the run create, and the room for it; None where nobody entered numbers.

    What was found stays with the run, so that its confirmation holds. Raises DestinationFailed,
    StorageFailed.
    """
    run = log.run()
    with log.store.begin() as session:
        parts = runs.siblings(session, run)
        bill = billing.of(session, connections.find(session, run.order["connection_id"]))
    if bill is None:
        return None
    add = sum(part.added for part in parts)
    if run.new_profiles is None:
        found = how_many_new(destination, _newcomers(log, parts)) if add else 0
        parts = _shared(log, run, found, add)
    new = sum(part.new_profiles or 0 for part in parts)
    return Creating(new, bill.room, sampled=add > MOST)


def carry_on(log: Logbook, run: Run) -> None:
    """A retry creates what the run before it didn't, so that nobody is counted twice."""
    if run.retry_of is None or run.new_profiles is not None:
        return
    with log.store.begin() as session:
        earlier = runs.find(session, run.retry_of)
    if earlier.new_profiles is not None:
        log.record(new_profiles=earlier.new_profiles - billing.created(earlier))


def _newcomers(log: Logbook, parts: Sequence[Run]) -> pl.Series:
    settings, run = log.store.settings, parts[0]
    people = frozen.members(rejects.folder(settings, run), [part.part for part in parts])
    added = changes.newcomers(ledger.read(path(settings, run)), people)
    return added.select("email").collect(engine="streaming")["email"]


def _shared(log: Logbook, run: Run, new: int, add: int) -> list[Run]:
    """Each part creates its share, by whom it adds: it counts on its own once it has ended."""
    with log.store.begin() as session:
        parts = runs.siblings(session, run)
        for part in parts:
            share = round(new * part.added / add) if add else 0
            progress.record(session, part, {"new_profiles": share})
    return parts
