"""What can be done with an export from its row, and with several that are selected."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from pydantic import ValidationError

from core.access import Person
from core.runs.several import each
from core.store import exports, runs
from core.texts import _, many
from pages.runs import marks, reports, run_dialog, schedule_form
from pages.ui import frame, kit
from pages.ui.words import plain

if TYPE_CHECKING:
    from pages.exports.rows import ExportItem

NAMED = 10  # exports that a question names
CHOSEN = "bulk-tags"  # key of the box of tags


def menu(item: "ExportItem") -> None:
    """What is done less often, as a menu."""
    row = item.row
    choices, page = [_("Open"), _("Lineage")], marks.list_page(item.connection, row.list_id)
    there = marks.list_page_label(item.connection)
    choices += [there] if page else []
    if item.may_change:
        choices += [_("Edit"), _("Duplicate")]
        choices += [_("Detach")] if row.connection_id else []
        choices += [_("Remove")]
    label = _("More for {name}").format(name=plain(row.name))
    chosen = st.menu_button(
        label, choices, key=f"more-{row.id}", type="tertiary", icon=":material/more_horiz:"
    )
    if chosen == _("Open"):
        frame.go("preview", export=row.id)
    if chosen == _("Lineage"):
        frame.go("lineage", export=row.id)
    if page and chosen == there:
        _open_list(item, there, page)
    if chosen in (_("Edit"), _("Duplicate")):
        view = "edit" if chosen == _("Edit") else "duplicate"
        frame.stay(export=row.id, view=view)
    if chosen == _("Detach"):
        detach([item])
    if chosen == _("Remove"):
        _remove(item)


def _open_list(item: "ExportItem", label: str, page: str) -> None:
    """A link, for what a menu chooses comes too late to open a new tab."""

    @st.dialog(plain(item.list), icon=":material/open_in_new:")
    def dialog() -> None:
        frame.guard()
        st.markdown(_("It opens in a new tab."))
        st.link_button(label, page, icon=":material/open_in_new:", type="primary")

    dialog()


def bulk(items: Sequence["ExportItem"]) -> None:
    """The buttons for those that are selected."""
    may_run = [one for one in items if one.may_run and one.row.connection_id]
    may_change = [one for one in items if one.may_change]
    label = _("Run {n}").format(n=len(may_run))
    if may_run and _button(label, "play_arrow", "bulk-run"):
        run_dialog.ask_several([(one.row.id, one.row.name) for one in may_run])
    if not may_change:
        return
    with st.popover(_("Change"), icon=":material/edit:", type="tertiary", key="bulk-change"):
        _changes(may_change)


def _changes(items: Sequence["ExportItem"]) -> None:
    scheduled = [one for one in items if one.scheduled]
    awake, paused = [o for o in scheduled if not o.paused], [o for o in scheduled if o.paused]
    if awake and _button(_("Pause {n}").format(n=len(awake)), "pause", "bulk-pause"):
        _pause(awake, True)
    if paused and _button(_("Resume {n}").format(n=len(paused)), "resume", "bulk-resume"):
        _pause(paused, False)
    if _button(_("Set a schedule"), "schedule", "bulk-schedule"):
        _schedule(items)
    if _button(_("Tag"), "sell", "bulk-tag"):
        _tag(items)
    connected = [one for one in items if one.row.connection_id]
    if connected and _button(_("Detach {n}").format(n=len(connected)), "link_off", "bulk-detach"):
        detach(connected)


def _button(label: str, icon: str, key: str) -> bool:
    return st.button(label, icon=f":material/{icon}:", key=key, type="tertiary")


def _pause(items: Sequence["ExportItem"], paused: bool) -> None:
    do = partial(_each, items, lambda session, who, row: exports.pause(session, who, row, paused))
    frame.pressed(do)
    st.rerun()


def _each(items: Sequence["ExportItem"], action: Callable[..., object], person: Person) -> None:
    ids = [one.row.id for one in items]
    done = each(frame.store(), ids, lambda session, row: action(session, person, row))
    reports.report(done, reports.changed)


@st.dialog(_("When do they run?"), width="large")
def _schedule(items: Sequence["ExportItem"]) -> None:
    frame.guard()
    st.markdown(_names(items))
    chosen = schedule_form.choose("bulk-schedule", "off")
    label = _("Set for {n}").format(n=len(items))
    try:
        schedule = schedule_form.read(chosen)
    except ValidationError:  # the form says what is wrong
        _decide(label, None)
    else:
        _decide(label, partial(_each, items, partial(_reschedule, schedule)))


def _reschedule(schedule: Any, session: Any, person: Person, row: Any) -> None:
    exports.reschedule(session, person, row, schedule)


@st.dialog(_("Tags"))
def _tag(items: Sequence["ExportItem"]) -> None:
    frame.guard()
    st.markdown(_names(items))
    with frame.store().begin() as session:
        known = exports.tags(session)
    shared = set.intersection(*(set(one.tags) for one in items))
    st.multiselect(
        _("Tags"),
        known,
        sorted(shared),
        accept_new_options=True,
        max_selections=20,
        key=CHOSEN,
        placeholder=_("Choose one, or type a new one"),
    )
    label = _("Tag {n}").format(n=len(items))
    _decide(label, partial(_retag, items, shared))


def _retag(items: Sequence["ExportItem"], shared: set[str], person: Person) -> None:
    """What all had is as it was chosen; tags that only some of them have stay as they are."""
    chosen = st.session_state[CHOSEN]

    def retag(session: Any, who: Person, row: Any) -> None:
        had = [tag for tag in row.spec.get("tags", ()) if tag not in shared]
        exports.tag(session, who, row, [*had, *chosen])

    _each(items, retag, person)


def _decide(label: str, action: Callable[[Person], object] | None) -> None:
    """The buttons of a dialog; without an action yet only the one that closes it works."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Cancel"), key="bulk-no", type="tertiary"):
            st.rerun()
        done = {"on_click": frame.pressed, "args": (action,)}
        if st.button(label, key="bulk-yes", type="primary", disabled=action is None, **done):
            st.rerun()


