"""The list of sources."""

import streamlit as st

from core.texts import _
from pages.sources.rows import SourceItem, finders, table
from pages.ui import finders as find
from pages.ui import frame, kit, rows


@st.fragment
def show(items: list[SourceItem]) -> None:
    """The sources that the filters and the search let through."""
    person = frame.guard()
    frame.show_notices()
    wanted = find.choose(finders(person), items)
    if wanted:
        rows.draw(table(person), wanted)
    else:
        kit.empty(
            "search_off", _("No source matches"), _("Clear the search, or choose another filter.")
        )
