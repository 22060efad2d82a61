"""The charts of a preview: profiles against the limit, and the plan as one bar."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from core.configuration.export import LIMIT
from core.texts import _
from pages.ui import charts
from pages.ui.colors import OUTCOME, PAPER, pick

INK = ("#0f1822", "#e6edf1")
RAIL = ("#e6ebef", "#1a242c")


def limit_bar(n: int, limit: int = LIMIT) -> None:
    """Profiles against the limit of one run; behind the line the bar is red."""
    over = max(0, n - limit)
    text = _("{n} profiles, limit {limit}").format(n=f"{n:,}", limit=f"{limit:,}")
    if over:
        text += ", " + _("{n} over").format(n=f"{over:,}")
    layers = _rail(n, limit) + _parts(n, limit, over) + _line(n, limit)
    charts.draw(layers.configure_view(stroke=None), text, 62)


def plan_strip(plan: Mapping[str, tuple[str, int]]) -> None:
    """One bar of shares: outcome -> (its word, profiles), in order."""
    data = _frame([(word, n, i) for i, (word, n) in enumerate(plan.values())], "what", "n", "order")
    bar = (
        alt.Chart(data)
        .mark_bar(height=18, stroke=pick(PAPER), strokeWidth=1.5)
        .encode(
            x=alt.X("n:Q", stack="zero", axis=None, scale=alt.Scale(nice=False)),
            order=alt.Order("order:Q"),
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
    charts.draw(bar, _("Plan: {words}").format(words=words))


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
        .encode(x=_x("from:Q", n, limit), x2=alt.X2("to:Q"))
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
            x2=alt.X2("to:Q"),
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


def _frame(rows: Sequence[tuple[object, ...]], *columns: str) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=columns, orient="row")
