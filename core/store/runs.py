"""Runs: asked for, followed, stopped; a row here is all that the engine needs to start one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from core.access import Action, Person, may
from core.errors import Unknown
from core.store import run_list
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import COUNTING, ENDED, RECORDING, Run, RunKind, RunStatus
from core.texts import _

UNENDED = [status for status in RunStatus if status not in ENDED]
AT_ONCE = 500  # runs that are read by their ids


def may_touch(session: Session, person: Person, run: Run) -> bool:
    """Whether they may retry and cancel the run."""
    return all(may(person, Action.run, one) for one in connections_behind(session, run))


def connections_behind(session: Session, run: Run) -> list[ConnectionRow | None]:
    """The connection that the run was made with, and the one that its export has by now."""
    export = session.get(ExportRow, run.export_id) if run.export_id else None
    ids = {run.order.connection_id, export.connection_id if export else None}
    return [session.get(ConnectionRow, id) if id else None for id in ids]


def connection_of(session: Session, run: Run) -> ConnectionRow | None:
    """The connection that the run was made with; None when it was removed."""
    id = run.order.connection_id
    return session.get(ConnectionRow, id) if id else None


def find(session: Session, run_id: int | str) -> Run:
    """The run with this id. Raises Unknown."""
    number = int(run_id) if str(run_id).isdecimal() and len(str(run_id)) < 10 else 0
    if run := session.get(Run, number):
        return run
    latest = session.scalars(sa.select(col(Run.id)).order_by(col(Run.id).desc()).limit(3))
    raise Unknown(_("run"), str(run_id), [str(i) for i in latest])


def by_ids(session: Session, ids: Iterable[int]) -> list[Run]:
    """The runs with these ids that are still there."""
    return list(session.exec(select(Run).where(col(Run.id).in_(list(ids)))))


def everything(
    session: Session,
    *,
    whole: bool = False,
    sort: tuple[str, bool] = ("", False),
    limit: int | None = 20,
    offset: int = 0,
    **filters: Any,
) -> list[Run]:
    """Runs, newest first or as `sort` says, see `run_list.order`; filters as in its `filtered`.

    With `whole` only the first part of each split, see `parts_of`.
    """
    wanted = run_list.filtered(session, sa.select(col(Run.id)), whole=whole, **filters)
    # By their ids first: an index sorts those, and only the rows that are wanted are read.
    page = wanted.order_by(*run_list.order(*sort)).limit(limit).offset(offset)
    ids = list(session.scalars(page))
    found: dict[int, Run] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = select(Run).where(col(Run.id).in_(ids[start : start + AT_ONCE]))
        found |= {run.id: run for run in session.exec(some)}
    return [found[id] for id in ids if id in found]


def how_many(session: Session, *, whole: bool = False, **filters: Any) -> int:
    """How many runs the same filters let through."""
    runs = sa.select(sa.func.count()).select_from(Run)
    counted = run_list.filtered(session, runs, whole=whole, **filters)
    return int(session.scalar(counted) or 0)


def people(session: Session) -> list[str]:
    """Those in whose names runs were requested, in order."""
    by = sa.select(col(Run.by)).distinct().order_by(col(Run.by))
    return list(session.scalars(by))


def active(session: Session) -> list[Run]:
    """Runs that have not ended, oldest first."""
    query = select(Run).where(col(Run.finished_at).is_(None))
    return list(session.exec(query.order_by(col(Run.id))))


def active_of(session: Session, export: ExportRow) -> Run | None:
    """Its run that has not ended, if there is one."""
    query = select(Run).where(Run.export_id == export.id, col(Run.finished_at).is_(None))
    return session.exec(query.order_by(col(Run.part))).first()


def stop_requested(session: Session, run_id: int) -> bool:
    """Whether somebody asked the run to stop."""
    return bool(session.scalar(sa.select(col(Run.stop_asked_by)).where(col(Run.id) == run_id)))


def last_members(session: Session, run: Run) -> int | None:
    """How many the segments held when the export ran last to its end; None if it never did."""
    return members_found(session, run.export_id, run.list_id, besides=run.id)


def members_found(
    session: Session, export_id: int | None, list_id: str | None, besides: int | None = None
) -> int | None:
    """How many the segments held in the last whole run of an export to this list; None without."""
    query = select(Run).where(
        Run.export_id == export_id,
        col(Run.id).is_distinct_from(besides),
        col(Run.status).in_([RunStatus.succeeded, RunStatus.partial]),
        col(Run.retry_of).is_(None),
        Run.kind == RunKind.export,
        Run.list_id == list_id,
        col(Run.order_data)["only_email"].as_string().is_(None),
    )
    last = session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()
    if last is None:
        return None
    first = last.first_id or last.id
    ended = query.where(sa.or_(col(Run.id) == first, col(Run.first_id) == first))
    return sum(one.members for one in session.exec(ended))


def last_columns(session: Session, run: Run) -> dict[str, Any]:
    """What the matched columns held when the export ran last; empty where that isn't known."""
    query = select(Run).where(
        Run.export_id == run.export_id,
        Run.id != run.id,
        col(Run.status).in_([RunStatus.succeeded, RunStatus.partial]),
        col(Run.columns).is_not(None),
    )
    last = session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()
    return (last.columns or {}) if last else {}


