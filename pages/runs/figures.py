"""The four figures of the last seven days, above Overview and Exports."""

from collections.abc import Callable

import streamlit as st

from core.runs import history
from core.runs.history import Week
from core.texts import _
from pages.ui import frame, row_cells
from pages.ui.words import took


def show() -> None:
    """Accepted, runs, failed or held, median run; each against the seven days before."""
    week = history.figures(frame.store())
    with st.grid(4, min_column_width=150, gap="small", key="figures"):
        _figure(_("Accepted, 7 days"), week.accepted)
        _figure(_("Runs, 7 days"), week.runs)
        _figure(_("Failed or held, 7 days"), week.troubled, less_is_better=True)
        _figure(_("Median run"), week.seconds, _seconds, less_is_better=True)


def _figure(
    label: str,
    week: Week,
    written: Callable[[float], str] = "{:,.0f}".format,
    less_is_better: bool = False,
) -> None:
    # Without the metric's own chart, which complains in the browser's console.
    with st.container(border=True, gap="xsmall"):
        st.metric(
            label,
            "—" if week.total is None else written(week.total),
            _change(week, written),
            delta_color="inverse" if less_is_better else "normal",
        )
        st.html(row_cells.spark(week.days, width=220, height=44))


def _change(week: Week, written: Callable[[float], str]) -> str | None:
    """The change with its sign; Streamlit draws the arrow from a plain hyphen."""
    if not week.change:
        return None
    sign = "-" if week.change < 0 else ""
    return sign + written(abs(week.change))


def _seconds(n: float) -> str:
    return took(n)
