"""Adding a connection, step by step; nothing is sent to Klaviyo before agreeing and connecting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from core import oauth
from core.access import Person, Role
from core.configuration import Connection, Consent
from core.destinations.klaviyo.settings import BASE_URL
from core.errors import Invalid
from core.store import connections
from core.texts import _
from pages.ui import authenticating, connecting, consent, forms, frame, kit
from pages.ui.connection_rows import WHO

FORM = "connection"
SANDBOX = "http://127.0.0.1:8765"  # where `segferry sandbox` listens
TYPES = {"klaviyo": _("Klaviyo"), "sandbox": _("Sandbox (local, to try out)")}


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in so far."""

    name: str
    base_url: str
    shared_with: str
    key: str
    agreed: bool

    def spec(self, person: Person) -> Connection:
        """The connection as a value. Raises ValidationError."""
        return Connection(
            name=self.name,
            api_key=self.key,
            base_url=self.base_url,
            shared_with=self.shared_with,
            consent=Consent(agreed_by=person.name),
        )


def draw() -> None:
    """The whole form."""
    person = frame.guard(Role.administrator)
    kit.back(_("Connections"), "connections.py")
    with kit.head(
        _("Add connection"), _("Nothing is sent to Klaviyo before you agree and connect.")
    ):
        pass
    name, base_url = _naming()
    shared_with = _sharing()
    key = _key()
    draft = Draft(name, base_url, shared_with, key, _consent())
    _connect(person, draft)
    handle = _authenticate(base_url)
    forms.rest(FORM, "name", "base_url", "api_key", "agree")
    _saving(person, draft, handle)


def leave() -> None:
    """Drops what is known of a key that was tried and not saved."""
    connecting.forget(FORM)
    authenticating.forget(FORM)


@contextmanager
def _step(n: int, title: str, done: bool, word: str = "done") -> Iterator[None]:
    with st.container(border=True, key=f"step-{n}"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(f"{n}. {title}", anchor=False, width="content")
            kit.badge(word if done else "todo")
        yield


def _value(field: str, default: str = "") -> str:
    """What a widget below holds already, for the badge above it."""
    return str(st.session_state.get(f"{FORM}-{field}") or default).strip()


def _naming() -> tuple[str, str]:
    with _step(1, _("Type and name"), bool(_value("name"))):
        left, right = st.columns(2)
        with left:
            kind = st.selectbox(
                _("Type"),
                list(TYPES),
                format_func=TYPES.__getitem__,
                key=f"{FORM}-type",
                on_change=connecting.forget,
                args=(FORM,),
            )
        with right:
            name = st.text_input(
                _("Display name"),
                key=f"{FORM}-name",
                required=True,
                max_chars=120,
                help=_("Say what it is for. Everyone who may use it sees this name."),
                on_change=forms.forget,
                args=(FORM,),
            )
            forms.problem(FORM, "name")
        return (name or "").strip(), _address() if kind == "sandbox" else BASE_URL


def _address() -> str:
    typed = st.text_input(
        _("Address of the sandbox"),
        SANDBOX,
        key=f"{FORM}-address",
        help=_("“segferry sandbox” prints it. Nothing leaves this machine."),
        on_change=connecting.forget,
        args=(FORM,),
    )
    forms.problem(FORM, "base_url")
    return (typed or "").strip()


def _sharing() -> str:
    with _step(2, _("Who may use it"), done=True):
        return st.radio(
            _("Who may use it"),
            list(WHO),
            format_func=WHO.__getitem__,
            key=f"{FORM}-who",
            horizontal=True,
            label_visibility="collapsed",
        )


def _key() -> str:
    with _step(3, _("Private API key"), bool(_value("key"))):
        return connecting.key(FORM, _("Private API key"))


def _consent() -> bool:
    with _step(4, _("Data privacy and compliance"), bool(st.session_state.get(f"{FORM}-agree"))):
        return consent.ask(FORM)


def _connect(person: Person, draft: Draft) -> None:
    account = connecting.account(FORM)
    with _step(5, _("Connect"), account is not None, "connected"):
        if account:
            connecting.success(account)
        else:
            st.markdown(f":gray[{_('Klaviyo is asked whose key it is. Nothing else is sent.')}]")
            connecting.button(FORM, draft.base_url, draft.key, lambda: _check(person, draft))


def _authenticate(base_url: str) -> str | None:
    known = authenticating.account(FORM)
    with _step(6, _("Authenticate with Klaviyo (optional)"), known is not None, "connected"):
        return authenticating.draw(FORM, base_url)


def _check(person: Person, draft: Draft) -> None:
    """Raises Invalid or ValidationError for the first thing that is missing."""
    if not draft.name:
        raise Invalid(_("Give it a name that says what it is for."), "name")
    if not draft.key:
        raise Invalid(_("Paste the private API key that Klaviyo showed you."), "api_key")
    if not draft.agreed:
        raise Invalid(_("Without your agreement nothing may be sent to Klaviyo."), "agree")
    draft.spec(person)


def _saving(person: Person, draft: Draft, handle: str | None) -> None:
    ready = connecting.account(FORM) is not None
    with st.container(horizontal=True, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="cancel", type="tertiary"):
            _leave()
        pressed = st.button(
            _("Save connection"),
            key="save",
            type="primary" if ready else "secondary",
            disabled=not ready,
            help=None if ready else _("First agree and connect."),
        )
    if pressed:
        if forms.attempt(FORM, lambda: _save(person, draft, handle)):
            frame.say(_("“{name}” is saved.").format(name=draft.name))
            _leave()
        st.rerun()


def _save(person: Person, draft: Draft, handle: str | None) -> None:
    _check(person, draft)
    account, store = connecting.account(FORM), frame.store()
    with store.begin() as s:
        row = connections.add(s, store.vault, person, draft.spec(person), key=draft.key)
        if account:
            connections.note_check(s, row, (account.id, account.name))
        if handle:
            oauth.take(s, store, person, handle, row)


def _leave() -> None:
    leave()
    st.query_params.clear()
    st.rerun()
