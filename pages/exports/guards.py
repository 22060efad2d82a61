"""The guards of an export in its form: what holds a run until a person confirms it.

They are folded away, for few need to be changed. Only those that can hold a run of this mode at
this destination are drawn; the others stay as they are. Each is a sentence with its number.
"""

from typing import Any

import streamlit as st

from core.configuration.export import Mode
from core.destinations.capabilities import Capabilities
from core.runs import guard_words
from core.runs.guard_words import NAMES
from core.texts import _, many
from pages.exports.draft import Draft
from pages.runs import guards_form
from pages.ui import forms, frame

HERE = "guards"  # in an address, as `at`: the reader wants to see them


def choose(draft: Draft, mode: str, destination: Capabilities, of_dbt: bool) -> dict[str, Any]:
    """The guards as they are chosen now, by their names in the configuration file.

    `of_dbt`: whether the segments are over a model of dbt.
    """
    saved = draft.guards.model_dump() | draft.data.get("guards", {})
    offered = guard_words.offered(Mode(mode), destination, of_dbt)
    off = guard_words.switched_off({name: saved[name] for name in offered})
    label = _("Guards")
    if off:
        label += " · " + many("{n} switched off", "{n} switched off", off)
    text = _("Each holds a run before anything is sent, until somebody decides.")
    wanted = frame.query("at") == HERE
    with (
        st.container(key=forms.WANTED if wanted else "guards"),
        st.expander(
            label,
            icon=":material/front_hand:",
            expanded=wanted or saved != draft.guards.model_dump(),
            key=f"{draft.form}-guards",
        ),
    ):
        st.markdown(f":small[:gray[{text}]]")
        chosen = {
            name: guards_form.draw(draft.form, name, saved[name], draft.guards) for name in offered
        }
    if wanted:
        forms.bring_into_view()
    hidden = [name for name in NAMES if name not in offered]
    return saved | guards_form.kept(draft.form, hidden) | chosen
