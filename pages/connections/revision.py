"""Warns before Klaviyo ends its support of the revision of its API that is in use."""

import streamlit as st

from core.destinations.klaviyo.settings import revision_end
from core.texts import many
from pages.ui import frame
from pages.ui.words import now

NEAR = 90  # days


def warn() -> None:
    """A sentence once the end is near."""
    revision = frame.store().settings.klaviyo_revision
    days = (revision_end(revision) - now().date()).days
    if days > NEAR:
        return
    text = many(
        "Klaviyo ends its support of the revision {revision} of its API in {n} day. Update "
        "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
        "Klaviyo ends its support of the revision {revision} of its API in {n} days. Update "
        "Segferry, or set SEGFERRY_KLAVIYO_REVISION to a newer one.",
        max(0, days),
        revision=revision,
    )
    st.warning(text, icon=":material/update:")
