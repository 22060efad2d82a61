"""How long a destination supports the version of its API that is in use, and a warning in time."""

from collections.abc import Iterable

import streamlit as st

from core.destinations.register import kind_of
from core.texts import _
from pages.ui import frame
from pages.ui.words import day, now


def warn(types: Iterable[str]) -> None:
    """A sentence for each of the types of destination whose end is near."""
    settings, today = frame.store().settings, now().date()
    for support in (kind_of(type).support for type in sorted(set(types))):
        if support and (api := support(settings)).is_near(today):
            st.warning(api.warning(today), icon=":material/update:")


def described(type: str) -> str | None:
    """Which version is in use and until when it is supported; None where nothing is told of it."""
    read = kind_of(type).support
    if read is None:
        return None
    api = read(frame.store().settings)
    return _("{version}, supported until {day}").format(
        version=api.version, day=f"{day(api.end)} {api.end.year}"
    )
