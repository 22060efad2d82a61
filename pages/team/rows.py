"""The cards of people: role, sessions, and what an administrator can do about each."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import Session

from core.access import Person, Role
from core.server import sign_in
from core.store import accounts, attempts
from core.store.tables.people import AccountRow, Attempt, SessionRow
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.frame import store
from pages.ui.words import plain, role_word, when

LINK = "one-time-link"  # key in the session: a person's name, and the secret of their link


def card(row: AccountRow, open_sessions: list[SessionRow]) -> None:
    """One person, with what can be done about them."""
    with st.container(border=True, key=f"person-{row.id}", **kit.ROW):
        kit.named(row.name, plain(row.email or ""), 210)
        with st.container(width=116):
            _state(row)
        st.markdown(f":small[{role_word(row.role)}]", width=104)
        _seen(row, open_sessions)
        _menu(row, len(open_sessions))


def pause(row: Attempt) -> None:
    """A pause of sign-in after wrong tries, which an administrator can lift."""
    with st.container(border=True, **kit.ROW, key=f"pause-{row.subject}"):
        text = _("Sign-in is locked for {subject} until {when}, after wrong tries.")
        st.markdown(
            text.format(subject=plain(row.subject), when=when(row.paused_until, in_sentence=True)),
            width="stretch",
        )
        st.button(
            _("Unlock"),
            key=f"lift-{row.subject}",
            on_click=frame.pressed,
            args=(partial(_lift, row.subject),),
        )


def keep_link(person: Person, row: AccountRow) -> None:
    """Makes a one-time link for somebody, for the next drawing of the page."""
    st.session_state[LINK] = (row.name, sign_in.invite(store(), person, row.id))


def show_link() -> None:
    """The address where somebody chooses a password; shown once, for it is stored nowhere."""
    if LINK not in st.session_state:
        return
    name, link = st.session_state.pop(LINK)
    with st.container(border=True, key="link"):
        text = _(
            "Give this link to {name}. It works once, within 72 hours, and is not shown again."
        )
        st.markdown(text.format(name=plain(name)))
        at = urlsplit(st.context.url or "")
        address = f"{at.scheme}://{at.netloc}/?{frame.INVITATION}={link}"
        st.code(address, language=None, wrap_lines=True)


def _state(row: AccountRow) -> None:
    if row.disabled_at:
        kit.badge("inactive", _("Disabled"))
    elif row.password is None and row.signed_in_at is None:
        kit.badge("todo", _("Invited"))
    else:
        kit.badge("active")


def _seen(row: AccountRow, open_sessions: list[SessionRow]) -> None:
    if not open_sessions:
        text = _("Never signed in")
        if row.signed_in_at:
            text = _("Last signed in {when}").format(when=when(row.signed_in_at, in_sentence=True))
        st.markdown(f":small[:gray[{text}]]", width=190)
        return
    n = many("{n} browser", "{n} browsers", len(open_sessions))
    last = open_sessions[0]
    text = _("last used {when} from {address}").format(
        when=when(last.seen_at, in_sentence=True), address=plain(last.address)
    )
    st.markdown(f":small[{n}]  \n:small[:gray[{text}]]", width=190)


def _menu(row: AccountRow, n: int) -> None:
    choices: dict[str, Callable[[], None]] = {
        _("Change role"): partial(_change_role, row),
        _("New password link"): partial(_act, partial(keep_link, row=row)),
    }
    if n:
        choices[_("Sign out everywhere")] = partial(_act, _changing(row, accounts.sign_out))
    if row.disabled_at:
        choices[_("Enable")] = partial(_act, _changing(row, accounts.enable))
    else:
        choices[_("Disable")] = partial(_disable, row, n)
    with st.container(horizontal=True, horizontal_alignment="right"):
        chosen = st.menu_button(_("More"), list(choices), key=f"more-{row.id}", type="tertiary")
    if chosen:
        choices[str(chosen)]()


def _change_role(row: AccountRow) -> None:
    def change(person: Person) -> None:
        role = st.session_state["new-role"]
        with store().begin() as s:
            accounts.set_role(s, person, accounts.find(s, row.id), role)

    @st.dialog(_("Role of {name}").format(name=plain(row.name)))
    def dialog() -> None:
        frame.guard(Role.administrator)
        st.radio(
            _("Role"),
            list(Role),
            index=list(Role).index(Role(row.role)),
            format_func=role_word,
            key="new-role",
        )
        st.markdown(
            f":small[:gray[{_('Takes effect at their next click. Their open links end.')}]]"
        )
        label = _("Change role")
        if st.button(label, type="primary", on_click=frame.pressed, args=(change,)):
            st.rerun()

    dialog()


def _disable(row: AccountRow, n: int) -> None:
    text = many(
        "They can't sign in any more, and {n} browser is signed out at once.",
        "They can't sign in any more, and {n} browsers are signed out at once.",
        n,
    )
    title = _("Disable {name}?").format(name=plain(row.name))
    kit.confirm(title, text, _("Disable"), _changing(row, accounts.disable))


def _lift(subject: str, person: Person) -> None:
    with store().begin() as s:
        attempts.lift(s, person, subject)


def _changing(
    row: AccountRow, change: Callable[[Session, Person, AccountRow], None]
) -> Callable[[Person], None]:
    """The change of this person in a transaction of its own."""

    def action(person: Person) -> None:
        with store().begin() as s:
            change(s, person, accounts.find(s, row.id))

    return action


def _act(action: Callable[[Person], None]) -> None:
    """Does it, then draws the page again, which says what went wrong."""
    frame.pressed(action)
    st.rerun()
