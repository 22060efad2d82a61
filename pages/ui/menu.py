"""The menu: where each page stands in it, and below it who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.access import Person, Role
from core.texts import _
from pages.ui import frame, kit
from pages.ui.words import plain, role_word


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its place in the menu, and the smallest role that it is for."""

    section: str
    name: str  # of its folder or file in pages/
    title: str
    icon: str  # a name of Material Symbols
    role: Role = Role.viewer  # the page itself refuses smaller ones
    address: str | None = None  # where this isn't its name
    in_menu: bool = True


def sections(entries: Sequence[Entry], role: Role) -> dict[str, list[st.Page]]:
    """All pages by section, of which the menu shows those for this role."""
    found: dict[str, list[st.Page]] = {}
    for entry in entries:
        page = _page(entry, entry.in_menu and role >= entry.role, first=entry is entries[0])
        found.setdefault(entry.section, []).append(page)
    return found


def addresses(entries: Sequence[Entry]) -> list[str]:
    """Where the pages open, without the slash; the first one is empty."""
    return ["", *(entry.address or entry.name for entry in entries[1:])]


def show_person(person: Person) -> None:
    """Who is signed in, in which role."""
    st.space("small")
    st.markdown(
        f":material/account_circle: {plain(person.name)}  \n"
        f":small[:gray[{role_word(person.role)}]]",
    )


def shortcuts() -> None:
    """The button that shows the keys; pages/static/keys.js acts on them."""
    if st.button(
        _("Keyboard shortcuts"), icon=":material/keyboard:", type="tertiary", key="shortcuts"
    ):
        _show_shortcuts()


@st.dialog(_("Keyboard shortcuts"))
def _show_shortcuts() -> None:
    frame.guard()
    kit.table(
        [_("Key"), _("Does")],
        [
            ["`/`", _("Go to the search of the page")],
            ["`n`", _("New: what the page can add, such as an export")],
            ["`?`", _("Show these shortcuts")],
            ["`Esc`", _("Close a dialog or a menu")],
            ["`Tab`, `Shift` + `Tab`", _("Go to the next button or field, or back")],
        ],
        _("Keys and what they do"),
    )
    st.markdown(
        f":small[:gray[{_('Letters count as keys only while you don’t type in a field.')}]]"
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Close"), key="close", type="primary"):
            st.rerun()


def _page(entry: Entry, shown: bool, first: bool) -> st.Page:
    return st.Page(
        frame.file_of(entry.name),
        title=entry.title,
        icon=f":material/{entry.icon}:",
        url_path=None if first else entry.address or entry.name,
        default=first,
        visibility="visible" if shown else "hidden",
    )
