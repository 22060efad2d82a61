"""Your account: your password, and the browsers in which you are signed in."""

import streamlit as st

from core.access import Person
from core.server import sign_in
from core.store import accounts, sessions
from core.texts import _, many
from pages.ui import forms, frame, kit
from pages.ui.frame import guard, store
from pages.ui.words import plain, role_word, when

FORM = "account"
person = guard()


def new_password() -> None:
    """The form for another password; all other browsers are signed out by it."""
    kit.section(_("Password"))
    with st.form("password-form", clear_on_submit=True, width=420):
        old = st.text_input(_("Present password"), type="password", autocomplete="current-password")
        forms.problem(FORM, "old")
        help = _("12 to 72 characters; a sentence is good.")
        new = st.text_input(
            _("New password"), type="password", autocomplete="new-password", help=help
        )
        forms.problem(FORM, "password")
        again = st.text_input(_("New password again"), type="password", autocomplete="new-password")
        forms.rest(FORM, "old", "password")
        if st.form_submit_button(_("Change password")):
            if forms.attempt(FORM, lambda: _change(old, new, again)):
                frame.notify(_("The password is changed. Other browsers are signed out."))
            st.rerun()


def _change(old: str, new: str, again: str) -> None:
    token = frame.token() or ""
    sign_in.change_password(store(), person, token, old, sign_in.same(new, again))


def browsers() -> None:
    """Where one is signed in, and the way to end all but this one."""
    with store().begin() as s:
        found = sessions.of(s, person.id or 0)
    kit.section(_("Signed in"))
    st.table(
        {
            _("Browser"): [plain(row.agent[:60]) for row in found],
            _("From"): [plain(row.address) for row in found],
            _("Since"): [when(row.created_at) for row in found],
            _("Last used"): [when(row.seen_at) for row in found],
        }
    )
    others = len(found) - 1
    if others > 0:
        label = many("Sign out {n} other browser", "Sign out {n} other browsers", others)
        st.button(label, icon=":material/logout:", on_click=frame.pressed, args=(_sign_out,))


def _sign_out(who: Person) -> None:
    with store().begin() as s:
        accounts.sign_out(s, who, accounts.find(s, who.id or 0), keep=frame.token())


with kit.head(_("Your account"), plain(f"{person.name}, {role_word(person.role)}")):
    pass
new_password()
browsers()
