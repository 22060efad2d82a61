"""One figure as a card: its number, how it changed, and as a line how it was before."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.ui import row_cells

WIDE, HIGH = 220, 44  # pixels of the line


def draw(
    label: str,
    value: str,
    change: str | None = None,
    *,
    words: str | None = None,
    days: Sequence[float | None] = (),
    less_is_better: bool = False,
    **more: Any,
) -> None:
    """Label and `words` are markdown. Only what is better or worse gets a colour: `less_is_better`.

    A day without a value is None, and a gap. Cards that stand side by side are as high as another.
    """
    # Without the metric's own chart, which complains in the browser's console.
    with st.container(border=True, gap="xsmall", height="stretch", **more):
        color = "inverse" if less_is_better else "off"
        st.metric(label, value, change, delta_color=color, delta_description=words)
        if sum(day is not None for day in days) > 1:
            st.html(row_cells.spark(days, width=WIDE, height=HIGH))
