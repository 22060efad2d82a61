"""Makes the configuration match a file: all of it in one transaction, or nothing."""

from collections.abc import Mapping

from sqlmodel import Session

from core.access import Action, Person
from core.store import Store, look_up, lost_columns, sources
from core.store.applied import Change, about, as_invalid
from core.store.apply_plan import Plan, prepare, with_url
from core.store.apply_prune import pruned
from core.store.apply_put import put
from core.store.tables.data import SourceRow

__all__ = ["Change", "Plan", "apply", "prepare"]


class _DryRun(Exception):
    """Rolls the transaction back after everything was tried."""


def apply(
    store: Store, person: Person, plan: Plan, *, dry_run: bool = False, prune: bool = False
) -> list[Change]:
    """Makes the configuration match the file; `prune` removes what its sections don't name.

    Raises Denied, Unknown; Invalid also when something to remove is in use.
    """
    store.require(person, Action.configure)
    changes: list[Change] = []
    try:
        with store.applying(), store.begin() as session:
            gone = _dropped(session, plan)
            changes += put(session, store, person, plan)
            if prune:
                changes += pruned(session, person, plan.configuration)
            _refuse_dropped(session, gone)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return changes


def _dropped(session: Session, plan: Plan) -> dict[str, set[str]]:
    """By source: the columns that it loses by the file."""
    specs = {spec.name: with_url(spec, plan.keys) for spec in plan.configuration.sources or ()}
    rows = {name: look_up(session, SourceRow, name) for name in specs}
    return {
        name: lost_columns.dropped(row, specs[name], plan.schemas[name])
        for name, row in rows.items()
        if row is not None
    }


def _refuse_dropped(session: Session, gone: Mapping[str, set[str]]) -> None:
    """Raises Invalid where a column is in use by what there is now."""
    for name, columns in gone.items():
        with about("sources", name), as_invalid():
            lost_columns.refuse_dropped(session, sources.find(session, name), columns)
