"""Looks at what a run is about to do, and holds it where a person has to confirm that."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.configuration.export import Mode
from core.configuration.order import Order
from core.connections import readings
from core.destinations import Destination
from core.errors import Forbidden
from core.plan import changes, ledger
from core.plan.freeze import REFUSED_BEFORE
from core.profiles.matching.reasons import Reason
from core.profiles.matching.shared import Shared
from core.profiles.sources import Kind
from core.runs import dependent_words, guards
from core.runs.built import Built, built, seen
from core.runs.guards.data import changed_columns, failed_in_dbt, old_data
from core.runs.guards.facts import Aged, ChangedColumn, CrossedGuard, Facts
from core.runs.guards.mailings import next_campaign, watches_flows
from core.runs.guards.profiles import beyond_plan, shared_identifiers
from core.runs.steps import new_profiles
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.ledger import is_whole, path
from core.store import details, runs
from core.store.tables.runs import AGENT, Run

# Reasons of those whom the export leaves out as it says, and of those that a run before has told.
CONFIGURED = frozenset({Reason.excluded, Reason.suppressed, Reason.erased, REFUSED_BEFORE})


def crossed(work: RunAtWork, destination: Destination) -> Sequence[CrossedGuard]:
    """The guards that the run crosses, all parts of a split together.

    Raises DestinationFailed, StorageFailed.
    """
    found = _of_export(work, destination)
    if work.run.part > 1 or work.run.trigger != AGENT:
        return found
    with work.store.begin() as session:
        parts = runs.siblings(session, work.run)
    n = sum(part.valid - part.unchanged for part in parts)
    return [*found, guards.requested_by_agent(work.run.by, n)]


def _of_export(work: RunAtWork, destination: Destination) -> Sequence[CrossedGuard]:
    """Those of the export's own; a retry adds nothing new."""
    run = work.run
    if run.part > 1:
        return ()
    if not is_whole(run):
        new_profiles.carry_on(work)
        return ()
    order, creating = run.order, new_profiles.creating(work, destination)
    given = order.export.guards
    if order.list_id is None:  # its profiles are made all the same
        beyond = beyond_plan(given, creating, destination.capabilities)
        with work.store.begin() as session:
            parts = runs.siblings(session, run)
        valid = sum(part.valid for part in parts)
        sharing = shared_identifiers(given, _sharing(parts), valid, destination.capabilities)
        columns = changed_columns(given, _changed(work), valid)
        old = old_data(given, _aged(work), valid)
        failed = failed_in_dbt(given, _built(work), valid)
        return [one for one in (sharing, columns, beyond, old, failed) if one]
    facts = _facts(work, order, destination)
    near, unknown = campaigns(work, order)
    whole = replace(facts, creating=creating, upcoming=near, unknown_campaigns=unknown)
    return guards.crossed(given, whole, destination.capabilities)


def _facts(work: RunAtWork, order: Order, destination: Destination) -> Facts:
    run, settings, export = work.run, work.store.settings, order.export
    with work.store.begin() as session:
        parts = runs.siblings(session, run)
        before = runs.last_members(session, run)
    add = sum(part.added for part in parts)
    watched = watches_flows(export.guards, add)
    mirrors = export.mode is Mode.mirror
    return Facts(
        add=add,
        leave=sum(part.leaving for part in parts) if mirrors else 0,
        update=sum(part.updated for part in parts),
        members=sum(part.members for part in parts),
        valid=sum(part.valid for part in parts),
        rejected=sum(wrong(part.rejected) for part in parts),
        ours=changes.ours(ledger.read(path(settings, run))),
        on_list=run.read_back.before if run.read_back else None,
        members_before=before,
        flows=_flows(destination, export.list_id) if watched else (),
        sharing=_sharing(parts),
        changed=_changed(work),
        aged=_aged(work),
        built=_built(work),
    )


def campaigns(work: RunAtWork, order: Order) -> tuple[str | None, str | None]:
    """The campaign to the list that is too near, in words; and why that can't be told.

    Asked for where the guard is on.
    """
    given, row = order.export.guards, work.connection()
    if not given.campaigns or order.list_id is None:
        return None, None
    found = readings.dependents_now(work.store, row, order.list_id, work.opened_briefly)
    work.dependents = found
    near = next_campaign(given, found.campaigns, datetime.now(UTC))
    words = dependent_words.campaign(near, row.time_zone) if near else None
    return words, dependent_words.unknown_campaigns(found)


def dependents(work: RunAtWork, crossed: Sequence[CrossedGuard]) -> str | None:
    """What depends on the list, as a sentence of a hold's reason; None where nothing is known."""
    list_id, row = work.run.order.list_id, work.connection()
    if list_id is None:
        return None
    found = work.dependents or readings.dependents_now(
        work.store, row, list_id, work.opened_briefly
    )
    told = dependent_words.OF_CAMPAIGNS if any(one.unknown for one in crossed) else ()
    return dependent_words.sentence(found, row.time_zone, told)


def _aged(work: RunAtWork) -> Aged | None:
    """Up to when the data goes that the run has read, and what time it is now."""
    with work.store.begin() as session:
        known = seen(session, work.run)
    data = known.freshness if known else None
    return Aged(data, datetime.now(UTC), work.run.order.time_zone) if data else None


def _built(work: RunAtWork) -> Built | None:
    """What dbt had said of the model when the run read it, and where it was read before."""
    with work.store.begin() as session:
        known, last = seen(session, work.run), details.before(session, work.run)
        if known is None or known.dbt is None:
            return None
        return built(session, known.dbt, work.run.order.time_zone, last)


def _changed(work: RunAtWork) -> Sequence[ChangedColumn]:
    """The columns that were of another kind in the export's last run."""
    with work.store.begin() as session:
        before = runs.last_columns(session, work.run)
    return [
        ChangedColumn(name, Kind[before[name]["kind"]], Kind[one["kind"]], one["why"])
        for name, one in (work.run.columns or {}).items()
        if name in before and before[name]["kind"] != one["kind"]
    ]


def _sharing(parts: Sequence[Run]) -> Mapping[str, int]:
    """How many people share each kind of identifier, in all parts together."""
    counts = {str(kind): sum(part.warnings.get(kind, 0) for part in parts) for kind in Shared}
    return {kind: n for kind, n in counts.items() if n}


def wrong(rejected: Mapping[str, int]) -> int:
    """How many of those rejected, by reason, are so for what is wrong with them."""
    return sum(n for why, n in rejected.items() if why not in CONFIGURED)


def _flows(destination: Destination, list_id: str) -> Sequence[str]:
    """A key that may not see them can't tell, and isn't asked to."""
    try:
        return [one.name for one in destination.mailings(list_id)]
    except Forbidden:
        return ()
