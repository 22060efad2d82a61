"""Changing a connection: its name, who may use it, its key; the secret itself is never shown."""

import streamlit as st

from core.access import Person, Role
from core.configuration import Connection, Consent
from core.errors import Invalid
from core.models import ConnectionRow
from core.store import connections
from core.texts import _, many
from pages.ui import connecting, forms, frame, kit
from pages.ui.connection_rows import WHO, status
from pages.ui.words import plain, when

FORM = "connection"


def draw(row: ConnectionRow, exports: int) -> None:
    """The whole form; `exports` is how many use the connection."""
    person = frame.guard(Role.administrator)
    kit.back(_("Connections"), "connections.py")
    used = many("used by {n} export", "used by {n} exports", exports)
    with kit.head(row.name, f"{kit.badge_md(status(row))} &nbsp; {used}"):
        pass
    name, shared_with = _naming(row)
    key = _key(row, exports)
    _consent(row)
    forms.rest(FORM, "name", "api_key")
    _saving(person, row, name, shared_with, key)


def _naming(row: ConnectionRow) -> tuple[str, str]:
    with st.container(border=True, key="naming"):
        kit.section(_("Name and sharing"))
        name = st.text_input(
            _("Display name"),
            row.name,
            key=f"{FORM}-name-{row.id}",
            required=True,
            max_chars=120,
            on_change=forms.forget,
            args=(FORM,),
        )
        forms.problem(FORM, "name")
        shared_with = st.radio(
            _("Who may use it"),
            list(WHO),
            list(WHO).index(row.shared_with),
            format_func=WHO.__getitem__,
            key=f"{FORM}-who-{row.id}",
            horizontal=True,
        )
    return (name or "").strip(), shared_with


def _key(row: ConnectionRow, exports: int) -> str:
    with st.container(border=True, key="key"):
        kit.section(
            _("Private API key"), _("the present one ends in {end}").format(end=row.secret_ending)
        )
        if row.problem:
            st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
        key = connecting.key(
            FORM, _("New private API key"), _("Leave it empty to keep the present one.")
        )
        if account := connecting.account(FORM):
            connecting.success(account)
            _switching(row, account.id, account.name, exports)
        elif key:
            connecting.button(FORM, row.base_url, key, lambda: None)
    return key


def _switching(row: ConnectionRow, id: str, name: str, exports: int) -> None:
    """A key of another account sends the same exports elsewhere: that is said before saving."""
    if row.account_id in (None, id):
        return
    text = _("This key belongs to another account: {new}, not {old}.").format(
        new=plain(name), old=plain(row.account_name or row.account_id)
    )
    goes = many("Once saved, {n} export goes there.", "Once saved, {n} exports go there.", exports)
    st.warning(f"{text} {goes}" if exports else text, icon=":material/warning:")


def _consent(row: ConnectionRow) -> None:
    with st.container(border=True, key="consent"):
        kit.section(_("Data privacy and compliance"))
        text = _("{name} agreed to the words of {version}: {when}.")
        st.markdown(
            text.format(
                name=plain(row.agreed_by), when=when(row.agreed_at), version=row.agreed_version
            )
        )


def _saving(person: Person, row: ConnectionRow, name: str, shared_with: str, key: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="cancel", type="tertiary"):
            _leave()
        pressed = st.button(_("Save connection"), key="save", type="primary")
    if pressed:
        if forms.attempt(FORM, lambda: _save(person, row, name, shared_with, key)):
            frame.say(_("“{name}” is saved.").format(name=name))
            _leave()
        st.rerun()


def _save(person: Person, row: ConnectionRow, name: str, shared_with: str, key: str) -> None:
    account, store = connecting.account(FORM), frame.store()
    if key and not account:
        raise Invalid(_("Connect with the new key first, or leave it empty."), "api_key")
    with store.begin() as s:
        fresh = connections.find(s, row.id or 0)
        spec = _spec(fresh, name, shared_with, key)
        connections.change(s, store.vault, person, fresh, spec, key=key or None)
        if account:
            connections.note_check(s, fresh, (account.id, account.name))


def _spec(row: ConnectionRow, name: str, shared_with: str, key: str) -> Connection:
    consent = Consent(agreed_by=row.agreed_by, version=row.agreed_version, agreed_at=row.agreed_at)
    return Connection(
        name=name,
        api_key=key or row.secret_ending,  # a form without a new key changes none
        base_url=row.base_url,
        shared_with=shared_with,
        consent=consent,
    )


def _leave() -> None:
    connecting.forget(FORM)
    st.query_params.clear()
    st.rerun()
