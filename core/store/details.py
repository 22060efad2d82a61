"""What runs know besides their rows: what their source looked like, what they requested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from core.store.tables.runs import Run, RunDetail, RunKind, RunStatus
from core.traces import Request

KINDS, FIRST, FAILED, SLOWEST = 100, 100, 60, 40  # requests of a run that are kept
ENDED_WELL = (RunStatus.succeeded, RunStatus.partial)


def keep_source(session: Session, run_id: int, source: dict[str, Any]) -> None:
    """What its source looked like when the run read it, as JSON."""
    _row(session, run_id).source = source


def source(session: Session, run: Run) -> dict[str, Any] | None:
    """What the source looked like to the run, of a split to its first part; None if unknown."""
    found = session.get(RunDetail, run.first_id or run.id)
    return found.source if found else None


def before(session: Session, run: Run) -> Run | None:
    """The run of the same export before this one that read all of it, and knows its source."""
    return latest(session, run.export_id, run.first_id or run.id)


def latest(session: Session, export_id: int | None, before: int | None = None) -> Run | None:
    """The last run of an export that read all of it, and knows its source.

    With `before` the last one before the run of that number.
    """
    query = (
        select(Run)
        .join(RunDetail, col(RunDetail.run_id) == col(Run.id))
        .where(
            Run.export_id == export_id,
            col(Run.first_id).is_(None),
            Run.kind == RunKind.export,
            col(Run.status).in_(ENDED_WELL),
            col(RunDetail.source).is_not(None),
        )
    )
    if before is not None:
        query = query.where(col(Run.id) < before)
    return session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()


def keep_requests(session: Session, run_id: int, made: Iterable[Request]) -> None:
    """Adds requests of a run to its totals, and to a sample of them.

    The sample has the first, those that failed, and the slowest: FIRST, FAILED and SLOWEST at most.
    """
    row = _row(session, run_id)
    known = row.requests or {"totals": [], "first": [], "failed": [], "slowest": []}
    totals = {tuple(key): numbers for *key, numbers in known["totals"]}
    lists = {name: list(known[name]) for name in ("first", "failed", "slowest")}
    for one in made:
        n, seconds, slowest = totals.get((one.method, one.path, one.status), (0, 0.0, 0.0))
        sums = [n + 1, seconds + one.seconds, max(slowest, one.seconds)]
        if len(totals) < KINDS or n:
            totals[one.method, one.path, one.status] = sums
        line = [one.at.isoformat(), one.method, one.path, one.status, round(one.seconds, 3)]
        if len(lists["first"]) < FIRST:
            lists["first"].append(line)
        elif not 200 <= one.status < 300 and len(lists["failed"]) < FAILED:
            lists["failed"].append(line)
        else:
            lists["slowest"] = sorted([*lists["slowest"], line], key=lambda it: -it[4])[:SLOWEST]
    row.requests = {"totals": [[*key, numbers] for key, numbers in totals.items()], **lists}


def requests(session: Session, run: Run) -> "Requests | None":
    """The requests of a run, as far as they are kept; None where none is known."""
    found = session.get(RunDetail, run.id)
    if found is None or not found.requests:
        return None
    kinds = [Kind(*key, *numbers) for *key, numbers in sorted(found.requests["totals"], key=str)]
    lines = [line for name in ("first", "failed", "slowest") for line in found.requests[name]]
    some = [Request(datetime.fromisoformat(at), *rest) for at, *rest in sorted(lines)]
    return Requests(tuple(kinds), tuple(some))


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests alike: how many, their seconds together, those of the slowest."""

    method: str
    path: str
    status: int
    n: int
    seconds: float
    slowest: float


@dataclass(frozen=True, slots=True)
class Requests:
    """All requests of a run by kind, and some of them one by one, in order."""

    kinds: tuple[Kind, ...]
    some: tuple[Request, ...]


def copy(session: Session, there: Session, numbers: dict[int, int]) -> None:
    """Brings the details of another store's runs; `numbers` has the run's number here by there."""
    for one in there.exec(select(RunDetail).where(col(RunDetail.run_id).in_(numbers))):
        session.add(RunDetail(run_id=numbers[one.run_id], source=one.source, requests=one.requests))


def _row(session: Session, run_id: int) -> RunDetail:
    """The row, made on first use."""
    if (found := session.get(RunDetail, run_id)) is None:
        found = RunDetail(run_id=run_id)
    session.add(found)
    return found
