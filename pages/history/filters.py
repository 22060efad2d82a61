"""Which runs the history shows: of what time, of which export, with which outcome."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.store.tables.exports import ExportRow
from core.store.tables.runs import RunStatus
from core.texts import _
from pages.history import lists
from pages.ui import finders, kit, rows
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


def days() -> int:
    """How many the chosen period has."""
    return PERIODS[st.session_state.get("period") or next(iter(PERIODS))]


def choose(known: list[ExportRow]) -> dict[str, Any]:
    """What the reader wants to see, as `core.store.runs` takes it; it stands in the address."""
    in_address = {"bind": "query-params", "on_change": kit.first_page, "args": (lists.PAGE,)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="labelled-filters"):
        period = st.selectbox(_("Period"), list(PERIODS), 1, key="period", width=180, **in_address)
        names = [ALL, *(row.name for row in known)]
        export = st.selectbox(_("Export"), names, key="export", width=240, **in_address)
        outcomes = st.multiselect(
            _("Outcome"),
            list(OUTCOMES),
            placeholder=_("Any outcome"),
            key="outcome",
            width=320,
            wrap=True,
            **in_address,
        )
        words = finders.search(_("Find a run"), _("Export, list, segment"), lists.PAGE)
        with st.popover(_("Sort"), icon=":material/sort:", key="sort-narrow"):
            rows.sort_box(lists.TABLE)
    return {
        "since": now() - timedelta(days=PERIODS[period]),
        "export_id": next((row.id for row in known if row.name == export), None),
        "statuses": [OUTCOMES[word] for word in outcomes],
        "words": words,
    }
