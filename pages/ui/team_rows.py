"""The cards of people: role, sessions, and what an administrator can do about each."""

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import Session

from core import sign_in
from core.access import Person, Role
from core.models import AccountRow, Attempt, SessionRow
from core.store import accounts, attempts
from core.texts import _, many
from pages.ui import door, frame, kit
from pages.ui.frame import store
from pages.ui.words import plain, when

LINK = "one-time-link"  # key in the session: whom it is for, and its secret
ROLES = {
    Role.viewer: _("Viewer"),
    Role.contributor: _("Contributor"),
    Role.administrator: _("Administrator"),
}


def role_word(role: int) -> str:
    """The role as the pages name it."""
    return ROLES[Role(role)]


def card(person: Person, row: AccountRow, open_sessions: list[SessionRow]) -> None:
    """One person, with what can be done about them."""
    with st.container(border=True, key=f"person-{row.id}", **kit.ROW):
        kit.named(row.name, plain(row.email or ""), 270)
        with st.container(width=116):
            _state(row)
        st.markdown(f":small[{role_word(row.role)}]", width=120)
        _seen(open_sessions)
        _menu(person, row, len(open_sessions))


def pause(person: Person, row: Attempt) -> None:
    """A pause of sign-in after five wrong tries, which an administrator can lift."""
    with st.container(border=True, **kit.ROW, key=f"pause-{row.subject}"):
        text = _("Sign-in pauses for {subject} after five wrong tries, until {when}.")
        st.markdown(
            text.format(subject=plain(row.subject), when=when(row.paused_until)), width="stretch"
        )
        st.button(_("Lift"), key=f"lift-{row.subject}", on_click=_lift, args=(row.subject,))


def keep_link(person: Person, row: AccountRow) -> None:
    """Makes a one-time link for somebody, for the next drawing of the page."""
    st.session_state[LINK] = (row.name, sign_in.invite(store(), person, row.id))


def show_link() -> None:
    """The address with which somebody chooses a password; shown once, for it is kept nowhere."""
    if LINK not in st.session_state:
        return
    name, link = st.session_state.pop(LINK)
    with st.container(border=True, key="link"):
        text = _(
            "Give this link to {name}. It works once, within 72 hours, and is not shown again."
        )
        st.markdown(text.format(name=plain(name)))
        at = urlsplit(st.context.url or "")
        st.code(f"{at.scheme}://{at.netloc}/?{door.LINK}={link}", language=None, wrap_lines=True)


def _state(row: AccountRow) -> None:
    if row.disabled_at:
        kit.badge("inactive", _("Disabled"))
    elif row.password is None:
        kit.badge("todo", _("Invited"))
    else:
        kit.badge("active")


def _seen(open_sessions: list[SessionRow]) -> None:
    if not open_sessions:
        st.markdown(f":small[:gray[{_('Not signed in')}]]", width=220)
        return
    n = many("{n} browser", "{n} browsers", len(open_sessions))
    last = open_sessions[0]
    told = _("last used {when} from {address}").format(
        when=when(last.seen_at), address=plain(last.address)
    )
    st.markdown(f":small[{n}]  \n:small[:gray[{told}]]", width=220)


def _menu(person: Person, row: AccountRow, n: int) -> None:
    choices: dict[str, Callable[[], None]] = {
        _("Change role"): lambda: _change_role(person, row),
        _("New password link"): lambda: _new_link(person, row),
    }
    if n:
        choices[_("Sign out everywhere")] = lambda: _sign_out(person, row)
    if row.disabled_at:
        choices[_("Enable")] = lambda: _enable(person, row)
    else:
        choices[_("Disable")] = lambda: _disable(person, row, n)
    with st.container(horizontal=True, horizontal_alignment="right"):
        chosen = st.menu_button(_("More"), list(choices), key=f"more-{row.id}", type="tertiary")
    if chosen:
        choices[str(chosen)]()


def _change_role(person: Person, row: AccountRow) -> None:
    def change() -> None:
        role = st.session_state["new-role"]
        _act(lambda s: accounts.set_role(s, person, accounts.find(s, row.id), role))

    @st.dialog(_("Role of {name}").format(name=plain(row.name)))
    def asked() -> None:
        frame.guard(Role.administrator)
        roles = list(Role)
        st.radio(
            _("Role"),
            roles,
            index=roles.index(Role(row.role)),
            format_func=role_word,
            key="new-role",
        )
        st.markdown(f":small[:gray[{_('It holds from their next click on.')}]]")
        if st.button(_("Change role"), type="primary", key="do-role", on_click=change):
            st.rerun()

    asked()


def _new_link(person: Person, row: AccountRow) -> None:
    frame.act(lambda: keep_link(person, row))
    st.rerun()


def _disable(person: Person, row: AccountRow, n: int) -> None:
    def disable() -> None:
        _act(lambda s: accounts.disable(s, person, accounts.find(s, row.id)))

    @st.dialog(_("Disable {name}?").format(name=plain(row.name)))
    def asked() -> None:
        frame.guard(Role.administrator)
        st.markdown(
            many(
                "They can't sign in any more, and {n} browser is signed out at once.",
                "They can't sign in any more, and {n} browsers are signed out at once.",
                n,
            )
        )
        if st.button(_("Disable"), type="primary", key="do-disable", on_click=disable):
            st.rerun()

    asked()


def _enable(person: Person, row: AccountRow) -> None:
    _done(lambda s: accounts.enable(s, person, accounts.find(s, row.id)))


def _sign_out(person: Person, row: AccountRow) -> None:
    _done(lambda s: accounts.sign_out(s, person, accounts.find(s, row.id)))


def _lift(subject: str) -> None:
    person = frame.guard(Role.administrator)
    with store().begin() as s:
        attempts.lift(s, person, subject)


def _act(action: Callable[[Session], None]) -> None:
    """Does it in a transaction; the next drawing of the page tells what went wrong."""
    frame.guard(Role.administrator)

    def whole() -> None:
        with store().begin() as s:
            action(s)

    frame.act(whole)


def _done(action: Callable[[Session], None]) -> None:
    _act(action)
    st.rerun()
