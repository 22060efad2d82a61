"""The common refresh and the schedules of exports: what each says, and when it comes next."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.configuration import calendar
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.runs import scheduler
from core.store import exports
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.schedules.form import DOWNTIME
from pages.ui import frame, kit
from pages.ui.words import plain, when

Refresh = RefreshSchedule | RefreshCron


@dataclass(frozen=True, slots=True)
class Shown:
    """An export with what its row tells."""

    row: ExportRow
    told: str  # its schedule in words
    coming: datetime | None
    status: str  # of kit.STATUS
    manages: bool  # whether its reader may change it


def read(session, person: Person, row: ExportRow, refresh: Refresh, now: datetime) -> Shown:
    """What the row tells this person of this export."""
    schedule = scheduler.schedule_for(row, refresh)
    paused = exports.paused(row)
    runs = schedule is not None and not paused and row.connection_id is not None
    return Shown(
        row,
        _told(row),
        calendar.next_slot(schedule, now) if schedule and runs else None,
        _status(row, paused, schedule is not None),
        may(person, Action.manage_exports, exports.connection_of(session, row)),
    )


def draw(shown: Shown) -> None:
    """One row."""
    row = shown.row
    with st.container(**kit.ROW, gap="xsmall", key=f"schedule-{row.id}"):
        kit.named(row.name, plain(shown.told), 380)
        with st.container(width=128):
            kit.badge(shown.status)
        _next(shown.coming)
        with st.container(horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"):
            if shown.manages:
                _buttons(shown)


def refresh_card(person: Person, refresh: Refresh, now: datetime) -> None:
    """The common refresh, with the way to change it for those who may."""
    with st.container(border=True, gap="small", key="refresh"):
        kit.section(_("Common refresh"), _("reads the sources, counts, runs who follows it"))
        with st.container(**kit.ROW, gap="xsmall"):
            text = DOWNTIME[refresh.after_downtime]
            second = _("Times missed while down: {what}").format(what=text.lower())
            kit.named(calendar.in_words(refresh), second, 380)
            with st.container(width=128):
                kit.badge("active" if refresh.active else "off")
            _next(calendar.next_slot(refresh, now) if refresh.active else None)
            with st.container(horizontal=True, horizontal_alignment="right"):
                if may(person, Action.configure) and st.button(
                    _("Change") if refresh.active else _("Set up"), key="change-refresh"
                ):
                    frame.stay(view="refresh")


def ask_to_refresh(followers: list[str]) -> None:
    """Asks before everything is read, and sent."""
    text = _("Every source that segments use is read again and its segments are counted.")
    if followers:
        names = ", ".join(f"**{plain(name)}**" for name in followers)
        text += " " + many(
            "Then {n} export runs, and sends to Klaviyo: {names}.",
            "Then {n} exports run, and send to Klaviyo: {names}.",
            len(followers),
            names=names,
        )
    kit.confirm(
        _("Refresh now?"), text, _("Refresh now"), _refresh, _("The refresh begins in a moment.")
    )


def _refresh(person: Person) -> None:
    with frame.store().begin() as session:
        scheduler.refresh_now(session, person, datetime.now(UTC))


def _told(row: ExportRow) -> str:
    own = exports.schedule(row)
    if own == "refresh":
        return _("With the common refresh")
    return _("No schedule") if isinstance(own, str) else calendar.in_words(own)


def _status(row: ExportRow, paused: bool, scheduled: bool) -> str:
    if row.connection_id is None:
        return "detached"
    if not scheduled:
        return "off"
    return "paused" if paused else "active"


def _next(coming: datetime | None) -> None:
    st.markdown(f"{when(coming)}  \n:small[:gray[{_('Next')}]]", width=150)


def _buttons(shown: Shown) -> None:
    row = shown.row
    if shown.status in ("active", "paused"):
        pauses = shown.status == "active"
        done = _("“{n}” is paused.") if pauses else _("“{n}” runs by its schedule again.")
        st.button(
            _("Pause") if pauses else _("Resume"),
            key=f"pause-{row.id}",
            on_click=frame.pressed,
            args=(partial(_pause, row.id or 0, pauses), done.format(n=row.name)),
        )
    if st.button(_("Change"), key=f"change-{row.id}"):
        frame.go("schedules", view="exports", export=row.id)


def _pause(export_id: int, paused: bool, person: Person) -> None:
    with frame.store().begin() as session:
        exports.pause(session, person, exports.find(session, export_id), paused)
