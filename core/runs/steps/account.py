"""Whose account a run sends to, and claiming it: one account takes one run at a time."""

import time

from core.connections import checks
from core.destinations import Destination
from core.errors import Forbidden, Rejected, Stopped
from core.runs.steps import hold
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.hold import Held
from core.runs.steps.patience import until_available
from core.store import orders
from core.store.tables.runs import Run
from core.texts import _

LOOK_EVERY = 0.3  # seconds between two looks at whether the account is free


def recognise(work: RunAtWork) -> str:
    """What stands for the account. Raises Held, Stopped, Rejected, Unavailable."""
    with work.destination() as destination:
        return until_available(work, lambda: _recognise(work, destination))


def claim(work: RunAtWork) -> None:
    """Recognises the account and waits until no other run uses it.

    From then on it is this run's until that ends or is held. Raises as `recognise`.
    """
    account = recognise(work)
    while not work.claim(account):
        if work.stop_requested():
            raise Stopped(_("Stopped while another run was using the account."))
        time.sleep(LOOK_EVERY)


def _recognise(work: RunAtWork, destination: Destination) -> str:
    row = work.connection()
    with work.store.begin() as session:
        if why := hold.reason(session, row):
            raise Held(why)
    try:
        checks.recognise(work.store, row, destination)
    except Forbidden:  # the key may lack accounts:read; the run can do without
        return work.run.account
    except Rejected as error:
        raise Held(str(error)) from error
    account = orders.account_key(work.connection())
    _require_same(work, account)
    return account


def _require_same(work: RunAtWork, account: str) -> None:
    """Raises Rejected where a retry or an undo would send to another account than its run did."""
    before = work.run.retry_of or work.run.undo_of
    if before is None:
        return
    with work.store.begin() as session:
        earlier = session.get(Run, before)
    if earlier and ":" in earlier.account and earlier.account != account:
        text = _(
            "The connection has another account now than when run {run} began, so its "
            "profiles were not sent there. Run the export again."
        )
        raise Rejected(text.format(run=earlier.id))
