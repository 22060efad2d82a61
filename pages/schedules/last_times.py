"""The last times of all schedules, each with its outcome."""

import streamlit as st

from core.store import slots
from core.store.tables.schedules import Outcome
from core.texts import _
from pages.runs.slots import line
from pages.ui import frame, kit

PAGE = "slots-page"  # key of the list's pages
OUTCOMES = {kit.STATUS[outcome][0]: outcome for outcome in Outcome}


def show() -> None:
    """The card, with its filter."""
    with st.container(border=True, gap="small", key="slots"):
        kit.section(_("Recent scheduled runs"), _("each with its outcome"))
        words = st.multiselect(
            _("Outcome"),
            list(OUTCOMES),
            placeholder=_("Any outcome"),
            key="outcome",
            width=320,
            on_change=kit.first_page,
            args=(PAGE,),
            bind="query-params",
        )
        wanted = [OUTCOMES[word] for word in words]
        with frame.store().begin() as session:
            n = slots.how_many(session, outcomes=wanted)
            first, last = kit.paged(n, PAGE)
            found = slots.everything(session, outcomes=wanted, limit=last - first, offset=first)
        for slot in found:
            line(slot, "all")
        if not found:
            none = (
                _("Nothing has been due yet.")
                if not wanted
                else _("No scheduled run ended like that.")
            )
            st.markdown(f":gray[{none}]")
        kit.pages(n, PAGE)


def outcomes() -> list[tuple[int, str]]:
    """The newest slots with their outcomes, to notice a change."""
    with frame.store().begin() as session:
        return [(slot.id, slot.outcome) for slot in slots.everything(session)]
