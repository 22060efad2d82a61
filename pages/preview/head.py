"""The head of an export's page: its route and mode, and the ways to count, edit and run it."""

import streamlit as st

from core.configuration.export import Mode
from core.texts import _, many
from pages.preview.facts import Facts
from pages.runs import cached, marks, run_dialog, standing
from pages.ui import frame, kit, links
from pages.ui.words import plain

MODES = {Mode.add: _("Add"), Mode.update: _("Update only"), Mode.mirror: _("Mirror")}

NAMED = 3  # segments of the route
ASK, RUN = "ask", "run"  # in the address: the plan is opened as if its button was pressed

# Pixels, also of the other buttons: as wide before they are drawn, so that no line breaks later.
WIDE_RUN = 90


def show(facts: Facts) -> None:
    """The head. Its buttons need no preview, so that nothing comes between them later."""
    row, spec = facts.row, facts.spec
    text = MODES[spec.mode]
    if facts.connection:
        text = f"{marks.mark(facts.connection)} &nbsp; {text}"
    with kit.head(row.name, text):
        if st.button(_("Lineage"), icon=":material/account_tree:", key="lineage", width=112):
            frame.go("lineage", export=row.id)
        if st.button(_("Count again"), icon=":material/refresh:", key="again", width=138):
            cached.forget()
            st.rerun()
        if facts.may_change and st.button(_("Edit"), icon=":material/edit:", key="edit", width=82):
            frame.go("exports", export=row.id, view="edit")
        if facts.may_run and facts.connection:
            _run(facts)
    _route(facts)


def _route(facts: Facts) -> None:
    """From which segments to which list, through which connection; what has a page is a link."""
    row = facts.row
    with st.container(**kit.ROW, gap="small", key="route"):
        for one in facts.segments[:NAMED]:
            links.draw(links.segment(one.id, one.name), f"segment-{one.id}", strong=True)
        if (left := len(facts.segments) - NAMED) > 0:
            st.markdown(many("and {n} more", "and {n} more", left), width="content")
        text = f":material/arrow_forward: {plain(row.list_name or row.list_id)}"
        st.markdown(text, width="content")
        if facts.connection and facts.may_manage:
            st.markdown(f":gray[{_('on')}]", width="content")
            on = links.connection(facts.connection.id, facts.connection.name)
            links.draw(on, "connection")


def _run(facts: Facts) -> None:
    """Opens the plan; what sends is in there."""
    label = _("Run…") if facts.runs else _("Review first run…")
    states = {run.status for run in facts.runs[:1]}
    busy = bool(states & standing.BUSY)
    pressed = st.button(
        label,
        icon=":material/play_arrow:",
        type="secondary" if "held" in states else "primary",
        key="run",
        width=WIDE_RUN if facts.runs else "content",
        disabled=busy,
    )
    asked = st.query_params.pop(ASK, None) == RUN  # once, by the form that saved it
    if pressed or (asked and not busy):
        run_dialog.ask(facts.row.id)
