"""Changes the common refresh, or the schedules of exports, one or several at once."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import TypeAdapter

from core.access import Action, Person, Role, may
from core.configuration.schedule import Refresh
from core.store import exports, preferences
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.runs.schedule_form import FIELDS, KINDS, choose, edit, read
from pages.ui import forms, frame, kit
from pages.ui.words import named

KEEP = "keep"
PAUSES = {KEEP: _("Don’t change"), True: _("Paused"), False: _("Not paused")}
_REFRESH: TypeAdapter[Any] = TypeAdapter(Refresh)


def of_refresh() -> None:
    """The form of the common refresh."""
    person = frame.guard(Role.administrator)
    form = "refresh-form"
    with frame.store().begin() as session:
        given = preferences.refresh(session).model_dump(mode="json")
        rows = exports.everything(session)
    followers = sum(exports.schedule(row) == "refresh" for row in rows)
    kit.back(_("Schedules"), "schedules")
    text = many("{n} export follows it.", "{n} exports follow it.", followers)
    with kit.head(_("Refresh schedule"), text):
        pass
    with st.container(border=True, key="form-refresh"):
        active = st.toggle(_("Refresh by schedule"), given["active"], key=f"{form}-active")
        data = edit(form, given) | {"active": active}
    note = _("Dates in segment rules use this time zone.")
    st.markdown(f":small[:gray[{note}]]")
    _save(form, lambda: _keep_refresh(person, data), _("The refresh schedule is changed."))


def of_exports() -> None:
    """The form of exports' schedules."""
    person = frame.guard(Role.contributor)
    rows = _changeable(person)
    kit.back(_("Schedules"), "schedules")
    with kit.head(
        _("Change schedules"), _("Changes take effect at once. Saving never runs an export.")
    ):
        pass
    chosen = _which(rows)
    # Other exports begin with their own schedule, not with what was typed for these.
    form = "-".join(["schedule", *(str(row.id) for row in chosen)])
    with st.container(border=True, key="form-schedule"):
        schedule = _schedule(form, chosen)
        paused = st.radio(
            _("Pause"), list(PAUSES), format_func=PAUSES.get, horizontal=True, key=f"{form}-pause"
        )
    n = len(chosen)
    label = many("Save the schedule of {n} export", "Save the schedules of {n} exports", n)
    _save(
        form,
        lambda: _keep(person, chosen, schedule, paused),
        _("The schedules are changed."),
        label,
        disabled=not n,
    )


def _changeable(person: Person) -> dict[int, ExportRow]:
    with frame.store().begin() as session:
        return {
            row.id: row
            for row in exports.everything(session)
            if may(person, Action.manage_exports, exports.connection_of(session, row))
        }


def _which(rows: dict[int, ExportRow]) -> list[ExportRow]:
    first = []
    if export := frame.query("export"):
        with kit.finding(), frame.store().begin() as session:
            first = [exports.find(session, named(export)).id]
    chosen = st.multiselect(
        _("Exports"),
        list(rows),
        [id for id in first if id in rows],
        format_func=lambda id: rows[id].name,
        placeholder=_("Choose one or more"),
        key="schedule-exports",
    )
    return [rows[id] for id in chosen]


def _schedule(form: str, chosen: list[ExportRow]) -> Any:
    """What was chosen: a word, or the data of a schedule."""
    now = [exports.schedule(row) for row in chosen]
    same = now[0] if now and all(one == now[0] for one in now) else None
    several = {KEEP: _("Don’t change the schedules")} if len(chosen) > 1 else {}
    start = same if same is None or isinstance(same, str) else same.model_dump(mode="json")
    return choose(form, start, several | KINDS)


def _keep_refresh(person: Person, data: dict[str, Any]) -> None:
    """Raises ValidationError, Denied."""
    schedule = _REFRESH.validate_python(data)
    with frame.store().begin() as session:
        preferences.change_refresh(session, person, schedule)


def _keep(person: Person, chosen: list[ExportRow], schedule: Any, paused: Any) -> None:
    """All of them or none. Raises ValidationError, Denied."""
    wanted = schedule if schedule == KEEP else read(schedule)
    with frame.store().begin() as session:
        for one in chosen:
            row = exports.find(session, one.id)
            if wanted != KEEP:
                exports.reschedule(session, person, row, wanted)
            if paused != KEEP:
                exports.pause(session, person, row, paused)


def _save(
    form: str,
    action: Callable[[], None],
    done: str,
    label: str = _("Save schedule"),
    disabled: bool = False,
) -> None:
    forms.rest(form, *FIELDS)
    with st.container(horizontal=True, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="form-cancel", type="tertiary"):
            _leave()
        label = label or _("Save schedule")
        pressed = st.button(label, key="form-save", type="primary", disabled=disabled)
    if not pressed:
        return
    if not forms.attempt(form, action):
        st.rerun()
    frame.notify(done)
    _leave()


def _leave() -> None:
    st.query_params.clear()
    frame.go("schedules")
