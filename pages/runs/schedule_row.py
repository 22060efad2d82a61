"""When an export runs by itself, as a row: its schedule in words, its next time, and Pause."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.configuration import calendar
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.runs import scheduler
from core.store import exports
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.ui import frame, kit, links
from pages.ui.words import plain, when

WIDE = 230  # pixels of a name: all of a row is in one line at 1024 pixels


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """An export with what its row shows."""

    row: ExportRow
    words: str  # of its schedule
    next_time: datetime | None
    status: str  # of kit.STATUS
    may_change: bool


def read(
    session, person: Person, row: ExportRow, refresh: RefreshSchedule | RefreshCron, now: datetime
) -> ScheduleRow:
    """What the row shows this person of this export."""
    schedule = scheduler.schedule_for(row, refresh)
    paused = exports.paused(row)
    runs = schedule is not None and not paused and row.connection_id is not None
    return ScheduleRow(
        row,
        _words(row),
        calendar.next_slot(schedule, now) if schedule and runs else None,
        _status(row, paused, schedule is not None),
        may(person, Action.manage_exports, exports.connection_of(session, row)),
    )


def draw(shown: ScheduleRow) -> None:
    """One row."""
    row = shown.row
    with st.container(**kit.ROW, gap="xsmall", key=f"schedule-{row.id}"):
        links.named(links.export(row.id, row.name), plain(shown.words), WIDE, f"schedule-{row.id}")
        with st.container(width=126):
            kit.badge(shown.status)
        draw_next_time(shown.next_time)
        with st.container(horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"):
            buttons(shown)


def _words(row: ExportRow) -> str:
    own = exports.schedule(row)
    if own == "refresh":
        return _("With the refresh schedule")
    return _("No schedule") if isinstance(own, str) else calendar.in_words(own)


def _status(row: ExportRow, paused: bool, scheduled: bool) -> str:
    if row.connection_id is None:
        return "detached"
    if not scheduled:
        return "off"
    return "paused" if paused else "active"


def draw_next_time(moment: datetime | None) -> None:
    """The column of a schedule's next time; empty where there is none."""
    text = f":small[{when(moment)}]  \n:small[:gray[{_('Next')}]]" if moment else ""
    st.markdown(text, width=106)


def buttons(shown: ScheduleRow, *, slim: bool = False) -> None:
    """What this person may do with it; `slim`: as icons, for dense rows."""
    row, kind = shown.row, "tertiary" if slim else "secondary"
    if not shown.may_change:
        return
    if shown.status in ("active", "paused"):
        pauses = shown.status == "active"
        done = _("“{n}” is paused.") if pauses else _("“{n}” runs by its schedule again.")
        st.button(
            kit.named_button(_("Pause") if pauses else _("Resume"), row.name),
            key=f"pause-{row.id}",
            type=kind,
            icon=(":material/pause:" if pauses else ":material/play_arrow:") if slim else None,
            on_click=frame.pressed,
            args=(partial(_pause, row.id or 0, pauses), done.format(n=row.name)),
        )
    label, icon = kit.named_button(_("Change"), row.name), ":material/edit:" if slim else None
    if st.button(label, key=f"change-{row.id}", type=kind, icon=icon):
        frame.go("schedules", view="exports", export=row.id)


def _pause(export_id: int, paused: bool, person: Person) -> None:
    with frame.store().begin() as session:
        exports.pause(session, person, exports.find(session, export_id), paused)
