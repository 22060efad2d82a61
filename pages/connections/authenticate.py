"""Authenticating with Klaviyo by OAuth in another browser tab, as a step of a form."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from sqlmodel import Session

from core.access import Person, Role
from core.connections import oauth
from core.destinations import Account
from core.errors import SegferryError
from core.server.web import BACK
from core.store.authorizations import HOLDS
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.ui import frame
from pages.ui.words import plain

TICK = "2s"  # while somebody may be at Klaviyo


def draw(form: str, base_url: str) -> None:
    """The step."""
    if not oauth.offered(frame.store().settings):
        text = _(
            "OAuth isn’t set up here; the private key is enough. Your operator can set"
            " SEGFERRY_KLAVIYO_CLIENT_ID and SEGFERRY_KLAVIYO_CLIENT_SECRET."
        )
        st.markdown(f":small[:gray[{plain(text)}]]")
        return
    if _state(form).get("base_url") != base_url:
        forget(form)
    known = account(form)
    waiting = known is None and "problem" not in _state(form)
    st.fragment(_step, run_every=TICK if waiting else None)(form, base_url)


def account(form: str) -> Account | None:
    """The account that was authorized, once it was."""
    known = _state(form).get("account")
    return Account(**known) if known else None


def take(form: str, session: Session, person: Person, row: ConnectionRow) -> None:
    """Gives the connection the authorization, if there is one. Raises Denied, Invalid."""
    if account(form):
        oauth.take(session, frame.store(), person, _state(form)["handle"], row)


def forget(form: str) -> None:
    """Drops an authorization that no connection took: the form was left, the address changed."""
    state = st.session_state.pop(_key(form), {})
    if "handle" in state and (person := frame.signed_in()):
        oauth.drop(frame.store(), person, state["handle"])


def _step(form: str, base_url: str) -> None:
    frame.guard(Role.administrator)
    if "handle" not in _state(form) and "problem" not in _state(form):
        _begin(form, base_url)
    elif _waiting(form):
        _look(form, base_url)
    _show(form)


def _begin(form: str, base_url: str) -> None:
    at = urlsplit(st.context.url or "")
    back = f"{at.scheme}://{at.netloc}{BACK}"
    state: dict[str, Any] = {"base_url": base_url}
    try:
        person = frame.guard(Role.administrator)
        state["handle"], state["url"] = oauth.begin(frame.store(), person, base_url, back)
        state["until"] = (datetime.now(UTC) + HOLDS).timestamp()
    except SegferryError as error:
        state["problem"] = str(error)
    st.session_state[_key(form)] = state


def _look(form: str, base_url: str) -> None:
    """Whether the account was authorized meanwhile; then the whole page is drawn again."""
    person, state = frame.guard(Role.administrator), _state(form)
    if datetime.now(UTC).timestamp() >= state["until"]:
        _begin(form, base_url)  # nobody went, or not in time: the link below holds again
        return
    try:
        found = oauth.found(frame.store(), person, state["handle"])
    except SegferryError as error:
        state["problem"] = str(error)
        st.rerun()
    if found:
        state["account"] = asdict(found)
        st.rerun()


def _show(form: str) -> None:
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
            _("Authenticate with Klaviyo"),
            state["url"],
            key=f"{form}-oauth",
            icon=":material/open_in_new:",
        )
        note = _("Klaviyo opens in a new tab; what you filled in here stays.")
        st.markdown(f":small[:gray[{note}]]")


def _waiting(form: str) -> bool:
    state = _state(form)
    return "account" not in state and "problem" not in state


def _state(form: str) -> dict[str, Any]:
    found: dict[str, Any] = st.session_state.get(_key(form), {})
    return found


def _key(form: str) -> str:
    return f"{form}-authorization"
