"""A refresh: sources are read again and their segments counted, one source after the other.

Of all processes on the same data one refreshes at a time, whoever asked for it: a schedule, a page
or the command line. What fails names what depends on it, and stops nothing else.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.access import Action, Person
from core.audience import looks, members
from core.audience.profiled import profiled
from core.errors import Conflict
from core.profiles.sources import Progress
from core.runs import refresh_outcome
from core.store import Store, joined, lost_columns, refreshes, sources
from core.store.database import moment
from core.store.locks import REFRESHES, keeping
from core.store.tables.data import SourceRow
from core.store.tables.refreshes import RefreshedSource, RefreshStatus
from core.texts import _

PROFILE = "profile"  # among what was found: kept in a table of its own
BUSY = _("A refresh is already running. Try again once it has ended.")
WAITING = _("a refresh reads its source")


def refresh(
    store: Store,
    person: Person,
    rows: Sequence[SourceRow],
    progress: Progress | None = None,
    *,
    only: str | None = None,
) -> list[RefreshedSource]:
    """Reads these sources and counts their segments; how each went. `only`: the one asked for.

    One that is joined to another is read before it.

    Raises Denied, StorageFailed; Conflict while another refresh goes on.
    """
    store.require(person, Action.manage_sources)
    rows = joined.joined_first(rows)
    with keeping(store, REFRESHES) as mine:
        if not mine():
            raise Conflict(BUSY)
        with store.begin() as session:
            refreshes.interrupt(session)  # whoever had the lock has ended
            begun, waiting = refreshes.begin(session, person, rows, only=only)
        found = []
        for row, one in zip(rows, waiting, strict=True):
            if not mine():  # the database ended our session, and somebody else goes on
                raise Conflict(BUSY)
            found.append(_refreshed(store, person, row, one, progress))
        with store.begin() as session:
            refreshes.end(session, begun.id)
    return found


def reload(
    store: Store, person: Person, row: SourceRow, progress: Progress | None = None
) -> list[RefreshedSource]:
    """Reads this source and then those that it is joined to; counts the segments of each.

    Raises as `refresh` does.
    """
    return refresh(store, person, _with_joining(store, row), progress, only=row.name)


def reload_joining(store: Store, person: Person, row: SourceRow) -> list[RefreshedSource]:
    """The same of those alone that it is joined to, after it was changed; none may be there.

    Raises as `refresh` does.
    """
    rows = [one for one in _with_joining(store, row) if one.id != row.id]
    return refresh(store, person, rows, only=row.name) if rows else []


def _with_joining(store: Store, row: SourceRow) -> list[SourceRow]:
    with store.begin() as session:
        ids = joined.joining_also(session, [row.id])
        return [one for one in sources.everything(session) if one.id in ids]


def under_way(store: Store) -> frozenset[int]:
    """The sources that a refresh reads now, by id, and those that they are joined to.

    Exports of them wait. Raises StorageFailed.

    One that broke off with its process is noted as such, so that nothing waits for it.
    """
    with store.begin() as session:
        if refreshes.unfinished(session) is None:
            return frozenset()
        found = frozenset(joined.joining_also(session, refreshes.taken(session)))
    with keeping(store, REFRESHES) as mine:
        if not mine():
            return found
        with store.begin() as session:
            refreshes.interrupt(session)
    return frozenset()


def problems(found: RefreshedSource) -> list[str]:
    """Every sentence of what went wrong with the source and its segments."""
    own = [found.problem] if found.problem else []
    return [*own, *(one["problem"] for one in found.segments if one["problem"])]


def hindrance(found: Sequence[RefreshedSource], source_id: int, used: set[int]) -> str | None:
    """Why an export over the source doesn't run, which uses these segments; None where it does."""
    for one in found:
        if one.source_id != source_id:
            continue
        if one.status == RefreshStatus.failed:
            return one.problem
        return next((s["problem"] for s in one.segments if s["problem"] and s["id"] in used), None)
    return None


def _refreshed(
    store: Store,
    person: Person,
    row: SourceRow,
    one: RefreshedSource,
    progress: Progress | None,
) -> RefreshedSource:
    with store.begin() as session:
        running = {"status": RefreshStatus.running, "started_at": moment(session)}
        refreshes.save(session, one, **running)
    try:
        values = _read(store, person, row, progress)
    except Exception as error:  # whatever it is, other sources mustn't wait
        values = refresh_outcome.failed(store, row, error)
    profile = values.pop(PROFILE, None)
    with store.begin() as session:
        if profile is not None:
            refreshes.keep_profile(session, one, profile)
        lost = lost_columns.missing(session, sources.find(session, row.id))
        values |= refresh_outcome.problem_of(row, lost, values)
        dependents = refresh_outcome.dependents(session, row, lost, values)
        values |= {"dependents": dependents, "finished_at": moment(session)}
        return refreshes.save(session, one, **values)


def _read(
    store: Store, person: Person, row: SourceRow, progress: Progress | None
) -> dict[str, Any]:
    found = looks.read(store, person, row, progress)
    counted = members.recount(store, person, row)
    seen = profiled(store, person, row, found.freshness)
    failed = any(one.problem for one in counted)
    return {
        "status": RefreshStatus.partial if failed else RefreshStatus.succeeded,
        "problem": None,
        "rows": found.rows,
        "freshness": found.freshness.as_data(),
        "segments": [asdict(one) for one in counted],
        PROFILE: seen.as_data(),
    }
