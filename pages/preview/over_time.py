"""The list of an export over the last days: its size after each run, who joined and who left."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from core.runs.history import ListPoint
from core.texts import _
from pages.preview.facts import PERIOD, PERIODS, period
from pages.ui import charts, kit
from pages.ui.colors import OUTCOME, PAPER, pick
from pages.ui.words import plain, when, zone

VIOLET = ("#6d28d9", "#c4b5fd")


def show(name: str, points: Sequence[ListPoint]) -> None:
    """A point for each run; nothing where fewer than two have counted the list."""
    sized = [one for one in points if one.size is not None]
    if len(sized) < 2 and PERIOD not in st.session_state:
        return
    with st.container(border=True, height="stretch", key="list-over-time"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(plain(name), anchor=False, width="content")
            _choose()
        if len(sized) < 2:
            st.markdown(f":gray[{_('Fewer than two runs have counted the list.')}]")
            return
        first, last = sized[0].size, sized[-1].size
        text = _("Profiles on the list: from {first} to {last}").format(
            first=f"{first:,}", last=f"{last:,}"
        )
        charts.draw(_sizes(points), text, 170)
        joined, left = sum(one.joined for one in points), sum(one.left for one in points)
        text = _("{joined} joined, {left} left").format(joined=f"{joined:,}", left=f"{left:,}")
        charts.draw(_moves(points), text, 110)
        words = f":green[■] {joined:,} {_('joined')} &nbsp; :orange[■] {left:,} {_('left')}"
        st.markdown(f":small[{words}]")
        for one in [point for point in points if point.held][-3:]:
            words = _("Run {n} was held").format(n=one.run_id)
            st.markdown(f":small[:violet[◆] {when(one.at)}: {words}]")


def _choose() -> None:
    st.segmented_control(
        _("Days"),
        PERIODS,
        format_func=lambda days: _("{n} days").format(n=f"{days:d}"),
        default=period(),
        required=True,
        key=PERIOD,
        label_visibility="collapsed",
        width="content",
        bind="query-params",
    )


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
    end = datetime.now(zone())
    days = [_moment(end - timedelta(days=period())), _moment(end)]
    return alt.X("at:T", axis=axis, scale=alt.Scale(domain=days, padding=8))


def _moment(at: datetime) -> alt.DateTime:
    return alt.DateTime(year=at.year, month=at.month, date=at.day, hours=at.hour)


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
    """Every run has a mark; one that has not counted the list is hollow, at the size before."""
    rows, last = [], next(one.size for one in points if one.size is not None)
    for one in points:
        last = last if one.size is None else one.size
        word = _("Held, then run") if one.held else kit.STATUS[one.status][0]
        counted = one.size is not None
        rows.append(
            (_here(one.at), last, one.run_id, one.held, counted, word, one.joined, one.left)
        )
    names = ["at", "size", "run", "held", "counted", "word", "joined", "left"]
    data = pl.DataFrame(rows, schema=names, orient="row")
    low, high = data["size"].min(), data["size"].max()
    room = max(5, (high - low) // 10)
    scale = alt.Scale(domain=[max(0, low - room), high + room], nice=True)
    base = alt.Chart(data).encode(
        x=_axis_x(),
        y=alt.Y("size:Q", scale=scale, axis=_axis_y()),
        tooltip=[
            alt.Tooltip("at:T", format="%a %d %b %H:%M", title=_("When")),
            alt.Tooltip("run:Q", format="d", title=_("Run")),
            alt.Tooltip("word:N", title=_("Status")),
            alt.Tooltip("size:Q", format=",d", title=_("On the list")),
            alt.Tooltip("joined:Q", format=",d", title=_("Joined")),
            alt.Tooltip("left:Q", format=",d", title=_("Left")),
        ],
    )
    green, violet = pick(OUTCOME["add"]), pick(VIOLET)
    color = alt.condition("datum.held", alt.value(violet), alt.value(green))
    marks = base.mark_point(opacity=1, strokeWidth=1.5).encode(
        stroke=color,
        fill=alt.condition("datum.counted", alt.value(green), alt.value(pick(PAPER))),
        shape=alt.condition("datum.held", alt.value("diamond"), alt.value("circle")),
        size=alt.condition("datum.held", alt.value(110), alt.value(34)),
    )
    line = base.mark_line(color=green, strokeWidth=2).transform_filter("datum.counted")
    return (line + marks).configure_view(stroke=None)


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
