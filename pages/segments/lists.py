"""The address lists: how many addresses each has, who uses it, who changed it last and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.access import Person, Role
from core.configuration.address_list import AddressListFile
from core.store import address_lists, audit, segments
from core.store.tables.data import AddressListRow
from core.store.tables.people import AuditRow
from core.texts import _, many
from pages.segments import list_dialog
from pages.ui import frame, kit, links, row_cells
from pages.ui.links import Link
from pages.ui.rows import Column, Table, draw
from pages.ui.words import brief, plain, when

TITLE = _("Address lists")
REPLACE, RENAME, REMOVE = _("Replace addresses"), _("Rename"), _("Remove")


@dataclass(frozen=True, slots=True)
class ListItem:
    """A list with what its row shows."""

    row: AddressListRow
    users: Mapping[int, str]  # names of the segments that name it, by their ids
    last: AuditRow | None  # who changed it last


def show(person: Person) -> None:
    """All lists, and the button for a new one."""
    kit.back(_("Segments"), "segments")
    items, manages = _read(), person.role >= Role.contributor
    text = _("Addresses that rules compare with. They are kept encrypted, and never shown.")
    with kit.head(TITLE, text):
        label, look = _("New list"), "primary" if items else "secondary"
        adds = manages and st.button(label, icon=":material/add:", type=look, key="new")
    if items:
        draw(table(manages=manages), items)
    else:
        text = _("Paste or upload addresses, such as people who were at an event; rules find them.")
        label = _("Make the first one") if manages else None
        adds = kit.empty("contact_mail", _("No address list yet"), text, label) or adds
    if adds:
        list_dialog.ask()


def _read() -> list[ListItem]:
    with frame.store().begin() as session:
        users = address_lists.users(segments.everything(session))
        return [
            ListItem(
                row,
                users.get(row.name, {}),
                audit.last_change(session, address_lists.KIND, row.name),
            )
            for row in address_lists.everything(session)
        ]


def table(*, manages: bool) -> Table[ListItem]:
    """How address lists look as rows."""
    return Table(
        kind="address-list",
        columns=COLUMNS,
        identity=lambda item: (item.row.id, item.row.name),
        link=lambda _item: None,
        actions=_menu if manages else None,
        action_width=34,
        name_width=220,
    )


def _menu(item: ListItem) -> None:
    row = item.row
    label = _("More for {name}").format(name=plain(row.name))
    choices, look = [REPLACE, RENAME, REMOVE], ":material/more_horiz:"
    chosen = st.menu_button(label, choices, key=f"more-{row.id}", type="tertiary", icon=look)
    if chosen == REPLACE:
        list_dialog.ask(row)
    if chosen == RENAME:
        _rename(row)
    if chosen == REMOVE:
        _remove(item)


def _rename(row: AddressListRow) -> None:
    def change(person: Person) -> None:
        store, name = frame.store(), (st.session_state["list-name"] or "").strip()
        with store.begin() as s:
            saved = address_lists.find(s, row.id)
            address_lists.change(s, person, saved, AddressListFile(name=name), store.vault)

    @st.dialog(_("Name of “{name}”").format(name=plain(row.name)))
    def dialog() -> None:
        frame.guard(Role.contributor)
        st.text_input(_("Name"), row.name, max_chars=120, required=True, key="list-name")
        st.markdown(f":small[:gray[{_('Segments with it follow its name.')}]]")
        if st.button(_("Rename"), type="primary", on_click=frame.pressed, args=(change,)):
            st.rerun()

    dialog()


def _remove(item: ListItem) -> None:
    name = plain(item.row.name)
    title = _("Remove “{name}”?").format(name=name)
    if item.users:
        text = _("**{name}** can’t be removed yet. Take it out of these segments first:")
        used = [links.segment(*one) for one in item.users.items()]
        kit.inform(title, text.format(name=name), used)
        return
    text = _("No segment uses it. Its addresses are deleted for good.")
    done = _("“{name}” is removed.").format(name=item.row.name)
    kit.confirm(title, text, _("Remove list"), partial(_removed, item.row.id), done)


def _removed(id: int, person: Person) -> None:
    with frame.store().begin() as s:
        address_lists.remove(s, person, address_lists.find(s, id))


def _used(item: ListItem) -> Link | str | None:
    if len(item.users) == 1:
        return links.segment(*next(iter(item.users.items())))
    return many("{n} segment", "{n} segments", len(item.users)) if item.users else None


def _changed(item: ListItem) -> str:
    at = item.last.at if item.last else item.row.created_at
    by = item.last.by if item.last else item.row.created_by
    return row_cells.text(f"{brief(at)}, {by}", gray=True, whole=when(at))


COLUMNS: tuple[Column[ListItem], ...] = (
    Column("used", _("Used by"), width=170, order=lambda item: -len(item.users), link=_used),
    Column(
        "addresses",
        _("Addresses"),
        lambda item: row_cells.number(f"{item.row.addresses:,}", _("addresses"), []),
        130,
        order=lambda item: -item.row.addresses,
        number=True,
    ),
    Column("changed", _("Changed"), _changed),
)
