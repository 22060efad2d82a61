"""The list of an export over the last days: its size after each run, who joined and who left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from core.runs.history import ListPoint
from core.texts import _
from pages.ui import kit
from pages.ui.colors import OUTCOME, pick
from pages.ui.words import plain, when, zone

DAYS = 30
VIOLET = ("#6d28d9", "#c4b5fd")


def show(name: str, points: Sequence[ListPoint]) -> None:
    """A point for each run; nothing where fewer than two have counted the list."""
    sized = [one for one in points if one.size is not None]
    if len(sized) < 2:
        return
    with st.container(border=True, height="stretch", key="list-over-time"):
        kit.section(plain(name), _("{n} days, a point for each run").format(n=DAYS))
        first, last = sized[0].size, sized[-1].size
        text = _("Profiles on the list: from {first} to {last}").format(
            first=f"{first:,}", last=f"{last:,}"
        )
        st.altair_chart(_sizes(sized), height=170, alt=text)
        joined, left = sum(one.joined for one in points), sum(one.left for one in points)
        text = _("{joined} joined, {left} left").format(joined=f"{joined:,}", left=f"{left:,}")
        st.altair_chart(_moves(points), height=110, alt=text)
        words = f":green[■] {joined:,} {_('joined')} &nbsp; :orange[■] {left:,} {_('left')}"
        st.markdown(f":small[{words}]")
        for one in [point for point in points if point.held][-3:]:
            words = _("Run {n} was held").format(n=one.run_id)
            st.markdown(f":small[:violet[◆] {when(one.at)}: {words}]")


def _axis_x() -> alt.X:
    axis = alt.Axis(
        format="%d %b",
        title=None,
        grid=False,
        tickCount=5,
        labelFlush=True,
        domain=False,
        ticks=False,
    )
    return alt.X("at:T", axis=axis, scale=alt.Scale(padding=8))


def _axis_y(**more: Any) -> alt.Axis:
    """As wide on both charts, so that they line up."""
    look = {
        "title": None,
        "format": ",d",
        "tickCount": 3,
        "tickMinStep": 1,
        "domain": False,
        "ticks": False,
    }
    return alt.Axis(**look, minExtent=58, maxExtent=58, **more)


def _here(at: datetime) -> datetime:
    return at.astimezone(zone()).replace(tzinfo=None)


def _sizes(points: Sequence[ListPoint]) -> alt.LayerChart:
    rows = [(_here(one.at), one.size, one.run_id, one.held) for one in points]
    data = pl.DataFrame(rows, schema=["at", "size", "run", "held"], orient="row")
    low, high = data["size"].min(), data["size"].max()
    room = max(5, (high - low) // 10)
    scale = alt.Scale(domain=[max(0, low - room), high + room], nice=True)
    base = alt.Chart(data).encode(
        x=_axis_x(),
        y=alt.Y("size:Q", scale=scale, axis=_axis_y()),
        tooltip=[
            alt.Tooltip("at:T", format="%a %d %b %H:%M", title=_("When")),
            alt.Tooltip("size:Q", format=",d", title=_("On the list")),
            alt.Tooltip("run:Q", format="d", title=_("Run")),
        ],
    )
    green, violet = pick(OUTCOME["add"]), pick(VIOLET)
    marks = base.mark_point(filled=True, opacity=1).encode(
        color=alt.condition("datum.held", alt.value(violet), alt.value(green)),
        shape=alt.condition("datum.held", alt.value("diamond"), alt.value("circle")),
        size=alt.condition("datum.held", alt.value(110), alt.value(26)),
    )
    return (base.mark_line(color=green, strokeWidth=2) + marks).configure_view(stroke=None)


def _moves(points: Sequence[ListPoint]) -> alt.Chart:
    rows = [
        (_here(one.at), n, what)
        for one in points
        for what, n in ((_("Joined"), one.joined), (_("Left"), -one.left))
        if n
    ]
    data = pl.DataFrame(
        rows, schema={"at": pl.Datetime, "n": pl.Int64, "what": pl.String}, orient="row"
    )
    colors = alt.Scale(
        domain=[_("Joined"), _("Left")], range=[pick(OUTCOME["add"]), pick(OUTCOME["leave"])]
    )
    return (
        alt.Chart(data)
        .mark_bar(width=4)
        .encode(
            x=_axis_x(),
            y=alt.Y("n:Q", axis=_axis_y()),
            color=alt.Color("what:N", legend=None, scale=colors),
            tooltip=[
                alt.Tooltip("at:T", format="%a %d %b %H:%M", title=_("When")),
                alt.Tooltip("what:N", title=_("What")),
                alt.Tooltip("n:Q", format=",d", title=_("Profiles")),
            ],
        )
        .configure_view(stroke=None)
    )
