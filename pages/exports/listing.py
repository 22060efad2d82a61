"""The list of exports: filters, search, and its pages."""

import streamlit as st

from core.access import Person
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _
from pages.exports.rows import draw, read
from pages.runs import standing
from pages.ui import kit

PAGE = "exports-page"  # key of the list's pages
FILTERS = {
    _("All"): None,
    _("Needs attention"): standing.NEEDS,
    _("Running"): standing.BUSY,
    _("No connection"): frozenset({"detached"}),
}


def show(person: Person, rows: list[ExportRow], latest: dict[int, list[Run]]) -> None:
    """The exports that the filter and the search let through; `latest` are their newest runs."""
    wanted = _filtered(rows, latest)
    first, last = kit.paged(len(wanted), PAGE)
    for card in read(person, wanted[first:last], latest):
        draw(card)
    if not wanted:
        kit.empty(
            "search_off", _("No export matches"), _("Clear the search, or choose another filter.")
        )
    kit.pages(len(wanted), PAGE)


def _filtered(rows: list[ExportRow], latest: dict[int, list[Run]]) -> list[ExportRow]:
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        states = FILTERS[_filter()]
        typed = _search().casefold()
    return [
        row
        for row in rows
        if typed in row.name.casefold() and (states is None or _states(row, latest) & states)
    ]


def _filter() -> str:
    return st.radio(
        _("Show"),
        list(FILTERS),
        horizontal=True,
        key="show",
        label_visibility="collapsed",
        on_change=kit.first_page,
        args=(PAGE,),
        bind="query-params",
    )


def _search() -> str:
    label = _("Find an export")
    typed = st.text_input(
        label,
        type="search",
        placeholder=label,
        icon=":material/search:",
        key="find",
        label_visibility="collapsed",
        width=260,
        on_change=kit.first_page,
        args=(PAGE,),
        bind="query-params",
    )
    return typed or ""


def _states(row: ExportRow, latest: dict[int, list[Run]]) -> set[str]:
    state = standing.of(row, latest.get(row.id or 0, []))
    return {state.status, state.needs or state.status}
