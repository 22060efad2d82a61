"""Single sign-on at the door: the way to the organisation's provider, and back from it."""

import streamlit as st
from streamlit.errors import StreamlitAuthError

from core.errors import Invalid
from core.server import single_sign_on
from core.server.single_sign_on import Claims
from core.texts import _
from pages.ui import frame

_MET = "arrived"  # key in the session: whoever came back was dealt with


def offer() -> None:
    """The button to the provider, where Streamlit's secrets name one."""
    if not _is_configured():
        return
    st.markdown(f":small[:gray[{_('or')}]]", text_alignment="center")
    label = _("Sign in with your organisation")
    if st.button(label, icon=":material/badge:", width="stretch", key="sso"):
        with frame.show_errors():
            _go()


def arrived() -> Claims | None:
    """What the provider says of whoever has just come back from it; told once."""
    if not _is_configured() or not st.user.get("is_logged_in") or _MET in st.session_state:
        return None
    st.session_state[_MET] = True
    claims = st.user.to_dict()
    return claims if single_sign_on.is_fresh(claims) else None


def _is_configured() -> bool:
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def _go() -> None:
    # Else the address that Streamlit leads to shows a bare error.
    if metadata := st.secrets["auth"].get("server_metadata_url"):
        single_sign_on.check_provider(str(metadata))
    try:
        st.login()
    except StreamlitAuthError as error:
        text = _("Single sign-on isn't set up properly: {error}").format(error=error)
        raise Invalid(text) from error
