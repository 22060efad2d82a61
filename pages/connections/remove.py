"""Removes a connection: says what goes with it, and asks what becomes of each of its exports."""

from functools import partial

import streamlit as st

from core.access import Person, Role
from core.destinations.register import kind_of
from core.runs import removal
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.connections.facts import ConnectionCard
from pages.ui import frame
from pages.ui.words import plain

CHOICES = {"detach": _("Detach"), "remove": _("Remove")}


def ask(card: ConnectionCard) -> None:
    """The dialog."""
    row = card.row

    @st.dialog(_("Remove “{name}”?").format(name=plain(row.name)), width="medium")
    def confirm() -> None:
        frame.guard(Role.administrator)
        st.markdown(_consequences(card))
        for export in card.exports:
            _choice(export)
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel"), key="keep", type="tertiary"):
                st.rerun()
            action = partial(_removal, row.id, [export.id for export in card.exports])
            if st.button(
                _("Remove connection"),
                key="remove",
                type="primary",
                on_click=frame.pressed,
                args=(action,),
            ):
                st.rerun()

    confirm()


def _consequences(card: ConnectionCard) -> str:
    text = _(
        "Its key is deleted and nothing more is sent through it. What was sent stays in "
        "{destination} and in the history."
    ).format(destination=kind_of(card.row.type).title)
    if card.running:
        names = ", ".join(f"**{plain(name)}**" for name in card.running)
        text += " " + _("These runs are cancelled first: {names}.").format(names=names)
    if not card.exports:
        return text + " " + _("No export uses it.")
    used = many(
        "{n} export uses it. Detached, it keeps its settings, doesn't run, and can be given another"
        " connection:",
        "{n} exports use it. Detached, they keep their settings, don't run, and can be given"
        " another connection:",
        len(card.exports),
    )
    return f"{text}\n\n{used}"


def _choice(export: ExportRow) -> None:
    st.radio(
        plain(export.name),
        list(CHOICES),
        format_func=CHOICES.__getitem__,
        horizontal=True,
        key=f"fate-{export.id}",
    )


def _removal(connection_id: int, exports: list[int], person: Person) -> None:
    """With what is chosen for each export now, not when the dialog was drawn."""
    choices = {id: st.session_state.get(f"fate-{id}", "detach") for id in exports}
    if removal.ask(frame.store(), person, connection_id, choices):
        frame.notify(_("The connection is removed."))
    else:
        frame.notify(_("The connection is removed once its runs have stopped."))
