"""The list of exports: what narrows it, and the rows that are left."""

import streamlit as st

from core.texts import _
from pages.exports.filters import finders
from pages.exports.rows import ASKED, ExportItem, table
from pages.runs import run_dialog
from pages.ui import finders as find
from pages.ui import frame, rows


@st.fragment
def show(items: list[ExportItem]) -> None:
    """The exports that the filters and the search let through."""
    frame.guard()
    frame.show_notices()
    wanted = find.choose(finders(), items)
    if wanted:
        rows.draw(table(items), wanted)
        if asked := st.session_state.pop(ASKED, None):  # the rows are there while it counts
            run_dialog.ask(asked)
    else:
        find.no_match(_("No export matches"))
