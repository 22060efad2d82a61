"""A page with every badge there is, in both ways it is written: `streamlit run` shows it."""

import streamlit as st

from pages.ui import kit

st.title("Badges")
for status in kit.STATUS:
    kit.badge(status)
    st.markdown(kit.badge_md(status))
