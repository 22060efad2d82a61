"""The guards of an export in its form: what holds a run until a person confirms it.

They are folded away, for few need to be changed. Only those that can hold a run of this mode at
this destination are drawn; the others stay as they are. Each is a sentence with its number.
"""

from typing import Any

import streamlit as st

from core.configuration.export import Mode
from core.destinations.capabilities import Capabilities
from core.runs import guard_words
from core.runs.guard_words import DEFAULTS, NAMES, WORDS
from core.texts import _, many
from pages.exports.draft import Draft, keep
from pages.ui import forms, frame, kit
from pages.ui.words import plain

HERE = "guards"  # in an address, as `at`: the reader wants to see them
WIDE = 132  # pixels of a number


def choose(draft: Draft, mode: str, destination: Capabilities) -> dict[str, Any]:
    """The guards as they are chosen now, by their names in the configuration file."""
    saved = DEFAULTS.model_dump() | draft.data.get("guards", {})
    offered = guard_words.offered(Mode(mode), destination)
    off = sum(guard_words.is_off(name, saved[name]) for name in offered)
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
            expanded=wanted or saved != DEFAULTS.model_dump(),
            key=f"{draft.form}-guards",
        ),
    ):
        st.markdown(f":small[:gray[{text}]]")
        chosen = {name: _guard(draft, name, saved[name]) for name in offered}
    if wanted:
        forms.bring_into_view()
    return saved | _kept(draft, [name for name in NAMES if name not in offered]) | chosen


def _guard(draft: Draft, name: str, value: float | bool) -> float | bool:
    """One guard: whether it is on, in its sentence, and its number if it has one."""
    with st.container(gap="xsmall"):
        if isinstance(value, bool):
            chosen: float | bool = _switch(draft, name, value)
        else:
            chosen = _share(draft, name, value)
        off = guard_words.is_off(name, chosen)
        about = plain(guard_words.sentence(name, chosen) if off else WORDS[name].about)
        st.markdown(f":small[:{'orange' if off else 'gray'}[{about} {_default(name)}]]")
        forms.problem(draft.form, f"guards.{name}")
    return chosen


def _default(name: str) -> str:
    default = getattr(DEFAULTS, name)
    if isinstance(default, bool):
        return _("Default: on.") if default else _("Default: off.")
    return _("Default: {share} %.").format(share=f"{default:g}")


def _share(draft: Draft, name: str, saved: float) -> float:
    """A percentage; 100 % is switched off, for nothing is more than all."""
    key, was_off = _key(draft, name), guard_words.is_off(name, saved)
    number = float(getattr(DEFAULTS, name) if was_off else saved)
    row = f"{draft.form}-guards-row-{name}"
    with st.container(**kit.ROW, horizontal_alignment="distribute", gap="small", key=row):
        shown = st.session_state.get(key, number)
        words = plain(WORDS[name].sentence.format(n=f"{shown:g}"))
        with st.container(width="stretch"):  # in a row itself its words would be cut off
            is_on = st.checkbox(words, not was_off, key=_switch_key(draft, name))
        if is_on:
            return _number(draft, name, number)
    keep(key)
    return float(guard_words.off_value(name))


def _number(draft: Draft, name: str, number: float) -> float:
    return st.number_input(
        _("{guard}, in percent").format(guard=plain(WORDS[name].name)),
        0.0,
        None if name == "add" else guard_words.OFF,
        number,
        step=1.0,
        format="%g",
        key=_key(draft, name),
        label_visibility="collapsed",
        width=WIDE,
    )


def _switch(draft: Draft, name: str, value: bool) -> bool:
    return st.checkbox(plain(WORDS[name].sentence), value, key=_key(draft, name))


def _kept(draft: Draft, names: list[str]) -> dict[str, Any]:
    """What was filled in for guards that aren't drawn now."""
    keys = {name: _key(draft, name) for name in names}
    switches = {name: _switch_key(draft, name) for name in names}
    keep(*keys.values(), *switches.values())
    state = st.session_state
    filled = {name: state[key] for name, key in keys.items() if key in state}
    off = {n: guard_words.off_value(n) for n, key in switches.items() if state.get(key) is False}
    return filled | off


def _key(draft: Draft, name: str) -> str:
    return f"{draft.form}-guard-{name}"


def _switch_key(draft: Draft, name: str) -> str:
    return f"{draft.form}-guards-on-{name}"
