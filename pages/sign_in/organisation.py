"""Single sign-on: to the organisation's provider, and back from it."""

import streamlit as st
from streamlit.errors import StreamlitAuthError

from core.errors import Invalid
from core.server import single_sign_on
from core.server.single_sign_on import Claims
from core.texts import _
from pages.ui import frame

_HANDLED = "arrived"  # key in the session: who came back from the provider was dealt with


def offer() -> None:
    """The button to the provider, where Streamlit's secrets name one."""
    if not _is_configured():
        return
    st.markdown(f":small[:gray[{_('or')}]]", text_alignment="center")
    label = _("Sign in with your organisation")
    if st.button(label, icon=":material/badge:", width="stretch", key="sso"):
        with frame.show_errors():
            _go()


def claims() -> Claims | None:
    """What the provider says of a person who has just come back from it; once."""
    if not _is_configured() or not st.user.get("is_logged_in") or _HANDLED in st.session_state:
        return None
    st.session_state[_HANDLED] = True
    found = st.user.to_dict()
    return found if single_sign_on.is_fresh(found) else None


def _is_configured() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def _go() -> None:
    # Else the address that Streamlit leads to shows a bare error.
    if metadata := st.secrets["auth"].get("server_metadata_url"):
        single_sign_on.check_provider(str(metadata))
    try:
        st.login()
    except StreamlitAuthError as error:
        text = _("Single sign-on isn't set up correctly: {error}").format(error=error)
        raise Invalid(text) from error
