"""The guards of an export in its form: what holds a run until a person confirms it.

They are folded away, for few need to be changed. Only those that can hold a run of this mode at
this destination are drawn; the others stay as they are.
"""

from typing import Any

import streamlit as st

from core.configuration.export import Guards, Mode
from core.destinations.capabilities import Capabilities
from core.runs.guards import CROWD, FEW, GROWN
from core.texts import _
from pages.exports.draft import Draft, keep
from pages.ui import forms

NAMES = tuple(Guards.model_fields)
DEFAULTS = Guards()
UNLIMITED = frozenset({"add"})  # a list may grow by more than its size; all else is a share
SHARES = {
    "remove": (
        _("People taken off, in %"),
        _(
            "Holds a run that takes off more than this share of the people that exports put "
            "on the list. {few} people may always leave."
        ).format(few=FEW),
    ),
    "add": (
        _("People added, in %"),
        _(
            "Holds a run that adds more than this share of all who are on the list, once the list "
            "has {grown} people."
        ).format(grown=f"{GROWN:,}"),
    ),
    "shrink": (
        _("Members lost, in %"),
        _(
            "Holds a run when the segments have lost more than this share of the members that the "
            "run before found, or are empty."
        ),
    ),
    "reject": (
        _("Profiles rejected, in %"),
        _("Holds a run when more than this share of the profiles is rejected."),
    ),
    "identifiers": (
        _("Profiles that share an identifier, in %"),
        _(
            "Holds a run when more than this share of the profiles has an external ID or a phone "
            "number that others of them have as well."
        ),
    ),
}
SWITCHES = {
    "columns": (
        _("A column whose type changed"),
        _(
            "Holds a run when a matched column has other values than in the run before: text in "
            "place of numbers, for example."
        ),
    ),
    "flows": (
        _("Emails to many new people"),
        _(
            "Holds a run that adds {crowd} people or more to a list that emails everyone who joins."
        ).format(crowd=f"{CROWD:,}"),
    ),
    "billing": (
        _("No room in the plan"),
        _(
            "Holds a run that creates more profiles than the account’s plan has room for, "
            "if its size is entered at the connection."
        ),
    ),
}
EVERY = {**SHARES, **SWITCHES}  # label and text by name


def choose(draft: Draft, mode: str, destination: Capabilities) -> dict[str, Any]:
    """The guards as they are chosen now, by their names in the configuration file."""
    saved = DEFAULTS.model_dump() | draft.data.get("guards", {})
    text = _("Each holds a run before anything is sent, until somebody decides.")
    with st.expander(
        _("Guards"),
        icon=":material/front_hand:",
        expanded=saved != DEFAULTS.model_dump(),
        key=f"{draft.form}-guards",
    ):
        st.markdown(f":small[:gray[{text}]]")
        offered = [name for name in NAMES if _can_hold(name, Mode(mode), destination)]
        chosen = _shares(draft, [name for name in SHARES if name in offered], saved)
        for name in [name for name in SWITCHES if name in offered]:
            with st.container(gap="xsmall"):
                chosen[name] = _switch(draft, name, saved[name])
    return saved | _kept(draft, [name for name in NAMES if name not in offered]) | chosen


def _kept(draft: Draft, names: list[str]) -> dict[str, Any]:
    """What was filled in for guards that aren't drawn now."""
    keys = {name: _key(draft, name) for name in names}
    keep(*keys.values())
    return {n: st.session_state[key] for n, key in keys.items() if key in st.session_state}


def _can_hold(name: str, mode: Mode, destination: Capabilities) -> bool:
    """Whether the guard can hold a run of this mode at all."""
    touches_list = mode is not Mode.update
    return {
        "remove": mode is Mode.mirror,
        "add": touches_list,
        "reject": touches_list,
        "shrink": touches_list,
        "flows": touches_list and destination.mailings is not None,
        "billing": destination.billing is not None,
    }.get(name, True)


def _shares(draft: Draft, names: list[str], saved: dict[str, Any]) -> dict[str, Any]:
    """The percentages, two in a row."""
    chosen: dict[str, Any] = {}
    for start in range(0, len(names), 2):
        for name, place in zip(names[start : start + 2], st.columns(2), strict=False):
            with place, st.container(gap="xsmall"):
                chosen[name] = _share(draft, name, float(saved[name]))
    return chosen


def _share(draft: Draft, name: str, value: float) -> float:
    label, text = SHARES[name]
    default = _("Default: {share} %.").format(share=f"{getattr(DEFAULTS, name):g}")
    chosen = st.number_input(
        label,
        0.0,
        None if name in UNLIMITED else 100.0,
        value,
        step=1.0,
        format="%g",
        key=_key(draft, name),
    )
    st.markdown(f":small[:gray[{text} {default}]]")
    forms.problem(draft.form, f"guards.{name}")
    return chosen


def _switch(draft: Draft, name: str, value: bool) -> bool:
    label, text = SWITCHES[name]
    chosen = st.checkbox(label, value, key=_key(draft, name))
    default = _("Default: on.") if getattr(DEFAULTS, name) else _("Default: off.")
    st.markdown(f":small[:gray[{text} {default}]]")
    return chosen


def _key(draft: Draft, name: str) -> str:
    return f"{draft.form}-guard-{name}"
