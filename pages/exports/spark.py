"""A line of an export’s last sizes, small enough for its row."""

from collections.abc import Sequence

import streamlit as st

from pages.ui.colors import OUTCOME, pick


def draw(values: Sequence[float], alt_text: str, width: int = 76, height: int = 26) -> None:
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
