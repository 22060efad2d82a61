"""The pictures of a segment's page; each has its numbers in words, too."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import altair as alt
import polars as pl

from core.profiles.segments.description import Difference, Part
from core.texts import _
from pages.ui import charts
from pages.ui.colors import OUTCOME, pick
from pages.ui.words import percent

INK, PALE = ("#0f1822", "#e6edf1"), ("#5b6875", "#94a3b0")
RAIL, TINT = ("#e6ebef", "#1a242c"), ("#d5ece8", "#0c2f2c")
FONT = {"font": "Inter", "fontSize": 13, "baseline": "middle"}
ROW, HIGH = 34, 46  # pixels of a line with its bar below


def over_time(sizes: Sequence[tuple[datetime, int]], text: str) -> None:
    """A line of how many there were at each count, oldest first."""
    data = pl.DataFrame(list(sizes), schema=["at", "n"], orient="row")
    axis = alt.Axis(format="%-d %b", title=None, grid=False, tickCount=5, domain=False, ticks=False)
    x = alt.X("at:T", axis=axis)
    count = alt.Axis(title=None, format=",d", tickCount=3, domain=False, ticks=False)
    y = alt.Y("n:Q", axis=count, scale=alt.Scale(domainMin=0, nice=True))
    tip = [
        alt.Tooltip("at:T", format="%a %-d %b, %H:%M", title=_("Counted")),
        alt.Tooltip("n:Q", format=",d", title=_("Members")),
    ]
    line = {"color": pick(OUTCOME["add"]), "strokeWidth": 2}
    area = alt.Chart(data).mark_area(color=pick(TINT), line=line, interpolate="step-after")
    last = alt.Chart(data.tail(1)).mark_point(
        filled=True, size=70, color=pick(OUTCOME["add"]), opacity=1
    )
    chart = alt.layer(*(one.encode(x=x, y=y, tooltip=tip) for one in (area, last)))
    charts.draw(chart.configure_view(stroke=None), text, 180)


def values(field: str, parts: Sequence[Part], members: int) -> None:
    """The values of a field below each other, each with its people above its bar."""
    most = max((part.inside for part in parts), default=0) or 1
    rows = [
        (i, part.words, part.inside, f"{part.inside:,}", percent(part.inside / (members or 1)))
        for i, part in enumerate(parts)
    ]
    data = pl.DataFrame(rows, schema=["i", "words", "n", "label", "share"], orient="row")
    scale = alt.Scale(domain=[0, most], nice=False)
    band = alt.Chart(data)
    y = alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0))
    tip = [
        alt.Tooltip("words:N", title=_("Value")),
        alt.Tooltip("n:Q", format=",d", title=_("Members")),
        alt.Tooltip("share:N", title=_("Share")),
    ]
    bar = band.mark_bar(height=6, cornerRadius=3, color=pick(OUTCOME["add"]), yOffset=9)
    word = band.mark_text(align="left", dy=-5, color=pick(INK), limit=150, **FONT)
    number = band.mark_text(align="right", dy=-5, color=pick(PALE), **FONT)
    most_x = alt.X("most:Q", scale=scale, axis=None)
    chart = alt.layer(
        bar.encode(y=y, x=alt.X("n:Q", axis=None, scale=scale), tooltip=tip),
        word.encode(y=y, x=alt.XValue(0), text=alt.Text("words:N")),
        number.transform_calculate(most=str(most)).encode(y=y, x=most_x, text=alt.Text("label:N")),
    )
    text = ", ".join(f"{part.words} {part.inside:,}" for part in parts)
    height = ROW * len(parts) + 10
    charts.draw(chart.configure_view(stroke=None), f"{field}: {text}", height)


def differences(found: Sequence[Difference]) -> None:
    """A bar of the members' share, and a mark at everyone's."""
    rows = [
        (
            i,
            f"{one.field}: {one.words}",
            one.inside * 100,
            one.everyone * 100,
            _("{n}, everyone {all}").format(n=percent(one.inside), all=percent(one.everyone)),
        )
        for i, one in enumerate(found)
    ]
    data = pl.DataFrame(rows, schema=["i", "what", "here", "all", "label"], orient="row")
    base = alt.Chart(data).transform_calculate(full="100")
    y, scale = alt.Y("i:O", axis=None), alt.Scale(domain=[0, 100], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    chart = alt.layer(
        base.mark_bar(height=8, cornerRadius=4, color=pick(RAIL), yOffset=8).encode(
            y=y, x=x("full")
        ),
        base.mark_bar(height=8, cornerRadius=4, color=pick(OUTCOME["add"]), yOffset=8).encode(
            y=y, x=x("here"), tooltip=[alt.Tooltip("what:N"), alt.Tooltip("label:N")]
        ),
        base.mark_tick(thickness=3, height=14, opacity=1, color=pick(INK), yOffset=8).encode(
            y=y, x=x("all")
        ),
        base.mark_text(align="left", dy=-11, color=pick(INK), limit=210, **FONT).encode(
            y=y, x=alt.XValue(0), text=alt.Text("what:N")
        ),
        base.mark_text(align="right", dy=-11, color=pick(PALE), **FONT).encode(
            y=y, x=x("full"), text=alt.Text("label:N")
        ),
    )
    text = "; ".join(f"{what}: {label}" for _i, what, _here, _all, label in rows)
    charts.draw(chart.configure_view(stroke=None), text, HIGH * len(found) + 10)


def upset(counts: Mapping[tuple[bool, ...], int], names: Sequence[str]) -> None:
    """Who is in exactly which of the segments: dots left of zero, bars right of it, one chart."""
    rows = sorted(counts.items(), key=lambda item: -item[1])
    letters = [chr(ord("A") + n) for n in range(len(names))]
    top = max(counts.values()) * 1.25
    at = [-top * 0.5 + n * top * 0.12 for n in range(len(names))]
    shown = dict(enumerate([i for i, on in enumerate(which) if on] for which, _n in rows))
    dots = [(n + 1, at[i], i in shown[n]) for n in shown for i in range(len(names))]
    links = [(n + 1, at[inside[0]], at[inside[-1]]) for n, inside in shown.items()]
    bars = [
        (n + 1, 0, people, f"{people:,}", _words(shown[n], names))
        for n, (_which, people) in enumerate(rows)
    ]
    heads = [(0, x, letter) for x, letter in zip(at, letters, strict=True)]
    y, scale = alt.Y("i:O", axis=None), alt.Scale(domain=[-top * 0.56, top], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    on = alt.condition("datum.on", alt.value(pick(INK)), alt.value(pick(RAIL)))
    people = alt.Tooltip("x2:Q", format=",d", title=_("People"))
    tip = [alt.Tooltip("words:N", title=_("Only in")), people]
    chart = alt.layer(
        _chart(bars, "i", "x", "x2", "label", "words")
        .mark_bar(height=16, cornerRadiusEnd=4, color=pick(OUTCOME["add"]))
        .encode(y=y, x=x("x"), x2=alt.X2("x2:Q"), tooltip=tip),
        _chart(bars, "i", "x", "x2", "label", "words")
        .mark_text(align="left", dx=6, color=pick(INK), **FONT)
        .encode(y=y, x=x("x2"), text=alt.Text("label:N")),
        _chart(links, "i", "x", "x2")
        .mark_rule(strokeWidth=2, color=pick(INK))
        .encode(y=y, x=x("x"), x2=alt.X2("x2:Q")),
        _chart(dots, "i", "x", "on")
        .mark_point(filled=True, size=110, opacity=1)
        .encode(y=y, x=x("x"), color=on),
        _chart(heads, "i", "x", "letter")
        .mark_text(fontWeight=600, color=pick(PALE), **FONT)
        .encode(y=y, x=x("x"), text=alt.Text("letter:N")),
    )
    text = "; ".join(_("{n} only in {words}").format(n=n, words=w) for _i, _x, _x2, n, w in bars)
    height = 28 * (len(rows) + 1) + 10
    charts.draw(chart.configure_view(stroke=None), text, height)


def _words(inside: Sequence[int], names: Sequence[str]) -> str:
    return _(" and ").join(names[i] for i in inside)


def _chart(rows: Sequence[tuple[object, ...]], *columns: str) -> alt.Chart:
    return alt.Chart(pl.DataFrame(rows, schema=columns, orient="row"))
