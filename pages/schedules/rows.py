"""The schedules of the exports as rows: when each runs by itself, its next time, and Pause."""

from datetime import UTC, datetime
from functools import partial

from core.texts import _
from pages.runs import schedule_row
from pages.runs.schedule_row import ScheduleRow
from pages.ui import links, row_cells
from pages.ui.finders import Filter, Finders
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when

LAST = datetime.max.replace(tzinfo=UTC)  # of who has no next time


def table(rows: list[ScheduleRow]) -> Table[ScheduleRow]:
    """How the schedules of these exports look as rows."""
    return Table(
        is_sample=lambda one: one.row.sample,
        kind="schedule",
        columns=COLUMNS,
        identity=lambda one: (one.row.id or 0, one.row.name),
        link=lambda one: links.export(one.row.id, one.row.name),
        actions=partial(schedule_row.buttons, slim=True)
        if any(one.may_change for one in rows)
        else None,
        name_title=_("Export"),
        name_width=200,
    )


def finders(rows: list[ScheduleRow]) -> Finders[ScheduleRow]:
    """What narrows them."""
    return Finders(
        table(rows),
        _("Find an export"),
        _("Name, schedule"),
        lambda one: f"{one.row.name} {one.words}",
        STATES,
        FILTERS,
    )


def _next(one: ScheduleRow) -> str:
    at = one.next_time
    return row_cells.text(brief(at) if at else "—", gray=not at, whole=when(at) if at else "")


COLUMNS: tuple[Column[ScheduleRow], ...] = (
    Column(
        "runs",
        _("Schedule"),
        lambda one: row_cells.clamped(one.words),
        order=lambda one: one.words.casefold(),
    ),
    Column(
        "state",
        _("State"),
        lambda one: row_cells.badge(one.status),
        width=104,
        order=lambda one: one.status,
    ),
    Column("next", _("Next"), _next, width=120, order=lambda one: one.next_time or LAST),
)
STATES = {
    "all": (_("All"), lambda _one: True),
    "active": (_("Active"), lambda one: one.status == "active"),
    "paused": (_("Paused"), lambda one: one.status == "paused"),
    "off": (_("Off"), lambda one: one.status in ("off", "detached")),
}
FILTERS: dict[str, Filter[ScheduleRow]] = {}
