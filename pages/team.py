"""Team: who may sign in, in which role, and where they are signed in now."""

import streamlit as st

from core import sign_in
from core.access import Person, Role
from core.models import AccountRow, Attempt, SessionRow
from core.store import accounts, attempts, sessions
from core.texts import _, many
from pages.ui import frame, kit, team_rows
from pages.ui.frame import guard, store

person = guard(Role.administrator)


def everything() -> tuple[list[tuple[AccountRow, list[SessionRow]]], list[Attempt]]:
    """Each person with their sessions, and the pauses of sign-in."""
    with store().begin() as s:
        people = [(row, sessions.of(s, row.id)) for row in accounts.everybody(s)]
        return people, attempts.pauses(s)


def invite(person: Person) -> None:
    """A new person, who gets a link to choose a password with."""

    @st.dialog(_("Invite a person"))
    def asked() -> None:
        frame.guard(Role.administrator)
        name = st.text_input(_("Name"), max_chars=accounts.LONGEST_NAME)
        email = st.text_input(_("Email (for single sign-on)"))
        role = st.selectbox(_("Role"), list(Role), format_func=team_rows.role_word)
        if st.button(_("Make the link"), type="primary"):
            with frame.failing():
                team_rows.show_link(name, _add(person, name, email, role))

    asked()


def _add(person: Person, name: str, email: str, role: Role) -> str:
    with store().begin() as s:
        row = accounts.add(s, person, name, role, email=email)
    return sign_in.invite(store(), person, row.id)


people, pauses = everything()
text = _("Who may sign in, and what they may do. The last administrator always stays.")
with kit.head(_("Team"), text):
    if st.button(_("Invite"), icon=":material/person_add:", type="primary"):
        invite(person)
for pause in pauses:
    team_rows.pause(person, pause)
st.markdown(f":small[:gray[{many('{n} person', '{n} people', len(people))}]]")
first, last = kit.paged(len(people), "team-page")
for row, open_sessions in people[first:last]:
    team_rows.card(person, row, open_sessions)
kit.pages(len(people), "team-page")
