"""The list of segments: filters, search, and its pages; or what to do where there is none."""

import streamlit as st

from core.access import Person
from core.store.tables.data import SegmentRow
from core.texts import _
from pages.segments import cards
from pages.segments.facts import Facts
from pages.ui import frame, kit

FILTERS = {"all": _("All"), "active": _("Active"), "inactive": _("Inactive")}


def show(person: Person, facts: Facts) -> None:
    """The segments that the filter and the search let through."""
    rows = _filtered(facts.segments)
    if not rows:
        st.markdown(f":gray[{_('No segment matches. Change the search or the filter.')}]")
    first, last = kit.paged(len(rows), "segments-page")
    for row in rows[first:last]:
        cards.card(person, row, facts.users[row.id])
    kit.pages(len(rows), "segments-page")


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


def _filtered(rows: list[SegmentRow]) -> list[SegmentRow]:
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        state = st.radio(
            _("Show"),
            list(FILTERS),
            format_func=FILTERS.__getitem__,
            horizontal=True,
            key="segments-state",
            label_visibility="collapsed",
        )
        query = st.text_input(
            _("Find a segment"),
            type="search",
            placeholder=_("Find a segment"),
            key="segments-query",
            label_visibility="collapsed",
            width=260,
        )
    words = (query or "").casefold().split()
    return [
        row
        for row in rows
        if state in ("all", "active" if row.active else "inactive")
        and all(word in row.name.casefold() for word in words)
    ]
