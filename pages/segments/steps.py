"""Undo and redo of the rules that are being built: each change of them is a step."""

from typing import Any

import streamlit as st

from core.texts import _
from pages.segments import draft
from pages.segments.draft import Node

KEY = "segment-steps"  # in the session
MOST = 50  # steps that can be undone


def note(work: dict[str, Any]) -> None:
    """Keeps what the rules were before, if they are others now."""
    kept, now = _kept(work), draft.bare(work["root"])
    if now == kept["now"]:
        return
    kept["past"] = [*kept["past"], kept["now"]][-MOST:]
    kept["now"], kept["future"] = now, []


def buttons(work: dict[str, Any]) -> None:
    """Undo and Redo; what they would do nothing to is switched off."""
    kept = _kept(work)
    for label, icon, key, others in (
        (_("Undo"), "undo", "past", "future"),
        (_("Redo"), "redo", "future", "past"),
    ):
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"segment-{icon}",
            type="tertiary",
            disabled=not kept[key],
            on_click=_go,
            args=(work, key, others),
        )


def forget() -> None:
    """Drops them all: other rules are worked on."""
    st.session_state.pop(KEY, None)


def _go(work: dict[str, Any], key: str, others: str) -> None:
    kept = _kept(work)
    if kept[key]:
        kept[others].append(kept["now"])
        kept["now"] = kept[key].pop()
        work["root"] = draft.with_ids(kept["now"])


def _kept(work: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] | None = st.session_state.get(KEY)
    if kept is None or kept["of"] != work["of"]:
        now: Node = draft.bare(work["root"])
        kept = st.session_state[KEY] = {"of": work["of"], "past": [], "now": now, "future": []}
    return kept
