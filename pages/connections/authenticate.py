"""Authenticating by OAuth in another browser tab, as a step of a form."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import Session

from core.access import Person, Role
from core.connections import oauth
from core.destinations import Account
from core.destinations.register import kind_of
from core.errors import SegferryError
from core.store.authorizations import HOLDS
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.ui import frame
from pages.ui.words import plain

TICK = "2s"  # while somebody may be at the destination


def draw(form: str, type: str, base_url: str) -> None:
    """The step, for a type that has OAuth."""
    if not oauth.is_set_up(frame.store().settings, type):
        st.markdown(f":small[:gray[{plain(_missing(type))}]]")
        return
    if _state(form).get("place") != (type, base_url):
        forget(form)
    known = account(form)
    waiting = known is None and "problem" not in _state(form)
    st.fragment(_step, run_every=TICK if waiting else None)(form, type, base_url)


def account(form: str) -> Account | None:
    """The account that was authorized, once it was."""
    known = _state(form).get("account")
    return Account(**known) if known else None


def take(form: str, session: Session, person: Person, row: ConnectionRow) -> None:
    """Gives the connection the authorization, if there is one. Raises Denied, Invalid."""
    if account(form):
        oauth.take(session, frame.store(), person, _state(form)["handle"], row)


def forget(form: str) -> None:
    """Drops an authorization that no connection took: the form was left, or goes elsewhere now."""
    state = st.session_state.pop(_key(form), {})
    if "handle" in state and (person := frame.signed_in()):
        oauth.drop(frame.store(), person, state["handle"])


def _missing(type: str) -> str:
    """What the operator would have to do."""
    id, secret = kind_of(type).oauth.variables
    text = _(
        "OAuth isn’t set up here; the key is enough. Whoever runs this server can set {id} "
        "and {secret}."
    )
    return text.format(id=id, secret=secret)


def _step(form: str, type: str, base_url: str) -> None:
    frame.guard(Role.administrator)
    if "handle" not in _state(form) and "problem" not in _state(form):
        _begin(form, type, base_url)
    elif _waiting(form):
        _look(form, type, base_url)
    _show(form, kind_of(type).title)


def _begin(form: str, type: str, base_url: str) -> None:
    at = urlsplit(st.context.url or "")
    origin = f"{at.scheme}://{at.netloc}"
    state: dict[str, Any] = {"place": (type, base_url)}
    try:
        person = frame.guard(Role.administrator)
        begun = oauth.begin(frame.store(), person, type, base_url, origin)
        state["handle"], state["url"] = begun
        state["until"] = (datetime.now(UTC) + HOLDS).timestamp()
    except SegferryError as error:
        state["problem"] = str(error)
    st.session_state[_key(form)] = state


def _look(form: str, type: str, base_url: str) -> None:
    """Whether the account was authorized meanwhile; then the whole page is drawn again."""
    person, state = frame.guard(Role.administrator), _state(form)
    if datetime.now(UTC).timestamp() >= state["until"]:
        _begin(form, type, base_url)  # nobody went, or not in time: the link below holds again
        return
    try:
        found = oauth.found(frame.store(), person, state["handle"])
    except SegferryError as error:
        state["problem"] = str(error)
        st.rerun()
    if found:
        state["account"] = asdict(found)
        st.rerun()


def _show(form: str, destination: str) -> None:
    state, known = _state(form), account(form)
    if known:
        text = _("Authenticated for the account **{name}** ({id}).")
        text = text.format(name=plain(known.name), id=plain(known.id))
        st.success(text, icon=":material/check_circle:")
    elif "problem" in state:
        st.error(plain(state["problem"]), icon=":material/error:")
        if st.button(_("Try again"), key=f"{form}-oauth-again"):
            forget(form)
            st.rerun()  # the whole page, for only that makes the fragment look again
    else:
        st.link_button(
            _("Authenticate with {destination}").format(destination=destination),
            state["url"],
            key=f"{form}-oauth",
            icon=":material/open_in_new:",
        )
        note = _("{destination} opens in a new tab; this form stays as it is.")
        note = note.format(destination=destination)
        st.markdown(f":small[:gray[{note}]]")


def _waiting(form: str) -> bool:
    state = _state(form)
    return "account" not in state and "problem" not in state


def _state(form: str) -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.get(_key(form), {})
    return found


def _key(form: str) -> str:
    return f"{form}-authorization"
