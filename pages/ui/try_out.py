"""A connection to the local sandbox in one click, to try things out."""

import streamlit as st

from core.access import Person
from core.server import try_out
from core.texts import _
from pages.ui import frame

NOTE = _(
    "Connects to a local {destination} that runs beside the dashboard. Nothing leaves this machine."
).format(destination=try_out.TITLE)


def button() -> None:
    """Adds the connection, or finds the one that is there."""
    st.button(
        _("Try it in the sandbox"),
        icon=":material/science:",
        key="try-sandbox",
        help=NOTE,
        on_click=frame.pressed,
        args=(_add, _("The sandbox is ready. Nothing leaves this machine.")),
    )


def offer() -> None:
    """The same where nothing is yet, with the sentence below it."""
    with st.container(horizontal_alignment="center", gap="small", key="try-it"):
        button()
        st.caption(NOTE, text_alignment="center")


def _add(person: Person) -> None:
    try_out.add(frame.store(), person)
