"""Warns before a destination ends its support of the version of its API that is in use."""

from collections.abc import Iterable

import streamlit as st

from core.destinations.register import kind_of
from pages.ui import frame
from pages.ui.words import now


def warn(types: Iterable[str]) -> None:
    """A sentence for each of the types of destination whose end is near."""
    settings, today = frame.store().settings, now().date()
    for support in (kind_of(type).support for type in sorted(set(types))):
        if support and (api := support(settings)).is_near(today):
            st.warning(api.warning(today), icon=":material/update:")
