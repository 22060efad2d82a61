"""Makes a new list for the export form, once a confirmation said what will be made, and where."""

from functools import partial

import streamlit as st

from core.access import Person
from core.connections.lists import create_list
from core.store import connections
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.exports import lists
from pages.runs import marks
from pages.ui import frame, kit
from pages.ui.words import plain

OPT_INS = {
    True: _("Double opt-in: people join once they have confirmed by email"),
    False: _("Single opt-in: people join at once"),
}
LONGEST = 100  # characters of a name


def offer(form: str, field: str, row: ConnectionRow, known: lists.Names) -> None:
    """The name and kind of a new list; once made, it is what the widget `field` holds."""
    key = f"{form}-new-list"
    with st.expander(_("Create a new list"), icon=":material/playlist_add:"):
        name = st.text_input(
            _("Name of the new list"), key=f"{key}-name", max_chars=LONGEST
        ).strip()
        double = st.radio(
            _("How people join it"),
            list(OPT_INS),
            index=None,
            format_func=OPT_INS.get,
            key=f"{key}-double",
        )
        if st.button(_("Create list"), icon=":material/add:", key=f"{key}-create"):
            if name and double is not None:
                _confirm(key, field, row, known, name, double)
            else:
                kit.problem(_("Give the new list a name, and choose how people join it."))


def _confirm(
    key: str, field: str, row: ConnectionRow, known: lists.Names, name: str, double: bool
) -> None:
    destination = marks.type_name(row)
    kit.confirm(
        _("Create this list in {destination}?").format(destination=destination),
        _consequences(row, known, name, double),
        _("Create list"),
        partial(_create, key, field, row.id, name, double),
        _("The list “{name}” is created in {destination}.").format(
            name=name, destination=destination
        ),
        otherwise=_("Cancel"),
    )


def _consequences(row: ConnectionRow, known: lists.Names, name: str, double: bool) -> str:
    """What will be made, where, and what it means."""
    account = f"{row.account_name} ({row.account_id})" if row.account_name else row.name
    text = _(
        "A list **{name}** is created in the {destination} account **{account}**, visible "
        "to everyone there. It is empty, and nothing is sent. It can only be removed in "
        "{destination}."
    ).format(name=plain(name), account=plain(account), destination=marks.type_name(row))
    sentences = [text, f"{OPT_INS[double]}."]
    if same := [id for id, other in known.items() if other.casefold() == name.casefold()]:
        there = _("There is a list of that name already: {ids}.").format(
            ids=", ".join(map(plain, same))
        )
        sentences.append(f":orange[:material/warning: {there}]")
    return "\n\n".join(sentences)


def _create(
    key: str, field: str, connection_id: int, name: str, double: bool, person: Person
) -> None:
    """Makes it, and chooses it. Raises Denied, Unknown, Invalid, DestinationFailed."""
    with frame.store().begin() as session:  # by now it may be shared with others, or removed
        row = connections.find(session, connection_id)
    made = create_list(frame.store(), person, row, name, double_opt_in=double)
    lists.add(connection_id, made.id, made.name)
    st.session_state[field] = made.id
    st.session_state[f"{key}-name"] = ""
