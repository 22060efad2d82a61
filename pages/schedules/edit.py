"""The forms of schedules: of the refresh schedule, and of exports, one or several at once."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st
from pydantic import TypeAdapter

from core.access import Action, Person, Role, may
from core.configuration.schedule import Refresh
from core.store import exports, preferences
from core.store.drafts import Form
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.runs.schedule_form import DOWNTIME, FIELDS, KINDS, choose, edit, in_words, read
from pages.ui import drafts, forms, frame, kit
from pages.ui.differences import Words
from pages.ui.words import named

KEEP = "keep"
PAUSES = {KEEP: _("Don’t change"), True: _("Paused"), False: _("Not paused")}
REFRESH, CHOSEN = "refresh-form", "schedule-exports"  # keys: of a form, and of what is chosen
LABELS = {
    "active": _("Refresh by schedule"),
    "days": _("Days"),
    "times": _("Times"),
    "cron": _("Cron text"),
    "time_zone": _("Time zone"),
    "after_downtime": _("If the server was down"),
}
_REFRESH: TypeAdapter[Any] = TypeAdapter(Refresh)
Data = Mapping[str, Any]


def of_refresh() -> None:
    """The form of the refresh schedule; one that is off is about to be set up, and so begins on."""
    person = frame.guard(Role.administrator)
    title = _("Refresh schedule")
    with frame.store().begin() as session:
        saved = preferences.refresh(session).model_dump(mode="json")
        rows = exports.everything(session)
    back = _back()
    kit.back(_("Settings") if back == "settings" else _("Schedules"), back)
    drawn = f"{REFRESH}-active" in st.session_state
    typed = drafts.begin(person, Form("refresh"), title, saved, drawn)
    followers = sum(exports.schedule(row) == "refresh" for row in rows)
    with kit.head(title, many("{n} export follows it.", "{n} exports follow it.", followers)):
        pass
    with st.container(border=True, key="form-refresh"):
        active = st.toggle(
            _("Refresh by schedule"), typed.get("active", True), key=f"{REFRESH}-active"
        )
        data = edit(REFRESH, typed or saved, active) | {"active": active}
    note = _("Dates in segment rules use this time zone.")
    st.markdown(f":small[:gray[{note}]]")
    drafts.keep(person, data)
    drafts.review(person, LABELS, {"after_downtime": DOWNTIME.__getitem__}, _leave)
    action = partial(_keep_refresh, person, data)
    _save(person, REFRESH, action, _("The refresh schedule is changed."))


def of_exports() -> None:
    """The form of exports' schedules."""
    person = frame.guard(Role.contributor)
    rows, first = _changeable(person), _first()
    kit.back(_("Schedules"), "schedules")
    title, saved = _("Change schedules"), _saved(rows)
    typed = drafts.begin(person, Form("schedule", first), title, saved, CHOSEN in st.session_state)
    with kit.head(title, _("Changes take effect at once. Saving never runs an export.")):
        pass
    chosen = _which(rows, typed.get("exports") or [first])
    # Other exports begin with their own schedule, not with what was typed for these.
    ids = [row.id for row in chosen]
    form = "-".join(["schedule", *map(str, ids)])
    with st.container(border=True, key="form-schedule"):
        begins = typed if typed.get("exports") == ids else {}
        schedule = _schedule(form, chosen, begins.get("schedule"))
        pause = list(PAUSES).index(begins.get("paused", KEEP))
        paused = st.radio(
            _("Pause"),
            list(PAUSES),
            pause,
            format_func=PAUSES.get,
            horizontal=True,
            key=f"{form}-pause",
        )
    drafts.keep(person, {"exports": ids, "schedule": schedule, "paused": paused})
    drafts.review(person, *_differing(rows), _leave)
    n = len(chosen)
    label = many("Save the schedule of {n} export", "Save the schedules of {n} exports", n)
    action = partial(_keep, person, chosen, schedule, paused)
    _save(person, form, action, _("The schedules are changed."), label, disabled=not n)


