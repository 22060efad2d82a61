"""Schedules: the common refresh, when each export runs by itself, and the outcome of each time."""

import streamlit as st

from core.access import Action, may
from core.texts import _
from pages.schedules import edit, last_times, listing, refresh, refreshes
from pages.schedules.facts import read
from pages.ui import frame, kit

REST, BUSY = "10s", "2s"  # between two checks whether a slot is new or has ended


def all_schedules() -> None:
    """Everything on one page."""
    facts = read(person)
    text = _("When sources are read again, and when exports run on their own.")
    with kit.head(_("Schedules"), text):
        if may(person, Action.configure) and st.button(
            _("Refresh now"),
            icon=":material/refresh:",
            key="refresh-now",
            disabled=facts.refreshing,
        ):
            refresh.confirm(facts.followers, facts.destinations)
    if facts.refreshing:
        text = _("Refreshing: sources are read, segments counted. Exports wait for it.")
        st.info(text, icon=":material/refresh:")
    refresh.card(person, facts.refresh, facts.now)
    refreshes.show()
    listing.show(facts.exports)
    last_times.show()
    st.fragment(_follow, run_every=BUSY if facts.refreshing else REST)(last_times.outcomes())


def _follow(known: list[tuple[int, str]]) -> None:
    frame.guard()
    with frame.show_errors():
        if last_times.outcomes() != known:
            st.rerun()


person = frame.guard()
view = frame.query("view")
if view == "refresh" and may(person, Action.configure):
    edit.of_refresh()
elif view == "exports" and may(person, Action.manage_exports):
    edit.of_exports()
else:
    all_schedules()
