"""Connections: where exports go, who may use them, and whether they work."""

import streamlit as st

from core.access import Role, may_use
from core.models import ConnectionRow
from core.store import connections
from core.texts import _
from pages.ui import connection_edit, connection_form, connection_rows, kit, tryout
from pages.ui.frame import guard, store

person = guard(Role.contributor)
MANAGES = person.role >= Role.administrator


def everything() -> list[tuple[ConnectionRow, list[str]]]:
    """Each connection with the names of its exports."""
    with store().begin() as s:
        return [
            (row, [export.name for export in connections.used_by(s, row.id or 0)])
            for row in connections.everything(s)
        ]


def edit(id: str) -> None:
    """The form of the connection that the address names."""
    with store().begin() as s:
        row = connections.find(s, int(id) if id.isdecimal() else id)
        users = connections.used_by(s, row.id or 0)
    connection_edit.draw(row, len(users))


def listing() -> None:
    """All connections; those who don't manage them see the name and the type of shared ones."""
    connection_form.leave()
    rows = everything()
    text = _("Where exports go. Contributors see only the name and the type.")
    with kit.head(_("Connections"), text):
        if MANAGES and rows:
            tryout.button()
        adds = MANAGES and st.button(
            _("Add connection"), icon=":material/add:", type="primary" if rows else "secondary"
        )
    if not MANAGES:
        connection_rows.shared([row for row, _users in rows if may_use(person, row)])
    elif not rows:
        adds |= kit.empty(
            "cable",
            _("No connection yet"),
            _("You need a Klaviyo account and its administrator’s private API key."),
            _("Add the first connection"),
        )
        tryout.offer()
    first, last = kit.paged(len(rows), "connections-page")
    for row, users in rows[first:last] if MANAGES else []:
        connection_rows.card(person, row, users)
    kit.pages(len(rows) if MANAGES else 0, "connections-page")
    if adds:
        st.query_params.from_dict({"view": "add"})
        st.rerun()


view = st.query_params.get("view") if MANAGES else None
if view == "add":
    connection_form.draw()
elif view == "edit":
    edit(st.query_params.get("connection", ""))
else:
    listing()
