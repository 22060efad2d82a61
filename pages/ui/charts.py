"""Draws charts without checking each against Vega-Lite's schema: ours are fixed, tests check them.

The checks, of every part as it is made and of the whole, take longer than all else of a chart.
"""

from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import streamlit as st
from altair.utils import schemapi

schemapi.disable_debug_mode()


@dataclass(frozen=True, slots=True)
class _Unchecked:
    """All of a chart that Streamlit asks for."""

    chart: alt.TopLevelMixin

    def to_dict(self) -> dict[str, Any]:
        """The chart as Vega-Lite has it."""
        return cast(dict[str, Any], self.chart.to_dict(validate=False))


def draw(chart: alt.TopLevelMixin, text: str, height: int | None = None) -> None:
    """Puts the chart on the page, so many pixels high; `text` is what a screen reader says."""
    unchecked = cast(alt.Chart, _Unchecked(chart))
    st.altair_chart(unchecked, height=height or "content", alt=text)
