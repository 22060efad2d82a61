"""All that is known of a person as a signed document."""

import streamlit as st

from core.person.look_up import Found
from core.person.paper import as_pdf
from core.server.downloads import PDF
from core.texts import _
from pages.ui import download, frame, kit


def show(typed: str, found: Found) -> None:
    """The button that makes it."""
    asked = found.asked is not None
    with st.container(border=True, key="paper"):
        kit.section(_("For a request of the person themselves"))
        text = _("All of the above as a signed PDF: whatever is changed in it shows.")
        st.markdown(f":gray[{text}]")
        download.button(
            _("Document (PDF)"),
            lambda who: as_pdf(frame.store(), who, typed, asked),
            "person.pdf",
            key="pdf",
            kind=PDF,
        )
