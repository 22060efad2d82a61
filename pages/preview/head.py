"""The head of an export's page: its route and mode, and the ways to count again and to edit it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.configuration.export import Mode
from core.texts import _
from pages.preview import cached
from pages.preview.facts import Facts
from pages.runs import marks
from pages.runs.route import route
from pages.ui import frame, kit

MODES = {Mode.add: _("Add"), Mode.update: _("Update only"), Mode.mirror: _("Mirror")}


def show(facts: Facts) -> DeltaGenerator:
    """The head; the place of the buttons that run the export, known only with the preview."""
    row, spec = facts.row, facts.spec
    text = f"{route(row, list(spec.segments))} · {MODES[spec.mode]}"
    if facts.connection:
        text = f"{marks.mark(facts.connection)} &nbsp; {text}"
    with kit.head(row.name, text):
        if st.button(_("Count again"), icon=":material/refresh:", key="again"):
            cached.forget()
            st.rerun()
        if facts.may_change and st.button(_("Edit"), icon=":material/edit:", key="edit"):
            frame.go("exports", export=row.id, view="edit")
        return st.container(horizontal=True, width="content", gap="small", key="run-buttons")
