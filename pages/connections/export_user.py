"""“Add yourself as export user”: exports of a connection then run in one's own name."""

import streamlit as st

from core.access import Person, Role
from core.server import sign_in
from core.store import accounts
from core.texts import _
from pages.ui import forms, frame
from pages.ui.words import plain


def ask(form: str, present: str | None = None) -> bool:
    """Whether the reader has added themselves just now; `present` is who it is so far."""
    person = frame.guard(Role.administrator)
    if added(form):
        text = _("Exports of this connection run in your name, **{name}**.")
        st.markdown(text.format(name=plain(person.name)))
        return True
    text = _(
        "Exports of this connection run in your name, so that there is somebody to ask "
        "about each run."
    )
    if present:
        text = _("They run in the name of **{name}**.").format(name=plain(present))
    st.markdown(f":gray[{text}]")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        password = _password(form, person)
        pressed = st.button(_("Add yourself as export user"), key=f"{form}-add-user")
    forms.problem(form, "password")
    if pressed:
        if forms.attempt(form, lambda: sign_in.confirm(frame.store(), person, password)):
            st.session_state[f"{form}-user"] = True
        st.rerun()
    return False


def added(form: str) -> bool:
    """Whether they have, for the badge above."""
    return bool(st.session_state.get(f"{form}-user"))


def forget(form: str) -> None:
    """They have not: the form was left."""
    st.session_state.pop(f"{form}-user", None)


def _password(form: str, person: Person) -> str:
    """Empty for a person without one, who signs in by single sign-on."""
    with frame.store().begin() as session:
        account = accounts.find(session, person.id or 0)
    if account.password is None:
        return ""
    return forms.secret(
        _("Your password"),
        key=f"{form}-own-password",
        autocomplete="current-password",
        width=300,
    )