def _names(items: Sequence["ExportItem"]) -> str:
    names = ", ".join(f"**{plain(one.row.name)}**" for one in items[:NAMED])
    if len(items) > NAMED:
        names += " " + many("and {n} more", "and {n} more", len(items) - NAMED)
    return names


def detach(items: Sequence["ExportItem"]) -> None:
    """Asks before they lose their connection."""
    text = many(
        "{names} keeps its settings and its history, but doesn't run until somebody chooses "
        "a connection for it.",
        "{names} keep their settings and their history, but don't run until somebody chooses "
        "a connection for them.",
        len(items),
        names=_names(items),
    )
    title = many("Detach the export?", "Detach {n} exports?", len(items))
    kit.confirm(title, text, _("Detach"), partial(_each, items, exports.detach))


def _remove(item: "ExportItem") -> None:
    with frame.store().begin() as session:
        n = runs.how_many(session, export_id=item.row.id)
    text = _("**{name}** and its data matching are removed for good. {runs} in the history. {list}")
    kit.confirm(
        _("Remove the export?"),
        text.format(
            name=plain(item.row.name),
            runs=many("Its {n} run stays", "Its {n} runs stay", n),
            list=_list_stays(item),
        ),
        _("Remove export"),
        partial(_do, exports.remove, item.row.id),
        _("“{name}” is removed.").format(name=item.row.name),
    )


def _list_stays(item: "ExportItem") -> str:
    name = plain(item.list)
    if item.connection is None:
        return _("The list {list} and the people on it stay as they are.").format(list=name)
    text = _("The list {list} in {destination} and the people on it stay as they are.")
    return text.format(list=name, destination=marks.type_name(item.connection))


def _do(action: Callable[..., object], export_id: int, person: Person) -> None:
    with frame.store().begin() as session:
        action(session, person, exports.find(session, export_id))
