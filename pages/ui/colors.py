"""The colours of charts; each chart has its numbers in words, too, for those who can't see it."""

import streamlit as st

# What happens to a profile, one colour each: (light theme, dark theme). The same hues as the
# theme's :green[] :blue[] :gray[] :orange[] :red[].
OUTCOME = {
    "add": ("#0f766e", "#2dd4bf"),
    "update": ("#1d4ed8", "#93c5fd"),
    "unchanged": ("#b6c1cb", "#3d4b56"),
    "leave": ("#a34a06", "#fdba74"),
    "rejected": ("#b91c1c", "#fca5a5"),
}
# Lines of one chart, whose names stand beside their colours.
LINES = (
    ("#0f766e", "#2dd4bf"),
    ("#1d4ed8", "#93c5fd"),
    ("#a34a06", "#fdba74"),
    ("#7e22ce", "#d8b4fe"),
    ("#be185d", "#f9a8d4"),
    ("#4d7c0f", "#bef264"),
)
PAPER = ("#ffffff", "#030608")  # between two parts of a bar


def pick(pair: tuple[str, str]) -> str:
    """The colour for the theme that the reader has on."""
    return pair[st.context.theme.type == "dark"]
