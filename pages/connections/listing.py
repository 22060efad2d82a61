"""The list of connections: all of them for administrators, the shared ones for others."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.access import Person
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.texts import _
from pages.connections import cards
from pages.connections.facts import ConnectionCard
from pages.runs import marks
from pages.ui import kit

WORST = (*cards.FAULTY, ConnectionState.unchecked, ConnectionState.ok)
SORTED: dict[str, Callable[[ConnectionCard], Any]] = {
    _("Name"): lambda one: one.row.name.casefold(),
    _("Type"): lambda one: one.row.type,
    _("Newest first"): lambda one: -one.row.created_at.timestamp(),
    _("Who may use it"): lambda one: one.row.shared_with,
    _("Exports"): lambda one: -len(one.exports),
    _("State"): lambda one: WORST.index(one.row.state),
    _("Last used"): lambda one: -(one.row.used_at.timestamp() if one.row.used_at else 0),
}


def show(person: Person, found: list[ConnectionCard]) -> None:
    """The cards, in the order that the reader chose."""
    if len(found) > 1:
        by = st.selectbox(_("Sorted by"), list(SORTED), width=240)
        found = sorted(found, key=SORTED[by])
    first, last = kit.paged(len(found), "connections-page")
    for card in found[first:last]:
        cards.draw(person, card)
    kit.pages(len(found), "connections-page")


def show_shared(rows: list[ConnectionRow]) -> None:
    """What those see who may use connections but don't manage them: names and types."""
    if not rows:
        kit.empty(
            "cable",
            _("No connection for you yet"),
            _("An administrator of your team can add one or share one with contributors."),
        )
    for row in rows:
        with st.container(border=True, key=f"connection-{row.id}"):
            kit.named(row.name, marks.type_name(row), "stretch")
