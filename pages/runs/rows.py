"""Runs as rows: of which export, to which list, how each ended, its numbers, and who began it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.configuration.calendar import by_schedule
from core.runs import history
from core.store import export_lists, runs
from core.store.run_list import ORDERS
from core.store.tables.runs import AGENT, Run
from core.texts import _, many
from pages.runs import standing, undone
from pages.ui import frame, links, row_cells
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, plain, took, when


@dataclass(frozen=True, slots=True)
class RunItem:
    """A run with what its row shows."""

    run: Run  # of a split its first part
    parts: Sequence[Run]  # of a split all of them, else it alone
    again: Run | None  # the run that retried it
    list_name: str  # its id where no name is known


def items(session: Session, found: Sequence[Run]) -> list[RunItem]:
    """These runs with what their rows show; splits are told by their first parts."""
    parts, again = runs.parts_of(session, found), runs.retries(session, found)
    names = export_lists.list_names(session)
    return [
        RunItem(
            run, parts.get(run.id, [run]), again.get(run.id), names.get(run.list_id, run.list_id)
        )
        for run in found
    ]


def alone(session: Session, found: Sequence[Run]) -> list[RunItem]:
    """The same of runs that stand for themselves, such as the parts of a split."""
    again, names = runs.retries(session, found), export_lists.list_names(session)
    return [
        RunItem(run, [run], again.get(run.id), names.get(run.list_id, run.list_id)) for run in found
    ]


def table(of_export: bool = False, follows: bool = False) -> Table[RunItem]:
    """How runs look as rows; `of_export` where all are of the same export, which isn't named then.

    With `follows` each whose numbers change is drawn each second.
    """
    columns = COLUMNS[1:] if of_export else COLUMNS
    return Table(
        kind="run",
        columns=columns,
        identity=lambda item: (item.run.id, _("Run {n}").format(n=item.run.id)),
        link=lambda item: links.run(item.run.id),
        name_title=_("Run"),
        name_width=78,
        sorts=ORDERS,
        moves=_moves if follows else None,
        again=_again,
        is_sample=lambda item: item.run.sample,
    )


def started_by(run: Run) -> str:
    """Who started the run: a person's name, which schedule, a token, an agent, or the demo."""
    return plain(_starter(run))


def _starter(run: Run) -> str:
    if run.sample:
        return _("the demo (sample)")
    if run.trigger == "schedule":
        return by_schedule(run.order.export.schedule)
    if run.trigger == AGENT:
        return _("an agent of {who}").format(who=run.by)
    return _("{token}, over the API").format(token=run.by) if run.trigger == "api" else run.by


def counting(run: Run, n: int) -> str:
    """That a cancelled run has left so many profiles with its destination."""
    return _("Cancelled, {n} already with {destination}, being counted.").format(
        n=f"{n:,}", destination=run.order.capabilities.title
    )


def recording(run: Run) -> str:
    """That a cancelled run's deliveries aren't in the ledger yet."""
    return _(
        "What arrived before the run was cancelled is being recorded. The next run to this "
        "{destination} account starts after that."
    ).format(destination=run.order.capabilities.title)


def part_of(run: Run) -> str | None:
    """Which part of a split it is; None where it is whole."""
    return _("part {n} of {m}").format(n=run.part, m=run.parts) if run.parts > 1 else None


def _moves(item: RunItem) -> bool:
    return any(part.status in standing.BUSY or part.is_settling for part in item.parts)


def _again(item: RunItem) -> RunItem:
    with frame.store().begin() as session:
        return items(session, [runs.find(session, item.run.id)])[0]


def _export(item: RunItem) -> Link | str:
    run = item.run
    return links.export(run.export_id, run.export) if run.export_id else run.export


def _list(item: RunItem) -> str:
    """The list, and below it what is special about the run, else its segments."""
    special = " · ".join(_origin(item))
    segments = ", ".join(item.run.segments or item.run.order.segments)
    return row_cells.two(f"→ {item.list_name}", special or segments)


def _origin(item: RunItem) -> list[str]:
    run, parts = item.run, item.parts
    part = part_of(run)
    if len(parts) > 1:
        part = _("in {n} parts").format(n=len(parts))
    retried = _("retry of run {n}").format(n=run.retry_of) if run.retry_of else None
    undo = undone.origin(run)
    if item.again:
        return [one for one in (part, undo, retried, history.of_retry(item.again)) if one]
    return [one for one in (part, undo, retried, *_left(run, parts)) if one]


def _left(run: Run, parts: Sequence[Run]) -> list[str]:
    """How many did not arrive so far."""
    sums = history.totals(parts)
    ended = run.finished_at and run.batches
    found = [
        many("{n} undelivered", "{n} undelivered", sums.undelivered) if sums.undelivered else "",
        many("{n} not sent", "{n} not sent", sums.not_sent) if sums.not_sent and ended else "",
        many("{n} being counted", "{n} being counted", sums.counting) if sums.counting else "",
    ]
    return [one for one in found if one]


def _status(item: RunItem) -> str:
    state = standing.of_run(item.parts)
    run = runs.standing_for(item.parts)
    why = frame.readable(run.hold or run.error) if state.needs and item.again is None else None
    return row_cells.badge(state.status, state.word, why)


def _accepted(item: RunItem) -> str:
    n = history.totals(item.parts).accepted
    return row_cells.number(f"{n:,}" if n else "—", _("accepted"))


def _rejected(item: RunItem) -> str:
    sums = history.totals(item.parts)
    n = sums.rejected + sums.refused
    return row_cells.number(f"{n:,}" if n else "—", _("rejected or refused"))


def _took(item: RunItem) -> str:
    seconds = sum(history.seconds(part) or 0.0 for part in item.parts)
    ended = all(part.finished_at for part in item.parts)
    return row_cells.number(took(seconds) if ended else "…", "")


def _started(item: RunItem) -> str:
    at = item.run.created_at
    return row_cells.text(brief(at), gray=True, whole=when(at))


def _by(item: RunItem) -> str:
    run, words = item.run, _starter(item.run)
    icon = {"schedule": "schedule", "api": "api", AGENT: "smart_toy"}.get(run.trigger)
    return row_cells.mark(run.by, _("By {who}").format(who=words), icon=icon)


COLUMNS: tuple[Column[RunItem], ...] = (
    Column("export", _("Export"), width=160, link=_export),
    Column("list", _("List"), _list),
    Column("status", _("Status"), _status, 164),
    Column("accepted", _("Accepted"), _accepted, 78, number=True),
    Column("rejected", _("Rejected"), _rejected, 70, number=True, wide=True),
    Column("took", _("Took"), _took, 78, number=True, wide=True),
    Column("started", _("Started"), _started, 82, wide=True),
    Column("by", _("By"), _by, 28, widest=True),
)
