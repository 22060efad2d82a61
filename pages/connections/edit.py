"""Changing a connection: name, sharing, key, words agreed to; no secret is ever shown again."""

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from sqlmodel import Session

from core.access import Person, Role
from core.configuration.connection import Connection, Consent
from core.connections import checks
from core.destinations import Account
from core.errors import Invalid, SegferryError
from core.store import connections
from core.store.tables.connections import ConnectionRow
from core.texts import _, many
from pages.connections import authenticate, consent, export_user, sharing
from pages.connections import key as connecting
from pages.connections.billing import Entered, ask
from pages.runs import marks
from pages.ui import forms, frame, kit
from pages.ui.words import plain, when

FORM = "connection"


@dataclass(frozen=True, slots=True)
class Edit:
    """What the form says now."""

    row: ConnectionRow
    name: str
    shared_with: str | tuple[str, ...]
    key: str
    agreed: bool  # to the words of today, where the older ones were agreed to
    billing: Entered


def draw(row: ConnectionRow, exports: int) -> None:
    """The whole form; `exports` is how many use the connection."""
    person = frame.guard(Role.administrator)
    kit.back(_("Connections"), "connections")
    used = many("used by {n} export", "used by {n} exports", exports)
    with kit.head(row.name, f"{kit.badge_md(marks.status(row))} &nbsp; {used}"):
        pass
    name, shared_with = _naming(row)
    key = _key(row)
    edit = Edit(row, name, shared_with, key, _consent(row), ask(FORM, row))
    with st.container(border=True, key="authenticate"):
        kit.section(_("Authenticate with Klaviyo (optional)"), _oauth_told(row))
        authenticate.draw(FORM, row.base_url)
    _user(row)
    shown = ("name", "shared_with", "api_key", "agree", "password")
    forms.rest(FORM, *shown, "billing", "billing.plan", "billing.active")
    _saving(person, edit)


def leave() -> None:
    """Drops what was tried and not saved."""
    connecting.forget(FORM)
    export_user.forget(FORM)
    authenticate.forget(FORM)


def _naming(row: ConnectionRow) -> tuple[str, str | tuple[str, ...]]:
    with st.container(border=True, key="naming"):
        kit.section(_("Name and sharing"), plain(row.base_url))
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
        shared_with = sharing.ask(FORM, f"{FORM}-who-{row.id}", row)
    return (name or "").strip(), shared_with


def _key(row: ConnectionRow) -> str:
    with st.container(border=True, key="key"):
        kit.section(
            _("Private API key"), _("the present one ends in {end}").format(end=row.secret_ending)
        )
        if row.problem:
            st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
        key = connecting.key(
            FORM, _("New private API key"), _("Leave it empty to keep the present one.")
        )
        if found := connecting.found(FORM):
            connecting.success(found)
            _pinned(row, found.account)
        elif key:
            connecting.button(FORM, row.base_url, key, lambda: None)
        _former(row)
    return key


def _pinned(row: ConnectionRow, account: Account) -> None:
    """Exports never go to another account by a change of key: that is said before saving."""
    if row.account_id not in (None, account.id):
        st.error(_other_account(row, account), icon=":material/block:")


def _other_account(row: ConnectionRow, account: Account) -> str:
    text = _(
        "This key belongs to another account: {new}, not {old}. Add a connection of its own for "
        "that account; this one stays as it is."
    )
    return text.format(new=plain(account.name), old=plain(row.account_name or row.account_id))


def _former(row: ConnectionRow) -> None:
    """Both keys hold during a change-over, until somebody ends it."""
    if not row.former_ending:
        return
    text = _(
        "The key from before, which ends in {end}, is used where Klaviyo doesn't accept the "
        "present one. Once you have deleted it in Klaviyo, forget it here too."
    )
    st.markdown(f":small[:gray[{text.format(end=plain(row.former_ending))}]]")

    def forget(person: Person) -> None:
        with frame.store().begin() as s:
            connections.forget_former(s, person, connections.find(s, row.id))

    label = _("Forget the former key")
    st.button(
        label, key="forget-former", on_click=frame.pressed, args=(forget, _("It is forgotten."))
    )


def _consent(row: ConnectionRow) -> bool:
    """Words that have changed since are shown, and asked about again."""
    with st.container(border=True, key="consent"):
        kit.section(_("Data privacy and compliance"))
        text = _("{name} agreed to the words of {version}: {when}.")
        st.markdown(
            text.format(
                name=plain(row.agreed_by), when=when(row.agreed_at), version=row.agreed_version
            )
        )
        if not consent.has_changed(row):
            return False
        st.markdown(f":orange[:material/warning:] {_('The words have changed since:')}")
        return consent.ask(FORM)


def _oauth_told(row: ConnectionRow) -> str:
    return _("authenticated; used instead of the key") if row.oauth else _("not used so far")


def _user(row: ConnectionRow) -> None:
    with frame.store().begin() as s:
        user = connections.export_user(s, row)
    with st.container(border=True, key="export-user"):
        kit.section(_("Export user"))
        export_user.ask(FORM, user.name if user else None)


def _saving(person: Person, edit: Edit) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="cancel", type="tertiary"):
            _leave()
        pressed = st.button(_("Save connection"), key="save", type="primary")
    if pressed:
        if forms.attempt(FORM, lambda: _save(person, edit)):
            frame.notify(_("“{name}” is saved.").format(name=edit.name))
            _leave()
        st.rerun()


def _save(person: Person, edit: Edit) -> None:
    row, found, store = edit.row, connecting.found(FORM), frame.store()
    if not edit.shared_with:
        raise Invalid(sharing.NOBODY, "shared_with")
    if edit.key and not found:
        raise Invalid(_("Connect with the new key first, or leave it empty."), "api_key")
    if found and row.account_id not in (None, found.account.id):
        raise Invalid(_other_account(row, found.account), "api_key")
    with store.begin() as s:
        fresh = connections.find(s, row.id)
        _change(s, person, fresh, edit)
        if found:
            connections.pin(s, fresh, found.account)
        if export_user.added(FORM):
            connections.set_export_user(s, person, fresh)
        authenticate.take(FORM, s, person, fresh)
    if edit.key:
        with suppress(SegferryError):  # what is wrong stands on its card
            checks.check(store, person, fresh)


def _change(session: Session, person: Person, row: ConnectionRow, edit: Edit) -> None:
    spec = connections.spec(session, row, edit.key or row.secret_ending)
    agreed = Consent(agreed_by=person.name) if edit.agreed else spec.consent
    update = {"name": edit.name, "shared_with": edit.shared_with, "consent": agreed}
    spec = Connection.model_validate(spec.model_dump() | update | {"billing": edit.billing.value()})
    vault = frame.store().vault
    connections.change(session, vault, person, row, spec, key=edit.key or None)


def _leave() -> None:
    leave()
    st.query_params.clear()
    st.rerun()
