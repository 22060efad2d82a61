"""The browsers in which a person is signed in, and signing out all others."""

import streamlit as st

from core.access import Person
from core.store import accounts, sessions
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain, when


def show(person: Person) -> None:
    """A table of the browsers."""
    with frame.store().begin() as s:
        found = sessions.of(s, person.id or 0)
    kit.section(_("Signed in"))
    kit.table(
        [_("Browser"), _("From"), _("Since"), _("Last used")],
        [
            [plain(row.agent[:60]), plain(row.address), when(row.created_at), when(row.seen_at)]
            for row in found
        ],
    )
    others = len(found) - 1
    if others > 0:
        label = many("Sign out {n} other browser", "Sign out {n} other browsers", others)
        st.button(label, icon=":material/logout:", on_click=frame.pressed, args=(_sign_out,))


def _sign_out(person: Person) -> None:
    with frame.store().begin() as s:
        accounts.sign_out(s, person, accounts.find(s, person.id or 0), keep=frame.token())
