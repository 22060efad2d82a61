"""How old the data of an export is, in one short line; it warns where a run would be held."""

import streamlit as st

from core.texts import _
from pages.preview.facts import Facts
from pages.runs import freshness
from pages.ui import kit, links


def show(facts: Facts) -> None:
    """The line, with the way to the source."""
    with st.container(**kit.ROW, gap="small", key="freshness-line"):
        most = facts.spec.guards.age
        text = freshness.words(facts.freshness, most)
        if facts.freshness:
            text = " ".join([text + ".", *freshness.warnings(facts.freshness, most)])
        st.markdown(f":small[:gray[:material/schedule: {_('Data')}: {text}]]", width="content")
        links.draw(links.source(facts.source_id, facts.source_name), "freshness-source")