def _changeable(person: Person) -> dict[int, ExportRow]:
    with frame.store().begin() as session:
        return {
            row.id: row
            for row in exports.everything(session)
            if may(person, Action.manage_exports, exports.connection_of(session, row))
        }


def _first() -> int:
    """The id of the export that the address names; 0 without one."""
    if not (export := frame.query("export")):
        return 0
    with kit.finding(), frame.store().begin() as session:
        return exports.find(session, named(export)).id


def _which(rows: dict[int, ExportRow], first: list[int]) -> list[ExportRow]:
    chosen = st.multiselect(
        _("Exports"),
        list(rows),
        [id for id in first if id in rows],
        format_func=lambda id: rows[id].name,
        placeholder=_("Choose one or more"),
        key=CHOSEN,
    )
    return [rows[id] for id in chosen]


def _schedule(form: str, chosen: list[ExportRow], typed: Any) -> Any:
    """What was chosen: a word, or the data of a schedule."""
    now = [_data(exports.schedule(row)) for row in chosen]
    same = now[0] if now and all(one == now[0] for one in now) else None
    several = {KEEP: _("Don’t change the schedules")} if len(chosen) > 1 else {}
    return choose(form, same if typed is None else typed, several | KINDS)


def _data(schedule: Any) -> Any:
    return schedule if isinstance(schedule, str) else schedule.model_dump(mode="json")


def _saved(rows: Mapping[int, ExportRow]) -> dict[str, Any]:
    """Of each export its schedule and whether it is paused, by a name of their own."""
    found: dict[str, Any] = {}
    for id, row in rows.items():
        found[_field(id, "schedule")] = _data(exports.schedule(row))
        found[_field(id, "paused")] = exports.paused(row)
    return found


def _field(id: int, what: str) -> str:
    return f"{id} {what}"


def _differing(rows: Mapping[int, ExportRow]) -> tuple[dict[str, str], Words]:
    """What the fields of `_saved` are called, and how their values read."""
    labels, words = {}, {}
    for id, row in rows.items():
        labels[_field(id, "schedule")] = _("{name}: schedule").format(name=row.name)
        labels[_field(id, "paused")] = _("{name}: paused").format(name=row.name)
        words[_field(id, "schedule")] = in_words
    return labels, words


def _keep_refresh(person: Person, data: dict[str, Any]) -> None:
    """Raises ValidationError, Denied, Outdated."""
    schedule = _REFRESH.validate_python(data)
    with drafts.saving(person) as session:
        now = preferences.refresh(session).model_dump(mode="json")
        drafts.refuse(session, "", now, schedule.model_dump(mode="json"))
        preferences.change_refresh(session, person, schedule)


def _keep(person: Person, chosen: list[ExportRow], schedule: Any, paused: Any) -> None:
    """All of them or none. Raises ValidationError, Denied, Outdated."""
    wanted = schedule if schedule == KEEP else read(schedule)
    with drafts.saving(person) as session:
        rows = {one.id: exports.find(session, one.id) for one in chosen}
        now = _saved(rows)
        for id, row in rows.items():
            mine = {} if wanted == KEEP else {_field(id, "schedule"): _data(wanted)}
            mine |= {} if paused == KEEP else {_field(id, "paused"): paused}
            drafts.refuse(session, row.name, now, mine)
        for row in rows.values():
            if wanted != KEEP:
                exports.reschedule(session, person, row, wanted)
            if paused != KEEP:
                exports.pause(session, person, row, paused)


def _save(
    person: Person,
    form: str,
    action: Callable[[], None],
    done: str,
    label: str = _("Save schedule"),
    disabled: bool = False,
) -> None:
    forms.rest(form, *FIELDS)
    with drafts.last_row(person, _leave):
        pressed = st.button(label, key="form-save", type="primary", disabled=disabled)
    if not pressed and not drafts.save_anyway():
        return
    if not drafts.save(form, action):
        st.rerun()
    frame.notify(done)
    _leave()


def _leave() -> None:
    back = _back()
    st.query_params.clear()
    frame.go(back)


def _back() -> str:
    """The page that the form was opened from."""
    return "settings" if frame.query("back") == "settings" else "schedules"
