"""Stacked bars: profiles of each day by outcome."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import altair as alt
import polars as pl
import streamlit as st

from core.texts import _
from pages.ui import charts
from pages.ui.colors import OUTCOME, PAPER, pick

HEIGHT = 190  # pixels, with the days below the bars
FEW = 45  # days of which each bar has an edge of its own
# As wide as its words: on a telephone all five stand on one line.
LEGEND = "display:flex;gap:.9em;white-space:nowrap;font-size:clamp(10px,2.5vw,13px)"
MARK = "display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.4em"


def draw(
    rows: Sequence[tuple[date, str, int]],
    words: Mapping[str, tuple[str, str]],
    days: Sequence[date],
    text: str,
) -> None:
    """Draws rows of (day, outcome, profiles) over all of these days, also those without any.

    `words`: outcome -> (its word, a key of OUTCOME).
    """
    order = {outcome: i for i, outcome in enumerate(words)}
    parts = [(d, words[o][0], n, order[o]) for d, o, n in rows]
    first = next(iter(words.values()))[0]
    empty = [(d, first, 0, 0) for d in days if d not in {row[0] for row in rows}]
    data = pl.DataFrame([*parts, *empty], schema=["day", "outcome", "n", "order"], orient="row")
    colors = {word: pick(OUTCOME[color]) for word, color in words.values()}
    _legend(colors)
    edge = {"stroke": pick(PAPER), "strokeWidth": 1} if len(days) <= FEW else {}
    chart = alt.Chart(data).mark_bar(**edge).encode(**_encoded(colors))
    charts.draw(chart, text, HEIGHT)  # in its place before it is drawn


def _legend(colors: Mapping[str, str]) -> None:
    marks = "".join(
        f'<span><span style="{MARK};background:{color}"></span>{escape(word)}</span>'
        for word, color in colors.items()
    )
    st.html(f'<div style="{LEGEND}">{marks}</div>')


def _encoded(colors: Mapping[str, str]) -> dict[str, object]:
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, grid=False, ticks=False)
    return {
        "x": alt.X("yearmonthdate(day):O", title=None, axis=axis),
        "y": alt.Y("n:Q", title=None, axis=alt.Axis(format=",d", tickCount=4, tickMinStep=1)),
        "order": alt.Order("order:Q"),
        "color": alt.Color("outcome:N", legend=None, scale=scale),
        "tooltip": [
            alt.Tooltip("day:T", format="%a %-d %b", title=_("Day")),
            alt.Tooltip("outcome:N", title=_("Outcome")),
            alt.Tooltip("n:Q", format=",d", title=_("Profiles")),
        ],
    }
