"""The list of sources."""

import streamlit as st

from core.texts import _
from pages.sources.rows import SourceItem, finders
from pages.ui import finders as find
from pages.ui import frame


@st.fragment
def show(items: list[SourceItem]) -> None:
    """The sources that the filters and the search let through."""
    person = frame.guard()
    frame.show_notices()
    find.show(finders(person), items, _("No source matches"))
