"""The main script: which pages there are, who sees them, and what stands around them.

It lives in pages/ so that no pages/ folder sits beside the main script: Streamlit would open those
files by their address, without this script.
"""

from pathlib import Path

import streamlit as st

from core.access import Person, Role
from core.texts import _
from pages.sign_in import door
from pages.ui import frame
from pages.ui.words import plain, role_word

STATIC = Path(__file__).parent / "static"
# Section, name, title, icon, whether the menu shows it. The first one lives at “/”, each other at
# its name or, where an older address must go on to lead there, at that of ADDRESSES.
PAGES = (
    ("", "overview", _("Overview"), "space_dashboard", True),
    ("", "exports", _("Exports"), "upload", True),
    ("", "history", _("History"), "history", True),
    ("", "preview", _("Export"), "upload", False),
    (_("Data"), "segments", _("Segments"), "filter_alt", True),
    (_("Data"), "sources", _("Sources"), "database", True),
    (_("Data"), "schedules", _("Schedules"), "event", True),
    (_("Set-up"), "connections", _("Connections"), "cable", True),
    (_("Set-up"), "team", _("Team"), "group", True),
    (_("Set-up"), "audit", _("Audit"), "fact_check", True),
    (_("You"), "account", _("Your account"), "account_circle", True),
)
ADDRESSES = {"preview": "export"}
# The smallest role whose menu shows a page; the page itself refuses all others.
MENU_OF = {
    "connections": Role.contributor,
    "team": Role.administrator,
    "audit": Role.administrator,
}


def menu(role: Role) -> dict[str, list[st.Page]]:
    """The pages by section, those shown that this role can use."""
    sections: dict[str, list[st.Page]] = {}
    for section, name, title, icon, shown in PAGES:
        shown = shown and role >= MENU_OF.get(name, Role.viewer)
        sections.setdefault(section, []).append(_page(name, title, icon, shown))
    return sections


def _page(name: str, title: str, icon: str, shown: bool) -> st.Page:
    first = name == PAGES[0][1]
    return st.Page(
        frame.file_of(name),
        title=title,
        icon=f":material/{icon}:",
        url_path=None if first else ADDRESSES.get(name, name),
        default=first,
        visibility="visible" if shown else "hidden",
    )


def _who(person: Person) -> None:
    with st.sidebar:
        st.space("small")
        role = role_word(person.role)
        st.markdown(
            f":material/account_circle: {plain(person.name)}  \n:small[:gray[{role}]]",
        )
        door.way_out()


# Before the navigation: else the browser asks for the page's icon outside.
st.set_page_config(page_icon=str(STATIC / "favicon.png"), layout="wide")
person = None
with frame.show_errors():
    person = frame.signed_in()
    if person is None:
        st.navigation(menu(Role.viewer), position="hidden")
        st.set_page_config(page_title=_("Sign in · Segferry"))
        door.show()
if person is None:
    st.stop()
page = st.navigation(menu(person.role))
st.set_page_config(page_title=f"{page.title} · Segferry")
st.logo(str(STATIC / "logo.svg"), size="large")
with frame.show_errors():
    _who(person)
    frame.show_notices()
    page.run()
