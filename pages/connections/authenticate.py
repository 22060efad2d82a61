"""Authenticating by OAuth in another browser tab, as a step of a form."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NamedTuple
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


class Place(NamedTuple):
    """Where somebody authenticates, and with which optional scopes."""

    type: str
    base_url: str
    optional: tuple[str, ...]


def draw(form: str, type: str, base_url: str, granted: Sequence[str] = ()) -> None:
    """The step, for a type that has OAuth; `granted` are the optional scopes that it has so far."""
    if not oauth.is_set_up(frame.store().settings, type):
        st.markdown(f":small[:gray[{plain(_missing(type))}]]")
        return
    began = _state(form).get("place")
    chosen = began.optional if began and account(form) else _choice(form, type, granted)
    place = Place(type, base_url, chosen)
    if began != place:
        forget(form)
    waiting = account(form) is None and "problem" not in _state(form)
    st.fragment(_step, run_every=TICK if waiting else None)(form, place)


def _choice(form: str, type: str, granted: Sequence[str]) -> tuple[str, ...]:
    """The optional scopes that are ticked: each says what it is for."""
    offered = oauth.offered(type)
    if offered:
        st.markdown(f":small[{_('Optional permissions, requested only where they are ticked:')}]")
    return tuple(
        scope
        for scope, why in offered.items()
        if st.checkbox(
            f"**{plain(scope)}** {plain(why)}", scope in granted, key=f"{form}-scope-{scope}"
        )
    )


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


def _step(form: str, place: Place) -> None:
    frame.guard(Role.administrator)
    if "handle" not in _state(form) and "problem" not in _state(form):
        _begin(form, place)
    elif _waiting(form):
        _look(form, place)
    _show(form, place)


def _begin(form: str, place: Place) -> None:
    at = urlsplit(st.context.url or "")
    origin = f"{at.scheme}://{at.netloc}"
    state: dict[str, Any] = {"place": place}
    try:
        person = frame.guard(Role.administrator)
        begun = oauth.begin(
            frame.store(), person, place.type, place.base_url, origin, place.optional
        )
        state["handle"], state["url"] = begun
        state["until"] = (datetime.now(UTC) + HOLDS).timestamp()
    except SegferryError as error:
        state["problem"] = str(error)
    st.session_state[_key(form)] = state


def _look(form: str, place: Place) -> None:
    """Whether the account was authorized meanwhile; then the whole page is drawn again."""
    person, state = frame.guard(Role.administrator), _state(form)
    if datetime.now(UTC).timestamp() >= state["until"]:
        _begin(form, place)  # nobody went, or not in time: the link below holds again
        return
    try:
        found = oauth.found(frame.store(), person, state["handle"])
    except SegferryError as error:
        state["problem"] = str(error)
        st.rerun()
    if found:
        state["account"] = asdict(found)
        st.rerun()


def _show(form: str, place: Place) -> None:
    state, known, destination = _state(form), account(form), kind_of(place.type).title
    if known:
        text = _("Authenticated for the account **{name}** ({id}).")
        text = text.format(name=plain(known.name), id=plain(known.id))
        if place.optional:
            also = _("Requested, too: {scopes}.")
            text += " " + also.format(scopes=plain(", ".join(place.optional)))
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
