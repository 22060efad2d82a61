"""The plan of a run that takes another one back, and whether a person has to confirm it."""

from collections.abc import Sequence

import polars as pl

from core.configuration.order import PlanSeen, Undo
from core.destinations import Destination
from core.errors import Forbidden
from core.plan import changes, ledger
from core.plan.undo import Change
from core.runs import guards, taking_back
from core.runs.guards.facts import CrossedGuard, Facts
from core.runs.guards.mailings import watches_flows
from core.runs.steps import guard
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.hold import Held
from core.runs.steps.patience import until_available
from core.texts import _

SHOWN = frozenset({"remove", "add"})  # guards of what a person saw in the plan


def planned(work: RunAtWork) -> pl.DataFrame:
    """PEOPLE whom the run concerns, as the ledger has them now. Raises StorageFailed."""
    run, store = work.run, work.store
    place = taking_back.ledger_of(store, run)
    return taking_back.people(store, place, run.order, run.export_id or 0)


def numbers(people: pl.DataFrame) -> PlanSeen:
    """How many are taken off, put back, restored."""
    found = dict(people.filter(pl.col("alone").is_null())["change"].value_counts().iter_rows())
    return PlanSeen(*(found.get(change, 0) for change in (*Change,)))


def alone(people: pl.DataFrame) -> dict[str, int]:
    """How many are left alone, by reason, the most first."""
    return dict(people["alone"].drop_nulls().value_counts(sort=True).iter_rows())


def note(work: RunAtWork, people: pl.DataFrame) -> None:
    """Records what it is about to do; a run that is held shows it."""
    plan, left = numbers(people), {"alone": alone(people), "complete": False}
    work.record(added=plan.add, updated=plan.update, leaving=plan.leave, undo=left)


def require_confirmed(work: RunAtWork, destination: Destination, people: pl.DataFrame) -> None:
    """Raises Held where it does more than expected, or other than what a person saw."""
    run, plan = work.run, numbers(people)
    seen = (run.order.undo or Undo()).seen
    if seen not in (None, plan):
        asking = plan.leave or plan.add or plan.update
        if asking and run.confirmed != asking:
            raise Held(_changed(plan), asking)
        return
    found = until_available(work, lambda: _crossed(work, destination, plan))
    if seen is not None:
        found = [one for one in found if one.name not in SHOWN]
    if found and run.confirmed != found[0].number:
        given = run.order.export.guards
        held = [one.as_data(given) for one in found]
        raise Held(guards.reason(found), found[0].number, held)


def _changed(plan: PlanSeen) -> str:
    text = _(
        "The list has changed since this was shown: now {leave} people would be taken off, {add} "
        "put back and {update} get their previous values. Nothing was sent. Check the numbers, "
        "then run it anyway or discard it."
    )
    return text.format(leave=f"{plan.leave:,}", add=f"{plan.add:,}", update=f"{plan.update:,}")


def _crossed(work: RunAtWork, destination: Destination, plan: PlanSeen) -> Sequence[CrossedGuard]:
    """The guards of the list: no segment is read, so none can have shrunk."""
    run, export = work.run, work.run.order.export
    near, unknown = guard.campaigns(work, run.order)
    facts = Facts(
        add=plan.add,
        leave=plan.leave,
        update=plan.update,
        members=0,
        valid=0,
        rejected=0,
        ours=changes.ours(ledger.read(taking_back.ledger_of(work.store, run))),
        on_list=run.read_back.before if run.read_back else None,
        members_before=None,
        flows=_flows(work, destination, plan),
        upcoming=near,
        unknown_campaigns=unknown,
    )
    return guards.crossed(export.guards, facts, destination.capabilities)


def _flows(work: RunAtWork, destination: Destination, plan: PlanSeen) -> Sequence[str]:
    if not watches_flows(work.run.order.export.guards, plan.add):
        return ()
    try:
        return [one.name for one in destination.mailings(work.run.list_id)]
    except Forbidden:
        return ()
