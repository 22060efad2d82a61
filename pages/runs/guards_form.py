"""Guards as fields: each a sentence with its number, for the form of an export and for Settings."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.configuration.export import Guards
from core.runs import guard_words
from core.runs.guard_words import WORDS
from core.texts import _
from pages.ui import forms, kit
from pages.ui.words import plain

WIDE = 132  # pixels of a number


def draw(form: str, name: str, value: float | bool, defaults: Guards) -> float | bool:
    """One guard: whether it is on, in its sentence, and its number if it has one."""
    default = getattr(defaults, name)
    with st.container(gap="xsmall"):
        if isinstance(value, bool):
            chosen: float | bool = _switch(form, name, value)
        else:
            chosen = _share(form, name, value, default)
        off = guard_words.is_off(name, chosen)
        about = plain(guard_words.sentence(name, chosen) if off else WORDS[name].about)
        warned = off and not guard_words.is_off(name, default)
        color = "orange" if warned else "gray"
        st.markdown(f":small[:{color}[{about} {_default(name, default)}]]")
        forms.problem(form, f"guards.{name}")
    return chosen


def kept(form: str, names: Sequence[str]) -> dict[str, Any]:
    """What was filled in for guards that aren't drawn now."""
    keys = {name: _key(form, name) for name in names}
    switches = {name: _switch_key(form, name) for name in names}
    forms.keep_hidden(*keys.values(), *switches.values())
    state = st.session_state
    filled = {name: state[key] for name, key in keys.items() if key in state}
    off = {n: guard_words.off_value(n) for n, key in switches.items() if state.get(key) is False}
    return filled | off


def _default(name: str, default: float | bool) -> str:
    if isinstance(default, bool) or guard_words.is_off(name, default):
        return _("Default: on.") if default else _("Default: off.")
    if name in guard_words.HOURS:
        return _("Default: {n} h.").format(n=f"{default:g}")
    return _("Default: {share} %.").format(share=f"{default:g}")


def _share(form: str, name: str, saved: float, default: float) -> float:
    """A percentage, of which 100 is switched off, for nothing is more than all; or hours."""
    key, was_off = _key(form, name), guard_words.is_off(name, saved)
    number = float(_on(name, default) if was_off else saved)
    row = f"{form}-guards-row-{name}"
    with st.container(**kit.ROW, horizontal_alignment="distribute", gap="small", key=row):
        shown = st.session_state.get(key, number)
        words = plain(WORDS[name].sentence.format(n=f"{shown:g}"))
        with st.container(width="stretch"):  # in a row itself its words would be cut off
            is_on = st.checkbox(words, not was_off, key=_switch_key(form, name))
        if is_on:
            return _number(form, name, number)
    forms.keep_hidden(key)
    return float(guard_words.off_value(name))


def _on(name: str, default: float) -> float:
    """The number with which a guard is switched on, also where none is by default."""
    if guard_words.is_off(name, default):
        return guard_words.on_value(name)
    return default


def _number(form: str, name: str, number: float) -> float:
    hours = name in guard_words.HOURS
    label = _("{guard}, in hours") if hours else _("{guard}, in percent")
    return st.number_input(
        label.format(guard=plain(WORDS[name].name)),
        0.0,
        guard_words.most(name),
        number,
        step=1.0,
        format="%g",
        key=_key(form, name),
        label_visibility="collapsed",
        width=WIDE,
    )


def _switch(form: str, name: str, value: bool) -> bool:
    return st.checkbox(plain(WORDS[name].sentence), value, key=_key(form, name))


def _key(form: str, name: str) -> str:
    return f"{form}-guard-{name}"


def _switch_key(form: str, name: str) -> str:
    return f"{form}-guards-on-{name}"