def before(session: Session, run: Run, n: int) -> list[Run]:
    """The last n ended runs of its export to the same account that sent anything, newest first."""
    query = select(Run).where(
        Run.export_id == run.export_id,
        Run.account == run.account,
        col(Run.id) < (run.first_id or run.id),
        col(Run.finished_at).is_not(None),
        col(Run.batches) > 0,
        Run.kind == RunKind.export,
    )
    return list(session.exec(query.order_by(col(Run.id).desc()).limit(n)))


def last_counted(session: Session, run: Run) -> Run | None:
    """The export's last run to the same list after which the list was counted, before this one."""
    query = select(Run).where(
        Run.export_id == run.export_id,
        Run.account == run.account,
        Run.list_id == run.list_id,
        col(Run.id) < (run.first_id or run.id),
        col(Run.finished_at).is_not(None),
        col(Run.read_back_data)["after"].as_integer().is_not(None),
    )
    return session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()


def changed_list(session: Session, since: Run, run: Run) -> bool:
    """Whether runs other than this one changed its list after another one had ended."""
    query = select(Run).where(
        Run.account == run.account,
        Run.list_id == run.list_id,
        col(Run.id) != since.id,
        col(Run.finished_at) >= since.finished_at,
        sa.or_(col(Run.accepted) > 0, col(Run.removed) > 0),
    )
    own = {part.id for part in siblings(session, run)}
    found = [one for one in session.exec(query) if one.id not in own]
    return any(one.order.list_id is not None for one in found)


def through(session: Session, connection: ConnectionRow) -> list[Run]:
    """Runs under way that send through the connection."""
    return [run for run in active(session) if run.order.connection_id == connection.id]


def retried_by(session: Session, run: Run) -> Run | None:
    """The latest run that took over what was left of this one; None while none did."""
    return retries(session, [run]).get(run.id)


def retries(session: Session, some: Iterable[Run]) -> dict[int, Run]:
    """The same for each of the runs that was retried, by its id."""
    query = select(Run).where(col(Run.retry_of).in_([run.id for run in some]), col(Run.batches) > 0)
    return {run.retry_of or 0: run for run in session.exec(query.order_by(col(Run.id)))}


def last_sent(session: Session, export_id: int) -> Run | None:
    """The export's last run that sent anything of its segments."""
    query = select(Run).where(
        Run.export_id == export_id, Run.kind == RunKind.export, col(Run.sent) > 0
    )
    return session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()


def undone_by(session: Session, run: Run) -> Run | None:
    """The run that takes this one back, or took: the last that isn't cancelled or failed."""
    return undos(session, [run]).get(run.first_id or run.id)


def undos(session: Session, some: Iterable[Run]) -> dict[int, Run]:
    """The same for each of the runs that was taken back, by the id of its first part."""
    query = select(Run).where(
        col(Run.undo_of).in_([run.first_id or run.id for run in some]),
        col(Run.status).not_in([RunStatus.cancelled, RunStatus.failed]),
    )
    return {run.undo_of or 0: run for run in session.exec(query.order_by(col(Run.id)))}


