"""Names with their values, below one another."""

from collections.abc import Mapping
from html import escape

import streamlit as st


def draw(facts: Mapping[str, tuple[str, str]]) -> None:
    """Names, each with its value and a note on it (plain)."""
    lines = [
        f"<dt>{escape(name)}</dt>"
        f'<dd>{escape(value)} <span class="sf-gray">{escape(note)}</span></dd>'
        for name, (value, note) in facts.items()
    ]
    st.html(f'<dl class="sf-facts">{"".join(lines)}</dl>')
