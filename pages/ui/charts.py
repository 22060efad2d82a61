"""Charts, each with its numbers in words for those who can't see it."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import polars as pl
import streamlit as st

from core.configuration.export import LIMIT
from core.texts import _

# What happens to a profile, one colour each: (light theme, dark theme). The same hues as the
# theme's :green[] :blue[] :gray[] :orange[] :red[].
OUTCOME = {
    "add": ("#0f766e", "#2dd4bf"),
    "update": ("#1d4ed8", "#93c5fd"),
    "unchanged": ("#b6c1cb", "#3d4b56"),
    "leave": ("#a34a06", "#fdba74"),
    "rejected": ("#b91c1c", "#fca5a5"),
}
PAPER = ("#ffffff", "#030608")  # between two parts of a bar
INK = ("#0f1822", "#e6edf1")
RAIL = ("#e6ebef", "#1a242c")


def pick(pair: tuple[str, str]) -> str:
    """The colour for the theme that the reader has on."""
    return pair[st.context.theme.type == "dark"]


def spark(values: Sequence[float], alt_text: str, width: int = 76, height: int = 26) -> None:
    """A line of the last values, oldest first; at least two."""
    # st.html strips SVG, st.image takes it; its colours can't come from the theme by themselves.
    low, span = min(values), (max(values) - min(values)) or 1
    step = (width - 8) / (len(values) - 1)
    xy = [
        (4 + i * step, height - 5 - (v - low) / span * (height - 10)) for i, v in enumerate(values)
    ]
    color, (x, y) = pick(OUTCOME["add"]), xy[-1]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in xy)
    st.image(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><polyline points="{line}" fill="none" stroke="{color}" '
        f'stroke-width="1.8" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{color}"/></svg>',
        width=width,
        alt=alt_text,
    )


def limit_bar(n: int, limit: int = LIMIT) -> None:
    """Profiles against the limit of one run; behind the line the bar is red."""
    over = max(0, n - limit)
    text = _("{n} profiles, limit {limit}").format(n=f"{n:,}", limit=f"{limit:,}")
    if over:
        text += ", " + _("{n} over").format(n=f"{over:,}")
    layers = _rail(n, limit) + _parts(n, limit, over) + _line(n, limit)
    st.altair_chart(layers.configure_view(stroke=None), height=62, alt=text)


def plan_strip(plan: Mapping[str, tuple[str, int]]) -> None:
    """One bar of shares: outcome -> (its word, profiles), in order."""
    data = _frame([(word, n, i) for i, (word, n) in enumerate(plan.values())], "what", "n", "order")
    bar = (
        alt.Chart(data)
        .mark_bar(height=18, stroke=pick(PAPER), strokeWidth=1.5)
        .encode(
            x=alt.X("n:Q", stack="zero", axis=None, scale=alt.Scale(nice=False)),
            order="order:Q",
            tooltip=[
                alt.Tooltip("what:N", title=_("What")),
                alt.Tooltip("n:Q", format=",d", title=_("Profiles")),
            ],
            color=alt.Color("what:N", legend=None, scale=_colors(plan)),
        )
        .properties(height=20)
        .configure_view(stroke=None)
    )
    words = ", ".join(f"{word} {n:,}" for word, n in plan.values())
    st.altair_chart(bar, alt=_("Plan: {words}").format(words=words))


def per_day(
    rows: Sequence[tuple[date, str, int]], words: Mapping[str, tuple[str, str]], text: str
) -> None:
    """Stacked bars: rows of (day, outcome, profiles); outcome -> (its word, a key of OUTCOME)."""
    order = {outcome: i for i, outcome in enumerate(words)}
    parts = [(d, words[o][0], n, order[o]) for d, o, n in rows]
    data = _frame(parts, "day", "outcome", "n", "order")
    scale = alt.Scale(
        domain=[word for word, _color in words.values()],
        range=[pick(OUTCOME[color]) for _word, color in words.values()],
    )
    chart = alt.Chart(data).mark_bar(stroke=pick(PAPER), strokeWidth=1).encode(**_days(scale))
    st.altair_chart(chart.properties(height=300), alt=text)


def _frame(rows: Sequence[tuple[object, ...]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")


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


def _colors(plan: Mapping[str, tuple[str, int]]) -> alt.Scale:
    return alt.Scale(
        domain=[word for word, _n in plan.values()],
        range=[pick(OUTCOME[outcome]) for outcome in plan],
    )


def _rail(n: int, limit: int) -> alt.Chart:
    whole = _frame([(0, _top(n, limit))], "from", "to")
    return (
        alt.Chart(whole)
        .mark_bar(height=18, cornerRadius=4, color=pick(RAIL))
        .encode(x=_x("from:Q", n, limit), x2="to:Q")
    )


def _parts(n: int, limit: int, over: int) -> alt.Chart:
    rows = [(_("Within the limit"), 0, min(n, limit)), (_("Over the limit"), limit, limit + over)]
    colors = alt.Scale(
        domain=[part for part, _from, _to in rows],
        range=[pick(OUTCOME["add"]), pick(OUTCOME["rejected"])],
    )
    return (
        alt.Chart(_frame(rows, "part", "from", "to"))
        .mark_bar(height=18)
        .encode(
            x=_x("from:Q", n, limit),
            x2="to:Q",
            tooltip=[
                alt.Tooltip("part:N", title=_("Part")),
                alt.Tooltip("to:Q", format=",d", title=_("up to")),
            ],
            color=alt.Color("part:N", scale=colors, legend=None),
        )
    )


def _line(n: int, limit: int) -> alt.Chart:
    return (
        alt.Chart(_frame([(limit,)], "at"))
        .mark_tick(thickness=2.5, size=32, color=pick(INK))
        .encode(x=_x("at:Q", n, limit))
    )


def _top(n: int, limit: int) -> float:
    return max(n, limit) * 1.06


def _x(field: str, n: int, limit: int) -> alt.X:
    # Every layer names the same axis: else Vega merges them and drops the format.
    values = [i * limit / 4 for i in range(5)] if limit >= 4 else [0, limit]
    axis = alt.Axis(values=values, format=",d", title=None, grid=False, ticks=False, domain=False)
    return alt.X(field, scale=alt.Scale(domain=[0, _top(n, limit)], nice=False), axis=axis)