def all_undos(session: Session) -> list[Run]:
    """All runs that took another one back, as far as they got; the newest first."""
    query = select(Run).where(col(Run.undo_of).is_not(None), col(Run.status).in_(ENDED))
    return list(session.exec(query.order_by(col(Run.id).desc())))


def last_undo(session: Session, export_id: int) -> Run | None:
    """The export's last run, if it took another one back, or the list to a former day."""
    query = select(Run).where(Run.export_id == export_id, col(Run.status).in_(ENDED))
    last = session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()
    return last if last and last.kind != RunKind.export else None


def settling(session: Session) -> list[Run]:
    """Ended runs with something still to be counted or recorded, see `Run`; oldest first."""
    found: dict[int, Run] = {}
    for one in (COUNTING, RECORDING):  # each by an index of its own, and by nothing else
        found |= {run.id: run for run in session.exec(select(Run).where(sa.text(one)))}
    return [found[id] for id in sorted(found) if found[id].finished_at]


def is_recording(session: Session, account: str) -> bool:
    """Whether what a cancelled run delivered to the account isn't in the ledger yet."""
    query = sa.select(col(Run.id)).where(_is_recording(), col(Run.account) == account)
    return session.scalar(query.limit(1)) is not None


def _is_recording() -> Any:
    return sa.and_(col(Run.finished_at).is_not(None), sa.text(RECORDING))


def siblings(session: Session, run: Run) -> list[Run]:
    """All runs that one request was split into, in order."""
    first = run.first_id or run.id
    query = select(Run).where(sa.or_(col(Run.id) == first, col(Run.first_id) == first))
    return list(session.exec(query.order_by(col(Run.part))))


def parts_of(session: Session, some: Iterable[Run]) -> dict[int, list[Run]]:
    """All parts of those of the runs that are the first of a split, in order, by its id."""
    firsts = [run.id for run in some if run.parts > 1]
    found: dict[int, list[Run]] = defaultdict(list)
    if firsts:
        own = sa.or_(col(Run.id).in_(firsts), col(Run.first_id).in_(firsts))
        for part in session.exec(select(Run).where(own).order_by(col(Run.part))):
            found[part.first_id or part.id].append(part)
    return found


def latest(session: Session) -> dict[int, list[Run]]:
    """The newest run of each export, by the export's id: all parts of a split, else it alone."""
    newest = sa.select(sa.func.max(col(Run.id))).group_by(col(Run.export_id))
    rows = session.exec(select(Run).where(col(Run.id).in_(newest)))
    return {
        run.export_id: siblings(session, run) if run.parts > 1 else [run]
        for run in rows
        if run.export_id is not None
    }


def standing_for(parts: Sequence[Run]) -> Run:
    """The part that stands for all of a split: the one under way, else the one that went worst."""
    return min(parts, key=lambda run: run_list.WORST.index(RunStatus(run.status)))


def sizes(session: Session, export_ids: Collection[int | None], n: int = 7) -> dict[int, list[int]]:
    """By export: profiles sent for its last n requests that ended, oldest first.

    A split counts as one request; an export without any is left out.
    """
    request = sa.func.coalesce(col(Run.first_id), col(Run.id))
    found: dict[int, list[int]] = {}
    for export_id in {id for id in export_ids if id is not None}:
        # One look for each finds its newest in an index; all of them at once would be read.
        own = [col(Run.export_id) == export_id, col(Run.status).not_in(UNENDED)]
        own.append(col(Run.kind) == RunKind.export)
        newest = sa.select(col(Run.id)).where(*own, col(Run.first_id).is_(None))
        firsts = newest.order_by(col(Run.id).desc()).limit(n)
        ids = list(session.scalars(firsts))
        parts = sa.or_(col(Run.id).in_(ids), col(Run.first_id).in_(ids))
        sums = sa.select(request, sa.func.sum(col(Run.sent))).where(parts)
        sent = {id: n for id, n in session.execute(sums.group_by(request))}  # noqa: C416 - rows
        if sent:
            found[export_id] = [int(sent[id]) for id in sorted(sent)]
    return found
