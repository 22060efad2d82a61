"""Team: who may sign in, in which role, and where they are signed in now."""

import streamlit as st

from core.access import Person, Role
from core.store import accounts, attempts, sessions
from core.store.tables.people import AccountRow, Attempt, SessionRow
from core.texts import _, many
from pages.team import rows
from pages.ui import frame, kit
from pages.ui.frame import guard, store
from pages.ui.words import role_word

guard(Role.administrator)


def everything() -> tuple[list[tuple[AccountRow, list[SessionRow]]], list[Attempt]]:
    """Each person with their sessions, and the pauses of sign-in."""
    with store().begin() as s:
        people = [(row, sessions.of(s, row.id)) for row in accounts.everybody(s)]
        return people, attempts.pauses(s)


def invite() -> None:
    """Asks for a new person, who then gets a link to choose a password with."""

    @st.dialog(_("Invite a person"))
    def dialog() -> None:
        frame.guard(Role.administrator)
        st.text_input(_("Name"), max_chars=accounts.LONGEST_NAME, key="new-name")
        st.text_input(_("Email (for single sign-on)"), key="new-email")
        st.selectbox(_("Role"), list(Role), format_func=role_word, key="new-role")
        label = _("Create invite link")
        if st.button(label, type="primary", on_click=frame.pressed, args=(_add,)):
            st.rerun()

    dialog()


def _add(person: Person) -> None:
    typed = st.session_state
    with store().begin() as s:
        name, role = typed["new-name"], typed["new-role"]
        row = accounts.add(s, person, name, role, email=typed["new-email"])
    rows.keep_link(person, row)


people, pauses = everything()
text = _("Who may sign in, and what they may do. The last administrator always stays.")
with kit.head(_("Team"), text):
    if st.button(_("Invite"), icon=":material/person_add:", type="primary", key="new"):
        invite()
rows.show_link()
for pause in pauses:
    rows.pause(pause)
st.markdown(f":small[:gray[{many('{n} person', '{n} people', len(people))}]]")
first, last = kit.paged(len(people), "team-page")
for row, open_sessions in people[first:last]:
    rows.card(row, open_sessions)
kit.pages(len(people), "team-page")
