"""Erasing a person: the form, with their own password, and the receipts."""

from functools import partial

import streamlit as st

from core.access import Person
from core.person import erasing, receipts
from core.person.look_up import Found
from core.server import sign_in
from core.server.downloads import PDF
from core.store.tables.erasures import ErasureRow
from core.texts import _
from pages.ui import download, forms, frame, kit
from pages.ui.words import plain, when

FORM, ERASED = "erase", "erased-now"  # keys in the session


def show(person: Person, found: Found) -> None:
    """The receipts of what was done, and the form."""
    for row in receipts.of_addresses(frame.store(), person, found.emails):
        _receipt(row)
    with st.container(border=True, key="erasing"):
        kit.section(_("Erase this person"), _("can’t be undone"))
        text = _(
            "Takes them out of ledgers, history, files of runs, uploads, converted copies, drafts "
            "and the audit, asks the destinations to delete their profile, and keeps a keyed hash, "
            "by which every later run leaves them out. Numbers of runs stay."
        )
        st.markdown(f":gray[{text}]")
        _form(person, found)


def _form(person: Person, found: Found) -> None:
    with st.form(FORM, border=False, clear_on_submit=False):
        chosen = [
            email
            for n, email in enumerate(found.emails)
            if st.checkbox(plain(email), value=True, key=f"erase-{n}-{found.key}")
        ]
        forms.problem(FORM, "emails")
        password = st.text_input(
            _("Your password"), type="password", width=360, autocomplete="current-password"
        )
        forms.problem(FORM, "password")
        pressed = st.form_submit_button(_("Erase"), icon=":material/delete_forever:")
    if pressed:
        forms.attempt(FORM, partial(_erase, person, chosen, password))
        st.rerun()
    forms.rest(FORM, "emails", "password")


def _erase(person: Person, chosen: list[str], password: str) -> None:
    store = frame.store()
    sign_in.confirm(store, person, password)
    row = erasing.begin(store, person, chosen)
    bar = st.progress(0.0, _("Erasing"))
    erasing.carry(store, row.id, lambda share, doing: bar.progress(share, plain(doing)))
    st.session_state.pop("person-found", None)
    st.session_state[ERASED] = row.id


def receipt(person: Person, id: int) -> None:
    """What was just done."""
    _receipt(receipts.of_id(frame.store(), person, id))


def _receipt(row: ErasureRow) -> None:
    with st.container(border=True, key=f"receipt-{row.id}"):
        title = _("Erased, receipt {n}").format(n=row.id)
        kit.section(title, when(row.finished_at or row.at))
        if row.finished_at is None:
            text = _("Not finished yet: what is left is tried again by itself.")
            st.markdown(f":orange[:material/hourglass_top:] {text}")
        kit.table(
            [_("When"), _("Where"), _("What")],
            [[when(at), plain(where), plain(what)] for at, where, what in receipts.lines(row)],
            _("What was done where"),
        )
        st.markdown(f":small[:gray[{receipts.SOURCE}]]")
        download.button(
            _("Receipt (PDF)"),
            lambda who: receipts.as_pdf(frame.store(), who, row.id),
            f"receipt-{row.id}.pdf",
            key=f"receipt-pdf-{row.id}",
            kind=PDF,
        )
