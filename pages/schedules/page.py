"""Schedules: the common refresh, when each export runs by itself, and what came of each time."""

from datetime import UTC, datetime

import streamlit as st

from core.access import Action, Person, may
from core.store import exports, preferences, slots
from core.store.tables.schedules import Outcome
from core.texts import _, many
from pages.runs.schedule_row import Shown, draw, read
from pages.runs.slots import line
from pages.schedules import edit
from pages.schedules.refresh import ask_to_refresh, refresh_card
from pages.ui import frame, kit

EXPORTS, SLOTS = "schedules-page", "slots-page"  # keys of the lists' pages
REST, BUSY = "10s", "2s"  # between two looks whether a slot has come, or has ended
OUTCOMES = {kit.STATUS[outcome][0]: outcome for outcome in Outcome}


def listing(person: Person) -> None:
    """Everything on one page."""
    now = datetime.now(UTC)
    with frame.store().begin() as session:
        refresh, rows = preferences.refresh(session), exports.everything(session)
        shown = [read(session, person, row, refresh, now) for row in rows]
        goes_on = any(slot.schedule == slots.REFRESH for slot in slots.due(session))
    followers = [row.name for row in rows if exports.schedule(row) == "refresh"]
    text = _("When sources are read again, and when exports run by themselves.")
    with kit.head(_("Schedules"), text):
        if may(person, Action.configure) and st.button(
            _("Refresh now"), icon=":material/refresh:", key="refresh-now", disabled=goes_on
        ):
            ask_to_refresh(followers)
    if goes_on:
        told = _("A refresh goes on: sources are read, segments counted. Exports wait for it.")
        st.info(told, icon=":material/refresh:")
    refresh_card(person, refresh, now)
    _exports(shown)
    _slots()
    st.fragment(_follow, run_every=BUSY if goes_on else REST)(_state())


def _exports(shown: list[Shown]) -> None:
    with st.container(border=True, gap="small", key="exports"):
        kit.section(_("Exports"), many("{n} export", "{n} exports", len(shown)))
        first, last = kit.paged(len(shown), EXPORTS)
        for one in shown[first:last]:
            draw(one)
        if not shown:
            st.markdown(f":gray[{_('There is no export yet.')}]")
        kit.pages(len(shown), EXPORTS)
        if sum(one.manages for one in shown) > 1 and st.button(
            _("Change several at once"), icon=":material/checklist:", key="several"
        ):
            frame.stay(view="exports")


def _slots() -> None:
    with st.container(border=True, gap="small", key="slots"):
        kit.section(_("Last times"), _("each has exactly one outcome"))
        words = st.multiselect(
            _("Outcome"),
            list(OUTCOMES),
            placeholder=_("Any outcome"),
            key="outcome",
            width=320,
            on_change=kit.first_page,
            args=(SLOTS,),
            bind="query-params",
        )
        wanted = [OUTCOMES[word] for word in words]
        with frame.store().begin() as session:
            n = slots.how_many(session, outcomes=wanted)
            first, last = kit.paged(n, SLOTS)
            found = slots.everything(session, outcomes=wanted, limit=last - first, offset=first)
        for slot in found:
            line(slot, "all")
        if not found:
            none = _("No time of a schedule has come yet.") if not wanted else _("None is so.")
            st.markdown(f":gray[{none}]")
        kit.pages(n, SLOTS)


def _state() -> list[tuple[int, str]]:
    """What the page shows of the newest slots, to notice a change."""
    with frame.store().begin() as session:
        return [(slot.id, slot.outcome) for slot in slots.everything(session)]


def _follow(known: list[tuple[int, str]]) -> None:
    frame.guard()
    with frame.show_errors():
        if _state() != known:
            st.rerun()


person = frame.guard()
view = st.query_params.get("view")
if view == "refresh" and may(person, Action.configure):
    edit.of_refresh()
elif view == "exports" and may(person, Action.manage_exports):
    edit.of_exports()
else:
    listing(person)
