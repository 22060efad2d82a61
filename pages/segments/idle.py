"""Segments that nobody has touched or used for long: a card that offers to deactivate them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access import Person
from core.runs import idle_segments
from core.store.tables.data import SegmentRow
from core.texts import _, many
from pages.ui import frame, kit, links

NAMED = 8  # segments that are links
UNDO = "deactivated-segments"  # key in the session: names by ids of those just deactivated


def show(found: Sequence[SegmentRow]) -> None:
    """The card; after its action the way back, until another page is opened."""
    if done := st.session_state.get(UNDO):
        _way_back(done)
    if not found:
        return
    text = many(
        "{n} segment was neither changed nor used by a run for {days} days. Deactivated, it is no "
        "longer counted; you can activate it again at any time.",
        "{n} segments were neither changed nor used by a run for {days} days. Deactivated, they "
        "are no longer counted; you can activate them again at any time.",
        len(found),
        days=str(idle_segments.IDLE.days),
    )
    with st.container(border=True, gap="small", key="idle-segments"):
        kit.section(_("Not used for long"), None)
        st.markdown(f":small[{text}]")
        with st.container(**kit.ROW, gap="small", key="idle-names"):
            for row in found[:NAMED]:
                links.draw(links.segment(row.id, row.name), f"idle-{row.id}")
            if (more := len(found) - NAMED) > 0:
                st.markdown(many("and {n} more", "and {n} more", more), width="content")
        _buttons({row.id: row.name for row in found})


def forget() -> None:
    """Whoever opens another page has seen it."""
    st.session_state.pop(UNDO, None)


def _buttons(names: dict[int, str]) -> None:
    with st.container(**kit.ROW, gap="small"):
        st.button(
            many("Deactivate {n} segment", "Deactivate {n} segments", len(names)),
            icon=":material/pause_circle:",
            key="deactivate-idle",
            on_click=frame.pressed,
            args=(partial(_deactivate, names),),
        )
        st.button(
            _("Keep active"),
            key="keep-idle",
            type="tertiary",
            help=_("Asks again in {days} days.").format(days=idle_segments.IDLE.days),
            on_click=frame.pressed,
            args=(partial(_keep, list(names)), _("They stay active.")),
        )


def _way_back(names: dict[int, str]) -> None:
    text = many("{n} segment is inactive now.", "{n} segments are inactive now.", len(names))
    with st.container(**kit.ROW, border=True, gap="small", key="deactivated"):
        st.markdown(f":material/pause_circle: {text}", width="content")
        st.button(
            _("Activate again"),
            icon=":material/undo:",
            key="activate-again",
            type="tertiary",
            on_click=frame.pressed,
            args=(partial(_activate, list(names)), _("They are active again.")),
        )


def _deactivate(names: dict[int, str], person: Person) -> None:
    with frame.store().begin() as session:
        idle_segments.switch(session, person, names, active=False)
    st.session_state[UNDO] = names


def _activate(ids: list[int], person: Person) -> None:
    with frame.store().begin() as session:
        idle_segments.switch(session, person, ids, active=True)
        idle_segments.keep(session, person, ids)
    st.session_state.pop(UNDO, None)


def _keep(ids: list[int], person: Person) -> None:
    with frame.store().begin() as session:
        idle_segments.keep(session, person, ids)
