"""What a rule's field is compared with: a widget that suits the operator and the field's kind."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from core.profiles.folding import folded
from core.profiles.segments.contents import Contents
from core.profiles.segments.operators import Op, Shape
from core.profiles.sources import Kind
from core.texts import _
from pages.segments.draft import Node

DATED = frozenset({Kind.date, Kind.moment})
ANY_DATE = {"min_value": date(1900, 1, 1), "max_value": date(2199, 12, 31)}
LONGEST_NUMBER = 2**53  # from here on a browser's number field rounds
WIDE, HALF = 220, 146  # pixels


def draw(node: Node, n: int, kind: Kind, known: Contents | None = None) -> Any:
    """The value as filled in; None while it is not. `n` is the rule's number, for its labels.

    `known` is what the field holds: its commonest values are offered.
    """
    shape = Op(node["op"]).shape
    if shape is Shape.nothing:
        return None
    label = _("Value of rule {n}").format(n=n)
    key = f"v-{node['id']}-{node['field']}-{_widget(shape, kind)}"
    value = node["value"]
    if shape is Shape.share:
        return _share(n, value if isinstance(value, dict) else {}, key)
    if shape is Shape.several:
        return _several(label, value, key, kind, known)
    if shape is Shape.one and kind is Kind.text and known and known.common:
        return _chosen(label, value, f"{key}-offered", known)
    if shape is Shape.pair:
        return _between(label, value, key, kind)
    return _one(label, value, key, Kind.other if shape is Shape.days else kind)


def address_list(node: Node, n: int, counts: Mapping[str, int]) -> str | None:
    """One of the address lists, with how many addresses it has; one that is gone stays."""
    value = node["value"] if isinstance(node["value"], str) else None
    names = [*counts, *([value] if value and value not in counts else [])]
    return st.selectbox(
        _("Value of rule {n}").format(n=n),
        names,
        names.index(value) if value else None,
        key=f"v-{node['id']}-{node['field']}-{Shape.address_list}",
        format_func=lambda name: labelled(name, counts.get(name)),
        label_visibility="collapsed",
        placeholder=_("Choose a list"),
        width=WIDE,
    )


def words_of(op: str) -> str:
    """How an operator reads in the list of operators."""
    words = Op(op).words
    if Op(op).shape is Shape.days:
        return _("{in_the_last} … days").format(in_the_last=words)
    return words


def _widget(shape: Shape, kind: Kind) -> str:
    """Operators whose values have one form share the widget: changing one keeps the value."""
    own = (Shape.several, Shape.pair, Shape.days, Shape.share)
    return shape.value if shape in own else kind.value


def _one(label: str, value: Any, key: str, kind: Kind, width: int = WIDE) -> Any:
    quiet: dict[str, Any] = {"key": key, "label_visibility": "collapsed", "width": width}
    if kind is Kind.other:
        days = value if isinstance(value, int) and not isinstance(value, bool) else None
        return st.number_input(label, 0, 36_500, days, 1, placeholder=_("days"), **quiet)
    if kind is Kind.number:
        return _number(label, value, quiet)
    if kind in DATED:
        chosen = st.date_input(label, _day(value), format="YYYY-MM-DD", **ANY_DATE, **quiet)
        return chosen.isoformat() if isinstance(chosen, date) else None
    if kind is Kind.boolean:
        options = [True, False]
        index = options.index(value) if isinstance(value, bool) else None
        return st.selectbox(label, options, index, format_func=_yes, **quiet)
    text = value if isinstance(value, str) else ""
    return st.text_input(label, text, placeholder=_("Value"), **quiet)


def _share(n: int, value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Percent of the people, and a seed: another one gives other people."""
    quiet: dict[str, Any] = {"label_visibility": "collapsed", "width": HALF}
    label, seed = _("Percent of rule {n}").format(n=n), _("Seed of rule {n}").format(n=n)
    given = value.get("percent")
    now = None if given is None else float(given)
    percent = st.number_input(label, 0.0, 100.0, now, 1.0, "%g", placeholder="%", key=key, **quiet)
    chosen = st.text_input(
        seed,
        value.get("seed") or "",
        placeholder=_("Seed, such as spring"),
        max_chars=60,
        key=f"{key}-seed",
        **quiet,
    )
    return {"percent": None if percent is None else whole(percent), "seed": chosen}


def _chosen(label: str, value: Any, key: str, known: Contents) -> str | None:
    """One of the commonest values, or one that is typed in."""
    counts = dict(known.common)
    options = [*counts, *([value] if isinstance(value, str) and value not in counts else [])]
    return st.selectbox(
        label,
        [option for option in options if option],
        options.index(value) if value in options and value else None,
        key=key,
        format_func=lambda option: labelled(option, counts.get(option)),
        label_visibility="collapsed",
        accept_new_options=True,
        placeholder=_("Choose or type a value"),
        width=WIDE,
    )


def labelled(value: Any, n: int | None) -> str:
    """A value with how many people have it, and without its marks, to be found by either."""
    text = _yes(value) if isinstance(value, bool) else _written(value)
    if n is None:
        return text
    plain = folded(text)
    marks = f" · {plain}" if plain != text.casefold().strip() else ""
    return f"{text} ({n:,}){marks}"


def _number(label: str, value: Any, quiet: dict[str, Any]) -> int | float | None:
    if isinstance(value, int) and abs(value) >= LONGEST_NUMBER:
        return _read(st.text_input(label, str(value), **quiet), Kind.number)
    start = float(value) if isinstance(value, int | float) else None
    typed = st.number_input(
        label, value=start, step=1.0, format="%.12g", placeholder=_("Number"), **quiet
    )
    return None if typed is None else whole(typed)


def whole(number: float) -> int | float:
    """300.0 as 300: a rule reads as people wrote it."""
    return int(number) if number.is_integer() else number


def _between(label: str, value: Any, key: str, kind: Kind) -> list[Any]:
    pair = value if isinstance(value, list) and len(value) == 2 else [None, None]
    with st.container(horizontal=True, width=2 * HALF + 10, gap="xsmall"):
        low = _one(_("{label}, from").format(label=label), pair[0], f"{key}-from", kind, HALF)
        high = _one(_("{label}, to").format(label=label), pair[1], f"{key}-to", kind, HALF)
    return [low, high]


def _several(label: str, value: Any, key: str, kind: Kind, known: Contents | None) -> list[Any]:
    """The commonest values are offered, others typed in; numbers become numbers."""
    one = [value] if kind is Kind.text and value else []
    present = value if isinstance(value, list) else one
    flags = kind is Kind.boolean
    counts: dict[Any, int] = {}
    for option, n in known.common if known else ():
        counts[option if flags else _written(option)] = n
    start = present if flags else [_written(item) for item in present]
    options = [True, False] if flags else list(dict.fromkeys([*counts, *start]))
    chosen = st.multiselect(
        label,
        options,
        start,
        key=key,
        label_visibility="collapsed",
        width=WIDE,
        format_func=lambda option: labelled(option, counts.get(option)),
        accept_new_options=not flags,
        wrap=True,
        placeholder=_("Choose or type values"),
    )
    return [_read(item, kind) for item in chosen]


def _written(item: Any) -> str:
    return f"{item:.12g}" if isinstance(item, float) else str(item)


def _read(item: Any, kind: Kind) -> Any:
    """A number where it is one; anything else stays as typed, and the check names it."""
    if kind is not Kind.number:
        return item
    text = str(item).replace(" ", "").replace(",", ".")
    try:
        return int(text) if text.removeprefix("-").isdecimal() else whole(float(text))
    except ValueError:
        return item


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
