"""What adding and changing a connection share: its name, Save and Cancel, what else is saved."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st
from sqlmodel import Session

from core.access import Person
from core.connections import checks
from core.errors import SegferryError
from core.store import connections
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.connections import authenticate, export_user, sharing
from pages.connections import key as api_key
from pages.ui import drafts, forms, frame

FORM = "connection"
FIELDS = (
    "name",
    "shared_with",
    "api_key",
    "agree",
    "connect",
    "password",
)  # with problems beside them

LABELS = {
    "name": _("Display name"),
    "shared_with": _("Who may use it"),
    "billing": _("Billing"),
    "billing.plan": _("Profiles in the plan"),
    "billing.active": _("Active profiles"),
    "key": _("Key, ending in"),
}


def display_name(key: str, present: str = "", help: str | None = None) -> str:
    """The name as typed."""
    name = st.text_input(
        _("Display name"),
        present,
        key=key,
        required=True,
        max_chars=120,
        help=help,
        on_change=forms.forget,
        args=(FORM,),
    )
    forms.problem(FORM, "name")
    return (name or "").strip()


def save_row(
    person: Person, name: str, save: Callable[[], object], missing: str | None = None
) -> None:
    """Cancel and Save; `missing` says what has to be done before anything can be saved."""
    drafts.review(person, LABELS, {"shared_with": sharing.words}, _close)
    with drafts.last_row(person, _close, "cancel"):
        pressed = st.button(
            _("Save connection"),
            key="save",
            type="secondary" if missing else "primary",
            disabled=missing is not None,
            help=missing,
        )
    if pressed or drafts.save_anyway():
        if drafts.save(FORM, save):
            frame.notify(_("“{name}” is saved.").format(name=name))
            _close()
        st.rerun()


def save_tried(session: Session, person: Person, row: ConnectionRow) -> None:
    """Saves with the connection what was tried: its account, its export user, OAuth."""
    if look := api_key.found(FORM):
        connections.pin(session, row, look.account)
    if export_user.added(FORM):
        connections.set_export_user(session, person, row)
    authenticate.take(FORM, session, person, row)


def check(person: Person, row: ConnectionRow) -> None:
    """Checks a saved connection; what is wrong stands on its card."""
    with suppress(SegferryError):
        checks.check(frame.store(), person, row)


def forget() -> None:
    """Drops what was tried and not saved."""
    api_key.forget(FORM)
    export_user.forget(FORM)
    authenticate.forget(FORM)


def _close() -> None:
    forget()
    frame.stay()
