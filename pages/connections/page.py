"""Connections: where exports go, who may use them, and whether they work."""

import streamlit as st

from core.access import Role, may_use
from core.destinations.klaviyo.settings import revision_end
from core.store import accounts, billing, connections, runs
from core.texts import _, many
from pages.connections import cards, form, try_out
from pages.connections.cards import Shown
from pages.connections.edit import draw
from pages.ui import frame, kit
from pages.ui.frame import guard, store
from pages.ui.words import now

person = guard(Role.contributor)
REVISION_NEAR = 90  # days
MANAGES = person.role >= Role.administrator


def everything() -> list[Shown]:
    """Each connection with its exports, what runs through it, and its bill."""
    with store().begin() as s:
        people = {one.id: one.name for one in accounts.everybody(s)}
        return [
            Shown(
                row,
                connections.used_by(s, row.id),
                [run.export for run in runs.through(s, row)],
                people,
                billing.of(s, row),
            )
            for row in connections.everything(s)
        ]


def edit(id: str) -> None:
    """The form of the connection that the address names."""
    with store().begin() as s:
        row = connections.find(s, int(id) if id.isdecimal() else id)
        users = connections.used_by(s, row.id)
    draw(row, len(users))


def listing() -> None:
    """All connections; those who don't manage them see the name and the type of shared ones."""
    form.leave()
    shown = everything()
    text = _("Where exports go. Contributors see only the name and the type.")
    with kit.head(_("Connections"), text):
        if MANAGES and shown:
            try_out.button()
        kind = "primary" if shown else "secondary"
        adds = MANAGES and st.button(_("Add connection"), icon=":material/add:", type=kind)
    if not MANAGES:
        cards.shared([one.row for one in shown if may_use(person, one.row)])
        return
    if not shown:
        adds |= kit.empty(
            "cable",
            _("No connection yet"),
            _("You need a Klaviyo account and its administrator’s private API key."),
            _("Add the first connection"),
        )
        try_out.offer()
    if adds:
        frame.stay(view="add")
    _revision()
    _cards(shown)


def _cards(shown: list[Shown]) -> None:
    if len(shown) > 1:
        by = st.selectbox(_("Sorted by"), list(cards.SORTED), width=240)
        shown = sorted(shown, key=cards.SORTED[by])
    first, last = kit.paged(len(shown), "connections-page")
    for one in shown[first:last]:
        cards.card(person, one)
    kit.pages(len(shown), "connections-page")


def _revision() -> None:
    """The end of the API's revision, once it is near."""
    revision = store().settings.klaviyo_revision
    days = (revision_end(revision) - now().date()).days
    if days > REVISION_NEAR:
        return
    text = many(
        "Klaviyo ends its support of the revision {revision} of its API in {n} day. Update "
        "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
        "Klaviyo ends its support of the revision {revision} of its API in {n} days. Update "
        "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
        max(0, days),
        revision=revision,
    )
    st.warning(text, icon=":material/update:")


view = st.query_params.get("view") if MANAGES else None
if view == "add":
    form.draw()
elif view == "edit":
    edit(st.query_params.get("connection", ""))
else:
    listing()
