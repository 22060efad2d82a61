"""The figures of the runs that the history shows, each against as many days before."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.runs import history
from core.runs.history import Week
from core.texts import _
from pages.ui import figures, frame
from pages.ui.words import took


def show(days: int, filters: Mapping[str, Any]) -> None:
    """Runs, failed or held, accepted, median run: of the last days, with the filters in force."""
    week = history.figures(frame.store(), days, **filters)
    with st.grid(4, min_column_width=150, gap="small", key="figures-of-runs"):
        _figure(_("Runs"), week.runs)
        _figure(_("Failed or held"), week.troubled, less_is_better=True)
        _figure(_("Accepted profiles"), week.accepted)
        _figure(_("Median run"), week.seconds, _seconds)


def _figure(
    label: str,
    week: Week,
    written: Callable[[float], str] = "{:,.0f}".format,
    less_is_better: bool = False,
) -> None:
    """Fewer runs than before are no error, so only trouble has a colour."""
    value = "—" if week.total is None else written(week.total)
    change = _change(week, written)
    figures.draw(label, value, change, days=week.days, less_is_better=less_is_better)


def _change(week: Week, written: Callable[[float], str]) -> str | None:
    """The change with its sign; Streamlit draws the arrow from a plain hyphen."""
    if not week.change:
        return None
    sign = "-" if week.change < 0 else ""
    return sign + written(abs(week.change))


def _seconds(n: float) -> str:
    return took(n)
