"""The words on data privacy that an administrator agrees to before a connection is made."""

import streamlit as st

from core.destinations.addresses import is_loopback
from core.destinations.register import kind_of
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.ui import forms


def has_changed(row: ConnectionRow) -> bool:
    """Whether other words were agreed to than today's; nothing leaves this machine to itself."""
    version = kind_of(row.type).capabilities.agreement.version
    return row.agreed_version != version and not is_loopback(row.base_url)


def ask(form: str, type: str) -> bool:
    """Whether the reader agrees to the words of this type of destination."""
    agreement = kind_of(type).capabilities.agreement
    st.markdown(agreement.words)
    agreed = st.checkbox(_("I agree"), key=f"{form}-agree", on_change=forms.forget, args=(form,))
    forms.problem(form, "agree")
    note = _("Terms version {version}. Who agreed and when is kept with the connection.")
    st.markdown(f":small[:gray[{note.format(version=agreement.version)}]]")
    return agreed
