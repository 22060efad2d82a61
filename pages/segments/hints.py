"""What stands below a rule: how its field is spread, relative days, and what one may have meant."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access import Person
from core.profiles.segments.contents import MOST, Contents, Counted
from core.profiles.segments.operators import Op, Shape
from core.profiles.sources import Kind
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.segments import draft, known
from pages.segments.draft import Node
from pages.ui import cells
from pages.ui.colors import OUTCOME, pick
from pages.ui.words import day, plain

WIDTH, HEIGHT = 168, 28  # pixels of a histogram
MOST_MEANT = 3  # values of a rule that near ones are looked for
TYPED = (Shape.one, Shape.several, Shape.part)
BACK = {  # relative words, with the days that they go back
    7: _("a week"),
    30: _("a month"),
    90: _("3 months"),
    365: _("a year"),
}


def spread(node: Node, kind: Kind, found: Contents | None) -> None:
    """Numbers and dates: a histogram, the least, the quarters and the greatest in words."""
    if found is None or not found.quantiles or Op(node["op"]).shape is Shape.nothing:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = _in_words(found)
        _histogram(found, text)
        st.markdown(f":small[:gray[{text}]]", width="content")
        if kind in (Kind.date, Kind.moment):
            _days(node)


def meant(
    person: Person, row: SourceRow, node: Node, values: Sequence[str], slot: DeltaGenerator
) -> None:
    """In the place below a rule: what one may have meant by values that nobody has."""
    offers = {value: known.near(person, row, node["field"], value) for value in values[:MOST_MEANT]}
    if any(offers.values()):
        with slot.container(gap="xsmall"):
            for value, found in offers.items():
                if found:
                    _offer(node, value, found)


def unmatched(node: Node, number: int | None, found: Contents | None) -> list[str]:
    """The texts of a rule that nobody has, as far as that is known."""
    op = Op(node["op"]) if node["op"] else None
    if op is None or op.shape not in TYPED or number is None:
        return []
    value = node["value"]
    texts = [one for one in (value if isinstance(value, list) else [value]) if _is_text(one)]
    if number == 0 and not op.negative:
        return texts
    whole = found is not None and 0 < found.distinct <= MOST and op.shape is not Shape.part
    there = {one for one, _n in found.common} if found else set()
    return [text for text in texts if whole and text not in there]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _offer(node: Node, value: str, found: Counted) -> None:
    text = _("0 people have “{value}”. Did you mean").format(value=plain(value))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":small[:orange[:material/search: {text}]]", width="content")
        for n, (other, people) in enumerate(found):
            st.button(
                f"{plain(other)} ({people:,})",
                key=f"meant-{node['id']}-{value}-{n}",
                type="tertiary",
                on_click=_take,
                args=(node, value, other),
            )


def _take(node: Node, value: str, other: str) -> None:
    given = node["value"]
    several = isinstance(given, list)
    new = [other if one == value else one for one in given] if several else other
    draft.replace(node, list(dict.fromkeys(new)) if several else new)


def _in_words(found: Contents) -> str:
    least, low, middle, high, most = (_written(one) for one in found.quantiles)
    text = _("{least} to {most} · half of them {low} to {high} · median {middle}")
    if isinstance(found.quantiles[0], date):  # their quarters would fill the line
        text = _("{least} to {most} · median {middle}")
    return text.format(least=least, most=most, low=low, high=high, middle=middle)


def _written(value: Any) -> str:
    if isinstance(value, date):
        return f"{day(value)} {value.year}"
    return cells.number(round(value, 2) if abs(value) >= 1 else value)


def _histogram(found: Contents, text: str) -> None:
    """A picture: st.html would strip it."""
    most, step, color = max(found.bars), WIDTH / len(found.bars), pick(OUTCOME["add"])
    heights = [max(1.5, n / most * HEIGHT) if n else 0 for n in found.bars]
    bars = "".join(
        f'<rect x="{i * step:.1f}" y="{HEIGHT - h:.1f}" width="{step - 1:.1f}" height="{h:.1f}"/>'
        for i, h in enumerate(heights)
        if h
    )
    st.image(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><g fill="{color}">{bars}</g></svg>',
        width=WIDTH,
        alt=_("How it is spread: {text}").format(text=text),
    )


def _days(node: Node) -> None:
    """Relative words: days back from today, or the day that long ago."""
    shape = Op(node["op"]).shape
    if shape not in (Shape.days, Shape.one):
        return
    for days, words in BACK.items():
        then = (date.today() - timedelta(days=days)).isoformat()
        text = words if shape is Shape.days else _("{words} ago").format(words=words)
        st.button(
            text,
            key=f"back-{node['id']}-{days}",
            type="tertiary",
            on_click=draft.replace,
            args=(node, days if shape is Shape.days else then),
            help=many("{n} day", "{n} days", days),
        )
