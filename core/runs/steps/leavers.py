"""Takes the leavers of a mirrored list off it: those whom we put there, and nobody else."""

from datetime import datetime, timedelta

import polars as pl

from core.configuration import order
from core.configuration.export import Mode
from core.destinations import Destination, Joined
from core.errors import DestinationFailed, Stopped
from core.runs.steps import ledger
from core.runs.steps.logbook import Logbook
from core.store.tables.runs import Run

SKEW = timedelta(minutes=1)  # by which Klaviyo's clock may be behind what its answers tell of it
NOBODY = pl.DataFrame(schema={"email": pl.String})


def take_off(log: Logbook, destination: Destination) -> pl.DataFrame:
    """Takes them off; who isn't on the list any more: email. May be repeated.

    People who were on the list before we first sent them, from a sign-up form, stay. Raises
    DestinationFailed, StorageFailed.
    """
    run = log.run()
    if not _mirrors(run):
        return NOBODY
    leavers = ledger.leaving(log.store, run, range(1, run.parts + 1)).leavers
    if leavers.is_empty():
        return NOBODY
    found = destination.joined(run.list_id, leavers["email"])
    ours = {
        email: found[email].id
        for email, first_at in leavers.select("email", "first_at").iter_rows()
        if email in found and _is_ours(found[email], first_at + destination.ahead)
    }
    _remove(log, destination, run, list(ours.values()))
    stays = pl.col("email").is_in([email for email in found if email not in ours])
    return leavers.filter(~stays).select("email")


def _remove(log: Logbook, destination: Destination, run: Run, ids: list[str]) -> None:
    """Counted before it is done: after a crash in between nobody else knows whom we took off."""
    before = max(0, run.removed - len(ids))  # by an attempt of this run that was interrupted
    log.record(removed=before + len(ids))
    try:
        destination.take_off(run.list_id, ids)
    except (DestinationFailed, Stopped):
        log.record(removed=before)  # as far as is known
        raise


def _mirrors(run: Run) -> bool:
    """Only the last part of a whole run knows who has left; one that was stopped takes nobody."""
    mirror = order.read_order(run.order).export.mode is Mode.mirror
    ends = run.part == run.parts and ledger.is_whole(run)
    return mirror and ends and not run.stop_asked_by and not run.error


def _is_ours(found: Joined, first_at: datetime) -> bool:
    """Who joined before we first sent them came by another way; who doesn't say, too."""
    return found.at is not None and found.at >= first_at - SKEW
