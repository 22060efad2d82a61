"""Changing a connection: name, sharing, key, words agreed to; no secret is ever shown again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st
from sqlmodel import Session

from core.access import Person, Role
from core.configuration.connection import Connection, Consent
from core.connections import oauth
from core.destinations import Account
from core.destinations.register import kind_of
from core.errors import Invalid
from core.store import connections
from core.store.drafts import Form
from core.store.tables.connections import ConnectionRow
from core.store.vault import ending
from core.texts import _, many
from pages.connections import authenticate, consent, export_user, sharing, steps
from pages.connections import key as api_key
from pages.connections.billing import Entered, ask
from pages.connections.steps import FORM
from pages.runs import marks
from pages.ui import drafts, forms, frame, kit
from pages.ui.words import plain, when


@dataclass(frozen=True, slots=True)
class Edit:
    """What the form says now."""

    row: ConnectionRow
    name: str
    shared_with: str | tuple[str, ...]
    key: str
    agreed: bool  # to the words of today, where the older ones were agreed to
    billing: Entered

    def typed(self) -> dict[str, Any]:
        """What a draft keeps: no secret, nor that somebody agreed."""
        shared = self.shared_with if isinstance(self.shared_with, str) else list(self.shared_with)
        return {"name": self.name, "shared_with": shared, "billing": asdict(self.billing)}

    def wanted(self) -> dict[str, Any]:
        """What is to be saved; of a new key its ending. Raises Invalid."""
        key = {"key": ending(self.key)} if self.key else {}
        return self.typed() | {"billing": self.billing.value()} | key


def draw(row: ConnectionRow, exports: int) -> None:
    """The whole form; `exports` is how many use the connection."""
    person = frame.guard(Role.administrator)
    kit.back(_("Connections"), "connections")
    given = _given(person, row)
    used = many("used by {n} export", "used by {n} exports", exports)
    with kit.head(row.name, f"{kit.badge_md(marks.status(row))} &nbsp; {used}"):
        pass
    name, shared_with = _naming(row, given)
    key = _key(row)
    entered = ask(FORM, row, given["billing"] or {})
    edit = Edit(row, name, shared_with, key, _consent(row), entered)
    drafts.keep(person, edit.typed())
    if kind_of(row.type).oauth:
        _authenticate(row)
    _user(row)
    forms.rest(FORM, *steps.FIELDS, "billing", "billing.plan", "billing.active")
    steps.save_row(person, edit.name, lambda: _save(person, edit))


def _given(person: Person, row: ConnectionRow) -> dict[str, Any]:
    """What the form begins with: what is saved, or what was typed before and is continued."""
    drawn = f"{FORM}-name-{row.id}" in st.session_state
    if not drawn:
        steps.forget()
    with frame.store().begin() as s:
        saved = _saved(s, row)
    return saved | drafts.begin(person, Form("connection", row.id), row.name, saved, drawn)


def _saved(session: Session, row: ConnectionRow) -> dict[str, Any]:
    spec = connections.spec(session, row, row.secret_ending)
    shown = spec.model_dump(mode="json", include={"name", "shared_with", "billing"})
    return shown | {"key": row.secret_ending}


def _authenticate(row: ConnectionRow) -> None:
    with st.container(border=True, key="authenticate"):
        text = _("Authenticate with {destination} (optional)")
        kit.section(text.format(destination=kind_of(row.type).title), _oauth_note(row))
        granted = oauth.granted(frame.store(), row) or ()
        authenticate.draw(FORM, row.type, row.base_url, granted)


def _naming(row: ConnectionRow, given: Mapping[str, Any]) -> tuple[str, str | tuple[str, ...]]:
    with st.container(border=True, key="naming"):
        kit.section(_("Name and sharing"), plain(row.base_url))
        name = steps.display_name(f"{FORM}-name-{row.id}", given["name"])
        shared_with = sharing.ask(FORM, f"{FORM}-who-{row.id}", given["shared_with"])
    return name, shared_with


def _key(row: ConnectionRow) -> str:
    words = kind_of(row.type).capabilities.key
    with st.container(border=True, key="key"):
        kit.section(words.label, _present(row))
        if row.problem:
            st.markdown(f":small[:orange[:material/warning:] {plain(row.problem)}]")
        key = api_key.key(
            FORM,
            row.type,
            words.another or words.label,
            _("Leave it empty to keep the current key."),
        )
        if look := api_key.found(FORM):
            api_key.success(look, row.type)
            _refuse_other_account(row, look.account)
        elif key:
            api_key.button(FORM, row.type, row.base_url, key, lambda: None)
        _former(row)
    return key


def _refuse_other_account(row: ConnectionRow, account: Account) -> None:
    """A change of key never leads exports to another account: the form says so before saving."""
    if row.account_id not in (None, account.id):
        st.error(_other_account(row, account), icon=":material/block:")


def _other_account(row: ConnectionRow, account: Account) -> str:
    text = _(
        "This key belongs to another account: {new}, not {old}. Add a separate connection "
        "for that account; this one is unchanged."
    )
    return text.format(new=plain(account.name), old=plain(row.account_name or row.account_id))


def _former(row: ConnectionRow) -> None:
    """Both keys hold during a change-over, until somebody ends it."""
    if not row.former_ending:
        return
    text = _(
        "The previous key, which ends in {end}, is used where {destination} doesn't accept "
        "the current one. Once you have deleted it in {destination}, delete it here too."
    )
    text = text.format(end=plain(row.former_ending), destination=kind_of(row.type).title)
    st.markdown(f":small[:gray[{text}]]")

    def forget(person: Person) -> None:
        with frame.store().begin() as s:
            connections.forget_former(s, person, connections.find(s, row.id))

    label = _("Delete the previous key")
    st.button(
        label,
        key="forget-former",
        on_click=frame.pressed,
        args=(forget, _("The previous key is deleted.")),
    )


def _present(row: ConnectionRow) -> str:
    return _("the current key ends in {end}").format(end=plain(row.secret_ending))


def _consent(row: ConnectionRow) -> bool:
    """Words that have changed since are shown, to agree to them again."""
    with st.container(border=True, key="consent"):
        kit.section(_("Data privacy and compliance"))
        text = _("{name} agreed to terms version {version}: {when}.")
        st.markdown(
            text.format(
                name=plain(row.agreed_by),
                when=when(row.agreed_at, in_sentence=True),
                version=plain(row.agreed_version),
            )
        )
        if not consent.has_changed(row):
            return False
        st.markdown(f":orange[:material/warning:] {_('The terms have changed since:')}")
        return consent.ask(FORM, row.type)


def _oauth_note(row: ConnectionRow) -> str:
    return _("authenticated; used instead of the key") if row.oauth else _("not used so far")


def _user(row: ConnectionRow) -> None:
    with frame.store().begin() as s:
        user = connections.export_user(s, row)
    with st.container(border=True, key="export-user"):
        kit.section(_("Export user"))
        export_user.ask(FORM, user.name if user else None)


def _save(person: Person, edit: Edit) -> None:
    row, look = edit.row, api_key.found(FORM)
    if not edit.shared_with:
        raise Invalid(sharing.NOBODY, "shared_with")
    if edit.key and not look:
        raise Invalid(_("Connect with the new key first, or leave it empty."), "api_key")
    if look and row.account_id not in (None, look.account.id):
        raise Invalid(_other_account(row, look.account), "api_key")
    with drafts.saving(person) as s:
        fresh = connections.find(s, row.id)
        drafts.refuse(s, fresh.name, _saved(s, fresh), edit.wanted())
        _change(s, person, fresh, edit)
        steps.save_tried(s, person, fresh)
    if edit.key:
        steps.check(person, fresh)


def _change(session: Session, person: Person, row: ConnectionRow, edit: Edit) -> None:
    spec = connections.spec(session, row, edit.key or row.secret_ending)
    agreed = Consent(agreed_by=person.name) if edit.agreed else spec.consent
    update = {"name": edit.name, "shared_with": edit.shared_with, "consent": agreed}
    spec = Connection.model_validate(spec.model_dump() | update | {"billing": edit.billing.value()})
    vault = frame.store().vault
    connections.change(session, vault, person, row, spec, key=edit.key or None)
