"""Runs, rejects and the audit as CSV."""

from typing import TYPE_CHECKING, Any

from core.access import Action, Person, may
from core.errors import Conflict
from core.runs.history import as_data
from core.store import Store, audit, removed
from core.store.audit import Deed
from core.store.downloads import Download, csv
from core.store.runs import everything
from core.store.tables.runs import Run

if TYPE_CHECKING:
    import polars as pl

IN_CSV = (
    "run_id",
    "export",
    "status",
    "created_at",
    "started_at",
    "finished_at",
    "seconds",
    "trigger",
    "by",
    "members",
    "valid",
    "sent",
    "accepted",
    "refused",
    "undelivered",
    "missing",
    "not_sent",
    "unchanged",
    "removed",
    "cleared",
    "requests",
    "throttled",
    "error",
)


def runs_csv(store: Store, person: Person, **filters: Any) -> bytes:
    """Runs, newest first, as CSV for a spreadsheet; the filters are those of `store.runs`.

    What errors quote of people is masked for those who may not see it. Raises Denied.
    """
    return csv(store, person, Download.runs, "", lambda: _runs(store, filters))


def _runs(store: Store, filters: dict[str, Any]) -> "pl.DataFrame":
    import polars as pl

    with store.begin() as session:
        found = everything(session, **filters, limit=None)
    rows = [as_data(run, ()) for run in found]
    return pl.DataFrame({name: [row[name] for row in rows] for name in IN_CSV})


def rejected(store: Store, person: Person, run: Run) -> "pl.DataFrame":
    """Each profile of the run that was not exported: row, email, reason, detail.

    Email addresses are masked for those who may not see them. Raises Denied; Conflict where that
    was removed by its age.
    """
    from core.runs import rejects  # lists of runs need nothing of all that

    found = _rejected(store, person, run)
    return found if may(person, Action.see_addresses) else rejects.masked(found)


def rejected_page(
    store: Store, person: Person, run: Run, offset: int, limit: int
) -> tuple[int, "pl.DataFrame"]:
    """How many profiles of the run were not exported, and so many of them, in the source's order.

    Email addresses are masked for those who may not see them; who sees them takes them home, so
    that the audit knows. Raises Denied, Conflict as `rejected` does, and Denied for more of those
    downloads than a minute has room for.
    """
    from core.runs import rejects

    found = _rejected(store, person, run)
    page = found.slice(offset, limit)
    if not may(person, Action.see_addresses):
        return found.height, rejects.masked(page)
    with store.begin() as session:
        what = f"{run.export}, run {run.id}"
        audit.record(session, person, Deed.downloaded, Download.rejects, what)
    return found.height, page


def _rejected(store: Store, person: Person, run: Run) -> "pl.DataFrame":
    from core.runs import rejects

    store.require(person, Action.look)
    if gone := removed.rejects(run):
        raise Conflict(gone)
    return rejects.of_run(store.settings, run)


def audit_csv(store: Store, person: Person, **filters: Any) -> bytes:
    """The audit as CSV, the newest first; that it was taken home stands in it.

    The filters are those of `audit.entries`. Raises Denied.
    """
    return csv(store, person, Download.audit, "", lambda: _audit(store, person, filters))


def _audit(store: Store, person: Person, filters: dict[str, Any]) -> "pl.DataFrame":
    import polars as pl

    with store.begin() as session:
        rows = audit.entries(session, person, **filters, limit=None)
    names = ("at", "by", "role", "origin", "action", "kind", "what")
    columns = {name: [str(getattr(row, name)) for row in rows] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def rejects_csv(store: Store, person: Person, run: Run) -> bytes:
    """The same as CSV that is safe to open in a spreadsheet. Raises Denied, Conflict."""
    name = f"{run.export}, run {run.id}"
    return csv(store, person, Download.rejects, name, lambda: rejected(store, person, run))
