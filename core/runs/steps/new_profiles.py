"""How many profiles a run creates, which may be billed: asked for once, and kept with the run."""

from collections.abc import Sequence

import polars as pl

from core.connections import readings
from core.destinations import Destination
from core.destinations.knowledge import how_many_new
from core.destinations.sample import MOST
from core.plan import changes, frozen, ledger
from core.runs import rejects
from core.runs.guards.facts import Creating
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.ledger import path
from core.store import billing, progress, runs
from core.store.tables.runs import Run


def creating(work: RunAtWork, destination: Destination) -> Creating | None:
    """What all parts of the run create, and the room for it; None where the plan isn't known.

    Where the numbers were read at the destination and even all new people have room, nobody asks
    how many of them have a profile. What was found stays with the run, so that its confirmation
    holds. Raises DestinationFailed, StorageFailed.
    """
    run, connection = work.run, work.connection()
    with work.store.begin() as session:
        parts = runs.siblings(session, run)
    add = sum(part.added for part in parts)
    if add and run.order.export.guards.billing:
        readings.usage_of_this_hour(work.store, connection, work.opened_briefly)
    with work.store.begin() as session:
        bill = billing.of(session, connection)
    if bill is None or (bill.read and run.new_profiles is None and add <= bill.room):
        return None
    if run.new_profiles is None:
        found = how_many_new(destination, _newcomers(work, parts)) if add else 0
        parts = _shared(work, found, add)
    new = sum(part.new_profiles or 0 for part in parts)
    return Creating(new, bill.room, sampled=add > MOST, read_at=bill.at if bill.read else None)


def carry_on(work: RunAtWork) -> None:
    """A retry creates what the run before it didn't, so that nobody is counted twice."""
    run = work.run
    if run.retry_of is None or run.new_profiles is not None:
        return
    with work.store.begin() as session:
        earlier = runs.find(session, run.retry_of)
    if earlier.new_profiles is not None:
        work.record(new_profiles=earlier.new_profiles - billing.created(earlier))


def _newcomers(work: RunAtWork, parts: Sequence[Run]) -> pl.Series:
    settings, run = work.store.settings, parts[0]
    people = frozen.members(rejects.folder(settings, run), [part.part for part in parts])
    added = changes.newcomers(ledger.read(path(settings, run)), people, run.export_id or 0)
    return added.select("email").collect(engine="streaming")["email"]


def _shared(work: RunAtWork, new: int, add: int) -> list[Run]:
    """Each part creates its share of those it adds: it counts on its own once it has ended."""
    with work.store.begin() as session:
        parts = runs.siblings(session, work.run)
        for part in parts:
            share = round(new * part.added / add) if add else 0
            progress.record(session, part, {"new_profiles": share})
    return parts
