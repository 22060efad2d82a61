"""Stacked bars: profiles of each day by outcome."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from core.texts import _
from pages.ui.colors import OUTCOME, PAPER, pick


def draw(
    rows: Sequence[tuple[date, str, int]], words: Mapping[str, tuple[str, str]], text: str
) -> None:
    """Draws rows of (day, outcome, profiles); outcome -> (its word, a key of OUTCOME)."""
    order = {outcome: i for i, outcome in enumerate(words)}
    parts = [(d, words[o][0], n, order[o]) for d, o, n in rows]
    data = pl.DataFrame(parts, schema=["day", "outcome", "n", "order"], orient="row")
    scale = alt.Scale(
        domain=[word for word, _color in words.values()],
        range=[pick(OUTCOME[color]) for _word, color in words.values()],
    )
    chart = alt.Chart(data).mark_bar(stroke=pick(PAPER), strokeWidth=1).encode(**_days(scale))
    st.altair_chart(chart.properties(height=300), alt=text)


def _days(scale: alt.Scale) -> dict[str, object]:
    legend = alt.Legend(orient="top", symbolType="square", columns=2, labelFontSize=12)
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, grid=False, ticks=False)
    return {
        "x": alt.X("yearmonthdate(day):O", title=None, axis=axis),
        "y": alt.Y("n:Q", title=None, axis=alt.Axis(format=",d", tickCount=4, tickMinStep=1)),
        "order": "order:Q",
        "color": alt.Color("outcome:N", title=None, legend=legend, scale=scale),
        "tooltip": [
            alt.Tooltip("day:T", format="%a %-d %b", title=_("Day")),
            alt.Tooltip("outcome:N", title=_("Outcome")),
            alt.Tooltip("n:Q", format=",d", title=_("Profiles")),
        ],
    }
