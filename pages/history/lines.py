"""Lines over time: one number of each day, or after each run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import altair as alt
import polars as pl
import streamlit as st

from core.runs.history import DayFigures
from core.texts import _
from pages.history.bars import HEIGHT
from pages.ui.colors import OUTCOME, pick

Points = Sequence[tuple[date | datetime, float | None]]  # None: a gap


@dataclass(frozen=True, slots=True)
class Unit:
    """How the number of a line is called and written, as Vega writes it."""

    title: str
    format: str


SECONDS = Unit(_("Seconds, median"), ",.0f")
SHARE = Unit(_("Rejected"), ".1%")
NUMBER = Unit(_("Profiles"), ",d")


def durations(found: Sequence[DayFigures], days: Sequence[date]) -> Points:
    """The median of each of the days, with gaps where none ran."""
    known = {one.day: one.seconds for one in found}
    return [(day, known.get(day)) for day in days]


def rejected(found: Sequence[DayFigures], days: Sequence[date]) -> Points:
    """The share that was rejected of each of the days."""
    known = {one.day: one.rejected for one in found}
    return [(day, known.get(day)) for day in days]


def draw(points: Points, unit: Unit, text: str) -> None:
    """The line with its points; `text` is what a screen reader says."""
    data = pl.DataFrame(points, schema=["at", "n"], orient="row")
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, grid=False, ticks=False)
    chart = (
        alt.Chart(data)
        .mark_line(point=True, color=pick(OUTCOME["add"]), strokeWidth=2)
        .encode(
            x=alt.X("at:T", title=None, axis=axis),
            y=alt.Y("n:Q", title=None, axis=alt.Axis(format=unit.format, tickCount=4)),
            tooltip=[
                alt.Tooltip("at:T", format="%a %-d %b %H:%M", title=_("When")),
                alt.Tooltip("n:Q", format=unit.format, title=unit.title),
            ],
        )
    )
    st.altair_chart(chart, height=HEIGHT, alt=text)
