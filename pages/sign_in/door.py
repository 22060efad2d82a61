"""What a visitor sees: sign-in, the set-up of a new installation, an invitation."""

import html
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.server import sign_in, single_sign_on
from core.server.web import END, START
from core.store import accounts
from core.texts import _
from pages.sign_in import organisation
from pages.ui import forms, frame
from pages.ui.words import plain

LOGO = str(Path(__file__).parents[1] / "static" / "logo.svg")
FORM = "door"
SIGN_OUT = """<form method="post" action="%s"><button style="font: inherit; color: inherit;
background: none; border: 1px solid currentColor; border-radius: 8px; padding: 0.25rem 0.75rem;
cursor: pointer">%s</button></form>"""
# The ticket becomes a cookie that scripts can't read; then the page is loaded as its owner.
SCRIPT = """<script>(async () => {
  const answer = await fetch(%s, {method: "POST", body: %s, credentials: "same-origin"});
  if (answer.ok) { location.replace(%s); }
})()</script>"""


def show() -> None:
    """The one of them that fits."""
    frame.store().runtime.visitors.wait(frame.address())
    if frame.INVITATION in st.query_params:
        _join(frame.query(frame.INVITATION))
        return
    with frame.store().begin() as session:
        new = accounts.none_yet(session)
    if new:
        _set_up()
    else:
        _sign_in()


def sign_out_button() -> None:
    """The button that ends this browser's session; a form, since only the server drops cookies."""
    st.html(SIGN_OUT % (END, html.escape(_("Sign out"))))


def _sign_in() -> None:
    if claims := organisation.claims():
        _enter(lambda: single_sign_on.enter(frame.store(), claims, frame.address()))
    text = _("Forgot the password? An administrator of your team can set a new one.")
    with _card("sign-in", _("Sign in"), text):
        st.markdown(f":gray[{_('Segments of your profiles, on your lists.')}]")
        with st.form("sign-in-form", border=False):
            name = st.text_input(_("Name"), key="name", autocomplete="username")
            password = _password(_("Password"), "current-password")
            forms.rest(FORM)
            pressed = st.form_submit_button(_("Sign in"), type="primary", width="stretch")
        organisation.offer()
        if pressed:
            browser, place = frame.browser(), frame.address()
            _enter(lambda: sign_in.enter(frame.store(), name, password, place, browser))


def _set_up() -> None:
    text = _("Next: add a connection, or look around in the sandbox first.")
    with _card("set-up", _("First administrator"), text):
        st.markdown(
            ":gray["
            + _(
                "Welcome. Nobody can use this installation yet. The one-time code is "
                "printed in the console where Segferry was started and is valid for 30 "
                "minutes."
            )
            + "]"
        )
        with st.form("set-up-form", border=False):
            code = st.text_input(
                _("One-time code"), placeholder="XXXX-XXXX-XXXX", autocomplete="one-time-code"
            )
            forms.problem(FORM, "code")
            name = st.text_input(_("Your name"), autocomplete="username")
            forms.problem(FORM, "name")
            email = st.text_input(_("Email"), autocomplete="email")
            forms.problem(FORM, "email")
            password, again = _new_password()
            forms.rest(FORM, "code", "name", "email", "password")
            label = _("Create administrator")
            pressed = st.form_submit_button(label, type="primary", width="stretch")
        if pressed:
            place = frame.address()
            _enter(
                lambda: sign_in.set_up(
                    frame.store(), code, name, sign_in.same(password, again), email, place
                )
            )


def _join(link: str) -> None:
    name = sign_in.person_invited(frame.store(), link)
    if name is None:
        with _card("join", _("This link is no longer valid"), ""):
            st.markdown(_("It was already used, or is older than 72 hours. Ask for a new one."))
            if st.button(_("Go to sign-in"), width="stretch"):
                st.query_params.clear()
                st.rerun()
        return
    with (
        _card("join", _("Welcome, {name}").format(name=plain(name)), ""),
        st.form("join", border=False),
    ):
        st.markdown(f":gray[{_('Choose a password to sign in with from now on.')}]")
        password, again = _new_password()
        forms.rest(FORM, "password")
        label = _("Set password and sign in")
        if st.form_submit_button(label, type="primary", width="stretch"):
            place = frame.address()
            _enter(
                lambda: sign_in.join(frame.store(), link, sign_in.same(password, again), place),
                to="/",
            )


@contextmanager
def _card(key: str, title: str, below: str) -> Iterator[None]:
    """A card of fixed width in the middle of the page."""
    page = st.container(horizontal_alignment="center", gap="small", key=f"{key}-page")
    page.space("medium")
    page.image(LOGO, width=150, alt="Segferry")
    with page.container(border=True, width=420, key=key):
        st.title(title, anchor=False)
        yield
    if below:
        page.caption(below, text_alignment="center")


def _new_password() -> tuple[str, str]:
    help = _("12 to 72 characters; a sentence is good.")
    password = _password(_("Password"), "new-password", help)
    forms.problem(FORM, "password")
    return password, _password(_("Password again"), "new-password")


def _password(label: str, fill: str, help: str | None = None) -> str:
    return st.text_input(label, type="password", autocomplete=fill, help=help)


def _enter(make_ticket: Callable[[], str], to: str = "") -> None:
    """Signs this browser in with the ticket, or shows what is wrong."""
    tickets: list[str] = []
    if not forms.attempt(FORM, lambda: tickets.append(make_ticket())):
        st.rerun()
    there = json.dumps(to) if to else "location.href"
    script = SCRIPT % (json.dumps(START), json.dumps(tickets[0]), there)
    st.html(script, unsafe_allow_javascript=True)
