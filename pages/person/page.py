"""One person: type an address, and see what every export and run did with it."""

from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.errors import Invalid
from core.person.look_up import Found, look_up
from core.texts import _
from pages.person import erase, events, now, paper
from pages.ui import forms, frame, kit
from pages.ui.words import plain

FORM, FOUND = "person", "person-found"  # keys in the session


def look(person: Person, typed: str, ask: bool = False) -> None:
    """Looks them up; what is found stays for this session."""
    for former in (FOUND, erase.ERASED):
        st.session_state.pop(former, None)
    if not typed.strip():
        raise Invalid(_("Type the full email address of a person."), "email")
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, _("Looking them up …"))
        st.button(_("Stop"), icon=":material/stop:", key="stop")  # whatever is pressed ends it
    try:
        found = look_up(
            frame.store(), person, typed, lambda at, doing: bar.progress(at, plain(doing)), ask
        )
    finally:
        place.empty()
    st.session_state[FOUND] = typed, found
    st.session_state["events-page"] = 1


def search(person: Person) -> None:
    """The field, and what is wrong with what was typed there."""
    with (
        st.form(FORM, border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(_("Email address"), key="address", width=360, autocomplete="off")
        label = _("Look up")
        pressed = st.form_submit_button(label, icon=":material/search:", type="primary")
    if pressed:
        forms.attempt(FORM, partial(look, person, typed))
    forms.problem(FORM, "email")
    forms.rest(FORM, "email")


def show(person: Person, typed: str, found: Found) -> None:
    """What is known of them, and what can be done about it."""
    now.addresses(found)
    events.show(found)
    if asked := now.show(found, _may_ask(person)):
        forms.attempt(FORM, partial(look, person, typed, ask=asked))
        st.rerun()
    if may(person, Action.see_addresses):
        paper.show(typed, found)
    if may(person, Action.erase):
        erase.show(person, found)


def _may_ask(person: Person) -> bool:
    return may(person, Action.see_addresses)


person = frame.guard()
text = _("What every export and run did with somebody, in order, and where they are now.")
with kit.head(_("One person"), text):
    pass
search(person)
if kept := st.session_state.get(FOUND):
    show(person, *kept)
elif erased := st.session_state.get(erase.ERASED):
    erase.receipt(person, erased)
