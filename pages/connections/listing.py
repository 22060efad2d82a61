"""The list of connections: all of them for administrators, the shared ones for others."""

import streamlit as st

from core.access import Role
from core.texts import _
from pages.connections.facts import ConnectionItem
from pages.connections.rows import finders, table
from pages.ui import finders as find
from pages.ui import frame, kit, rows


@st.fragment
def show(items: list[ConnectionItem]) -> None:
    """The connections that the filters and the search let through."""
    person = frame.guard(Role.contributor)
    frame.show_notices()
    find.show(finders(person), items, _("No connection matches"))


def show_shared(items: list[ConnectionItem]) -> None:
    """What those see who may use connections but don't manage them: names and types."""
    if items:
        rows.draw(table(frame.guard(Role.contributor)), items)
    else:
        kit.empty(
            "cable",
            _("No connection for you yet"),
            _("An administrator of your team can add one or share one with contributors."),
        )
