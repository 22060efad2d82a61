"""How a text file is to be read, where what was found by itself is wrong or can't be told."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.profiles.sources.conversion import Detected
from core.profiles.sources.reading_options import NULL_WORDS
from core.texts import _
from pages.sources import found
from pages.ui import forms

SHAPE = ("header", "skip", "comment", "quote")
NAMES = ("encoding", "sheet", "separator", "decimal", "dates", "null_words", *SHAPE)
AS_FOUND = _("As found")
HEADERS = {
    "yes": _("The first row has the names"),
    "no": _("None: number the columns"),
    "names": _("None: enter names here"),
}
QUOTES = {'"': _("Double quotes"), "'": _("Single quotes"), "none": _("None")}
ORDERS = {
    "dmy": _("Day, month, year"),
    "mdy": _("Month, day, year"),
    "ymd": _("Year, month, day"),
}
Options = dict[str, Any]


def draw(form: str, detected: Detected | None, wanted: Mapping[str, Any], refused: bool) -> Options:
    """The options chosen now; `refused`: the file can't be read with those `wanted` before.

    Without `detected` the file couldn't be read at all, and every option may be the one it needs.
    """
    book = detected is not None and detected.sheet is not None
    cut = not book and (detected is None or bool(detected.separator or set(SHAPE) & set(wanted)))
    if not cut and detected and not detected.encoding and not book:
        return dict(wanted)  # such files say themselves how they are to be read
    with st.expander(_("Change how it is read"), type="compact", expanded=bool(wanted) or refused):
        chosen = _signs(form, detected, wanted, cut)
        if cut or book:
            chosen |= _cells(form, wanted) | _shape(form, wanted, cut)
        if refused:
            forms.problem(form, "")
    return {option: choice for option, choice in chosen.items() if choice is not None}


def _signs(form: str, detected: Detected | None, wanted: Mapping[str, Any], cut: bool) -> Options:
    book = detected if detected and detected.sheet else None
    choices = {
        "encoding": (_("Encoding"), {} if book else found.ENCODINGS),
        "sheet": (_("Sheet"), {name: name for name in book.sheets} if book else {}),
        "separator": (_("Separator"), found.SEPARATORS if cut else {}),
        "decimal": (_("Decimal sign"), found.DECIMALS if cut else {}),
    }
    offered = {option: choice for option, choice in choices.items() if choice[1]}
    chosen: Options = {}
    places = st.columns(len(offered))
    for column, (option, (label, names)) in zip(places, offered.items(), strict=True):
        with column:
            present = wanted.get(option)  # a sheet may be a number
            given = None if present is None else str(present)
            chosen[option] = _choice(form, option, label, names, given)
    return chosen


def _cells(form: str, wanted: Mapping[str, Any]) -> Options:
    """The order of dates, and the words for nothing."""
    left, right = st.columns([1, 2])
    with left:
        dates = _choice(form, "dates", _("Order of dates"), ORDERS, wanted.get("dates"))
    with right:
        said = wanted.get("null_words")
        words = st.multiselect(
            _("Words that mean empty"),
            list(dict.fromkeys([*NULL_WORDS, *(said or ())])),
            list(NULL_WORDS if said is None else said),
            accept_new_options=True,
            wrap=True,
            key=f"{form}-null_words",
            help=_(
                "Cells with one of these words count as empty. Remove a word that is "
                "somebody's name."
            ),
        )
        forms.problem(form, "null_words")
    return {"dates": dates, "null_words": None if words == list(NULL_WORDS) else tuple(words)}


def _shape(form: str, wanted: Mapping[str, Any], cut: bool) -> Options:
    """The header, and which lines are none of the rows; of files that are `cut` which signs."""
    header, skip, *signs = st.columns(4 if cut else 2)
    given = wanted.get("header")
    with header:
        choice = _choice(form, "header", _("Header"), HEADERS, _kind_of_header(given))
    with skip:
        lines = st.number_input(
            _("Lines to skip"),
            0,
            None,
            wanted.get("skip"),
            key=f"{form}-skip",
            placeholder=AS_FOUND,
        )
        forms.problem(form, "skip")
    chosen = {"header": _header(form, choice, given), "skip": lines}
    if cut:
        comment, quote = signs
        chosen |= {"comment": _comment(form, comment, wanted), "quote": _quote(form, quote, wanted)}
    return chosen


def _comment(form: str, place: DeltaGenerator, wanted: Mapping[str, Any]) -> str | None:
    with place:
        sign = st.text_input(
            _("Comments begin with"),
            wanted.get("comment", ""),
            1,
            key=f"{form}-comment",
            placeholder=_("No comments"),
        )
        forms.problem(form, "comment")
    return sign or None


def _quote(form: str, place: DeltaGenerator, wanted: Mapping[str, Any]) -> str | None:
    with place:
        marks = wanted.get("quote")
        chosen = _choice(form, "quote", _("Quotes"), QUOTES, "none" if marks == "" else marks)
    return "" if chosen == "none" else chosen


def _kind_of_header(given: object) -> str | None:
    """The key in HEADERS of what was said before; None where nothing was."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    return "names" if isinstance(given, tuple | list) else None


def _header(form: str, choice: str | None, said: object) -> bool | tuple[str, ...] | None:
    """Whether there is one, or the names that stand for it."""
    if choice != "names":
        return {"yes": True, "no": False}.get(choice or "")
    names = st.text_input(
        _("Names of the columns, separated by commas"),
        ", ".join(said) if isinstance(said, tuple | list) else "",
        key=f"{form}-names",
        placeholder="customer_id, email, first_name",
    )
    given = tuple(name.strip() for name in (names or "").split(",") if name.strip())
    return given or None


def _choice(
    form: str, option: str, label: str, names: Mapping[str, str], present: str | None
) -> str | None:
    values = ["", *names, *([present] if present and present not in names else [])]
    chosen = st.selectbox(
        label,
        values,
        values.index(present or ""),
        format_func=lambda value: names.get(value, value or AS_FOUND),
        key=f"{form}-{option}",
    )
    forms.problem(form, option)
    return chosen or None
