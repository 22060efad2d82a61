"""Connections: where exports go, who may use them, and whether they work."""

import streamlit as st

from core.access import Role, may_use
from core.destinations.register import titles
from core.store import connections
from core.texts import _, many
from pages.connections import detail, edit, facts, form, listing, steps, support
from pages.ui import frame, kit, try_out
from pages.ui.words import named

person = frame.guard(Role.contributor)
manages = person.role >= Role.administrator


def edit_form(id: str) -> None:
    """The form of the connection that the address names."""
    with frame.store().begin() as session:
        row = connections.find(session, named(id))
        users = connections.used_by(session, row.id)
    edit.draw(row, len(users))


def all_connections() -> None:
    """All connections; those who don't manage them see the name and the type of shared ones."""
    steps.forget()
    found = facts.read()
    with kit.head(_("Connections"), _summary(found)):
        if manages and found:
            try_out.button()
        kind = "primary" if found else "secondary"
        label = _("Add connection")
        adds = manages and st.button(label, icon=":material/add:", type=kind, key="new")
    if not manages:
        listing.show_shared([item for item in found if may_use(person, item.row)])
        return
    if not found:
        adds |= kit.empty(
            "cable",
            _("No connection yet"),
            _(
                "You need an account at {destinations} and a key created by its administrator."
            ).format(destinations=titles()),
            _("Add the first connection"),
        )
        try_out.offer()
    if adds:
        frame.stay(view="add")
    support.warn(item.row.type for item in found)
    if found:
        listing.show(found)


def _summary(found: list[facts.ConnectionItem]) -> str:
    """How many there are and need somebody, for those who manage them; else what they are."""
    if not manages or not found:
        return _("Where exports go. Contributors see only the name and the type.")
    text = many("{n} connection", "{n} connections", len(found))
    needs = sum(item.needs_somebody for item in found)
    attention = many("{n} needs attention", "{n} need attention", needs) if needs else ""
    return " · ".join(part for part in (text, attention) if part)


view = frame.query("view") if manages else None
if view == "add":
    form.draw()
elif view == "edit":
    edit_form(frame.query("connection"))
elif manages and frame.query("connection"):
    steps.forget()
    with kit.finding():
        found = facts.around(named(frame.query("connection")))
    detail.draw(found)
else:
    all_connections()
