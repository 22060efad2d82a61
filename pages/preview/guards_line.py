"""Which guards of an export are on, in one short line that leads to them in its form."""

import streamlit as st

from core.runs import guard_words
from core.texts import _
from pages.preview.facts import Facts
from pages.ui import frame, kit
from pages.ui.words import plain


def show(facts: Facts) -> None:
    """The line; with the link for those who may change the export."""
    with st.container(**kit.ROW, gap="small", key="guards-line"):
        spec = facts.spec
        text = plain(guard_words.brief(spec.guards, spec.mode, facts.destination, facts.of_dbt))
        st.markdown(f":small[:gray[:material/verified_user: {text}]]", width="content")
        if facts.may_change:
            st.page_link(
                frame.file_of("exports"),
                label=_("Change guards"),
                icon=":material/tune:",
                query_params={"export": str(facts.row.id), "view": "edit", "at": "guards"},
            )
