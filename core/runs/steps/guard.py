"""Looks at what a run is about to do, and holds it where a person has to confirm that."""

from collections.abc import Sequence
from dataclasses import replace

from core.configuration.order import Order, read_order
from core.destinations import Destination
from core.errors import Forbidden
from core.plan import changes, ledger
from core.profiles.matching.rows import Reason
from core.runs import guards
from core.runs.guards import Crossed, Facts
from core.runs.steps import new_profiles
from core.runs.steps.ledger import is_whole, path
from core.runs.steps.logbook import Logbook
from core.store import runs
from core.store.tables.runs import Run

WANTED = frozenset({str(Reason.excluded), str(Reason.suppressed)})  # left out as the export says


def crossed(log: Logbook, destination: Destination) -> Sequence[Crossed]:
    """The guards that the run crosses, all parts of a split together; a retry adds nothing new.

    Raises DestinationFailed, StorageFailed.
    """
    run = log.run()
    if run.part > 1:
        return ()
    if not is_whole(run):
        new_profiles.carry_on(log, run)
        return ()
    order, creating = read_order(run.order), new_profiles.creating(log, destination)
    given = order.export.guards
    if order.list_id is None:  # its profiles are made all the same
        beyond = guards.beyond_plan(given, creating)
        return (beyond,) if beyond else ()
    facts = _facts(log, run, order, destination)
    return guards.crossed(given, replace(facts, creating=creating))


def _facts(log: Logbook, run: Run, order: Order, destination: Destination) -> Facts:
    settings, list_id, given = log.store.settings, order.export.list_id, order.export.guards
    with log.store.begin() as session:
        parts = runs.siblings(session, run)
        before = runs.last_members(session, run)
    add = sum(part.added for part in parts)
    mirrors = order.export.mode == "mirror"
    return Facts(
        add=add,
        leave=sum(part.leaving for part in parts) if mirrors else 0,
        members=sum(part.members for part in parts),
        valid=sum(part.valid for part in parts),
        rejected=sum(n for part in parts for why, n in part.rejected.items() if why not in WANTED),
        ours=changes.ours(ledger.read(path(settings, run))),
        on_list=(run.read_back or {}).get("before"),  # counted as the run came aboard
        members_before=before,
        flows=_flows(destination, list_id) if guards.watches_flows(given, add) else (),
    )


def _flows(destination: Destination, list_id: str) -> Sequence[str]:
    """A key without flows:read can't tell, and isn't asked to (Klaviyo documentation)."""
    try:
        return [one.name for one in destination.mailings(list_id)]
    except Forbidden:
        return ()
