"""The form for another password; all other browsers are signed out by it."""

import streamlit as st

from core.access import Person
from core.server import sign_in
from core.texts import _
from pages.ui import forms, frame, kit

FORM = "account"


def show(person: Person) -> None:
    """The form."""
    kit.section(_("Password"))
    with st.form("password-form", clear_on_submit=True, width=420):
        old = st.text_input(_("Current password"), type="password", autocomplete="current-password")
        forms.problem(FORM, "old")
        help = _("12 to 72 characters; a sentence is good.")
        new = st.text_input(
            _("New password"), type="password", autocomplete="new-password", help=help
        )
        forms.problem(FORM, "password")
        again = st.text_input(_("New password again"), type="password", autocomplete="new-password")
        forms.rest(FORM, "old", "password")
        if st.form_submit_button(_("Change password")):
            if forms.attempt(FORM, lambda: _change(person, old, new, again)):
                frame.notify(_("The password is changed. Other browsers are signed out."))
            st.rerun()


def _change(person: Person, old: str, new: str, again: str) -> None:
    token = frame.token() or ""
    sign_in.change_password(frame.store(), person, token, old, sign_in.same(new, again))
