"""The list of exports: what is searched and filtered, and the rows that are left."""

from collections.abc import Sequence

import streamlit as st

from core.texts import _
from pages.exports import filters
from pages.exports.rows import ASKED, ExportItem, table
from pages.runs import run_dialog, standing
from pages.ui import frame, kit, rows

PAGE = "exports-page"  # key of the list's pages
STATES = {
    "all": (_("All"), None),
    "attention": (_("Needs attention"), standing.NEEDS | {"partial", "detached"}),
    "running": (_("Running"), standing.BUSY),
    "paused": (_("Paused"), frozenset({"paused"})),
    "never": (_("Never run"), frozenset({"never"})),
}


@st.fragment
def show(items: list[ExportItem]) -> None:
    """The exports that the filters and the search let through."""
    frame.guard()
    frame.show_notices()
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        states = STATES[_state(items)][1]
        with st.container(**kit.ROW, width="content", gap="small", key="finders"):
            words = _search().casefold().split()
            chosen = filters.choose(items, PAGE)
    wanted = [
        item
        for item in items
        if (states is None or _states(item) & states)
        and all(word in _text(item) for word in words)
        and filters.fits(item, chosen)
    ]
    if wanted:
        rows.draw(table(items), wanted)
        if asked := st.session_state.pop(ASKED, None):  # the rows are there while it counts
            run_dialog.ask(asked)
    else:
        kit.empty(
            "search_off", _("No export matches"), _("Clear the search, or choose another filter.")
        )


def _state(items: Sequence[ExportItem]) -> str:
    found = [_states(item) for item in items]
    counts = {k: sum(s is None or bool(one & s) for one in found) for k, (_w, s) in STATES.items()}
    return st.radio(
        _("Show"),
        list(STATES),
        format_func=lambda key: f"{STATES[key][0]} {counts[key]:,}",
        horizontal=True,
        key="show",
        label_visibility="collapsed",
        width="content",
        on_change=kit.first_page,
        args=(PAGE,),
        bind="query-params",
    )


def _search() -> str:
    label = _("Find an export")
    typed = st.text_input(
        label,
        type="search",
        placeholder=_("Name, segment, list"),
        icon=":material/search:",
        key="find",
        label_visibility="collapsed",
        width=220,
        live=True,
        on_change=kit.first_page,
        args=(PAGE,),
        bind="query-params",
    )
    return typed or ""


def _states(item: ExportItem) -> set[str]:
    state = item.state
    found = {item.status, state.needs or state.status}
    return found | {"paused"} if item.paused else found


def _text(item: ExportItem) -> str:
    return " ".join((item.row.name, *item.segments, item.list, *item.tags)).casefold()
