"""How a text file is to be read, where what was found by itself is wrong."""

import streamlit as st

from core.profiles.sources.conversion import Detected
from core.texts import _
from pages.sources import found
from pages.ui import forms

NAMES = ("encoding", "separator", "decimal")
AS_FOUND = _("As found")


def draw(form: str, detected: Detected, wanted: dict[str, str], refused: bool) -> dict[str, str]:
    """The options chosen now; `refused`: the file can't be read with those `wanted` before."""
    cut = detected.separator is not None
    choices = {
        "encoding": (_("Encoding"), found.ENCODINGS),
        "separator": (_("Separator"), found.SEPARATORS if cut else {}),
        "decimal": (_("Decimal sign"), found.DECIMALS if cut else {}),
    }
    chosen: dict[str, str] = {}
    with st.expander(_("Read differently"), type="compact", expanded=bool(wanted)):
        for column, (option, (label, names)) in zip(st.columns(3), choices.items(), strict=True):
            if names:
                with column:
                    chosen[option] = _choice(f"{form}-{option}", label, names, wanted.get(option))
                    forms.problem(form, option)
        if refused:
            forms.problem(form, "")
    return {option: choice for option, choice in chosen.items() if choice}


def _choice(key: str, label: str, names: dict[str, str], present: str | None) -> str:
    values = ["", *names, *([present] if present and present not in names else [])]
    return st.selectbox(
        label,
        values,
        values.index(present or ""),
        format_func=lambda value: names.get(value, value or AS_FOUND),
        key=key,
    )
