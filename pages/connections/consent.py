"""The words on data privacy that an administrator agrees to before a connection is made."""

import streamlit as st

from core.configuration.connection import CONSENT_VERSION
from core.destinations.addresses import is_loopback
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.ui import forms

# Whoever changes a word of this changes CONSENT_VERSION too: it says what was agreed to.
WORDS = _(
    "By agreeing you allow Segferry to send personal data of your customers to Klaviyo, outside"
    " your team’s boundary. Your team answers for the people’s consent and for Klaviyo’s"
    " compliance with your duties. An administrator can remove the connection at any time; that"
    " stops the transfer."
)


def has_changed(row: ConnectionRow) -> bool:
    """Whether other words were agreed to than today's; nothing leaves this machine to itself."""
    return row.agreed_version != CONSENT_VERSION and not is_loopback(row.base_url)


def ask(form: str) -> bool:
    """Whether the reader agrees."""
    st.markdown(WORDS)
    agreed = st.checkbox(_("I agree"), key=f"{form}-agree", on_change=forms.forget, args=(form,))
    forms.problem(form, "agree")
    note = _("Words of {version}. Who agreed and when is kept with the connection.")
    st.markdown(f":small[:gray[{note.format(version=CONSENT_VERSION)}]]")
    return agreed
