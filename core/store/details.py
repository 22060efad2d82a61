"""What runs know besides their rows: what their source looked like, what they requested."""

from typing import Any

from sqlmodel import Session, col, select

from core.store.tables.runs import Run, RunDetail, RunKind, RunStatus

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
    query = (
        select(Run)
        .join(RunDetail, col(RunDetail.run_id) == col(Run.id))
        .where(
            Run.export_id == run.export_id,
            col(Run.id) < (run.first_id or run.id),
            col(Run.first_id).is_(None),
            Run.kind == RunKind.export,
            Run.kind == RunKind.export,
            col(Run.status).in_(ENDED_WELL),
            col(RunDetail.source).is_not(None),
        )
    )
    return session.exec(query.order_by(col(Run.id).desc()).limit(1)).first()


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
