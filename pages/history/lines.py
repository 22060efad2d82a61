"""Lines over time: one number of each day, or after each run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import altair as alt
import polars as pl

from core.runs.history import DayFigures
from core.texts import _
from pages.history.bars import HEIGHT
from pages.ui import charts
from pages.ui.colors import LINES, OUTCOME, pick

LEGEND = 60  # pixels below a chart of several lines
Points = Sequence[tuple[date | datetime, float | None]]  # None: a gap


@dataclass(frozen=True, slots=True)
class Unit:
    """How the number of a line is called and written, as Vega writes it."""

    title: str
    format: str


SECONDS = Unit(_("Seconds, median"), ",.0f")
SHARE = Unit(_("Rejected"), ".1%")
NUMBER = Unit(_("Profiles"), ",d")


def rejected(found: Sequence[DayFigures], days: Sequence[date]) -> Points:
    """The share that was rejected of each of the days."""
    known = {one.day: one.rejected for one in found}
    return [(day, known.get(day)) for day in days]


def draw(points: Points, unit: Unit, text: str) -> None:
    """The line with its points; `text` is what a screen reader says."""
    data = pl.DataFrame(points, schema=["at", "n"], orient="row")
    tooltip = [
        alt.Tooltip("at:T", format="%a %-d %b %H:%M", title=_("When")),
        alt.Tooltip("n:Q", format=unit.format, title=unit.title),
    ]
    line = alt.Chart(data).mark_line(point=True, color=pick(OUTCOME["add"]), strokeWidth=2)
    charts.draw(_encoded(line, unit, tooltip), text, HEIGHT)


def several(lines: Mapping[str, Points], text: str) -> None:
    """A line of profiles for each name, in a colour of its own that a legend below names.

    Days without a number stand in no line: it goes on to the next one.
    """
    rows = [(name, at, n) for name, points in lines.items() for at, n in points]
    data = pl.DataFrame(rows, schema=["of", "at", "n"], orient="row")
    colors = [pick(one) for one in LINES[: len(lines)]]
    legend = alt.Legend(title=None, orient="bottom", columns=3, labelLimit=220, symbolType="stroke")
    color = alt.Color(
        "of:N", legend=legend, scale=alt.Scale(domain=list(lines), range=colors), sort=None
    )
    tooltip = [
        alt.Tooltip("of:N", title=_("List")),
        alt.Tooltip("at:T", format="%a %-d %b", title=_("Day")),
        alt.Tooltip("n:Q", format=NUMBER.format, title=NUMBER.title),
    ]
    line = alt.Chart(data).mark_line(point=alt.OverlayMarkDef(size=18), strokeWidth=2)
    chart = _encoded(line, NUMBER, tooltip).encode(color=color)
    charts.draw(chart, text, HEIGHT + LEGEND)


def _encoded(line: alt.Chart, unit: Unit, tooltip: list[alt.Tooltip]) -> alt.Chart:
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap=True, grid=False, ticks=False)
    return line.encode(
        x=alt.X("at:T", title=None, axis=axis),
        y=alt.Y("n:Q", title=None, axis=alt.Axis(format=unit.format, tickCount=4)),
        tooltip=tooltip,
    )
