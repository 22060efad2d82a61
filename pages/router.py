"""The main script: which pages there are, who sees them, and what stands around them.

It lives in pages/ so that no pages/ folder sits beside the main script: Streamlit would open those
files by their address, without this script.
"""

from pathlib import Path

import streamlit as st

from core.access import Role
from core.errors import StorageUnavailable
from core.texts import _
from pages.sign_in import door
from pages.ui import frame, menu, next_step
from pages.ui.menu import Entry

STATIC = Path(__file__).parent / "static"
PAGES = (  # the first one opens at “/”
    Entry("", "overview", _("Overview"), "space_dashboard"),
    Entry("", "exports", _("Exports"), "upload"),
    Entry("", "history", _("History"), "history"),
    Entry("", "preview", _("Export"), "upload", address="export", in_menu=False),
    Entry(_("Data"), "segments", _("Segments"), "filter_alt"),
    Entry(_("Data"), "segment", _("Segment"), "filter_alt", in_menu=False),
    Entry(_("Data"), "sources", _("Sources"), "database"),
    Entry(_("Data"), "lineage", _("Lineage"), "account_tree"),
    Entry(_("Data"), "person", _("One person"), "person_search"),
    Entry(_("Data"), "schedules", _("Schedules"), "event"),
    Entry(_("Set-up"), "connections", _("Connections"), "cable", Role.contributor),
    Entry(_("Set-up"), "alerts", _("Alerts"), "notifications", Role.administrator),
    Entry(_("Set-up"), "team", _("Team"), "group", Role.administrator),
    Entry(_("Set-up"), "audit", _("Audit"), "fact_check", Role.administrator),
    Entry(_("Set-up"), "settings", _("Settings"), "settings", Role.administrator),
    Entry(_("You"), "account", _("Your account"), "account_circle"),
)


def main() -> None:
    """Signs the visitor in, or runs the page of their address."""
    # Before the navigation: else the browser asks for the page's icon outside.
    st.set_page_config(page_icon=str(STATIC / "favicon.png"), layout="wide")
    with frame.show_errors(), frame.show_outages():
        try:
            person = frame.signed_in()
        except StorageUnavailable:
            _keep_address()
            raise
        if person is None:
            _keep_address()
            st.set_page_config(page_title=_("Sign in · Segferry"))
            door.show()
            return
        # All of it: else Streamlit hides what is beyond twelve entries behind a button.
        page = st.navigation(menu.sections(PAGES, person.role), expanded=True)
        st.set_page_config(page_title=f"{page.title} · Segferry")
        st.logo(str(STATIC / "logo.svg"), size="large")
        with st.sidebar:
            menu.show_person(person)
            menu.shortcuts()
            door.sign_out_button()
        frame.leave_for(page.url_path)
        frame.show_notices()
        next_step.show(person, page.url_path)
        frame.run(page, page.url_path or PAGES[0].name)


def _keep_address() -> None:
    """Nobody chooses a page now; the one of the address is shown later."""
    st.navigation(menu.sections(PAGES, Role.viewer), position="hidden")


if __name__ == "__main__":  # as Streamlit runs it; a test reads the pages only
    main()
