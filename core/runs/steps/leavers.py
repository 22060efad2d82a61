"""Takes the leavers of a mirrored list off it: those that we put there, and nobody else."""

from datetime import datetime, timedelta

import polars as pl

from core.configuration.export import Mode
from core.destinations import Destination, Joined
from core.errors import DestinationFailed, Stopped
from core.runs.steps import ledger, taken_off
from core.runs.steps.at_work import RunAtWork
from core.store.tables.runs import Run

# By which a destination's clock may be behind what its answers tell of it.
SKEW = timedelta(minutes=1)
NOBODY = pl.DataFrame(schema={"email": pl.String})


def take_off(work: RunAtWork) -> pl.DataFrame:
    """Takes them off; who isn't on the list any more: email. May be repeated.

    People who were on the list before we first sent them, from a sign-up form, stay. Raises
    DestinationFailed, StorageFailed.
    """
    run = work.run
    if not _mirrors(run):
        return NOBODY
    leavers = ledger.leaving(work.store, run, range(1, run.parts + 1)).leavers
    if leavers.is_empty():
        return NOBODY
    with work.destination() as destination:
        found = destination.joined(run.list_id, leavers["email"])
        ours = {
            email: found[email].id
            for email, first_at in leavers.select("email", "first_at").iter_rows()
            if email in found and is_ours(found[email], first_at + destination.ahead)
        }
        taken_off.keep(work.store.settings, run, ours)
        _remove(work, destination, list(ours.values()))
    stays = pl.col("email").is_in([email for email in found if email not in ours])
    return leavers.filter(~stays).select("email")


def _remove(work: RunAtWork, destination: Destination, ids: list[str]) -> None:
    """Counted before it is done: after a crash in between nobody else knows who was taken off."""
    run = work.run
    before = max(0, run.removed - len(ids))  # by an attempt of this run that was interrupted
    work.record(removed=before + len(ids))
    try:
        destination.take_off(run.list_id, ids)
    except (DestinationFailed, Stopped):
        work.record(removed=before)  # as far as is known
        raise


def _mirrors(run: Run) -> bool:
    """Only the last part of a whole run knows who has left; one that was stopped takes nobody."""
    mirror = run.order.export.mode is Mode.mirror
    ends = run.part == run.parts and ledger.is_whole(run)
    return mirror and ends and not run.stop_asked_by and not run.error


def is_ours(found: Joined, first_at: datetime) -> bool:
    """Who joined before we first sent them joined elsewhere; so did who has no date of joining."""
    return found.at is not None and found.at >= first_at - SKEW
