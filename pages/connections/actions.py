"""What can be done with a connection: Test, Edit, Replace key, Remove."""

import streamlit as st

from core.access import Person, Role
from core.connections import checks
from core.destinations.register import kind_of
from core.errors import DestinationFailed, SegferryError
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.connections import remove
from pages.connections.facts import ConnectionItem, around
from pages.ui import frame
from pages.ui.words import plain

OPEN, EDIT, KEY, REMOVE = _("Open"), _("Edit"), _("Replace key"), _("Remove")
LINEAGE = _("Lineage")


def draw(item: ConnectionItem) -> None:
    """In its row: Test, and the rest as a menu; nothing while it is being removed."""
    row = item.row
    if row.removal is not None:
        return
    if st.button(
        _("Test {name}").format(name=plain(row.name)),
        icon=":material/network_check:",
        key=f"test-{row.id}",
        type="tertiary",
    ):
        test(frame.guard(Role.administrator), row)
    label = _("More for {name}").format(name=plain(row.name))
    chosen = st.menu_button(
        label,
        [OPEN, LINEAGE, EDIT, KEY, REMOVE],
        key=f"more-{row.id}",
        type="tertiary",
        icon=":material/more_horiz:",
    )
    if chosen == OPEN:
        frame.stay(connection=row.id)
    if chosen == LINEAGE:
        frame.go("lineage", connection=row.id)
    if chosen in (EDIT, KEY):
        edit(row)
    if chosen == REMOVE:
        remove.ask(around(row.id))


def edit(row: ConnectionRow) -> None:
    """Opens its form, where its key is replaced, too."""
    frame.stay(connection=row.id, view="edit")


def test(person: Person, row: ConnectionRow) -> None:
    """What goes wrong at the destination is kept on the row, and shows there."""
    try:
        with st.spinner(_("Asking {destination} …").format(destination=kind_of(row.type).title)):
            account = checks.check(frame.store(), person, row)
    except DestinationFailed:
        pass
    except SegferryError as error:
        frame.notify(str(error), failed=True)
    else:
        text = _("“{name}” reaches the account {account} ({id}).")
        frame.notify(text.format(name=row.name, account=account.name, id=account.id))
    st.rerun()
