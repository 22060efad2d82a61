"""The one button of downloads: each file is made on the click, and answers to its browser alone."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.access import Person
from core.server.downloads import CSV, type_for
from pages.ui import frame


def button(
    label: str,
    make: Callable[[Person], bytes],
    name: str,
    *,
    key: str,
    kind: str = CSV,
    **look: Any,
) -> None:
    """Hands over what `make` gives, as a file of this name and `kind`; `look` is Streamlit's.

    `make` goes through `core.store.downloads`, which masks by role and writes to the audit.
    """
    st.download_button(
        label,
        frame.on_download(make),
        name,
        type_for(frame.token(), kind),
        icon=":material/download:",
        key=key,
        on_click="ignore",
        **look,
    )
