"""Alerts that a person gets by mail, or through a channel of their own."""

import streamlit as st

from core.access import Person
from core.texts import _
from pages.runs import channels
from pages.ui import frame, kit


def show(person: Person) -> None:
    """Their channels, and the button for another one."""
    found = channels.items(True, person)
    with st.container(**kit.ROW, horizontal_alignment="distribute"):
        st.header(_("Alerts"), anchor=False, width="content")
        if st.button(_("New channel"), icon=":material/add:", key="new"):
            frame.stay(view="channel")
    if found:
        channels.draw(found)
    else:
        text = _("By mail, or through a channel of yours, you hear when an export needs somebody.")
        st.markdown(f":small[:gray[{text}]]")
