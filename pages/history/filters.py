"""Which runs the history shows: of what time, of which export, with which outcome."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import streamlit as st

from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import AGENT, RunStatus
from core.texts import _
from pages.history import lists
from pages.ui import finders, kit, row_heads
from pages.ui.words import now

PERIODS = {
    _("Last 7 days"): 7,
    _("Last 14 days"): 14,
    _("Last 30 days"): 30,
    _("Last 90 days"): 90,
    _("Last year"): 365,
}
ALL = _("All exports")
OUTCOMES = {kit.STATUS[status][0]: status for status in RunStatus}
MORE = {"connection": _("Connection"), "trigger": _("Started by"), "person": _("Person")}
TRIGGERS = {
    _("A person"): "manual",
    _("A schedule"): "schedule",
    _("The command line"): "cli",
    _("A token of the API"): "api",
    _("An agent"): AGENT,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What runs can be filtered by: exports and connections as they are, people who began any."""

    exports: list[ExportRow]
    connections: list[ConnectionRow]
    people: list[str]


def days() -> int:
    """How many the chosen period has."""
    return PERIODS[st.session_state.get("period") or next(iter(PERIODS))]


def choose(known: Known) -> dict[str, Any]:
    """What the reader wants to see, as `core.store.runs` takes it; it stands in the address."""
    in_address = {"bind": "query-params", "on_change": kit.first_page, "args": (lists.PAGE,)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="labelled-filters-of-runs"):
        period = st.selectbox(_("Period"), list(PERIODS), 1, key="period", width=160, **in_address)
        names = [ALL, *(row.name for row in known.exports)]
        export = st.selectbox(_("Export"), names, key="export", width=220, **in_address)
        outcomes = st.multiselect(
            _("Outcome"),
            list(OUTCOMES),
            placeholder=_("Any outcome"),
            key="outcome",
            width=240,
            wrap=True,
            **in_address,
        )
        words = finders.search(_("Find a run"), _("Export, list, segment"), lists.PAGE)
        more = _more(known, in_address)
        with st.popover(_("Sort"), icon=":material/sort:", key="sort-narrow"):
            row_heads.sort_box(lists.TABLE)
    return more | {
        "since": now() - timedelta(days=PERIODS[period]),
        "export_id": next((row.id for row in known.exports if row.name == export), None),
        "statuses": [OUTCOMES[word] for word in outcomes],
        "words": words,
    }


def _more(known: Known, in_address: dict[str, Any]) -> dict[str, Any]:
    """By connection, trigger and person, in a box that says how many of them are set."""
    label = _("Filters")
    if active := sum(bool(st.session_state.get(f"by-{key}")) for key in MORE):
        label += f" · {active}"
    connections = {row.name: row.id for row in known.connections}
    values = {"connection": list(connections), "trigger": list(TRIGGERS), "person": known.people}
    with st.popover(label, icon=":material/filter_list:", key="filter-box"):
        picked = {
            key: st.selectbox(
                title, values[key], index=None, placeholder=_("Any"), key=f"by-{key}", **in_address
            )
            for key, title in MORE.items()
        }
    return {
        "connection_id": connections.get(picked["connection"] or ""),
        "trigger": TRIGGERS.get(picked["trigger"] or ""),
        "by": picked["person"],
    }
