"""Exports: which segments go to which list, how each stands, and what runs now."""

import streamlit as st

from core.access import Action, Person, may
from core.store import exports, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _
from pages.exports import form, run_all
from pages.exports.rows import draw, read
from pages.runs import figures, live, standing
from pages.ui import frame, kit

PAGE = "exports-page"  # key of the list's pages
FILTERS = {
    _("All"): None,
    _("Needs attention"): standing.NEEDS,
    _("Running"): standing.BUSY,
    _("No connection"): frozenset({"detached"}),
}


def listing(person: Person) -> None:
    """All exports."""
    with frame.store().begin() as session:
        rows, latest = exports.everything(session), runs.latest(session)
    makes = may(person, Action.manage_exports)
    with kit.head(_("Exports"), _("Segments of your profiles, kept on Klaviyo lists.")):
        if rows and may(person, Action.run):
            run_all.button(person)
        label = _("New export")
        if rows and makes and st.button(label, icon=":material/add:", type="primary", key="new"):
            _open("new")
    if not rows:
        text = _("An export takes one or more segments to one Klaviyo list. Saving never runs it.")
        if kit.empty("upload", _("No exports yet"), text, _("New export") if makes else None):
            _open("new")
        return
    figures.show()
    live.follow()
    _rows(person, rows, latest)


def _open(view: str) -> None:
    frame.stay(view=view)


def _rows(person: Person, rows: list[ExportRow], latest: dict[int, Run]) -> None:
    wanted = _filtered(rows, latest)
    first, last = kit.paged(len(wanted), PAGE)
    for shown in read(person, wanted[first:last], latest):
        draw(shown)
    if not wanted:
        kit.empty(
            "search_off", _("No export matches"), _("Clear the search, or choose another filter.")
        )
    kit.pages(len(wanted), PAGE)


def _filtered(rows: list[ExportRow], latest: dict[int, Run]) -> list[ExportRow]:
    """The exports that the filter and the search let through."""
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        chosen = st.radio(
            _("Show"),
            list(FILTERS),
            horizontal=True,
            key="show",
            label_visibility="collapsed",
            on_change=kit.first_page,
            args=(PAGE,),
            bind="query-params",
        )
        find = _("Find an export")
        typed = st.text_input(
            find,
            type="search",
            placeholder=find,
            icon=":material/search:",
            key="find",
            label_visibility="collapsed",
            width=260,
            on_change=kit.first_page,
            args=(PAGE,),
            bind="query-params",
        )
    states = FILTERS[chosen]
    return [
        row
        for row in rows
        if (typed or "").casefold() in row.name.casefold()
        and (states is None or _states(row, latest) & states)
    ]


def _states(row: ExportRow, latest: dict[int, Run]) -> set[str]:
    how = standing.of(row, latest.get(row.id or 0))
    return {how.status, how.needs or how.status}


person = frame.guard()
if st.query_params.get("view") in ("new", "edit", "duplicate"):
    form.show()
else:
    listing(person)
