"""The list of segments; or what to do where there is none."""

import streamlit as st

from core.texts import _
from pages.segments.facts import Facts
from pages.segments.rows import finders
from pages.ui import finders as find
from pages.ui import frame, kit


@st.fragment
def show(facts: Facts) -> None:
    """The segments that the filters and the search let through."""
    person = frame.guard()
    frame.show_notices()
    find.show(finders(person), facts.segments, _("No segment matches"))


def show_empty(facts: Facts, manages: bool) -> bool:
    """What stands where no segment is; whether a new one was asked for."""
    title = _("No segment yet")
    if not facts.sources:
        text = _("Segments are rules over a source. Add a source of profiles first.")
        if kit.empty("filter_alt", title, text, _("Add source") if manages else None):
            frame.go("sources", view="add")
        return False
    text = _(
        "A segment is a group of people defined by rules, such as everyone who ordered in "
        "the last 90 days."
    )
    return kit.empty("filter_alt", title, text, _("Build the first one") if manages else None)
